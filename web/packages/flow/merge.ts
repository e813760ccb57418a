/** Answers that wait on this phone: laid over what the server has, put on a newer version, and what two phones both changed. */
import { isSame } from './answers'
import type { Answers, Application, Ask, Value } from './types'

/** What waits: on top of which version, and what was seen in each place before. */
export interface Waiting {
  version: number
  answers: Answers
  seen: Answers
  spent_ms: Record<string, number>
}

/** One question that was changed here and elsewhere. */
export interface Clash {
  code: string
  mine: Value
  theirs: Value
}

const PERSON = { source: 'person', label: '本人填写', label_en: 'Entered by you' }

/** Adds an answer; a later one of the same question takes the place of the earlier, what was seen first stays. */
export function addAnswer(before: Waiting | null, application: Application, code: string, value: Value, spentMs = 0): Waiting {
  const seen = before && code in before.seen ? before.seen[code]! : serverValue(application, code)
  const spent = (before?.spent_ms[code] ?? 0) + Math.max(0, Math.round(spentMs))
  return {
    version: before?.version ?? application.version,
    answers: { ...before?.answers, [code]: value },
    seen: { ...before?.seen, [code]: seen ?? null },
    spent_ms: spent ? { ...before?.spent_ms, [code]: spent } : { ...before?.spent_ms },
  }
}

function serverValue(application: Application, code: string): Value {
  for (const section of application.sections) {
    const ask = section.asks.find((one) => one.code === code)
    if (ask) return ask.value
  }
  return null
}

/** The application as its person sees it: what waits here lies over what the server has. */
export function overlay(application: Application, waiting: Waiting | null): Application {
  if (!waiting || !Object.keys(waiting.answers).length) return application
  const lay = (ask: Ask): Ask =>
    ask.code in waiting.answers && !ask.is_locked
      ? { ...ask, value: waiting.answers[ask.code] ?? null, problem: null, origin: { ...PERSON } }
      : ask
  return { ...application, sections: application.sections.map((section) => ({ ...section, asks: section.asks.map(lay) })) }
}

/** Puts what waits on a newer version. What the server already has, or no longer takes, is dropped; clashes are named. */
export function rebase(fresh: Application, waiting: Waiting): { waiting: Waiting | null; clashes: Clash[] } {
  const asks = new Map(fresh.sections.flatMap((section) => section.asks.map((ask) => [ask.code, ask] as const)))
  const kept: Answers = {}
  const clashes: Clash[] = []
  for (const [code, mine] of Object.entries(waiting.answers)) {
    const ask = asks.get(code)
    if (!ask || ask.is_locked || isSame(ask.value, mine)) continue
    kept[code] = mine
    if (!isSame(ask.value, waiting.seen[code])) clashes.push({ code, mine, theirs: ask.value })
  }
  if (!Object.keys(kept).length) return { waiting: null, clashes: [] }
  const seen = Object.fromEntries(Object.keys(kept).map((code) => [code, asks.get(code)!.value]))
  return { waiting: { version: fresh.version, answers: kept, seen, spent_ms: waiting.spent_ms }, clashes }
}

/** What is left after an answer came: what was given while the request was on its way waits on. */
export function afterSent(now: Waiting | null, sent: Waiting, fresh: Application): Waiting | null {
  if (!now) return null
  const left = Object.entries(now.answers).filter(([code, value]) => !(code in sent.answers) || !isSame(sent.answers[code], value))
  if (!left.length) return null
  const seen = Object.fromEntries(left.map(([code]) => [code, serverValue(fresh, code)]))
  return { version: fresh.version, answers: Object.fromEntries(left), seen, spent_ms: {} }
}

/** Drops one answer that waits: the other phone's stays. */
export function dropAnswer(waiting: Waiting | null, code: string): Waiting | null {
  if (!waiting) return null
  const { [code]: dropped, ...answers } = waiting.answers
  void dropped
  return Object.keys(answers).length ? { ...waiting, answers } : null
}
