/** The shapes of the queue, from the API document. */
import type { Answer, Args } from "@palmtax/api";

export type QueuePage = Answer<"/api/cases/queue", "get">;
export type Task = QueuePage["cases"][number];
export type Counts = QueuePage["counts"];
export type QueueQuery = NonNullable<Args<"/api/cases/queue", "get">["query"]>;
export type View = NonNullable<QueueQuery["view"]>;
export type Officer = Answer<"/api/cases/officers", "get">[number];
type Bulk = Answer<"/api/cases/claims", "post">;
export type Preview = Extract<Bulk, { would: unknown }>;
export type Done = Extract<Bulk, { done: unknown }>;
export type Outcome = "yes" | "no";
/** What can be done with several tasks at once. */
export type BulkAct = "claim" | "return" | "assign" | "decide";

/** What becomes, or would become, of one task. */
export interface Line {
  caseId: string;
  ok: boolean;
  why: string;
}
