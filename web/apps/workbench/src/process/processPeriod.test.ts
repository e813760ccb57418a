import { expect, it } from "vitest";
import { lastDays, periodOf, spanOf } from "./processPeriod";

const TODAY = "2026-11-23";

it("counts today among the last days, across months", () => {
  expect(lastDays(7, TODAY)).toEqual({ since: "2026-11-17", until: TODAY });
  expect(lastDays(30, TODAY)).toEqual({ since: "2026-10-25", until: TODAY });
});

it("knows a usual span again, and no other", () => {
  expect(spanOf(lastDays(90, TODAY), TODAY)).toBe(90);
  expect(spanOf({ since: "2026-11-01", until: "2026-11-20" }, TODAY)).toBeNull();
});

it("falls back to thirty days for days that make no sense", () => {
  for (const [since, until] of [
    ["", ""],
    ["2026-11-20", "2026-11-01"],
    ["2020-01-01", TODAY],
  ])
    expect(periodOf(since, until, TODAY)).toEqual(lastDays(30, TODAY));
  expect(periodOf("2026-11-01", "2026-11-02", TODAY)).toEqual({ since: "2026-11-01", until: "2026-11-02" });
});
