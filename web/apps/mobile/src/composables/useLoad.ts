import { ref, shallowRef } from 'vue'
import type { Ref } from 'vue'
import { keep, recall } from '@/platform/storage'
import { problemWords } from '@/state/problems'
import type { ProblemWords } from '@/state/problems'

export interface Load<Value> {
  value: Ref<Value | null>
  problem: Ref<ProblemWords | null>
  isLoading: Ref<boolean>
  /** True while what is shown comes from the last visit. */
  isStale: Ref<boolean>
  reload: () => Promise<void>
}

/**
 * Something a screen shows: from the last visit at once (when `keptAs` names it), then fresh from the server.
 * A failure leaves what is shown in place; under another name (another hat) it is another thing, and the old one goes.
 */
export function useLoad<Value>(load: () => Promise<Value>, keptAs?: () => string): Load<Value> {
  const storageKey = (): string | null => (keptAs ? `seen.${keptAs()}` : null)
  const value = shallowRef<Value | null>(null) as Ref<Value | null>
  const problem = ref<ProblemWords | null>(null)
  const isLoading = ref(false)
  const isStale = ref(false)
  let turn = 0
  let shownKey: string | null = null

  async function reload(): Promise<void> {
    const mine = ++turn
    showKept()
    isLoading.value = true
    try {
      const fresh = await load()
      if (mine !== turn) return
      value.value = fresh
      problem.value = null
      isStale.value = false
      const key = storageKey()
      if (key) keep(key, fresh)
    } catch (failure) {
      if (mine === turn) problem.value = problemWords(failure)
    } finally {
      if (mine === turn) isLoading.value = false
    }
  }

  function showKept(): void {
    const key = storageKey()
    if (key !== shownKey) value.value = null
    shownKey = key
    if (!key || value.value) return
    value.value = recall<Value>(key)
    isStale.value = value.value !== null
  }

  return { value, problem, isLoading, isStale, reload }
}
