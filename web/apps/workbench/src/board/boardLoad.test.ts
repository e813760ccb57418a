import { expect, it } from "vitest";
import type { Task } from "../task/taskTypes";
import type { Officer } from "./boardCall";
import { loadBars } from "./boardLoad";

const words = { late: "late", soon: "soon", rest: "rest", waiting: "waiting", away: "away" };
const officer = (person_id: number, in_hand: number, overdue: number, is_absent = false) =>
  ({ person_id, name_masked: `p${person_id}`, in_hand, overdue, waiting: 1, is_absent }) as Officer;
const task = (claimed_by: number | null, days_left: number, state = "claimed") =>
  ({ claimed_by, days_left, state }) as Task;

it("puts who has most that is late or soon due first, and never counts a task twice", () => {
  const urgent = [task(1, 2), task(1, -1), task(2, 0), task(2, 3), task(2, 3, "waiting"), task(null, 1)];
  const bars = loadBars([officer(1, 5, 1), officer(2, 2, 1, true), officer(3, 9, 0)], urgent, words);
  expect(bars.map((bar) => [bar.label, ...bar.parts.map((part) => part.value)])).toEqual([
    ["p1", 1, 1, 3, 1],
    ["p2", 1, 1, 0, 1],
    ["p3", 0, 0, 9, 1],
  ]);
  expect(bars[1]?.note).toBe("away");
});
