import { expect, it } from "vitest";
import { overtakenOn, timeline } from "./lawDeskTimeline";
import type { DatedValue } from "./lawDeskTypes";

const value = (first_day: string, until: string | null, published = first_day) =>
  ({ first_day, until, published }) as DatedValue;

it("puts values end to end on one lane, to the day", () => {
  const { segments, lanes } = timeline([value("2023-01-01", null), value("2019-01-01", "2022-12-31")], "2026-11-23");
  expect(lanes).toBe(1);
  expect(segments.map((each) => each.value.first_day)).toEqual(["2019-01-01", "2023-01-01"]);
  expect(segments[0]!.start).toBe(0);
  expect(segments[0]!.start + segments[0]!.size).toBeCloseTo(segments[1]!.start, 9);
  expect(segments[1]!.start + segments[1]!.size).toBe(100);
  expect(segments.map((each) => each.isOpenEnded)).toEqual([false, true]);
});

it("ends an open value where a later publication takes its place, but not where that one is itself short", () => {
  const [old, now, short] = [value("2019-01-01", null), value("2027-01-01", null), value("2021-01-01", "2021-12-31")];
  expect(overtakenOn(old, [old, now, short])).toBe("2027-01-01");
  expect(overtakenOn(now, [old, now, short])).toBeNull();
  expect(overtakenOn(old, [old, value("2027-01-01", null, "2018-01-01")])).toBeNull();
  expect(timeline([old, now], "2026-11-23").lanes).toBe(1);
});

it("lays overlapping values on lanes of their own", () => {
  const { segments, lanes } = timeline(
    [value("2019-01-01", null), value("2020-01-01", "2020-06-30"), value("2022-01-01", "2022-12-31")],
    "2026-11-23",
  );
  expect(lanes).toBe(2);
  expect(segments.map((each) => each.lane)).toEqual([0, 1, 1]);
});

it("marks years without crowding, and today between its neighbours", () => {
  const { years, now } = timeline([value("1994-01-01", null)], "2026-11-23");
  expect(years.length).toBeLessThan(10);
  expect(years[0]).toEqual({ year: 1994, at: 0 });
  expect(now).toBeGreaterThan(90);
  expect(now).toBeLessThan(100);
});
