import { expect, it } from "vitest";
import type { Schemas } from "@palmtax/api";
import { byDay } from "./timelineDays";

const act = (at: string) => ({ at }) as Schemas["TimelineEntry"];

it("puts acts under their Beijing day, not under that of UTC", () => {
  const days = byDay([act("2026-11-22T16:30:00Z"), act("2026-11-22T15:59:59Z"), act("2026-11-22T01:00:00Z")]);
  expect(days.map((day) => [day.on, day.entries.length])).toEqual([
    ["2026-11-23", 1],
    ["2026-11-22", 2],
  ]);
});
