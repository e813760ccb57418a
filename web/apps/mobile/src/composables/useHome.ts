import { computed } from 'vue'
import type { Schemas } from '@palmtax/api'
import { go } from '@/platform/navigate'
import { api } from '@/state/api'
import { hat } from '@/state/session'
import { dueWords } from './dueWords'
import { useLoad } from './useLoad'

export type Obligation = Schemas['Obligation']

const WAITING_SHOWN = 3

/** The home screen: the one thing due, what else waits, when the next is. */
export function useHome() {
  const home = useLoad(
    () => api.call('get', '/api/filing/home'),
    () => `home.${hat.value?.hat_id ?? ''}`,
  )
  const first = computed(() => home.value.value?.first ?? null)
  const due = computed(() => (first.value ? dueWords(first.value) : null))
  const waiting = computed(() => home.value.value?.waiting.slice(0, WAITING_SHOWN) ?? [])
  const more = computed(() => (home.value.value?.waiting.length ?? 0) > WAITING_SHOWN)
  const quiet = computed(() => home.value.value?.next_quiet ?? null)
  return { home, first, due, waiting, more, quiet }
}

/** Opens what an obligation needs next: its payment, its return, or what was filed. */
export function openObligation(one: Obligation): void {
  if (one.state === 'unpaid' && one.return_id) go('pay', { return_id: one.return_id })
  else if ((one.state === 'paid' || one.state === 'done') && one.return_id) go('returnDetail', { id: one.return_id })
  else go('return', { tax: one.tax_type_code, period: one.period, draft_id: one.draft_id })
}
