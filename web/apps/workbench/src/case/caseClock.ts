import type { Whole } from "./caseTypes";

/** Steps of the clock: they refuse nobody's act (server: cases/actions/moves.py). */
const BY_CLOCK: readonly string[] = ["due", "overdue", "mark"];

/** Whether nobody but the clock has done something with the case in between. */
export function isByClock(before: Whole, now: Whole): boolean {
  return now.history.filter((move) => move.version > before.case.version).every((move) => BY_CLOCK.includes(move.act));
}
