import { t } from "../look/lookWords";
import type { Pair, Point, Sums } from "./channelCall";

const SECOND_MS = 1000;
const TEN_SECONDS_MS = 10_000;
const MINUTE_S = 60;
const HOUR_S = 3600;
const FULL = 100;

/** A span in the largest unit that says it well. */
export function spanText(milliseconds: number | null): string {
  if (milliseconds === null) return t("monitor.none");
  if (milliseconds < TEN_SECONDS_MS) return t("monitor.ms", { count: milliseconds });
  const seconds = Math.round(milliseconds / SECOND_MS);
  if (seconds < 2 * MINUTE_S) return t("monitor.seconds", { count: seconds });
  if (seconds < 2 * HOUR_S) return t("monitor.minutes", { count: Math.round(seconds / MINUTE_S) });
  return t("monitor.hours", { count: Math.round(seconds / HOUR_S) });
}

/** How a number stands against the period before, in words. */
export function againstBefore(now: number, before: number): string {
  if (before === 0) return t(now === 0 ? "monitor.same" : "monitor.no_before");
  const percent = Math.round((Math.abs(now - before) * FULL) / before);
  if (percent === 0) return t("monitor.same");
  return t(now > before ? "monitor.more" : "monitor.less", { percent });
}

const ADDED = ["handed", "refused", "faults", "callbacks", "late_callbacks", "cost_fen"] as const;
export type Added = Record<(typeof ADDED)[number], number>;

/** The sums of all channels together; percentiles are never added. */
export function together(pairs: Pair[], which: "now" | "before"): Added {
  const sum = (name: (typeof ADDED)[number]): number => pairs.reduce((all, pair) => all + pair[which][name], 0);
  return Object.fromEntries(ADDED.map((name) => [name, sum(name)])) as Added;
}

/** The slowest of the channels by one percentile; none when nothing happened. */
export function slowest(pairs: Pair[], which: "now" | "before", name: "p95" | "waited_p99"): number | null {
  const known = pairs.map((pair) => pair[which][name]).filter((one) => one !== null);
  return known.length ? Math.max(...known) : null;
}

/** Of all calls, how many failed or were refused, in whole percent; none of none. */
export function failedPercent(sums: Pick<Sums, "handed" | "refused" | "faults">): number | null {
  const all = sums.handed + sums.refused + sums.faults;
  return all ? Math.round(((sums.refused + sums.faults) * FULL) / all) : null;
}

/** The height of a bar in percent of the highest; a trace when it is not nothing. */
export function heightOf(value: number, points: Point[]): number {
  const most = Math.max(1, ...points.map((point) => point.handed + point.failed));
  return value ? Math.max((value * FULL) / most, 1.5) : 0;
}
