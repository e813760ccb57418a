/** The short line that appears and goes: "已保存". */
import { ref } from 'vue'
import { problemWords } from './problems'

const SHOWN_MS = 3200

export const notice = ref<{ text: string; isProblem: boolean } | null>(null)
let timer: ReturnType<typeof setTimeout> | undefined

/** Says a sentence for three seconds. */
export function say(text: string, isProblem = false): void {
  clearTimeout(timer)
  notice.value = { text, isProblem }
  timer = setTimeout(() => (notice.value = null), SHOWN_MS)
}

/** Says what went wrong and what to do. */
export function sayProblem(failure: unknown): void {
  const words = problemWords(failure)
  say([words.text, words.hint].filter(Boolean).join(' '), true)
}
