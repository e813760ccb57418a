import type { WordKey } from "../words/zh";
import {
  isAbove,
  isScale,
  kindInTable,
  kindOfEnds,
  readSingle,
  type Bracket,
  type LawKind,
  type Plain,
} from "./lawValuePlain";

/** A row of a scale while it is being typed. */
export interface TypedBracket {
  up_to: string;
  rate: string;
  less: string;
}

/** A value while it is being typed: texts in the shape of the value. */
export type Typed = string | Record<string, string> | TypedBracket[];

/** What was typed, read: a value in plain form, or what is wrong where ("" · an option · "2.up_to"). */
export type Reading = { value: Plain; wrong: null } | { value: null; wrong: Record<string, WordKey> };

/** A value as the fields show it; an empty one of its kind when there is none yet. */
export function typedOf(kind: LawKind, value: Plain | null, options: string[] = []): Typed {
  if (isScale(kind)) return rowsOf(value as Bracket[] | null);
  if (kindInTable(kind)) {
    const given = (value ?? {}) as Record<string, string | number>;
    const names = options.length ? options : Object.keys(given);
    return Object.fromEntries(names.map((name) => [name, String(given[name] ?? "")]));
  }
  return value === null ? "" : String(value);
}

function rowsOf(brackets: Bracket[] | null): TypedBracket[] {
  return (brackets ?? [{ rate: "", less: "0" }]).map(({ up_to = "", rate, less }) => ({ up_to, rate, less }));
}

const WRONG: Record<string, WordKey> = {
  money: "value.wrong_money",
  rate: "value.wrong_rate",
  count: "value.wrong_count",
  quantity: "value.wrong_quantity",
  per_unit: "value.wrong_price",
  day: "value.wrong_day",
  yes_no: "value.wrong_choice",
  comparison: "value.wrong_choice",
};

/** Reads what was typed into the plain form that goes over the wire. */
export function readTyped(kind: LawKind, typed: Typed): Reading {
  if (isScale(kind)) return readScale(kind, typed as TypedBracket[]);
  const inside = kindInTable(kind);
  if (inside) return readTable(inside, typed as Record<string, string>);
  const single = kind as Parameters<typeof readSingle>[0];
  const value = readSingle(single, typed as string);
  return value === null ? { value: null, wrong: { "": WRONG[kind] ?? "value.wrong_choice" } } : { value, wrong: null };
}

function readTable(kind: Parameters<typeof readSingle>[0], typed: Record<string, string>): Reading {
  const wrong: Record<string, WordKey> = {};
  const value: Record<string, string | number> = {};
  for (const [option, text] of Object.entries(typed)) {
    const read = readSingle(kind, text);
    if (read === null) wrong[option] = WRONG[kind] ?? "value.wrong_choice";
    else value[option] = read as string | number;
  }
  return Object.keys(wrong).length ? { value: null, wrong } : { value, wrong: null };
}

function readScale(kind: "scale" | "ratio_scale", rows: TypedBracket[]): Reading {
  const ends = kindOfEnds(kind);
  const wrong: Record<string, WordKey> = {};
  const value: Bracket[] = [];
  const read = (of: "money" | "rate", text: string, at: string): string => {
    const found = readSingle(of, text) as string | null;
    if (found === null) wrong[at] = WRONG[of] ?? "value.wrong_choice";
    return found ?? "";
  };
  rows.forEach((row, place) => {
    const bracket: Bracket = {
      rate: read("rate", row.rate, `${place}.rate`),
      less: read(ends, row.less, `${place}.less`),
    };
    if (place === rows.length - 1) return void value.push(bracket);
    const end = read(ends, row.up_to, `${place}.up_to`);
    const before = value.at(-1)?.up_to;
    if (end && before && !isAbove(end, before)) wrong[`${place}.up_to`] = "value.wrong_rising";
    value.push({ up_to: end, ...bracket });
  });
  return Object.keys(wrong).length ? { value: null, wrong } : { value, wrong: null };
}

/** The rows with one more after `place`; what was last stays without an end. */
export function withRow(rows: TypedBracket[], place: number): TypedBracket[] {
  const row = rows[place];
  if (!row) return rows;
  const isLast = place === rows.length - 1;
  const added = isLast ? [{ ...row, up_to: "" }, { ...row }] : [row, { ...row, up_to: "" }];
  return [...rows.slice(0, place), ...added, ...rows.slice(place + 1)];
}

/** The rows without the one at `place`; the row that is then last has no end. */
export function withoutRow(rows: TypedBracket[], place: number): TypedBracket[] {
  if (rows.length < 2) return rows;
  const left = rows.filter((_, index) => index !== place);
  return left.map((row, index) => (index === left.length - 1 ? { ...row, up_to: "" } : row));
}
