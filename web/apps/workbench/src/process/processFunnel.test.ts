import { expect, it } from "vitest";
import { funnelBars, worstStop } from "./processFunnel";
import type { Question } from "./processTypes";

const question = (code: string, seen: number, stopped: number) =>
  ({ code, seen, stopped, median_seconds: 1, changes: 2, held: 3 }) as Question;

it("shows who went on and who stopped, in the order of the questions", () => {
  const bars = funnelBars(
    [question("a", 10, 1), question("b", 9, 4)],
    { wentOn: "on", stopped: "off" },
    (one) => one.code,
  );
  expect(bars.map((bar) => [bar.label, ...bar.parts.map((part) => part.value), ...(bar.more ?? [])])).toEqual([
    ["1. a", 9, 1, 10, 1, 2, 3],
    ["2. b", 5, 4, 9, 1, 2, 3],
  ]);
});

it("names the question at which most stop, if any", () => {
  expect(worstStop([question("a", 10, 1), question("b", 9, 4)])?.code).toBe("b");
  expect(worstStop([question("a", 10, 0)])).toBeNull();
});
