import { onHide, onUnload } from '@dcloudio/uni-app'
import { computed, ref } from 'vue'
import { useLoad } from '@/composables/useLoad'
import { hat } from '@/state/session'
import { say, sayProblem } from '@/state/notice'
import { t } from '@/state/text'
import { cancelBooking, checkIn, leaveQueue, readBookings, readHalls, readTicket } from './appointmentsCall'
import type { Booking, Hall, Ticket } from './appointmentsCall'

/** While one holds a number the place in the queue is asked for this often, milliseconds. */
const ASK_MS = 15_000
const OPEN = ['booked', 'waiting', 'checked_in']

/** My appointments and my number: those to come, those that were, and what can be done. */
export function useVisits() {
  const bookings = useLoad<Booking[]>(readBookings, () => `bookings.${hat.value?.hat_id ?? ''}`)
  const halls = useLoad<Hall[]>(
    () => readHalls(''),
    () => 'halls.',
  )
  const ticket = ref<Ticket | null>(null)
  const busy = ref('')
  let timer: ReturnType<typeof setTimeout> | undefined
  onHide(stop)
  onUnload(stop)

  const coming = computed(() => (bookings.value.value ?? []).filter((one) => OPEN.includes(one.state)))
  const past = computed(() => (bookings.value.value ?? []).filter((one) => !OPEN.includes(one.state)))
  const hallOf = (code: string): Hall | null => halls.value.value?.find((one) => one.office_code === code) ?? null

  async function reload(): Promise<void> {
    await Promise.all([bookings.reload(), halls.value.value ? null : halls.reload(), look()])
  }

  async function look(): Promise<void> {
    stop()
    ticket.value = (await readTicket().catch(() => null))?.ticket ?? null
    if (ticket.value) timer = setTimeout(() => void look(), ASK_MS)
  }

  function stop(): void {
    clearTimeout(timer)
  }

  async function act(name: string, words: string, work: () => Promise<unknown>): Promise<boolean> {
    if (busy.value) return false
    busy.value = name
    try {
      await work()
      say(words)
      await reload()
      return true
    } catch (failure) {
      sayProblem(failure)
      return false
    } finally {
      busy.value = ''
    }
  }

  const cancel = (one: Booking): Promise<boolean> => act('cancel', t('visits.cancelled'), () => cancelBooking(one.booking_id))
  const arrive = (one: Booking): Promise<boolean> => act(one.booking_id, t('visits.checked_in'), () => checkIn(one.booking_id))
  const leave = (): Promise<boolean> => act('leave', t('ticket.left'), leaveQueue)

  return { bookings, coming, past, ticket, busy, hallOf, reload, cancel, arrive, leave }
}
