import { computed, onUnmounted, ref, shallowRef } from 'vue'
import type { Schemas } from '@palmtax/api'
import { replace } from '@/platform/navigate'
import { keep, recall } from '@/platform/storage'
import { isMiniProgram, loginCode, openPaymentPanel } from '@/platform/wechat'
import { api } from '@/state/api'
import { problemWords } from '@/state/problems'
import { sayProblem } from '@/state/notice'
import { useLoad } from './useLoad'

export type Order = Schemas['OrderOut']

/** What the screen says: waiting for the person, asking the channel, or an end. */
export type PayState = 'ready' | 'opening' | 'asking' | 'processing' | 'cancelled' | 'failed' | 'paid' | 'expired'

/** Pauses between the questions to the channel, milliseconds; about half a minute in all. */
const PAUSES_MS = [800, 1500, 2000, 2500, 3000, 4000, 5000, 6000, 8000]

/** Paying one return: the order, the way, the truthful state. What the cashier says is a hint; the server asks the channel. */
export function usePay(place: { returnId: string }) {
  const order = useLoad(() => readOrder(place.returnId))
  const state = ref<PayState>('ready')
  const way = ref<'wechat' | 'bank_transfer'>('wechat')
  const problem = shallowRef<ReturnType<typeof problemWords> | null>(null)
  const isBusy = computed(() => ['opening', 'asking'].includes(state.value))
  let isGone = false
  onUnmounted(() => (isGone = true))

  async function load(): Promise<void> {
    await order.reload()
    if (order.problem.value?.code === 'payment.nothing_due') return leaveFor(place.returnId)
    const current = order.value.value
    if (!current) return
    take(current)
    if (state.value !== 'paid' && orderAtCashier(place.returnId)) await ask()
  }

  async function pay(): Promise<void> {
    const current = order.value.value
    if (!current || isBusy.value) return
    state.value = 'opening'
    problem.value = null
    try {
      const body = isMiniProgram ? { trade: 'jsapi' as const, login_code: await loginCode() } : { trade: 'h5' as const, login_code: null }
      const parameters = await api.call('post', '/api/payment/orders/{order_id}/wechat', { path: { order_id: current.order_id }, body })
      keep(cashierKey(place.returnId), current.order_id)
      const left = await openPaymentPanel(parameters)
      if (left === 'paid') await ask()
      else await ask(left)
    } catch (failure) {
      state.value = 'ready'
      problem.value = problemWords(failure)
    }
  }

  /** Asks the channel until it has an answer; `otherwise` is said when nothing was paid. */
  async function ask(otherwise?: 'cancelled' | 'failed'): Promise<void> {
    const current = order.value.value
    if (!current) return
    state.value = 'asking'
    try {
      const pauses = otherwise ? PAUSES_MS.slice(0, 1) : PAUSES_MS
      for (const pause of pauses) {
        const answer = await api.call('post', '/api/payment/orders/{order_id}/query', { path: { order_id: current.order_id } })
        take(answer)
        if (isGone || !['created', 'paying'].includes(answer.state)) return
        await new Promise((resolve) => setTimeout(resolve, pause))
      }
      state.value = otherwise ?? 'processing'
    } catch (failure) {
      state.value = 'processing'
      sayProblem(failure)
    }
  }

  function take(current: Order): void {
    order.value.value = current
    if (current.state === 'paid') finish(current)
    else if (current.state === 'expired' || current.state === 'cancelled') state.value = 'expired'
  }

  function finish(current: Order): void {
    state.value = 'paid'
    leaveFor(current.return_id)
  }

  function leaveFor(returnId: string): void {
    keep(cashierKey(returnId), null)
    if (!isGone) replace('done', { return_id: returnId })
  }

  return { order, state, way, problem, isBusy, load, pay, ask }
}

/** The order a person was sent to the cashier with is looked at first: it may be paid by now. */
async function readOrder(returnId: string): Promise<Order> {
  const sent = orderAtCashier(returnId)
  if (sent) {
    const found = await api.call('post', '/api/payment/orders/{order_id}/query', { path: { order_id: sent } })
    if (found.state !== 'expired' && found.state !== 'cancelled') return found
    keep(cashierKey(returnId), null)
  }
  return api.call('post', '/api/payment/orders', { body: { return_id: returnId } })
}

const cashierKey = (returnId: string): string => `seen.cashier.${returnId}`
const orderAtCashier = (returnId: string): string | null => recall<string>(cashierKey(returnId))
