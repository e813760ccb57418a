/** Where the versions of a number lie on a line of years; later publications lie above earlier ones when they overlap. */
import type { DatedValue } from "./lawDeskTypes";

export interface Segment {
  value: DatedValue;
  /** Percent from the left. */
  start: number;
  /** Percent of the width. */
  size: number;
  lane: number;
  isOpenEnded: boolean;
}

export interface YearMark {
  year: number;
  at: number;
}

const DAY_MS = 86_400_000;
const YEARS_AHEAD = 2;

const dayNumber = (day: string): number => Date.parse(`${day}T00:00:00Z`) / DAY_MS;
const yearStart = (year: number): number => dayNumber(`${year}-01-01`);

/**
 * The first day from which a later version takes the place of a value for good; null when none does.
 * Of versions that cover a day, the one published last counts.
 */
export function overtakenOn(value: DatedValue, values: DatedValue[]): string | null {
  const days = values
    .filter((other) => other.first_day > value.first_day && other.published >= value.published)
    .filter((other) => value.until === null || other.first_day <= value.until)
    .filter((other) => other.until === null || (value.until !== null && other.until >= value.until))
    .map((other) => other.first_day);
  return days.sort()[0] ?? null;
}

/** The line from the year of the first value to some years after today or the last beginning. */
export function timeline(
  values: DatedValue[],
  today: string,
): { segments: Segment[]; years: YearMark[]; now: number; lanes: number } {
  const year = (day: string): number => Number(day.slice(0, 4));
  const starts = values.map((value) => year(value.first_day));
  const ends = values.map((value) => year(value.until ?? value.first_day));
  const first = Math.min(year(today), ...starts);
  const last = Math.max(year(today), ...starts, ...ends) + YEARS_AHEAD;
  const [low, high] = [yearStart(first), yearStart(last)];
  const at = (number: number): number => Math.min(Math.max(((number - low) / (high - low)) * 100, 0), 100);
  const lanes: number[] = [];
  const segments = [...values]
    .sort((one, other) => (one.first_day < other.first_day ? -1 : 1))
    .map((value): Segment => {
      const begin = dayNumber(value.first_day);
      // The day after `until` is the first that no longer counts.
      const next = overtakenOn(value, values);
      const end = next ? dayNumber(next) : value.until === null ? high : dayNumber(value.until) + 1;
      const free = lanes.findIndex((taken) => taken <= begin);
      const lane = free < 0 ? lanes.length : free;
      lanes[lane] = end;
      return {
        value,
        start: at(begin),
        size: at(end) - at(begin),
        lane,
        isOpenEnded: value.until === null && next === null,
      };
    });
  const step = last - first > 16 ? 5 : last - first > 9 ? 2 : 1;
  const years = Array.from({ length: last - first }, (_, place) => first + place).filter(
    (each) => (each - first) % step === 0,
  );
  return {
    segments,
    years: years.map((each) => ({ year: each, at: at(yearStart(each)) })),
    now: at(dayNumber(today)),
    lanes: Math.max(lanes.length, 1),
  };
}
