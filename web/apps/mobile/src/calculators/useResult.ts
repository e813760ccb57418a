import { computed, ref, shallowRef } from 'vue'
import { ApiError } from '@palmtax/api'
import type { Schemas } from '@palmtax/api'
import { api } from '@/state/api'
import { problemWords } from '@/state/problems'
import type { ProblemWords } from '@/state/problems'

type Calculation = Schemas['CalculationOut']
export type Facts = NonNullable<Schemas['CalculationIn']['facts']>

const PAUSE_MS = 300

/** The result that follows the typing: asked for after a short pause, the last good one kept until the next is there. */
export function useResult(place: { law: string; on: string }, facts: () => Facts) {
  const kept = shallowRef<Calculation | null>(null)
  const missing = ref<string[]>([])
  const problem = ref<ProblemWords | null>(null)
  /** The fact that the server refused, and its words. */
  const refused = ref<{ code: string; text: string } | null>(null)
  const isWorking = ref(false)
  const isHeld = ref(false)
  const shown = computed(() => kept.value?.result ?? null)
  /** What is shown belongs to earlier answers. */
  const isOld = computed(() => shown.value !== null && (isHeld.value || problem.value !== null || missing.value.length > 0))
  let timer: ReturnType<typeof setTimeout> | undefined
  let turn = 0

  /** Computes after a pause in the typing. */
  function soon(pause = PAUSE_MS): void {
    isHeld.value = false
    clearTimeout(timer)
    timer = setTimeout(() => void calculate(), pause)
  }

  /** An entry is wrong: nothing is sent until it is mended. */
  function hold(): void {
    clearTimeout(timer)
    turn += 1
    isHeld.value = true
    isWorking.value = false
  }

  async function calculate(): Promise<void> {
    const mine = ++turn
    isWorking.value = true
    try {
      const body = { facts: facts(), ...(place.on && { on: place.on }) }
      const fresh = await api.call('post', '/api/knowledge/calculators/{law}', { path: { law: place.law }, body })
      if (mine === turn) take(fresh)
    } catch (failure) {
      if (mine === turn) refuse(failure)
    } finally {
      if (mine === turn) isWorking.value = false
    }
  }

  function take(fresh: Calculation): void {
    missing.value = fresh.missing
    problem.value = null
    refused.value = null
    if (fresh.result) kept.value = fresh
  }

  function refuse(failure: unknown): void {
    problem.value = problemWords(failure)
    const fact = failure instanceof ApiError ? failure.problem.fields?.fact : undefined
    refused.value = typeof fact === 'string' ? { code: fact, text: problem.value.text } : null
  }

  return { kept, shown, missing, problem, refused, isWorking, isOld, soon, hold }
}
