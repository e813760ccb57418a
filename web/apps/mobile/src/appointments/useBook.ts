import { ref, watch } from 'vue'
import { useLoad } from '@/composables/useLoad'
import { replace } from '@/platform/navigate'
import { say, sayProblem } from '@/state/notice'
import { t } from '@/state/text'
import { book, moveBooking, readDays, readSlots } from './appointmentsCall'
import type { Day, Slot } from './appointmentsCall'
import { dayWords } from './waitWords'

/** Which hall, for what; `booking` when one is moved. */
export interface Place {
  office: string
  topic: string
  booking: string
}

/** Choosing a day and a time, then booking it or waiting for it. */
export function useBook(place: Place) {
  const days = useLoad<Day[]>(() => readDays(place.office, place.topic))
  const day = ref('')
  const time = ref('')
  const isFlexible = ref(true)
  const isBusy = ref(false)
  const slots = useLoad<Slot[]>(() => readSlots(place.office, place.topic, day.value))

  watch(day, () => {
    time.value = ''
    slots.value.value = null
    if (day.value) void slots.reload()
  })
  watch(days.value, (found) => {
    if (!day.value) day.value = (found?.find((one) => one.places > 0) ?? found?.[0])?.day ?? ''
  })
  const placesAt = (at: string): number => slots.value.value?.find((slot) => slot.time === at)?.places ?? 0

  async function confirm(): Promise<void> {
    if (!time.value || isBusy.value) return
    isBusy.value = true
    try {
      await (place.booking ? move() : make())
      replace('appointments')
    } catch (failure) {
      sayProblem(failure)
      await slots.reload()
    } finally {
      isBusy.value = false
    }
  }

  async function make(): Promise<void> {
    const is_flexible = placesAt(time.value) === 0 && isFlexible.value
    const made = await book({ office_code: place.office, topic: place.topic, day: day.value, time: time.value, is_flexible })
    say(made.state === 'waiting' ? t('book.waits', { place: made.place }) : t('book.booked', { day: dayWords(made.day), time: made.time }))
  }

  async function move(): Promise<void> {
    const moved = await moveBooking(place.booking, { day: day.value, time: time.value })
    say(t('book.moved', { day: dayWords(moved.day), time: moved.time }))
  }

  return { days, day, slots, time, isFlexible, isBusy, placesAt, confirm }
}
