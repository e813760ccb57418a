/** Copy in two languages: one function, no library. Words live in `<app>/zh/<area>.ts` and `<app>/en/<area>.ts`. */

export type Language = 'zh' | 'en'
export type Words = Record<string, string>
export type Translate<Key extends string> = (key: Key, values?: Record<string, string | number>) => string

/** Makes `t(key, values)`: `{name}` is filled from `values`; `language()` is asked each time, so a reactive one works. */
export function makeText<Zh extends Words>(zh: Zh, en: Record<keyof Zh, string>, language: () => Language): Translate<keyof Zh & string> {
  return (key, values = {}) => {
    const sentence: string = (language() === 'en' ? en[key] : zh[key]) ?? key
    return sentence.replace(/\{(\w+)\}/g, (whole, name: string) => (name in values ? String(values[name]) : whole))
  }
}

/** Of a pair `label` / `label_en` that came from the server, the one in the reader's language. */
export function inLanguage<Name extends string>(source: Record<Name | `${Name}_en`, string>, name: Name, language: Language): string {
  return language === 'en' ? source[`${name}_en`] : source[name]
}
