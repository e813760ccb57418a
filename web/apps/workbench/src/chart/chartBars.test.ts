import { expect, it } from "vitest";
import { longestOf, percentOf, shareOf, type Bar } from "./chartBars";

const bar = (...values: number[]): Bar => ({
  key: "k",
  label: "l",
  parts: values.map((value) => ({ tone: "primary", word: "w", value })),
});

it("measures bars against the longest, with a trace for little and nothing for nothing", () => {
  expect(longestOf([bar(1, 2), bar(4)])).toBe(4);
  expect(longestOf([])).toBe(0);
  expect(shareOf(1, 1000)).toBe(0.6);
  expect(shareOf(0, 10)).toBe(0);
  expect(percentOf(1, 3)).toBe(33);
  expect(percentOf(1, 0)).toBe(0);
});
