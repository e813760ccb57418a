import { computed, reactive, ref } from 'vue'
import { isBlank, openFault } from '@palmtax/flow'
import type { Ask, Fault, Journey, JourneyStep, Theme, Value } from '@palmtax/flow'
import { useLoad } from '@/composables/useLoad'
import { go } from '@/platform/navigate'
import { keep, recall } from '@/platform/storage'
import { changeJourney, continueJourney, listJourneys, readJourney, readTheme, retryStep, startJourney, submitJourney } from '@/state/matters'
import { say, sayProblem } from '@/state/notice'
import { actOnce } from '@/state/once'
import { problemCode } from '@/state/problems'
import { isSignedIn } from '@/state/session'
import { t } from '@/state/text'

interface Shown {
  theme: Theme | null
  journey: Journey | null
}

/** A theme: what it holds, the shared questions once, then its steps on their way. */
export function useJourney(place: { code: string; id: string }) {
  const page = useLoad<Shown>(
    () => readShown(place),
    () => `theme.${place.code}.${place.id}`,
  )
  const journey = computed(() => page.value.value?.journey ?? null)
  const theme = computed(() => page.value.value?.theme ?? null)
  const busy = ref('')
  const isTried = ref(false)
  /** Answers of the shared questions that the server does not have yet. */
  const given = reactive<Record<string, Value>>({})
  const asks = computed<Ask[]>(() => (journey.value?.asks ?? []).filter((ask) => ask.is_shown).map((ask) => (ask.code in given ? laid(ask) : ask)))
  const at = ref<string | null>(null)
  const ask = computed(() => asks.value.find((one) => one.code === at.value) ?? null)
  const isFilling = computed(() => journey.value?.state === 'draft')
  const left = computed(() => asks.value.filter((one) => !one.is_optional && isBlank(one.value)).length)
  const keptAs = (): string => `answers-of-journey.${place.id}`

  const laid = (one: Ask): Ask => ({ ...one, value: given[one.code] ?? null, problem: null })

  function take(fresh: Journey): void {
    place.id = fresh.journey_id
    page.value.value = { theme: theme.value, journey: fresh }
  }

  async function reload(): Promise<void> {
    await page.reload()
    if (!journey.value) return
    place.id = journey.value.journey_id
    Object.assign(given, recall<Record<string, Value>>(keptAs()) ?? {})
    if (isFilling.value) at.value ??= journey.value.next
    if (journey.value.state === 'running') await continueJourney(place.id).then(take, () => undefined)
  }

  function answer(code: string, value: Value): void {
    given[code] = value
    keep(keptAs(), { ...given })
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
      take(await startJourney(place.code))
      at.value = journey.value?.next ?? null
    })

  /** Saves what was answered; when it was changed elsewhere meanwhile, on top of that. */
  async function save(): Promise<void> {
    if (!journey.value || !Object.keys(given).length) return
    const sent = { ...given }
    try {
      take(await changeJourney(place.id, { version: journey.value.version, answers: sent }))
    } catch (failure) {
      if (problemCode(failure) !== 'matters.version_conflict') throw failure
      take(await readJourney(place.id))
      take(await changeJourney(place.id, { version: journey.value.version, answers: sent }))
      say(t('fill.merged'))
    }
    for (const code of Object.keys(sent)) if (given[code] === sent[code]) delete given[code]
    keep(keptAs(), Object.keys(given).length ? { ...given } : null)
  }

  async function forward(fault: Fault | null): Promise<void> {
    isTried.value = true
    const current = ask.value
    if (!current || fault || openFault(current, current.value)) return
    await act('save', async () => {
      await save()
      const fresh = asks.value.find((one) => one.code === current.code)
      if (fresh?.problem) return
      isTried.value = false
      at.value = journey.value?.next && journey.value.next !== current.code ? journey.value.next : null
    })
  }

  function back(): void {
    const place = at.value ? asks.value.findIndex((one) => one.code === at.value) : asks.value.length
    if (place > 0) at.value = asks.value[place - 1]!.code
  }

  const submit = (): Promise<void> =>
    act('submit', async () => {
      await save()
      const { journey_id, version } = journey.value!
      const body = { version }
      take(await actOnce(`journey.${journey_id}`, body, (sent, key) => submitJourney(journey_id, { ...sent, idempotency_key: key })))
      say(t('theme.submitted'))
    })

  const retry = (step: JourneyStep): Promise<void> =>
    act(step.matter_code, async () => {
      take(await retryStep(place.id, step.matter_code))
      const fresh = journey.value?.steps.find((one) => one.matter_code === step.matter_code)
      if (fresh?.application_id) go('fill', { id: fresh.application_id })
    })

  return { page, journey, theme, busy, isTried, asks, ask, at, isFilling, left, reload, answer, start, forward, back, submit, retry }
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
