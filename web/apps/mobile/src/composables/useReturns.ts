import { ref } from 'vue'
import type { Schemas } from '@palmtax/api'
import { api } from '@/state/api'
import { newKey } from '@/state/identifiers'
import { say, sayProblem } from '@/state/notice'
import { t } from '@/state/text'
import { usePages } from './usePages'
import { useLoad } from './useLoad'

export type Return = Schemas['ReturnOut']
type Tone = 'good' | 'wait' | 'note' | 'seal' | 'plain'

/** All returns, newest first, page by page. */
export function useReturns() {
  return usePages(async (cursor: string | null) => {
    const page = await api.call('get', '/api/filing/returns', { query: cursor ? { cursor } : {} })
    return { items: page.returns, next: page.next_cursor }
  })
}

/** One return with the history of its period. */
export function useReturnDetail(place: { id: string }) {
  const detail = useLoad(async () => {
    const filed = await api.call('get', '/api/filing/returns/{return_id}', { path: { return_id: place.id } })
    const page = await api.call('get', '/api/filing/returns', { query: { period: filed.period } })
    return { filed, history: page.returns.filter((one) => one.tax_type_code === filed.tax_type_code) }
  })
  const isVoiding = ref(false)
  let voidKey = newKey()

  async function makeVoid(reason: string): Promise<boolean> {
    isVoiding.value = true
    try {
      await api.call('post', '/api/filing/returns/{return_id}/void', {
        path: { return_id: place.id },
        body: { reason },
        headers: { 'Idempotency-Key': voidKey },
      })
      voidKey = newKey()
      say(t('detail.voided'))
      await detail.reload()
      return true
    } catch (failure) {
      sayProblem(failure)
      return false
    } finally {
      isVoiding.value = false
    }
  }

  return { detail, isVoiding, makeVoid }
}

/** Word, tone and shape of where a return stands. */
export function returnState(one: Return): { text: string; tone: Tone; icon: string } {
  if (one.state === 'void') return { text: t('return_state.void'), tone: 'plain', icon: 'ban' }
  if (one.state === 'superseded') return { text: t('return_state.superseded'), tone: 'plain', icon: 'history' }
  const looks: Record<Return['payment_state'], [Tone, string]> = {
    nothing_due: ['good', 'circle-check'],
    unpaid: ['wait', 'wallet'],
    paying: ['wait', 'hourglass'],
    paid: ['good', 'circle-check'],
    refund_due: ['note', 'undo-2'],
  }
  const [tone, icon] = looks[one.payment_state]
  return { text: t(`payment_state.${one.payment_state}`), tone, icon }
}
