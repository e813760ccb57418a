/** `t('home.greeting')` in the reader's language, and the pick between `label` and `label_en`. */
import { inLanguage, makeText } from '@palmtax/text'
import { en, zh } from '@palmtax/text/mobile'
import { language } from './preferences'

export type TextKey = keyof typeof zh

export const t = makeText(zh, en, () => language.value)

/** Of `name` and `name_en`, the one to read. */
export function inOurs<Name extends string>(source: Record<Name | `${Name}_en`, string>, name: Name): string {
  return inLanguage(source, name, language.value)
}
