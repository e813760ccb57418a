import { pick, t } from "../look/lookWords";
import type { Matter, Worst } from "./processTypes";

/** The numbers of a matter in their order on the screen. */
export const FIELDS = [
  "started",
  "submitted",
  "finish_per_mille",
  "drop_per_mille",
  "supplement_per_mille",
  "asked_though_held",
  "median_fill_minutes",
  "median_decide_hours",
  "stars_tenths",
] as const;
export type Field = (typeof FIELDS)[number];

const PER_MILLE: readonly Field[] = ["finish_per_mille", "drop_per_mille", "supplement_per_mille"];

/** Tenths of a percent or of a star as people write them. */
const tenths = (value: number): string => `${Math.floor(value / 10)}.${value % 10}`;

/** A number of a matter as people write it. */
export function shownOf(matter: Matter, field: Field): string {
  const value = matter[field];
  if (value === null) return "—";
  if (PER_MILLE.includes(field)) return `${tenths(value)}%`;
  return field === "stars_tenths" ? tenths(value) : String(value);
}

/** What a number means and what it was made from, in a sentence. */
export function explained(matter: Matter, field: Field): string {
  const { started, submitted, dropped, supplemented, finished, approved } = matter;
  const words = t(`process.explain_${field}`, {
    ...{ started, submitted, dropped, supplemented, finished, approved },
    ...{ value: shownOf(matter, field), unsent: started - submitted },
  });
  return `${pick(matter, "title")} · ${words}`;
}

/** How many are affected, by the reason that puts a matter among the worst. */
export function hurtExplained(one: Worst): string {
  return t(`process.hurt_${one.reason}`, { count: one.score });
}
