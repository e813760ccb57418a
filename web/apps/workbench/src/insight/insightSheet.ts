/** The result as a table for a spreadsheet: exact amounts in yuan, every part, and that the people are invented. */
import { amountParts } from "@palmtax/ui";
import type { Bucket, Cliff, Group, LawResult, Study } from "./insightTypes";

type Cell = string | number;

/** The headings, in the reader's language; asked by name so that this file knows no language. */
export interface SheetWords {
  say: (key: "before" | "after" | "delta" | "winners" | "losers" | "unchanged" | "rows") => string;
  section: (
    key: "deciles" | "industries" | "cities" | "bands" | "histogram" | "cliffs_before" | "cliffs_after" | "sample",
  ) => string;
  name: (source: { name: string; name_en: string }) => string;
  title: (result: LawResult) => string;
  invented: string;
}

/** Exact yuan with two decimals as a spreadsheet reads them: "-1234.50". */
export function yuanCell(fen: number | null): string {
  if (fen === null) return "";
  const parts = amountParts(fen);
  return `${parts.sign ? "-" : ""}${parts.yuan.replaceAll(",", "")}.${parts.fen}`;
}

/** One line of CSV; a text that a spreadsheet would run as a formula is made harmless. */
export function csvLine(cells: Cell[]): string {
  return cells
    .map((cell) => {
      const text = String(cell);
      const safe = /^[=+@\t\r]|^-(?!\d)/.test(text) ? `'${text}` : text;
      return /[",\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
    })
    .join(",");
}

/** The whole study as CSV text, with the mark that makes spreadsheets read it as UTF-8. */
export function studySheet(study: Study, words: SheetWords): string {
  const head: Cell[][] = [
    [study.name],
    [words.invented],
    [study.on, study.after_on ?? study.on],
    ...study.changes.map((change) => [change.key, JSON.stringify(change.before), JSON.stringify(change.after)]),
  ];
  const body = (study.result?.laws ?? []).flatMap((law) => lawLines(law, words));
  return `\uFEFF${[...head, [], ...body].map(csvLine).join("\r\n")}\r\n`;
}

function lawLines(law: LawResult, words: SheetWords): Cell[][] {
  const say = words.say;
  const columns: Cell[] = [
    "",
    say("rows"),
    say("before"),
    say("after"),
    say("delta"),
    say("winners"),
    say("losers"),
    say("unchanged"),
  ];
  const counts = (of: Group | LawResult): Cell[] => [
    of.rows,
    yuanCell(of.before_fen),
    yuanCell(of.after_fen),
    yuanCell(of.delta_fen),
    of.winners,
    of.losers,
    of.unchanged,
  ];
  const groups = (name: "deciles" | "industries" | "cities" | "bands"): Cell[][] => [
    [],
    [words.section(name), ...columns.slice(1)],
    ...law[name].map((group) => [words.name(group), ...counts(group)]),
  ];
  return [
    columns,
    [words.title(law), ...counts(law)],
    ...groups("deciles"),
    ...groups("industries"),
    ...groups("cities"),
    ...groups("bands"),
    [],
    [words.section("histogram"), ">", "≤", say("rows")],
    ...law.histogram.map((bucket: Bucket): Cell[] => [
      "",
      yuanCell(bucket.from_fen),
      yuanCell(bucket.to_fen),
      bucket.rows,
    ]),
    ...(["cliffs_before", "cliffs_after"] as const).flatMap((name): Cell[][] => [
      [],
      [words.section(name)],
      ...law[name].map((cliff: Cliff): Cell[] => [
        "",
        yuanCell(cliff.at_fen),
        yuanCell(cliff.to_fen),
        yuanCell(cliff.extra_income_fen),
        yuanCell(cliff.extra_burden_fen),
        cliff.marginal,
      ]),
    ]),
    [],
  ];
}
