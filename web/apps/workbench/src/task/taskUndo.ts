import type { BulkAct, Task } from "./taskTypes";

/** One step of taking something back. */
export type Undo = { act: "return" | "claim"; tasks: Task[] } | { act: "assign"; tasks: Task[]; personId: number };

/** What takes an act back, from how the tasks were before it; nothing for what cannot be taken back. */
export function undoOf(act: BulkAct, before: Task[], done: ReadonlySet<string>): Undo[] {
  const tasks = before.filter((task) => done.has(task.case_id));
  const free = tasks.filter((task) => task.claimed_by === null);
  if (act === "claim") return steps("return", free);
  if (act === "return")
    return steps(
      "claim",
      tasks.filter((task) => task.is_mine),
    );
  if (act !== "assign") return [];
  const held = new Map<number, Task[]>();
  for (const task of tasks)
    if (task.claimed_by !== null) held.set(task.claimed_by, [...(held.get(task.claimed_by) ?? []), task]);
  const back = [...held].map(([personId, ofPerson]): Undo => ({ act: "assign", tasks: ofPerson, personId }));
  return [...steps("return", free), ...back];
}

function steps(act: "return" | "claim", tasks: Task[]): Undo[] {
  return tasks.length ? [{ act, tasks }] : [];
}
