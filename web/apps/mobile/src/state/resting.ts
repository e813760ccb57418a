/**
 * While more people come than can be served, what only accompanies the matter at hand rests: the phone goes on showing what it
 * has, and asks again by itself when the house is calm. So that as many as possible get through with what they came for.
 */
import { readonly, ref } from 'vue'
import type { HttpRequest, HttpResponse } from '@palmtax/api'

/** Says of a request that it only accompanies (RFC 9218, of little urgency). */
export const ACCOMPANYING = { Priority: 'u=6' }

const HEADER = 'x-crowded'
/** Who was told to wait lets things rest for so long; an answer says it itself. */
const REST_SECONDS = 60
/** Phones that were told together do not come back together. */
const SPREAD = 0.5
const SECOND_MS = 1_000

const resting = ref(false)
/** True while what accompanies rests. */
export const isResting = readonly(resting)

let until = 0
let alarm: ReturnType<typeof setTimeout> | undefined

/** Lets rest from now on for so many seconds, or longer when that was known already. */
export function rest(seconds = REST_SECONDS): void {
  const ms = seconds * SECOND_MS * (1 + SPREAD * Math.random())
  if (!(ms > 0) || Date.now() + ms < until) return
  until = Date.now() + ms
  resting.value = true
  clearTimeout(alarm)
  alarm = setTimeout(() => (resting.value = false), ms)
}

/** Hears from an answer that people wait. */
export function hearCrowd(answer: HttpResponse): void {
  const name = Object.keys(answer.headers).find((one) => one.toLowerCase() === HEADER)
  if (name) rest(Number(answer.headers[name]))
}

/** What a request that rests is answered with, without asking the house; null: it may go. */
export function restingAnswer(request: HttpRequest): HttpResponse | null {
  if (request.headers.Priority !== ACCOMPANYING.Priority || Date.now() >= until) return null
  return { status: 503, headers: {}, body: JSON.stringify({ code: 'phone.resting', text: '', hint: '', fields: {}, trace_id: '' }) }
}
