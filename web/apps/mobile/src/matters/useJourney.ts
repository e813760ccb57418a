import { computed, onUnmounted, ref } from 'vue'
import { isBlank, openFault } from '@palmtax/flow'
import type { Ask, Fault, Journey, JourneyStep, Theme, Value } from '@palmtax/flow'
import { useLoad } from '@/composables/useLoad'
import { go } from '@/platform/navigate'
import { keep } from '@/platform/storage'
import { enqueueShared, forgetShared, sendShared, sharedFor, sharedTurns } from '@/state/journeyAnswers'
import { continueJourney, leaveStepOut, listJourneys, readJourney, readTheme, retryStep, startJourney, submitJourney } from '@/state/matters'
import { isOnline } from '@/state/network'
import { say, sayProblem } from '@/state/notice'
import { actOnce } from '@/state/once'
import { isSignedIn } from '@/state/session'
import { t } from '@/state/text'

interface Shown {
  theme: Theme | null
  journey: Journey | null
}

/** Saved after so long a pause in the typing. */
const PAUSE_MS = 700
/** What waits is tried again this often, milliseconds. */
const TRY_AGAIN_MS = 5000

/** A theme: what it holds, the shared questions once, then its steps on their way. */
export function useJourney(place: { code: string; id: string }) {
  const keptAs = (): string => `theme.${place.code}.${place.id}`
  const page = useLoad<Shown>(() => readShown(place), keptAs)
  const journey = computed(() => page.value.value?.journey ?? null)
  const theme = computed(() => page.value.value?.theme ?? null)
  const busy = ref('')
  const isTried = ref(false)
  const isSending = ref(false)
  /** Answers of the shared questions that the server does not have yet. */
  const waiting = computed(() => (sharedTurns.value >= 0 && place.id ? sharedFor(place.id) : {}))
  const isWaiting = computed(() => Object.keys(waiting.value).length > 0)
  const asks = computed<Ask[]>(() => (journey.value?.asks ?? []).filter((ask) => ask.is_shown).map(laid))
  const at = ref<string | null>(null)
  const ask = computed(() => asks.value.find((one) => one.code === at.value) ?? null)
  const isFilling = computed(() => journey.value?.state === 'draft')
  const left = computed(() => asks.value.filter((one) => !one.is_optional && isBlank(one.value)).length)
  let timer: ReturnType<typeof setTimeout> | undefined

  const retry = setInterval(() => {
    if (isWaiting.value && !isSending.value && !timer) void flush()
  }, TRY_AGAIN_MS)
  onUnmounted(() => {
    clearInterval(retry)
    if (timer) void flush()
  })

  function laid(one: Ask): Ask {
    return one.code in waiting.value ? { ...one, value: waiting.value[one.code] ?? null, problem: null } : one
  }

  /** The first question that still wants an answer; a network that went away leaves those that were known. */
  const nextOpen = (): string | null => asks.value.find((one) => one.problem || openFault(one, one.value))?.code ?? null

  function take(fresh: Journey): void {
    place.id = fresh.journey_id
    page.value.value = { theme: theme.value, journey: fresh }
    keep(`seen.${keptAs()}`, page.value.value)
  }

  async function reload(): Promise<void> {
    await page.reload()
    if (!journey.value) return
    place.id = journey.value.journey_id
    if (isFilling.value) {
      if (page.problem.value === null) await flush()
      at.value ??= nextOpen()
      return
    }
    forgetShared(place.id)
    if (journey.value.state === 'running') await continueJourney(place.id).then(take, () => undefined)
  }

  /** Keeps an answer on the phone at once and sends it after a pause. */
  function answer(code: string, value: Value): void {
    if (!journey.value) return
    enqueueShared(journey.value, code, value)
    clearTimeout(timer)
    timer = setTimeout(() => void flush(), PAUSE_MS)
  }

  /** Sends what waits now; false when the server refused some of it. */
  async function flush(): Promise<boolean> {
    clearTimeout(timer)
    timer = undefined
    if (!isWaiting.value) return true
    isSending.value = true
    try {
      const sent = await sendShared(place.id)
      if (sent.outcome === 'refused') sayProblem(sent.failure)
      if (sent.outcome !== 'sent') return sent.outcome !== 'refused'
      take(sent.journey)
      if (sent.merged) say(t('fill.merged'))
      if (at.value === null) at.value = nextOpen()
      return true
    } finally {
      isSending.value = false
    }
  }

  async function act(name: string, work: () => Promise<void>): Promise<void> {
    if (busy.value) return
    busy.value = name
    try {
      await work()
    } catch (failure) {
      sayProblem(failure)
    } finally {
      busy.value = ''
    }
  }

  const start = (): Promise<void> =>
    act('start', async () => {
      take(await actOnce(`journey-start.${place.code}`, place.code, startJourney))
      at.value = nextOpen()
    })

  /** On, when the answer is right. Without a network the phone decides by what it last knew. */
  async function forward(fault: Fault | null): Promise<void> {
    isTried.value = true
    const current = ask.value
    if (!current || fault || openFault(current, current.value)) return
    await act('save', async () => {
      if (!(await flush()) || asks.value.find((one) => one.code === current.code)?.problem) return
      isTried.value = false
      at.value = nextOpen()
    })
  }

  function back(): void {
    const place = at.value ? asks.value.findIndex((one) => one.code === at.value) : asks.value.length
    if (place > 0) at.value = asks.value[place - 1]!.code
  }

  const submit = (): Promise<void> =>
    act('submit', async () => {
      await flush()
      if (isWaiting.value || !isOnline.value) return say(t('fill.submit_offline'), true)
      const { journey_id, version } = journey.value!
      const body = { version }
      take(await actOnce(`journey.${journey_id}`, body, (sent, key) => submitJourney(journey_id, { ...sent, idempotency_key: key })))
      say(t('theme.submitted'))
    })

  const retryOne = (step: JourneyStep): Promise<void> =>
    act(step.matter_code, async () => {
      take(await retryStep(place.id, step.matter_code))
      const fresh = journey.value?.steps.find((one) => one.matter_code === step.matter_code)
      if (fresh?.application_id) go('fill', { id: fresh.application_id })
    })

  const leaveOut = (step: JourneyStep): Promise<void> =>
    act(step.matter_code, async () => {
      take(await leaveStepOut(place.id, step.matter_code))
      say(t('theme.left_out'))
    })

  return {
    page, journey, theme, busy, isTried, isSending, isWaiting, asks, ask, at, isFilling, left,
    reload, answer, start, forward, back, submit, retry: retryOne, leaveOut,
  } // prettier-ignore
}

/** The journey that was named, or the theme and a run of it that is still open. */
async function readShown(place: { code: string; id: string }): Promise<Shown> {
  if (place.id) {
    const journey = await readJourney(place.id)
    return { theme: null, journey }
  }
  const [theme, mine] = await Promise.all([readTheme(place.code), isSignedIn.value ? listJourneys().catch(() => []) : []])
  const open = mine.find((one) => one.theme.code === place.code && (one.state === 'draft' || one.state === 'running'))
  return { theme, journey: open ?? null }
}
