import { expect, it } from "vitest";
import { byMonths, shownLines } from "./insightTwins";
import type { TwinLine } from "./insightTypes";

const lines = ["income", "withheld_01", "base", "withheld_02", "withheld_12", "rate_13"].map(
  (code) => ({ code }) as TwinLine,
);

it("gathers the months of a line where the first stands, and loses none", () => {
  const entries = byMonths(lines);
  expect(entries.map((entry) => [entry.code, entry.lines.length])).toEqual([
    ["income", 1],
    ["withheld", 3],
    ["base", 1],
    ["rate_13", 1],
  ]);
});

it("shows the last month until it is opened", () => {
  const [, months] = byMonths(lines);
  expect(shownLines(months!, false).map((line) => line.code)).toEqual(["withheld_12"]);
  expect(shownLines(months!, true)).toHaveLength(3);
});
