import { inLanguage } from "@palmtax/text";
import { language } from "../look/lookPreferences";
import { call } from "../platform/platformClient";
import type { Criteria } from "./taskCriteria";
import type { Done, Line, Officer, Outcome, Preview, QueuePage, QueueQuery, Task } from "./taskTypes";

/** A page of the queue. */
export function readQueue(criteria: Criteria, cursor: string | null, limit: number): Promise<QueuePage> {
  const asked = Object.fromEntries(Object.entries(criteria).filter(([, value]) => value !== ""));
  return call("get", "/api/cases/queue", { query: { ...asked, cursor, limit } as QueueQuery });
}

export const readOfficers = (): Promise<Officer[]> => call("get", "/api/cases/officers");

const idsOf = (tasks: Task[]): string[] => tasks.map((task) => task.case_id);

/** Takes tasks, or says what would become of each. */
export async function claim(tasks: Task[], preview: boolean): Promise<Line[]> {
  const body = { case_ids: idsOf(tasks) };
  return lines(await call("post", "/api/cases/claims", { query: { preview }, body }));
}

/** Gives tasks back to the queue, or says what would become of each. */
export async function giveBack(tasks: Task[], preview: boolean): Promise<Line[]> {
  const body = { case_ids: idsOf(tasks) };
  return lines(await call("post", "/api/cases/returns", { query: { preview }, body }));
}

/** Gives tasks to an officer, or says what would become of each. */
export async function assign(tasks: Task[], person_id: number, preview: boolean): Promise<Line[]> {
  const body = { case_ids: idsOf(tasks), person_id };
  return lines(await call("post", "/api/cases/assignments", { query: { preview }, body }));
}

/** Decides several applications, or says what would become of each. */
export async function decide(tasks: Task[], outcome: Outcome, reason: string, preview: boolean): Promise<Line[]> {
  const body = { application_ids: tasks.map((task) => task.subject_id), outcome, reason };
  const answer = await call("post", "/api/matters/decisions", { query: { preview }, body });
  const caseOf = new Map(tasks.map((task) => [task.subject_id, task.case_id]));
  return answer.rows.map((row) => ({
    caseId: caseOf.get(row.application_id) ?? row.application_id,
    ok: row.is_ok,
    why: inLanguage(row, "text", language.value),
  }));
}

function lines(answer: Preview | Done): Line[] {
  if ("would" in answer) return answer.would.map((one) => ({ caseId: one.case_id, ok: one.ok, why: one.why }));
  return [
    ...answer.done.map((caseId) => ({ caseId, ok: true, why: "" })),
    ...answer.refused.map((one) => ({ caseId: one.case_id, ok: false, why: one.text })),
  ];
}
