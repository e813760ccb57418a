import { t } from "../look/lookWords";
import { isScale, kindInTable, kindOfEnds, samePlain, type Bracket, type LawKind, type Plain } from "./lawValuePlain";

/** An option of a choice with its name in both languages. */
export interface LawOption {
  code: string;
  label: string;
  label_en: string;
}

/** A part of a value that changed; `of` says which part, "" for the whole. */
export interface ChangedPart {
  of: string;
  before: string;
  after: string;
}

/** One number of a kind in words: thousands apart, yes and no, below and up to. */
export function singleWords(kind: LawKind, value: string | number | boolean): string {
  if (kind === "yes_no") return t(value === true ? "file.yes" : "file.no");
  if (kind === "comparison") return t(value === "below" ? "value.below" : "value.at_most");
  const text = String(value);
  const isNumber = ["money", "per_unit", "quantity", "count"].includes(kind) && /^\d+(\.\d+)?$/.test(text);
  return isNumber ? text.replace(/^\d+/, (whole) => whole.replace(/\B(?=(\d{3})+$)/g, ",")) : text;
}

/** The end of a row in words: "36,000". */
export function endWords(kind: "scale" | "ratio_scale", end: string | undefined): string {
  return end === undefined ? t("value.no_end") : singleWords(kindOfEnds(kind), end);
}

/** A whole value in one line, for lists. */
export function plainWords(
  kind: LawKind,
  value: Plain | null,
  nameOf: (option: string) => string = (code) => code,
): string {
  if (value === null) return t("value.none");
  if (isScale(kind)) {
    const rows = value as Bracket[];
    return t("value.rows", { count: rows.length, first: rows[0]?.rate ?? "", last: rows.at(-1)?.rate ?? "" });
  }
  const inside = kindInTable(kind);
  if (!inside) return singleWords(kind, value as string | number | boolean);
  const pairs = Object.entries(value as Record<string, string | number>);
  return pairs.map(([option, one]) => `${nameOf(option)} ${singleWords(inside, one)}`).join(" · ");
}

/** The parts in which two values of a kind differ, each in words. */
export function changedParts(
  kind: LawKind,
  before: Plain | null,
  after: Plain | null,
  nameOf: (option: string) => string = (code) => code,
): ChangedPart[] {
  if (samePlain(kind, before, after)) return [];
  const whole = [{ of: "", before: plainWords(kind, before, nameOf), after: plainWords(kind, after, nameOf) }];
  if (before === null || after === null) return whole;
  if (isScale(kind)) return changedRows(kind, before as Bracket[], after as Bracket[]) ?? whole;
  const inside = kindInTable(kind);
  if (!inside) return whole;
  const [old, now] = [before as Record<string, string | number>, after as Record<string, string | number>];
  const say = (value: string | number | undefined) =>
    value === undefined ? t("value.none") : singleWords(inside, value);
  return [...new Set([...Object.keys(old), ...Object.keys(now)])]
    .filter((option) => !samePlain(inside, old[option] ?? null, now[option] ?? null))
    .map((option) => ({ of: nameOf(option), before: say(old[option]), after: say(now[option]) }));
}

/** Row by row when both scales have as many rows; else null, and the whole is told. */
function changedRows(kind: "scale" | "ratio_scale", old: Bracket[], now: Bracket[]): ChangedPart[] | null {
  if (old.length !== now.length) return null;
  const say = (row: Bracket) =>
    t("value.row_words", {
      end: endWords(kind, row.up_to),
      rate: row.rate,
      less: singleWords(kindOfEnds(kind), row.less),
    });
  return now.flatMap((row, place) => {
    const before = old[place];
    if (!before || samePlain(kind, [before], [row])) return [];
    return [{ of: t("value.row", { number: place + 1 }), before: say(before), after: say(row) }];
  });
}
