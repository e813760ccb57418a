import type { WordKey } from "../words/zh";

/** The columns an officer can choose, in their order on the screen. */
export const COLUMNS = [
  "name",
  "uscc",
  "kind",
  "vat_kind",
  "office_name",
  "contact_name_masked",
  "contact_phone_masked",
  "owed_fen",
  "overdue_returns",
  "last_act_at",
] as const;
export type Column = (typeof COLUMNS)[number];

/** What is shown before anybody chose. */
export const USUAL_COLUMNS: Column[] = [
  "name",
  "uscc",
  "vat_kind",
  "contact_name_masked",
  "contact_phone_masked",
  "owed_fen",
  "overdue_returns",
  "last_act_at",
];

/** Columns the server can put the list in order by. */
export const SORTS: Partial<Record<Column, string>> = { name: "name", uscc: "uscc" };

const NUMBERS: Column[] = ["owed_fen", "overdue_returns"];

/** Whether the column holds numbers and stands to the right. */
export function isNumber(column: Column): boolean {
  return NUMBERS.includes(column);
}

/** The key of a column's heading. */
export function headingOf(column: Column): WordKey {
  return `column.${column}`;
}

/** Of any list of names, those that are columns, in their order on the screen; the name is always there. */
export function knownColumns(names: readonly string[]): Column[] {
  return COLUMNS.filter((column) => column === "name" || names.includes(column));
}
