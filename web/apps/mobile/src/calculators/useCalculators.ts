import { computed, ref } from 'vue'
import type { Schemas } from '@palmtax/api'
import { keep, recall } from '@/platform/storage'
import { api } from '@/state/api'
import { useLoad } from '@/composables/useLoad'

export type Card = Schemas['CalculatorCard']

const KEPT = 'calculators.recent'
const MOST_RECENT = 4

/** All calculators, those that the typed words find, and those used last on this phone. */
export function useCalculators() {
  const shelf = useLoad(
    () => api.call('get', '/api/knowledge/calculators'),
    () => 'calculators',
  )
  const typed = ref('')
  /** The group that is looked at; '' for all. Searching looks into all of them. */
  const chosen = ref('')
  const recentCodes = ref<string[]>(recall<string[]>(KEPT) ?? [])
  const refresh = (): void => void (recentCodes.value = recall<string[]>(KEPT) ?? [])

  const all = computed(() => shelf.value.value?.groups ?? [])
  const names = computed(() => all.value.map(({ name, name_en }) => ({ name, name_en })))
  const groups = computed(() =>
    all.value
      .filter((group) => typed.value.trim() !== '' || chosen.value === '' || group.name === chosen.value)
      .map((group) => ({ ...group, calculators: group.calculators.filter((card) => isFound(card, typed.value)) }))
      .filter((group) => group.calculators.length),
  )
  const count = computed(() => groups.value.reduce((sum, group) => sum + group.calculators.length, 0))
  const recent = computed(() => {
    const cards = all.value.flatMap((group) => group.calculators)
    return recentCodes.value.map((code) => cards.find((card) => card.law === code)).filter((card): card is Card => card !== undefined)
  })
  return { shelf, typed, chosen, names, groups, count, recent, refresh }
}

/** Whether every typed word is in its name, its question or an everyday word for it. */
export function isFound(card: Card, typed: string): boolean {
  const text = [card.name, card.name_en, card.question, card.question_en, ...card.words].join('\n').toLowerCase()
  return typed
    .toLowerCase()
    .split(/[\s，,、]+/)
    .every((word) => text.includes(word))
}

/** Puts a calculator first among those used last. */
export function rememberCalculator(law: string): void {
  const others = (recall<string[]>(KEPT) ?? []).filter((code) => code !== law)
  keep(KEPT, [law, ...others].slice(0, MOST_RECENT))
}
