/** The period the analysis looks at: a number of days back from today, or two days. Pure; days are YYYY-MM-DD. */

export interface Period {
  since: string;
  until: string;
}

export const SPANS = [7, 30, 90] as const;
export type Span = (typeof SPANS)[number];
const DAY_MS = 86_400_000;
const LONGEST_DAYS = 366;

/** The last so many days, today among them. */
export function lastDays(days: number, today: string): Period {
  return { since: shifted(today, 1 - days), until: today };
}

/** The span a period is, when it is one that ends today. */
export function spanOf(period: Period, today: string): Span | null {
  return SPANS.find((days) => lastDays(days, today).since === period.since && period.until === today) ?? null;
}

/** The period in an address; the last thirty days when there is none that makes sense. */
export function periodOf(since: unknown, until: unknown, today: string): Period {
  const isDay = (text: unknown): text is string => typeof text === "string" && /^\d{4}-\d{2}-\d{2}$/.test(text);
  const isGood = isDay(since) && isDay(until) && since <= until && daysBetween(since, until) < LONGEST_DAYS;
  return isGood ? { since, until } : lastDays(30, today);
}

function shifted(day: string, by: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + by * DAY_MS).toISOString().slice(0, 10);
}

function daysBetween(one: string, other: string): number {
  return Math.round((Date.parse(`${other}T00:00:00Z`) - Date.parse(`${one}T00:00:00Z`)) / DAY_MS);
}
