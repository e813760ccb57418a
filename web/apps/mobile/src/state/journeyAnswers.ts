/** Shared answers of a theme that wait on this phone until the server has them; they survive a tunnel, a night, a restart. */
import { ref } from 'vue'
import { ApiError } from '@palmtax/api'
import { isSame } from '@palmtax/flow'
import type { Answers, Journey, Value } from '@palmtax/flow'
import { keep, keptKeys, recall } from '@/platform/storage'
import { namedIn } from './answers'
import { changeJourney, readJourney } from './matters'
import { problemCode } from './problems'
import { isSignedIn } from './session'

/** What became of an attempt to send. `merged`: it had been changed elsewhere, both are together now. */
export type SentShared =
  | { outcome: 'none' | 'waiting' }
  | { outcome: 'sent'; journey: Journey; merged: boolean }
  | { outcome: 'refused'; failure: unknown; codes: string[] }

interface Waiting {
  version: number
  answers: Answers
}

const START = 'journeys.'
const TRIES = 4

/** Grows with every change of the queue, so that screens can follow it. */
export const sharedTurns = ref(0)

const waitingFor = (id: string): Waiting | null => recall<Waiting>(START + id)
/** The answers that wait for a journey, by question. */
export const sharedFor = (id: string): Answers => waitingFor(id)?.answers ?? {}

function put(id: string, version: number, answers: Answers): void {
  keep(START + id, Object.keys(answers).length ? { version, answers } : null)
  sharedTurns.value += 1
}

/** Adds an answer to what waits. */
export const enqueueShared = (journey: Journey, code: string, value: Value): void =>
  put(journey.journey_id, journey.version, { ...sharedFor(journey.journey_id), [code]: value })

/** Lets go of all that waits: the intake was handed in. */
export const forgetShared = (id: string): void => put(id, 0, {})

const running = new Map<string, Promise<SentShared>>()

/** Sends what waits for a journey; whoever asks while it is on its way gets the same outcome. */
export function sendShared(id: string): Promise<SentShared> {
  const now = running.get(id)
  if (now) return now
  const sending = sendWaiting(id).finally(() => running.delete(id))
  running.set(id, sending)
  return sending
}

async function sendWaiting(id: string): Promise<SentShared> {
  let merged = false
  for (let turn = 0; turn < TRIES; turn += 1) {
    const sent = waitingFor(id)
    if (!sent) return { outcome: 'none' }
    try {
      const journey = await changeJourney(id, sent)
      drop(id, journey.version, (code, value) => code in sent.answers && isSame(sent.answers[code], value))
      return { outcome: 'sent', journey, merged }
    } catch (failure) {
      if (problemCode(failure) !== 'matters.version_conflict') return afterFailure(id, sent, failure)
      const fresh = await readJourney(id).catch(() => null)
      if (!fresh) return { outcome: 'waiting' }
      merged = true
      put(id, fresh.version, sharedFor(id))
    }
  }
  return { outcome: 'waiting' }
}

/** Only a no to the answers themselves lets them go, and only those that it names; everything else waits on. */
function afterFailure(id: string, sent: Waiting, failure: unknown): SentShared {
  if (!(failure instanceof ApiError) || failure.status !== 422) return { outcome: 'waiting' }
  const named = namedIn(failure).filter((code) => code in sent.answers)
  const codes = named.length ? named : Object.keys(sent.answers)
  drop(id, sent.version, (code) => codes.includes(code))
  return { outcome: 'refused', failure, codes }
}

function drop(id: string, version: number, isGone: (code: string, value: Value) => boolean): void {
  put(id, version, Object.fromEntries(Object.entries(sharedFor(id)).filter(([code, value]) => !isGone(code, value))))
}

/** Sends everything that waits, when the network comes back. */
export async function sendWaitingShared(): Promise<void> {
  if (!isSignedIn.value) return
  for (const kept of keptKeys(START)) await sendShared(kept.slice(START.length)).catch(() => undefined)
}
