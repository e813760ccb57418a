import type { Board } from "./boardCall";

type Officer = Board["officers"][number];
export type LoadPart = "late" | "soon" | "rest" | "waiting";

/** What an officer holds, in parts that add up: late, due soon, the rest, with taxpayers. */
export function partsOf(one: Officer): Record<LoadPart, number> {
  const rest = Math.max(one.in_hand - one.overdue - one.due_soon, 0);
  return { late: one.overdue, soon: one.due_soon, rest, waiting: one.waiting };
}

/** Officers with what is most urgent first. */
export function byUrgency(officers: Officer[]): Officer[] {
  return [...officers].sort(
    (a, b) => b.overdue - a.overdue || b.due_soon - a.due_soon || b.in_hand - a.in_hand || a.person_id - b.person_id,
  );
}

/** The sums over the branch that stand above the board. */
export function sumsOf(board: Board) {
  const of = (name: "in_all" | "overdue" | "due_soon" | "unclaimed" | "marked"): number =>
    board.skills.reduce((sum, one) => sum + one[name], 0);
  const done = (name: "decided" | "passed" | "in_time"): number =>
    board.decided.reduce((sum, one) => sum + one[name], 0);
  return {
    ...{ inAll: of("in_all"), overdue: of("overdue"), dueSoon: of("due_soon") },
    ...{ unclaimed: of("unclaimed"), marked: of("marked") },
    ...{ decided: done("decided"), passed: done("passed"), inTime: done("in_time") },
  };
}

/** Fields of work with what waits in them and what was decided, the latest first. */
export function fieldsOf(board: Board) {
  const done = new Map(board.decided.map((one) => [one.skill, one]));
  const open = new Map(board.skills.map((one) => [one.skill, one]));
  const none = { in_all: 0, unclaimed: 0, overdue: 0, due_soon: 0, marked: 0 };
  return [...new Set([...open.keys(), ...done.keys()])]
    .map((skill) => ({
      ...none,
      ...{ decided: 0, passed: 0, in_time: 0 },
      ...done.get(skill),
      ...open.get(skill),
      skill,
    }))
    .sort((a, b) => b.overdue - a.overdue || b.due_soon - a.due_soon || b.in_all - a.in_all);
}
