import { computed, ref } from 'vue'
import type { Schemas } from '@palmtax/api'
import { useLoad } from '@/composables/useLoad'
import { scanCode } from '@/platform/scan'
import { api } from '@/state/api'
import { say, sayProblem } from '@/state/notice'
import { may } from '@/state/session'
import { t } from '@/state/text'

const NUMBER = /^\d{6}$/
const VISIT = /visit=([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})/i
const PRINTS = '/api/channels/kiosks/prints'
const VISITS = '/api/channels/kiosks/visits'
export type Printed = Schemas['PrintedOut']

/** The visit in the text of a kiosk's code; empty when it is another code. */
export const visitIn = (text: string): string => VISIT.exec(text)?.[1]?.toLowerCase() ?? ''

/** Signing in at a kiosk from the phone: which machine it is, under which hat, and ending it from here. */
export function useKiosk() {
  const seen = ref<Schemas['VisitSeen'] | null>(null)
  const typed = ref('')
  const isBusy = ref(false)
  const isLeft = ref(false)
  const prints = useLoad(async () => (may('certificates.read') ? await api.call('get', PRINTS) : []))
  const step = computed(() => (isLeft.value || seen.value?.state === 'ended' ? 'ended' : (seen.value?.state ?? 'find')))

  async function scan(): Promise<void> {
    const text = await scanCode().catch(() => null)
    const found = text ? visitIn(text) : ''
    if (found) await look(found)
    else say(t(text ? 'kiosk.not_ours' : 'scan.nothing'), true)
  }

  const look = (visit_code: string) =>
    busy(async () => {
      isLeft.value = false
      seen.value = await api.call('get', `${VISITS}/{visit_code}`, { path: { visit_code } })
    })

  const confirm = () =>
    busy(async () => {
      const path = { visit_id: seen.value?.visit_id ?? '' }
      seen.value = await api.call('post', `${VISITS}/{visit_id}/confirmation`, { path })
    })

  const leave = () =>
    busy(async () => {
      await api.call('delete', `${VISITS}/{visit_id}`, { path: { visit_id: seen.value?.visit_id ?? '' } })
      isLeft.value = true
      await prints.reload()
    })

  /** Another machine, or another time. */
  function forget(): void {
    seen.value = null
    typed.value = ''
    isLeft.value = false
  }

  async function busy(act: () => Promise<void>): Promise<void> {
    if (isBusy.value) return
    isBusy.value = true
    try {
      await act()
    } catch (failure) {
      sayProblem(failure)
    } finally {
      isBusy.value = false
    }
  }

  const isWhole = computed(() => NUMBER.test(typed.value.replace(/\s/g, '')))
  const lookTyped = () => look(typed.value.replace(/\s/g, ''))
  return { seen, typed, step, isBusy, isWhole, prints, scan, look, lookTyped, confirm, leave, forget }
}
