import { ref } from 'vue'
import type { ApplicationCard } from '@palmtax/flow'
import { usePages } from '@/composables/usePages'
import { go } from '@/platform/navigate'
import { keep, recall } from '@/platform/storage'
import { readApplications } from '@/state/matters'
import { hat } from '@/state/session'

export type Group = 'open' | 'drafts' | 'done' | 'discarded'
const TYPING_MS = 300

interface Seen {
  applications: ApplicationCard[]
  counts: Record<string, number>
}

/** My applications: in progress, drafts, done; searched, page by page; the first page of the last visit at once. */
export function useApplications() {
  const group = ref<Group>('open')
  const typed = ref('')
  const counts = ref<Record<string, number>>({ open: 0, drafts: 0, done: 0 })
  let timer: ReturnType<typeof setTimeout> | undefined
  const keptAs = (): string => `seen.mine.${hat.value?.hat_id ?? ''}.${group.value}`

  const pages = usePages<ApplicationCard>(async (cursor) => {
    const page = await readApplications({ group: group.value, q: typed.value.trim(), cursor })
    counts.value = page.counts
    if (!cursor && !typed.value) keep(keptAs(), { applications: page.applications, counts: page.counts } satisfies Seen)
    return { items: page.applications, next: page.next_cursor }
  })

  function reload(): Promise<void> {
    const seen = pages.items.value || typed.value ? null : recall<Seen>(keptAs())
    if (seen) {
      pages.items.value = seen.applications
      counts.value = seen.counts
    }
    return pages.reload()
  }

  function show(next: Group): void {
    group.value = next
    pages.items.value = null
    void reload()
  }

  /** Waits until the typing pauses. */
  function search(text: string): void {
    typed.value = text
    clearTimeout(timer)
    timer = setTimeout(() => void pages.reload(), TYPING_MS)
  }

  return { group, typed, counts, ...pages, reload, show, search }
}

/** A draft opens where it is filled in, everything else where it stands. */
export function openCard(card: Pick<ApplicationCard, 'application_id' | 'state'>): void {
  go(card.state === 'draft' ? 'fill' : 'application', { id: card.application_id })
}
