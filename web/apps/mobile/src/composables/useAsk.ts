import { computed, ref } from 'vue'
import type { Schemas } from '@palmtax/api'
import { leaveFor } from '@/platform/browser'
import { api } from '@/state/api'
import { sayProblem } from '@/state/notice'
import { useLoad } from './useLoad'
import { useSecondFactor } from './useSecondFactor'

export type Ask = Schemas['ConsentAskOut']

/** An application's wish: look at it, choose what is allowed, answer once, go back. */
export function useAsk(requestId: () => string) {
  const chosen = ref<string[]>([])
  const days = ref(90)
  const busy = ref<'' | 'approval' | 'refusal'>('')
  const isAnswered = ref(false)
  const factor = useSecondFactor()
  const ask = useLoad(async () => {
    const found = await api.call('get', '/api/partners/asks/{request_id}', { path: { request_id: requestId() } })
    chosen.value = found.scopes.filter((one) => one.is_held).map((one) => one.code)
    return found
  })
  const mayAgree = computed(() => Boolean(ask.value.value?.fits) && chosen.value.length > 0)

  function turn(code: string, isOn: boolean): void {
    chosen.value = isOn ? [...chosen.value, code] : chosen.value.filter((one) => one !== code)
  }

  async function answer(how: 'approval' | 'refusal'): Promise<void> {
    if (busy.value) return
    busy.value = how
    try {
      await factor.guard(() => send(how))
    } catch (failure) {
      sayProblem(failure)
      await ask.reload()
    } finally {
      busy.value = ''
    }
  }

  async function send(how: 'approval' | 'refusal'): Promise<void> {
    const ticket = ask.value.value?.ticket
    if (!ticket) return
    const path = { request_id: requestId() }
    const done =
      how === 'approval'
        ? await api.call('post', '/api/partners/asks/{request_id}/approval', { path, body: { ticket, scopes: chosen.value, days: days.value } })
        : await api.call('post', '/api/partners/asks/{request_id}/refusal', { path, body: { ticket } })
    isAnswered.value = true
    leaveFor(done.redirect_to)
  }

  return { ask, chosen, days, busy, isAnswered, mayAgree, turn, answer, factor }
}
