import { computed, ref, shallowRef } from 'vue'
import { searchKept } from '@palmtax/flow'
import type { Catalogue, Hit } from '@palmtax/flow'
import { searchMatters } from '@/state/matters'

const PAUSE_MS = 180

/** Searching as one types; without a network in the catalogue that the phone has. */
export function useSearch(kept: () => Catalogue | null) {
  const typed = ref('')
  const hits = shallowRef<Hit[] | null>(null)
  /** What is shown was found on this phone only. */
  const isHere = ref(false)
  const isSearching = computed(() => typed.value.trim() !== '')
  let timer: ReturnType<typeof setTimeout> | undefined
  let turn = 0

  function type(text: string): void {
    typed.value = text
    clearTimeout(timer)
    turn += 1
    if (!text.trim()) hits.value = null
    else timer = setTimeout(() => void find(text.trim()), PAUSE_MS)
  }

  async function find(words: string): Promise<void> {
    const mine = ++turn
    try {
      const found = await searchMatters(words)
      if (mine !== turn) return
      hits.value = found.hits
      isHere.value = false
    } catch {
      if (mine !== turn) return
      const catalogue = kept()
      hits.value = catalogue ? searchKept(catalogue, words).map((card) => ({
            ...card,
            kind: 'matters' in card ? ('theme' as const) : ('matter' as const),
            marks: [],
            may_start: null,
          })) : []
      isHere.value = true
    }
  }

  return { typed, hits, isHere, isSearching, type }
}
