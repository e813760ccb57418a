import { amountParts } from "@palmtax/ui";
import { language } from "../look/lookPreferences";
import { day, pick, t } from "../look/lookWords";
import type { Group, Named, PopulationName, StudyLine } from "./insightTypes";

const LOCALES = { zh: "zh-CN", en: "en-GB" } as const;
const PER_YUAN = 100;

function format(options: Intl.NumberFormatOptions, number: number): string {
  return new Intl.NumberFormat(LOCALES[language.value], options).format(number).replace(/^-/, "−");
}

/** How many, for reading at a glance: 1,000万, 12.5M; exact below ten thousand. */
export function countWords(count: number): string {
  return Math.abs(count) < 10_000
    ? format({}, count)
    : format({ notation: "compact", useGrouping: true, maximumSignificantDigits: 4 }, count);
}

/** So many people or enterprises, in words: "376.5万人", "466 人", 3.765m. */
export function peopleWords(count: number, population: PopulationName): string {
  return t(`result.count_${population}`, { count: countWords(count) }).replace(/([万亿]) /, "$1");
}

/** A rough amount with its unit: 81.23亿元, ¥8.123bn. */
export function roughSum(fen: number): string {
  return t("result.sum", { sum: roughAmount(fen) });
}

/** How many, exactly, thousands apart. */
export function exactCount(count: number): string {
  return format({}, count);
}

/** An amount rounded for reading at a glance: 12.35亿, −3,200. Exact amounts stand beside it or in the saved table. */
export function roughAmount(fen: number, isSigned = false, digits = 4): string {
  const yuan = fen / PER_YUAN;
  const isLarge = Math.abs(yuan) >= 10_000;
  return format(
    {
      ...(isLarge
        ? { notation: "compact", useGrouping: true, maximumSignificantDigits: digits }
        : { maximumFractionDigits: Math.abs(yuan) < PER_YUAN ? 2 : 0 }),
      ...(isSigned && { signDisplay: "exceptZero" }),
    },
    yuan,
  );
}

/** An amount in yuan, exact, without the fen when there are none: 112,000. */
export function exactAmount(fen: number): string {
  const parts = amountParts(fen);
  return `${parts.sign}${parts.yuan}${parts.fen === "00" ? "" : `.${parts.fen}`}`;
}

/** A part of a whole in percent, for reading. */
export function percentWords(part: number, whole: number, isSigned = false): string {
  if (!whole) return "—";
  return format(
    { style: "percent", maximumFractionDigits: 2, ...(isSigned && { signDisplay: "exceptZero" }) },
    part / whole,
  );
}

/** The days a study compares. */
export function daysWords(study: Pick<StudyLine, "on" | "after_on">): string {
  return study.after_on && study.after_on !== study.on
    ? t("insight.two_days", { on: day(study.on), after: day(study.after_on) })
    : t("insight.same_day", { day: day(study.on) });
}

/** The income limits of a decile. */
export function limitWords(group: Group): string {
  const [from, to] = [group.from_fen, group.to_fen];
  if (from === null && to === null) return "";
  if (to === null) return t("result.range_open", { from: roughAmount(from ?? 0) });
  if (!from) return t("result.range_low", { to: roughAmount(to) });
  return t("result.range", { from: roughAmount(from), to: roughAmount(to) });
}

/** The name of a code among named things. */
export function nameOf(list: Named[], code: string): string {
  const found = list.find((one) => one.code === code);
  return found ? pick(found, "name") : code;
}

/** A number of a line or a fact by its unit; amounts are drawn elsewhere. */
export function unitWords(unit: string, value: number | boolean | string): string {
  if (unit === "yes_no") return t(value ? "file.yes" : "file.no");
  if (unit === "quantity") return decimal(Number(value), 4);
  if (unit === "rate") return `${decimal(Number(value), 4)}%`;
  if (unit === "days") return t("why.days", { count: Number(value) });
  return typeof value === "number" ? exactCount(value) : String(value);
}

/** A whole number with its decimal point moved: 1400100 with four places is 140.01. */
function decimal(number: number, places: number): string {
  const digits = String(Math.abs(number)).padStart(places + 1, "0");
  const part = digits.slice(-places).replace(/0+$/, "");
  return `${number < 0 ? "−" : ""}${exactCount(Number(digits.slice(0, -places)))}${part ? `.${part}` : ""}`;
}
