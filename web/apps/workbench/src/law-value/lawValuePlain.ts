/** Numbers of the law in plain form, as the law's own files write them, and what people type for them. No sums here. */

export type LawKind =
  | "money"
  | "rate"
  | "count"
  | "quantity"
  | "day"
  | "yes_no"
  | "comparison"
  | "rates"
  | "amounts"
  | "quantities"
  | "counts"
  | "per_unit"
  | "per_units"
  | "scale"
  | "ratio_scale";

/** One row of a scale; the last row has no end. */
export interface Bracket {
  up_to?: string;
  rate: string;
  less: string;
}

/** A value as it goes over the wire. */
export type Plain = string | number | boolean | Record<string, string | number> | Bracket[];

type Single = "money" | "rate" | "count" | "quantity" | "day" | "yes_no" | "comparison" | "per_unit";

const TABLES: Partial<Record<LawKind, Single>> = {
  rates: "rate",
  amounts: "money",
  quantities: "quantity",
  counts: "count",
  per_units: "per_unit",
};

/** The kind of each value of a table by option; null when the kind is no such table. */
export function kindInTable(kind: LawKind): Single | null {
  return TABLES[kind] ?? null;
}

export function isScale(kind: LawKind): kind is "scale" | "ratio_scale" {
  return kind === "scale" || kind === "ratio_scale";
}

/** The kind of the ends and of the quick deductions of a scale. */
export function kindOfEnds(kind: "scale" | "ratio_scale"): "money" | "rate" {
  return kind === "scale" ? "money" : "rate";
}

const FULL_WIDTH: Record<string, string> = { "％": "%", "．": ".", "。": ".", "／": "/" };

function tidy(typed: string): string {
  return typed
    .replace(/[％．。／]/g, (sign) => FULL_WIDTH[sign] ?? sign)
    .replace(/[¥￥,，\s]/g, "")
    .replace(/元$/, "");
}

/** A decimal without needless zeros: "072,000.50" → "72000.5"; null when it has more decimals than `places`. */
function decimal(typed: string, places: number): string | null {
  const found = /^(\d{1,15})(?:\.(\d*))?$/.exec(tidy(typed));
  if (!found) return null;
  const whole = (found[1] ?? "").replace(/^0+(?=\d)/, "");
  const part = (found[2] ?? "").replace(/0+$/, "");
  if (part.length > places) return null;
  return part ? `${whole}.${part}` : whole;
}

/** A rate with its sign, or as a fraction, or a decimal up to 1: "３％" → "3%"; a bare 3 is refused, for nobody knows what it means. */
function rate(typed: string): string | null {
  const plain = tidy(typed);
  const signed = /^(.*)([%‰])$/.exec(plain);
  if (signed) {
    const number = decimal(signed[1] ?? "", 8);
    const most = signed[2] === "%" ? 100 : 1000;
    return number !== null && Number(number) <= most ? `${number}${signed[2]}` : null;
  }
  const parts = /^(\d{1,9})\/(\d{1,9})$/.exec(plain);
  if (parts) return Number(parts[2]) > 0 && Number(parts[1]) <= Number(parts[2]) ? plain : null;
  const number = decimal(plain, 8);
  return number !== null && Number(number) <= 1 ? number : null;
}

/** A price per unit in yuan: an exact decimal or a fraction. */
function price(typed: string): string | null {
  const parts = /^(\d{1,12})\/(\d{1,12})$/.exec(tidy(typed));
  return parts && Number(parts[2]) > 0 ? tidy(typed) : decimal(typed, 8);
}

function dayOf(typed: string): string | null {
  const plain = typed.trim();
  const time = /^\d{4}-\d{2}-\d{2}$/.test(plain) ? Date.parse(`${plain}T00:00:00Z`) : Number.NaN;
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(plain) ? plain : null;
}

/** What was typed for one number, in plain form; null when it is not one of its kind. */
export function readSingle(kind: Single, typed: string): string | number | boolean | null {
  if (kind === "money") return decimal(typed, 2);
  if (kind === "quantity") return decimal(typed, 4);
  if (kind === "rate") return rate(typed);
  if (kind === "per_unit") return price(typed);
  if (kind === "day") return dayOf(typed);
  if (kind === "yes_no") return typed === "true" || typed === "false" ? typed === "true" : null;
  if (kind === "comparison") return typed === "below" || typed === "at_most" ? typed : null;
  const whole = /^\d{1,9}$/.exec(tidy(typed));
  return whole ? Number(whole[0]) : null;
}

/** Whether two values of a kind mean the same: "5%" is "1/20" and "0.05". */
export function samePlain(kind: LawKind, one: Plain | null, other: Plain | null): boolean {
  if (one === null || other === null) return one === other;
  const text = (value: Plain): string =>
    JSON.stringify(value, (_, part: unknown) => (typeof part === "string" ? exact(part) : part));
  const ordered = (value: Plain): Plain =>
    kindInTable(kind)
      ? Object.fromEntries(Object.entries(value as object).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value;
  return text(ordered(one)) === text(ordered(other));
}

/** A number as a reduced fraction, exactly, so that its ways of writing compare; any other text as it is. */
function exact(text: string): string {
  const found = /^(\d+)(?:\.(\d+))?(?:\/(\d+))?([%‰]?)$/.exec(text);
  if (!found) return text;
  const part = found[2] ?? "";
  const over = BigInt(found[3] ?? 1) * 10n ** BigInt(part.length) * (found[4] === "%" ? 100n : found[4] ? 1000n : 1n);
  const above = BigInt((found[1] ?? "") + part);
  const shared = common(above, over) || 1n;
  return `${above / shared}/${over / shared}`;
}

function common(one: bigint, other: bigint): bigint {
  return other === 0n ? one : common(other, one % other);
}

/** Whether one end of a scale lies above another, exactly. */
export function isAbove(one: string, other: string): boolean {
  const [a = 0n, b = 1n] = exact(one).split("/").map(BigInt);
  const [c = 0n, d = 1n] = exact(other).split("/").map(BigInt);
  return a * d > c * b;
}
