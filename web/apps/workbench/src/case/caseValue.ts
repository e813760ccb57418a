import { periodText } from "@palmtax/ui";
import type { Language } from "@palmtax/text";
import type { Ask } from "./caseTypes";

/** An answer in words; amounts and tables are drawn by their own components. */
export type Shown =
  | { as: "nothing" }
  | { as: "fen"; fen: number }
  | { as: "yes_no"; isYes: boolean }
  | { as: "day"; day: string }
  | { as: "rows"; rows: Record<string, unknown>[] }
  | { as: "text"; text: string };

/** How the answer of a question is shown. */
export function shownOf(ask: Pick<Ask, "type" | "value" | "options" | "unit" | "unit_en">, language: Language): Shown {
  const { type, value } = ask;
  if (value === null || value === undefined || value === "") return { as: "nothing" };
  if (typeof value === "number" && type === "amount") return { as: "fen", fen: value };
  if (typeof value === "boolean") return { as: "yes_no", isYes: value };
  if (type === "date" && typeof value === "string") return { as: "day", day: value };
  if (Array.isArray(value)) return many(ask, value, language);
  if (type === "choice") return text(optionOf(ask, String(value), language));
  if (type === "period") return text(periodText(String(value), language));
  const unit = language === "en" ? ask.unit_en : ask.unit;
  return text(unit && (type === "number" || type === "quantity") ? `${String(value)} ${unit}` : String(value));
}

function many(ask: Pick<Ask, "type" | "options">, value: unknown[], language: Language): Shown {
  if (!value.length) return { as: "nothing" };
  if (ask.type === "rows") return { as: "rows", rows: value as Record<string, unknown>[] };
  const words = value.map((one) => optionOf(ask, String(one), language));
  return text(words.join(language === "en" ? ", " : "、"));
}

function optionOf(ask: Pick<Ask, "options">, value: string, language: Language): string {
  const option = ask.options.find((one) => one.value === value);
  return option ? (language === "en" ? option.label_en : option.label) : value;
}

const text = (words: string): Shown => ({ as: "text", text: words });
