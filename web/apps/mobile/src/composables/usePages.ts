import { computed, ref, shallowRef } from 'vue'
import { problemWords } from '@/state/problems'
import type { ProblemWords } from '@/state/problems'

interface Page<Item> {
  items: Item[]
  next: string | null
}

/** A list that grows page by page. */
export function usePages<Item>(read: (cursor: string | null) => Promise<Page<Item>>) {
  const items = shallowRef<Item[] | null>(null)
  const next = ref<string | null>(null)
  const problem = ref<ProblemWords | null>(null)
  const isLoading = ref(false)
  const hasMore = computed(() => next.value !== null)
  let turn = 0

  async function load(cursor: string | null): Promise<void> {
    const mine = ++turn
    isLoading.value = true
    try {
      const page = await read(cursor)
      if (mine !== turn) return
      items.value = cursor ? [...(items.value ?? []), ...page.items] : page.items
      next.value = page.next
      problem.value = null
    } catch (failure) {
      if (mine === turn) problem.value = problemWords(failure)
    } finally {
      if (mine === turn) isLoading.value = false
    }
  }

  const reload = (): Promise<void> => load(null)
  const more = async (): Promise<void> => {
    if (next.value && !isLoading.value) await load(next.value)
  }
  return { items, problem, isLoading, hasMore, reload, more }
}
