/** Answers of applications that wait on this phone until the server has them; they survive a tunnel, a night, a restart. */
import { ref } from 'vue'
import { ApiError } from '@palmtax/api'
import { addAnswer, afterSent, dropAnswer, rebase } from '@palmtax/flow'
import type { Application, Clash, Value, Waiting } from '@palmtax/flow'
import { keep, keptKeys, recall } from '@/platform/storage'
import { changeApplication, readApplication } from './matters'
import { isSignedIn } from './session'

/** What became of an attempt to send. `merged`: it had been changed elsewhere, both are together now. */
export type Sent =
  | { outcome: 'none' | 'waiting' }
  | { outcome: 'sent'; application: Application; merged: boolean; clashes: Clash[] }
  | { outcome: 'refused'; failure: unknown; codes: string[] }

const START = 'answers.'
/** An application that is changed elsewhere all the time is tried so often, then left for later. */
const TRIES = 4

/** Grows with every change of the queue, so that screens can follow it. */
export const answerTurns = ref(0)

export const waitingFor = (id: string): Waiting | null => recall<Waiting>(START + id)

function put(id: string, waiting: Waiting | null): void {
  keep(START + id, waiting)
  answerTurns.value += 1
}

/** Adds an answer to what waits. */
export function enqueue(application: Application, code: string, value: Value, spentMs = 0): void {
  put(application.application_id, addAnswer(waitingFor(application.application_id), application, code, value, spentMs))
}

/** Lets an answer go: the one of the other phone stays. */
export function letGo(id: string, code: string): void {
  put(id, dropAnswer(waitingFor(id), code))
}

/** Lets go of all that waits: the application has ended. */
export const forgetAnswers = (id: string): void => put(id, null)

const running = new Map<string, Promise<Sent>>()

/** Sends what waits for an application; whoever asks while it is on its way gets the same outcome. */
export function send(id: string): Promise<Sent> {
  const now = running.get(id)
  if (now) return now
  const sending = sendWaiting(id).finally(() => running.delete(id))
  running.set(id, sending)
  return sending
}

async function sendWaiting(id: string): Promise<Sent> {
  let merged = false
  const clashes: Clash[] = []
  for (let turn = 0; turn < TRIES; turn += 1) {
    const waiting = waitingFor(id)
    if (!waiting) return { outcome: 'none' }
    try {
      const { version, answers, spent_ms } = waiting
      const application = await changeApplication(id, { version, answers, spent_ms })
      put(id, afterSent(waitingFor(id), waiting, application))
      return { outcome: 'sent', application, merged, clashes }
    } catch (failure) {
      if (!isConflict(failure)) return afterFailure(id, waiting, failure)
      const fresh = await freshOf(id)
      if (!fresh) return { outcome: 'waiting' }
      const based = rebase(fresh, waitingFor(id) ?? waiting)
      // Nothing left to send: it was our own answer that arrived and whose receipt was lost.
      merged ||= based.waiting !== null
      put(id, based.waiting)
      clashes.push(...based.clashes.filter((one) => !clashes.some((old) => old.code === one.code)))
      if (!based.waiting) return { outcome: 'sent', application: fresh, merged, clashes }
    }
  }
  return { outcome: 'waiting' }
}

const isConflict = (failure: unknown): boolean => failure instanceof ApiError && failure.problem.code === 'matters.version_conflict'

/** The application as it is now; null when the network went away meanwhile. */
async function freshOf(id: string): Promise<Application | null> {
  try {
    return await readApplication(id)
  } catch {
    return null
  }
}

/** No answer and a tired server: it waits on. A plain no: what was named is let go, else everything, and it is told. */
function afterFailure(id: string, waiting: Waiting, failure: unknown): Sent {
  if (!(failure instanceof ApiError) || failure.isOffline || failure.status >= 500 || failure.status === 429 || failure.isSignedOut)
    return { outcome: 'waiting' }
  const named = namedIn(failure).filter((code) => code in waiting.answers)
  const codes = named.length ? named : Object.keys(waiting.answers)
  let left = waitingFor(id)
  for (const code of codes) left = dropAnswer(left, code)
  put(id, left)
  return { outcome: 'refused', failure, codes }
}

/** The questions that a refusal names. */
export function namedIn(failure: unknown): string[] {
  if (!(failure instanceof ApiError)) return []
  const { problems, at } = failure.problem.fields as { problems?: unknown; at?: unknown }
  const list = Array.isArray(problems) ? problems : at ? [{ at }] : []
  return list.map((one) => String((one as { at?: unknown }).at ?? '')).filter(Boolean)
}

/** Sends everything that waits, when the network comes back. */
export async function sendWaitingAnswers(): Promise<void> {
  if (!isSignedIn.value) return
  for (const kept of keptKeys(START)) await send(kept.slice(START.length)).catch(() => undefined)
}
