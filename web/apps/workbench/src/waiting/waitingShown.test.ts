import { expect, test } from "vitest";
import { minutesOf, shownOf } from "./waitingShown";

test("what an officer decided is said before what was measured", () => {
  expect(shownOf({ mode: "own_rate", is_waiting: true }).word).toBe("waiting.slowed");
  expect(shownOf({ mode: "open", is_waiting: true }).word).toBe("waiting.forced_open");
  expect(shownOf({ mode: "auto", is_waiting: true }).word).toBe("waiting.in_line");
  expect(shownOf({ mode: "auto", is_waiting: false }).word).toBe("waiting.no_line");
});

test("minutes are said as a person in line is told them", () => {
  expect(minutesOf({ low_seconds: 59, high_seconds: 61 })).toBe("0–2");
  expect(minutesOf({ low_seconds: null, high_seconds: null })).toBeNull();
});
