import type { Task } from "./taskTypes";

/** The rows shown and the mark of the page after them. */
export interface Rows {
  tasks: Task[];
  next: string | null;
}

/**
 * What is shown once the first rows were read afresh: the fresh ones, then those further down that were read before.
 * Somebody who scrolled far keeps what they scrolled to.
 */
export function merged(old: Rows, fresh: Rows): Rows {
  if (fresh.next === null || old.tasks.length <= fresh.tasks.length) return fresh;
  const known = new Set(fresh.tasks.map((task) => task.case_id));
  const tail = old.tasks.slice(fresh.tasks.length).filter((task) => !known.has(task.case_id));
  return tail.length ? { tasks: [...fresh.tasks, ...tail], next: old.next } : fresh;
}

/** A further page put under the rows; a task that moved in between is shown once. */
export function appended(old: Rows, page: Rows): Rows {
  const known = new Set(old.tasks.map((task) => task.case_id));
  return { tasks: [...old.tasks, ...page.tasks.filter((task) => !known.has(task.case_id))], next: page.next };
}
