import type { Answer, Args } from "@palmtax/api";
import { call } from "../platform/platformClient";
import { readQueue } from "../task/taskCall";
import { NO_CRITERIA } from "../task/taskCriteria";
import type { Task } from "../task/taskTypes";

export type Board = Answer<"/api/cases/board", "get">;
export type Officer = Board["officers"][number];
type SkillsBody = Args<"/api/cases/officers/{person_id}/skills", "put">["body"];
export type Skill = SkillsBody["skills"][number];

const PAGE = 100;
const MOST_MARKED = 9;

export const readBoard = (): Promise<Board> => call("get", "/api/cases/board");
/** Sets the fields of work of an officer; none means all. */
export const setSkills = (person_id: number, skills: Skill[]) =>
  call("put", "/api/cases/officers/{person_id}/skills", { path: { person_id }, body: { skills } });

/** Tasks that are the supervisor's to see first, the longest due first. */
export async function readMarked(): Promise<Task[]> {
  return (await readQueue({ ...NO_CRITERIA, view: "all", marked: "true" }, null, MOST_MARKED)).cases;
}

/** Tasks nobody took, the most urgent first. */
export async function readUnassigned(): Promise<Task[]> {
  return (await readQueue({ ...NO_CRITERIA, view: "group" }, null, PAGE)).cases;
}
