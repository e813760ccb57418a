import { computed, ref } from 'vue'
import { go } from '@/platform/navigate'
import { keep, recall } from '@/platform/storage'
import type { RouteName } from '@/routes'
import type { TextKey } from '@/state/text'

interface Matter {
  name: RouteName
  icon: string
  tone: string
  title: TextKey
  note: TextKey
}

const SHOWN = 4

const matters: Matter[] = [
  { name: 'invoices', icon: 'receipt-text', tone: '', title: 'usual.invoices', note: 'usual.invoices_note' },
  { name: 'history', icon: 'history', tone: 'note', title: 'usual.history', note: 'usual.history_note' },
  { name: 'certificates', icon: 'stamp', tone: 'good', title: 'usual.certificates', note: 'usual.certificates_note' },
  { name: 'calendar', icon: 'calendar-days', tone: 'wait', title: 'usual.calendar', note: 'usual.calendar_note' },
  { name: 'importInvoices', icon: 'upload', tone: '', title: 'usual.import', note: 'usual.import_note' },
  { name: 'authorisations', icon: 'user-check', tone: 'note', title: 'usual.authorisations', note: 'usual.authorisations_note' },
]

/** The matters this person opens most often, first; counted on this phone only. */
export function useUsual() {
  const counts = ref<Record<string, number>>(recall<Record<string, number>>('usual') ?? {})
  const times = (name: string): number => counts.value[name] ?? 0
  const usual = computed(() => [...matters].sort((one, other) => times(other.name) - times(one.name)).slice(0, SHOWN))

  function open(name: RouteName): void {
    counts.value = { ...counts.value, [name]: times(name) + 1 }
    keep('usual', counts.value)
    go(name)
  }

  return { usual, open }
}
