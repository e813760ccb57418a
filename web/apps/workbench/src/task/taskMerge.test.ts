import { expect, it } from "vitest";
import { appended, merged } from "./taskMerge";
import type { Task } from "./taskTypes";

const rows = (ids: string, next: string | null) => ({
  tasks: [...ids].map((case_id) => ({ case_id }) as Task),
  next,
});
const idsOf = (of: { tasks: Task[] }): string => of.tasks.map((task) => task.case_id).join("");

it("takes the fresh rows when they are all there are", () => {
  expect(idsOf(merged(rows("abcd", null), rows("bc", null)))).toBe("bc");
});

it("keeps what was scrolled to below the fresh rows, each task once", () => {
  const now = merged(rows("abcdef", "g"), rows("xab", "c"));
  expect(idsOf(now)).toBe("xabdef");
  expect(now.next).toBe("g");
});

it("takes the fresh mark when nothing is left below", () => {
  expect(merged(rows("abc", "d"), rows("abcd", "e")).next).toBe("e");
});

it("adds a page without showing a task twice", () => {
  expect(idsOf(appended(rows("abc", "c"), rows("cde", null)))).toBe("abcde");
});
