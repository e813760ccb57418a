import { inLanguage, makeText } from "@palmtax/text";
import { dayText, instantText } from "@palmtax/ui";
import { houseToday } from "../platform/platformSession";
import { en } from "../words/en";
import { zh, type WordKey } from "../words/zh";
import { language } from "./lookPreferences";

/** A sentence of the workbench in the reader's language. */
export const t = makeText(zh, en, () => language.value);

/** Whether the workbench has words for a key made at run time (a state or a code from the server). */
export function hasWords(key: string): key is WordKey {
  return key in zh;
}

/** The words for a code of the server under an area; the code itself when it is new to us. */
export function wordFor(area: string, code: string): string {
  const key = `${area}.${code}`;
  return hasWords(key) ? t(key) : code;
}

/** Of a pair `label` / `label_en`, the one in the reader's language. */
export function pick<Name extends string>(source: Record<Name | `${Name}_en`, string>, name: Name): string {
  return inLanguage(source, name, language.value);
}

/** A day as people say it, with the year when it is another one. */
export function day(text: string): string {
  return dayText(text, language.value, thisYear());
}

/** An instant as people say it, Beijing time. */
export function instant(text: string): string {
  return instantText(text, language.value, thisYear());
}

function thisYear(): number {
  return Number(houseToday().slice(0, 4));
}
