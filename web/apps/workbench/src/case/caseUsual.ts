import { computed, type ComputedRef } from "vue";
import { useResource } from "../load/loadResource";
import { language } from "../look/lookPreferences";
import { pick } from "../look/lookWords";
import { readSentences } from "./caseCall";
import type { Desk, Sentences } from "./caseTypes";

export interface Usual {
  key: string;
  text: string;
  isOfMatter?: boolean;
}

/** Usual sentences of a field of work for one use; of a no first those the matter itself knows. */
export function useUsual(
  skill: () => string,
  use: () => "yes" | "no" | "supplement",
  desk: () => Desk | null,
): ComputedRef<Usual[]> {
  const found = useResource<Sentences>(() => readSentences(skill()), skill);
  return computed(() => {
    const own = desk();
    const ofMatter = own && use() === "no" ? (language.value === "en" ? own.reasons_no_en : own.reasons_no) : [];
    const ofSkill = found.data.value?.[use()] ?? [];
    return [
      ...ofMatter.map((text) => ({ key: `matter-${text}`, text, isOfMatter: true })),
      ...ofSkill.map((one) => ({ key: one.text, text: pick(one, "text") })),
    ];
  });
}

/** A sentence put under what is already written. */
export function joined(written: string, sentence: string): string {
  if (!written.trim()) return sentence;
  return written.includes(sentence) ? written : `${written.trimEnd()}\n${sentence}`;
}
