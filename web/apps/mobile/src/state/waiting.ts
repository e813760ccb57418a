/**
 * Waiting one's turn when more people come than can be served. Whatever the app asks for meanwhile stands still and goes on by
 * itself, once; place and pass are kept on this phone, so that a restart, a tunnel or a night cost nobody their place.
 */
import { computed, ref } from 'vue'
import type { ApiError, HttpRequest, HttpResponse, Transport } from '@palmtax/api'
import { API_BASE, transport } from '@/platform/http'
import { keep, recall } from '@/platform/storage'
import { hearCrowd, rest, restingAnswer } from './resting'

/** A place in a line, as the house told it. */
export interface Place {
  room: string
  room_zh: string
  room_en: string
  place: string
  ahead: number
  low_seconds: number
  high_seconds: number
  poll_seconds: number
  kept_seconds: number
}

interface Told {
  state?: string
  fields?: Place
  pass?: string
}

const PLEASE_WAIT = 503
const POLL = '/api/waiting/place'
const PASS_HEADER = 'x-waiting-pass'
/** A pass is good for half an hour; it is let go a little before. */
const PASS_LASTS_MS = 29 * 60_000
const AGAIN_MS = 3_000
const SECOND_MS = 1_000
const SOON_SECONDS = 10

const place = ref<Place | null>(null)
const toldAt = ref(0)
/** True once the person chose to look at something else. */
export const isAside = ref(false)
/** The place of the person who waits now, or null. */
export const waitingPlace = computed(() => place.value)
/** It is a matter of seconds: a line at the top says so, no screen of its own. */
export const isSoon = computed(() => (place.value?.high_seconds ?? 0) <= SOON_SECONDS)
/** Until when the place is kept, an instant. */
export const keptUntil = computed(() => new Date(toldAt.value + (place.value?.kept_seconds ?? 0) * SECOND_MS).toISOString())

/** The house remembers for ten minutes whom it has served; a little less here. */
const KNOWN_MS = 9 * 60_000
const WITHOUT_LINE = /\/api\/(identity|waiting)\//

let knownUntil = 0
/** Who went ahead, until it is known whether one must wait: the refusal, or null. */
let ahead: Promise<HttpResponse | null> | null = null
let turn: Promise<boolean> | null = null
let wake: (goesOn: boolean) => void = () => undefined

/** The headers that prove place and pass. */
export function waitingHeaders(): Record<string, string> {
  const pass = recall<{ token: string; until: number }>('waiting.pass')
  if (pass && pass.until > Date.now()) return { 'X-Waiting': pass.token }
  const tokens = Object.values(recall<Record<string, string>>('waiting.places') ?? {})
  return tokens.length ? { 'X-Waiting': tokens.join(',') } : {}
}

/** A transport whose requests wait their turn; the answer is the one that came when it was. */
export function inTurn(carry: Transport): Transport {
  return async (request) => {
    const before = ahead
    const report = goAhead(request.url)
    const refusal = before && (await before)
    if (refusal && turn && !(await turn)) return refusal
    try {
      const resting = restingAnswer(request)
      if (resting) return resting
      for (;;) {
        const answer = await carry({ ...request, headers: { ...request.headers, ...waitingHeaders() } })
        takePass(answer)
        hearCrowd(answer)
        const told = answer.status === PLEASE_WAIT ? read(answer) : null
        if (told?.state !== 'waiting' || !told.fields) {
          if (!WITHOUT_LINE.test(request.url)) knownUntil = Date.now() + KNOWN_MS
          return answer
        }
        tell(told.fields)
        const mine = myTurn()
        report(answer)
        if (!(await mine)) return answer
      }
    } finally {
      report(null)
    }
  }
}

/**
 * Opening the app asks for five things at once. One goes ahead: told to wait, the others stand with it, or rest, instead of
 * taking four places more and costing a crowded house four refusals more.
 */
function goAhead(url: string): (refusal: HttpResponse | null) => void {
  if (ahead || Date.now() < knownUntil || WITHOUT_LINE.test(url)) return () => undefined
  let resolve: (refusal: HttpResponse | null) => void = () => undefined
  const mine = new Promise<HttpResponse | null>((done) => (resolve = done))
  ahead = mine
  return (refusal) => {
    if (ahead === mine) ahead = null
    resolve(refusal)
  }
}

/** Stops waiting: what stands still comes back with the house's answer; what was filled in stays. */
export function giveUp(): void {
  wake(false)
}

/** The house had said "please wait" and the person stopped waiting: nothing was taken in. */
export const isTurnedAway = (failure: ApiError): boolean => failure.problem.code === 'plumbing.please_wait'

/** Looks again at once, when the person comes back to the app. */
export function lookAgain(): void {
  if (place.value && Date.now() - toldAt.value > place.value.poll_seconds * SECOND_MS) nextLook()
}

let nextLook: () => void = () => undefined

function myTurn(): Promise<boolean> {
  turn ??= waitForTurn().finally(() => {
    turn = null
    place.value = null
    isAside.value = false
  })
  return turn
}

async function waitForTurn(): Promise<boolean> {
  let goesOn: boolean | null = null
  wake = (answer) => {
    goesOn = answer
    nextLook()
  }
  for (let ms = (place.value?.poll_seconds ?? 1) * SECOND_MS; ; ) {
    await pause(ms)
    if (goesOn !== null) return goesOn
    const told = await look()
    if (told?.state === 'waiting' && told.fields) tell(told.fields)
    else if (told) return settle(told)
    ms = told ? (place.value?.poll_seconds ?? 1) * SECOND_MS : AGAIN_MS
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    nextLook = resolve
    setTimeout(resolve, ms)
  })
}

/** What the house says of my place; null when no answer came. */
async function look(): Promise<Told | null> {
  const request: HttpRequest = { method: 'GET', url: API_BASE + POLL, headers: { Accept: 'application/json', ...waitingHeaders() } }
  try {
    const answer = await transport(request)
    return answer.status < 400 ? read(answer) : null
  } catch {
    return null
  }
}

function settle(told: Told): boolean {
  if (told.pass) keepPass(told.pass)
  else keep('waiting.places', null)
  return true
}

function tell(told: Place): void {
  rest()
  place.value = told
  toldAt.value = Date.now()
  keep('waiting.pass', null)
  keep('waiting.places', { ...recall<Record<string, string>>('waiting.places'), [told.room]: told.place })
}

function takePass(answer: HttpResponse): void {
  const name = Object.keys(answer.headers).find((one) => one.toLowerCase() === PASS_HEADER)
  if (name) keepPass(answer.headers[name] as string)
}

function keepPass(token: string): void {
  keep('waiting.pass', { token, until: Date.now() + PASS_LASTS_MS })
  keep('waiting.places', null)
}

function read(answer: HttpResponse): Told | null {
  try {
    return JSON.parse(answer.body) as Told
  } catch {
    return null
  }
}
