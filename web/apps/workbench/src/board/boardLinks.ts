import type { RouteLocationRaw } from "vue-router";
import { NO_CRITERIA, write, type Criteria } from "../task/taskCriteria";

/** The queue that a number of the board counts. */
export function queueOf(some: Partial<Criteria>): RouteLocationRaw {
  return { name: "tasks", query: write({ ...NO_CRITERIA, view: "all", ...some }) };
}

/** The closed tasks that a number of the last thirty days counts. */
export function decidedOf(decided: "any" | "yes" | "in_time", some: Partial<Criteria> = {}): RouteLocationRaw {
  return queueOf({ view: "closed", decided, ...some });
}
