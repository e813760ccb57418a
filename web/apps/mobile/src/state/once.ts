/** Acts that shall happen once: the key is kept before the first attempt and used again until an answer came. */
import { ApiError } from '@palmtax/api'
import { keep, recall } from '@/platform/storage'
import { newKey } from './identifiers'

interface Kept<Body> {
  key: string
  body: Body
}

const place = (name: string): string => `once.${name}`

/** The act whose answer never came, or null. */
export function unanswered<Body>(name: string): Body | null {
  return recall<Kept<Body>>(place(name))?.body ?? null
}

/**
 * Does an act under its kept key. Rejects with status 0 when no answer came: calling again is safe and asks for the same act.
 * A body that differs from the kept one is a new act.
 */
export async function actOnce<Body, Answer>(name: string, body: Body, act: (body: Body, key: string) => Promise<Answer>): Promise<Answer> {
  const kept = keptFor(name, body)
  try {
    const answer = await act(kept.body, kept.key)
    keep(place(name), null)
    return answer
  } catch (failure) {
    if (isRefused(failure)) keep(place(name), null)
    throw failure
  }
}

/** A plain no. "Still at work", "sign in again" and "too many requests" are no such answer. */
function isRefused(failure: unknown): boolean {
  if (!(failure instanceof ApiError)) return false
  return [400, 403, 404, 409, 422].includes(failure.status) && failure.problem.code !== 'plumbing.busy'
}

function keptFor<Body>(name: string, body: Body): Kept<Body> {
  const before = recall<Kept<Body>>(place(name))
  if (before && JSON.stringify(before.body) === JSON.stringify(body)) return before
  const fresh = { key: newKey(), body }
  keep(place(name), fresh)
  return fresh
}
