import type { Answer, Args } from "@palmtax/api";
import { call } from "../platform/platformClient";
import { readQueue } from "../task/taskCall";
import { NO_CRITERIA } from "../task/taskCriteria";
import type { Task } from "../task/taskTypes";

export type Board = Answer<"/api/cases/board", "get">;
export type Officer = Board["officers"][number];
export type Absence = Answer<"/api/cases/absences", "get">[number];
export type AbsenceIn = Args<"/api/cases/absences", "post">["body"];

const PAGE = 100;
const MOST_PAGES = 4;

export const readBoard = (): Promise<Board> => call("get", "/api/cases/board");
export const readAbsences = (): Promise<Absence[]> => call("get", "/api/cases/absences");
export const setAbsence = (body: AbsenceIn) => call("post", "/api/cases/absences", { body });
export const endAbsence = (one: Absence) =>
  call("delete", "/api/cases/absences/{absence_id}", {
    path: { absence_id: one.absence_id },
    query: { person_id: one.is_mine ? null : one.person_id },
  });

/** Tasks overdue or due within a week, the most urgent first; `isAll` when none were left out. */
export async function readUrgent(): Promise<{ tasks: Task[]; isAll: boolean }> {
  const found = new Map<string, Task>();
  for (const due of ["overdue", "week"] as const) {
    let cursor: string | null = null;
    for (let page = 0; page < MOST_PAGES; page += 1) {
      const read = await readQueue({ ...NO_CRITERIA, view: "all", due }, cursor, PAGE);
      for (const task of read.cases) found.set(task.case_id, task);
      cursor = read.next_cursor;
      if (cursor === null) break;
    }
    if (cursor !== null) return { tasks: [...found.values()], isAll: false };
  }
  return { tasks: [...found.values()], isAll: true };
}

/** Tasks nobody took, the most urgent first. */
export async function readUnassigned(): Promise<Task[]> {
  return (await readQueue({ ...NO_CRITERIA, view: "group" }, null, PAGE)).cases;
}
