/** Corrections of a draft that wait on this phone until the server has them; begun here, they survive a tunnel or a night. */
import { ref } from 'vue'
import { ApiError } from '@palmtax/api'
import type { Schemas } from '@palmtax/api'
import { keep, keptKeys, recall } from '@/platform/storage'
import { api } from './api'
import { isSignedIn } from './session'

export type Draft = Schemas['DraftOut']
export type Correction = Schemas['Correction']

/** What waits for one draft: on top of which version the person saw. */
export interface Waiting {
  version: number
  corrections: Correction[]
}

/** What became of an attempt to send. */
export type Sent =
  | { outcome: 'none' }
  | { outcome: 'sent'; draft: Draft }
  | { outcome: 'waiting' }
  | { outcome: 'changed'; draft: Draft }
  | { outcome: 'refused'; failure: unknown }

const key = (draftId: string): string => `corrections.${draftId}`

/** Grows with every change of the queue, so that screens can follow it. */
export const queueTurns = ref(0)

/** What waits for this draft, or null. */
export function waitingFor(draftId: string): Waiting | null {
  return recall<Waiting>(key(draftId))
}

/** Adds a correction; a later one of the same field takes the place of the earlier. */
export function enqueue(draftId: string, version: number, correction: Correction): void {
  const before = waitingFor(draftId)
  const others = before?.corrections.filter((one) => one.field !== correction.field) ?? []
  put(draftId, { version: before?.version ?? version, corrections: [...others, correction] })
}

/** Puts the corrections on another version after the person chose between two values. */
export function rebase(draftId: string, version: number, corrections: Correction[]): void {
  put(draftId, corrections.length ? { version, corrections } : null)
}

function put(draftId: string, waiting: Waiting | null): void {
  keep(key(draftId), waiting)
  queueTurns.value += 1
}

const running = new Map<string, Promise<Sent>>()

/**
 * Sends what waits for a draft; whoever asks while it is on its way gets the same outcome.
 * Stays in the queue when no answer came; leaves it when the server said no.
 */
export function send(draftId: string): Promise<Sent> {
  const now = running.get(draftId)
  if (now) return now
  const sending = sendWaiting(draftId).finally(() => running.delete(draftId))
  running.set(draftId, sending)
  return sending
}

async function sendWaiting(draftId: string): Promise<Sent> {
  const waiting = waitingFor(draftId)
  if (!waiting) return { outcome: 'none' }
  try {
    const draft = await api.call('patch', '/api/filing/drafts/{draft_id}', { path: { draft_id: draftId }, body: waiting })
    forgetSent(draftId, waiting, draft.version)
    return { outcome: 'sent', draft }
  } catch (failure) {
    return afterFailure(draftId, failure)
  }
}

async function afterFailure(draftId: string, failure: unknown): Promise<Sent> {
  if (!(failure instanceof ApiError) || failure.isOffline || failure.status >= 500) return { outcome: 'waiting' }
  if (failure.problem.code === 'filing.draft_changed') {
    const draft = await api.call('get', '/api/filing/drafts/{draft_id}', { path: { draft_id: draftId } })
    return { outcome: 'changed', draft }
  }
  put(draftId, null)
  return { outcome: 'refused', failure }
}

/** Keeps what was added while the request was on its way. */
function forgetSent(draftId: string, sent: Waiting, version: number): void {
  const now = waitingFor(draftId)
  const added = now?.corrections.filter((one) => !sent.corrections.some((old) => sameCorrection(old, one))) ?? []
  put(draftId, added.length ? { version, corrections: added } : null)
}

function sameCorrection(one: Correction, other: Correction): boolean {
  return one.field === other.field && one.value_fen === other.value_fen && one.reason === other.reason
}

/** Sends everything that waits, when the network comes back. Conflicts wait for the person on the return's screen. */
export async function sendWaitingCorrections(): Promise<void> {
  if (!isSignedIn.value) return
  for (const kept of keptKeys('corrections.')) await send(kept.slice('corrections.'.length)).catch(() => undefined)
}
