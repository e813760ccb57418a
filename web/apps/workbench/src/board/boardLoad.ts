import type { Bar } from "../chart/chartBars";
import type { Officer } from "./boardCall";
import type { Task } from "../task/taskTypes";

/** The words of the parts of an officer's bar. */
export interface LoadWords {
  late: string;
  soon: string;
  rest: string;
  waiting: string;
  away: string;
}

/** How many tasks of each officer are not late but due soon. */
export function soonOf(urgent: Task[]): Map<number, number> {
  const found = new Map<number, number>();
  for (const task of urgent) {
    const isInHand = task.claimed_by !== null && task.state !== "waiting" && task.days_left >= 0;
    if (isInHand) found.set(Number(task.claimed_by), (found.get(Number(task.claimed_by)) ?? 0) + 1);
  }
  return found;
}

/** The load of officers as bars: who has most that is late or soon due first. */
export function loadBars(officers: Officer[], urgent: Task[], words: LoadWords): Bar[] {
  const soon = soonOf(urgent);
  const rows = officers.map((one) => {
    const near = Math.min(soon.get(one.person_id) ?? 0, Math.max(one.in_hand - one.overdue, 0));
    return { one, near, rest: Math.max(one.in_hand - one.overdue - near, 0) };
  });
  rows.sort((a, b) => b.one.overdue - a.one.overdue || b.near - a.near || b.one.in_hand - a.one.in_hand);
  return rows.map(({ one, near, rest }) => ({
    key: String(one.person_id),
    label: one.name_masked,
    note: one.is_absent ? words.away : undefined,
    parts: [
      { tone: "seal", word: words.late, value: one.overdue },
      { tone: "wait", word: words.soon, value: near },
      { tone: "primary", word: words.rest, value: rest },
      { tone: "quiet", word: words.waiting, value: one.waiting },
    ],
  }));
}
