/** Submitting exactly once: the key is kept before the first attempt and used again until an answer came. */
import { ApiError } from '@palmtax/api'
import type { Schemas } from '@palmtax/api'
import { keep, recall } from '@/platform/storage'
import { api } from './api'
import { newKey } from './identifiers'

interface Kept {
  key: string
  body: Schemas['SubmitIn']
}

const name = (draftId: string): string => `submission.${draftId}`

/** The submission whose answer never came, or null. */
export function unansweredSubmission(draftId: string): Schemas['SubmitIn'] | null {
  return recall<Kept>(name(draftId))?.body ?? null
}

/** Submits what the person saw. Rejects with status 0 when no answer came: calling again is safe and asks for the same act. */
export async function submitOnce(body: Schemas['SubmitIn']): Promise<Schemas['ReturnOut']> {
  const kept = keyFor(body)
  try {
    const accepted = await api.call('post', '/api/filing/returns', {
      body,
      headers: { 'Idempotency-Key': kept.key },
    })
    keep(name(body.draft_id), null)
    return accepted
  } catch (failure) {
    if (isRefused(failure)) keep(name(body.draft_id), null)
    throw failure
  }
}

/** A plain no: nothing was filed. "Still at work", "sign in again" and "too many requests" are no such answer. */
function isRefused(failure: unknown): boolean {
  if (!(failure instanceof ApiError)) return false
  return [400, 403, 404, 409, 422].includes(failure.status) && failure.problem.code !== 'plumbing.busy'
}

function keyFor(body: Schemas['SubmitIn']): Kept {
  const before = recall<Kept>(name(body.draft_id))
  if (before && JSON.stringify(before.body) === JSON.stringify(body)) return before
  const fresh = { key: newKey(), body }
  keep(name(body.draft_id), fresh)
  return fresh
}
