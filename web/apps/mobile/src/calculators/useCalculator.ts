import { computed, reactive, ref, watch } from 'vue'
import { useLoad } from '@/composables/useLoad'
import { api } from '@/state/api'
import { isOnline } from '@/state/network'
import { language } from '@/state/preferences'
import { say } from '@/state/notice'
import { t } from '@/state/text'
import { faultOf, isBlank, isSame, plainOf, startOf } from './facts'
import type { Calculator, Fact, Given, Givens } from './facts'
import { decodeFacts, encodeFacts } from './link'
import { rememberCalculator } from './useCalculators'
import { useResult } from './useResult'
import type { Facts } from './useResult'

/** Which calculator, what its link says. */
export interface Place {
  law: string
  facts: string
  on: string
  version: string
}

const VERSION_SHOWN = 8

/** One calculator: what it asks, the answers, the live result, the link to all of it. */
export function useCalculator(place: Place) {
  const definition = useLoad(
    () => api.call('get', '/api/knowledge/calculators/{law}', { path: { law: place.law }, query: { on: place.on || undefined } }),
    () => `calculator.${place.law}.${place.on}.${language.value}`,
  )
  const givens = reactive<Givens>({})
  const begun = ref('')
  const touched = ref(false)
  const facts = computed(() => definition.value.value?.facts ?? [])
  const faults = computed(() => facts.value.filter((fact) => !isBlank(givens[fact.code]) && faultOf(fact, givens[fact.code]!)))
  const result = useResult(place, () => answers(facts.value, givens))

  const first = computed(() => facts.value.filter((fact) => fact.is_asked_first))
  const also = computed(() => facts.value.filter((fact) => !fact.is_asked_first && isNeeded(fact)))
  const more = computed(() => facts.value.filter((fact) => !fact.is_asked_first && !isNeeded(fact)))
  const changed = computed(() => more.value.filter((fact) => !isSame(givens[fact.code] ?? '', startOf(fact))).length)
  const isExample = computed(() => !touched.value && place.facts === '' && first.value.some((fact) => fact.typical !== null))
  const asked = ref<string[]>([])
  /** Asked because the answer still changes the outcome; what was asked once stays where it is. */
  const isNeeded = (fact: Fact): boolean => asked.value.includes(fact.code)

  watch(result.missing, (codes) => (asked.value = [...new Set([...asked.value, ...codes])]))
  watch(definition.value, (now) => now && begin(now))
  watch(givens, () => (faults.value.length ? result.hold() : result.soon()))
  watch(isOnline, () => result.soon())
  watch(
    () => place.on,
    () => (void definition.reload(), result.soon()),
  )

  /** Answers begin as the link says, else with usual values. Once: a reload keeps what was typed. */
  function begin(calculator: Calculator): void {
    const key = `${calculator.law} ${place.facts}`
    if (begun.value === key) return
    begun.value = key
    rememberCalculator(calculator.law)
    const { givens: linked, refused } = decodeFacts(calculator.facts, place.facts)
    for (const fact of calculator.facts) givens[fact.code] = linked[fact.code] ?? startOf(fact)
    if (refused) say(t('calculator.link_partly', { count: refused }), true)
    else if (place.version && !shortVersion(calculator.version).startsWith(place.version)) say(t('calculator.link_changed'))
    result.soon(0)
  }

  function answer(code: string, given: Given): void {
    touched.value = true
    givens[code] = given
  }

  function reset(): void {
    Object.assign(place, { facts: '', on: '', version: '' })
    asked.value = []
    touched.value = false
    for (const fact of facts.value) givens[fact.code] = startOf(fact)
    say(t('calculator.reset_done'))
  }

  /** What the link has to say so that it opens this very result. */
  function linkValues(): Record<string, string> {
    const calculator = definition.value.value
    const on = result.kept.value?.on ?? calculator?.on ?? ''
    return { law: place.law, f: encodeFacts(facts.value, givens), on, v: shortVersion(calculator?.version ?? '').slice(0, VERSION_SHOWN) }
  }

  return { definition, givens, first, also, more, changed, isExample, faults, result, answer, reset, linkValues }
}

/** The part of a version that changes. */
export const shortVersion = (version: string): string => version.slice(version.lastIndexOf('-') + 1)

/** What has to be sent: what the server does not take for granted. */
function answers(facts: Fact[], givens: Givens): Facts {
  const found: Facts = {}
  for (const fact of facts) {
    const plain = isSame(givens[fact.code] ?? '', unasked(fact)) ? undefined : plainOf(fact, givens[fact.code])
    if (plain !== undefined) found[fact.code] = plain
  }
  return found
}

/** What the server takes for granted by itself. */
function unasked(fact: Fact): Given {
  return startOf({ ...fact, typical: null })
}
