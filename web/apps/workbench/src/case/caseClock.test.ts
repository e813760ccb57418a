import { expect, it } from "vitest";
import { isByClock } from "./caseClock";
import type { Whole } from "./caseTypes";

const whole = (version: number, ...acts: string[]) =>
  ({ case: { version }, history: acts.map((act, at) => ({ version: at + 1, act })) }) as unknown as Whole;

it("lets what is typed stand when only the clock was at the case", () => {
  const read = whole(2, "open", "claim");
  expect(isByClock(read, whole(2, "open", "claim"))).toBe(true);
  expect(isByClock(read, whole(4, "open", "claim", "due", "overdue"))).toBe(true);
  expect(isByClock(read, whole(4, "open", "claim", "due", "return"))).toBe(false);
});
