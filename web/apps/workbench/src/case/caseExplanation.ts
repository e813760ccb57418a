import type { Schemas } from "@palmtax/api";
import type { Language } from "@palmtax/text";
import type { Computed } from "./caseTypes";

type Explanation = Schemas["ExplanationOut"];
type Line = Explanation["lines"][number];

/** The computation of an application as the explanation that taxpayer and officer know from returns. */
export function explanationOf(computed: Computed, language: Language): Explanation {
  const results = new Set(computed.results.map((one) => one.code));
  return {
    law_on: computed.law_on,
    rule_version: computed.version,
    lines: computed.lines.map((line) => ({
      ...{ code: line.code, label: line.label, label_en: line.label_en },
      ...{ formula: line.formula, formula_en: line.formula_en, value: line.value },
      unit: line.unit as Line["unit"],
      is_output: results.has(line.code),
      citations: (language === "en" ? line.citations_en : line.citations).map(citationOf),
    })),
  };
}

/** Citations come as free objects; what is missing is empty, how sure we are is then told as uncertain. */
function citationOf(one: Record<string, unknown>): Line["citations"][number] {
  const word = (name: string): string => (typeof one[name] === "string" ? String(one[name]) : "");
  const confidence = word("confidence") === "own knowledge" ? "own" : word("confidence");
  return {
    title: word("title") || word("cite"),
    ...{ article: word("article"), paraphrase: word("paraphrase"), source: word("source") },
    confidence: (confidence || "uncertain") as Line["citations"][number]["confidence"],
  };
}
