import type { WordKey } from "../words/zh";

/** The columns an officer can choose, in their order on the screen. */
export const COLUMNS = [
  "title",
  "taxpayer_name",
  "days_left",
  "due_on",
  "state",
  "kind",
  "skill",
  "claimed_by_name",
  "office_name",
  "opened_at",
  "code",
  "outcome",
] as const;
export type Column = (typeof COLUMNS)[number];

export const USUAL_COLUMNS: Column[] = [
  "title",
  "taxpayer_name",
  "days_left",
  "state",
  "skill",
  "claimed_by_name",
  "opened_at",
];

/** The key of a column's heading. */
export function headingOf(column: Column): WordKey {
  return `task.col_${column}`;
}

/** Of any list of names, those that are columns, in their order on the screen; the matter is always there. */
export function knownColumns(names: readonly string[]): Column[] {
  return COLUMNS.filter((column) => column === "title" || names.includes(column));
}
