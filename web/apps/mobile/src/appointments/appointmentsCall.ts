/** Every call of the appointments, in one place, with their shapes until the API document names them. */
import { loose } from '@/state/matters'

export interface Topic {
  code: string
  title: string
  title_en: string
  say: string
  desk: string
}
export interface Estimate {
  low: number
  high: number
  measured: number
}
export interface Hall {
  office_code: string
  name: string
  name_en: string
  hours: [string, string][]
  topics: string[]
  waiting: number
  estimate: Estimate
}
export interface Day {
  day: string
  places: number
}
export interface Slot {
  time: string
  places: number
}
export type BookingState = 'booked' | 'waiting' | 'checked_in' | 'served' | 'cancelled' | 'missed' | 'lapsed'
export interface Booking {
  booking_id: string
  appointment_no: string
  office_code: string
  topic: string
  topic_title: string
  topic_title_en: string
  day: string
  time: string
  state: BookingState
  place: number
  free: string[]
  is_flexible: boolean
  is_moved_up: boolean
  may_cancel: boolean
  may_check_in: boolean
}
export interface Ticket {
  ticket_id: string
  office_code: string
  ticket_no: string
  topic: string
  state: 'waiting' | 'called' | 'served' | 'absent' | 'left'
  window_no: number | null
  ahead: number
  estimate: Estimate
}

const ROOT = '/api/appointments'
const HALL = `${ROOT}/halls/{office}`
const BOOKING = `${ROOT}/bookings/{id}`

export const readTopics = (): Promise<Topic[]> => loose.call('get', `${ROOT}/topics`)
export const readHalls = (topic: string): Promise<Hall[]> => loose.call('get', `${ROOT}/halls`, { query: { topic: topic || undefined } })
export const readDays = (office: string, topic: string): Promise<Day[]> =>
  loose.call('get', `${HALL}/days`, { path: { office }, query: { topic } })
export const readSlots = (office: string, topic: string, day: string): Promise<Slot[]> =>
  loose.call('get', `${HALL}/slots`, { path: { office }, query: { topic, day } })
export const readBookings = (): Promise<Booking[]> => loose.call('get', `${ROOT}/bookings`)

export interface BookingAsk {
  office_code: string
  topic: string
  day: string
  time: string
  is_flexible: boolean
}
export const book = (body: BookingAsk): Promise<Booking> => loose.call('post', `${ROOT}/bookings`, { body })
export const moveBooking = (id: string, body: { day: string; time: string }): Promise<Booking> =>
  loose.call('post', `${BOOKING}/move`, { path: { id }, body })
export const cancelBooking = (id: string): Promise<Booking> => loose.call('post', `${BOOKING}/cancellation`, { path: { id }, body: { reason: '' } })
export const checkIn = (id: string): Promise<Ticket> => loose.call('post', `${BOOKING}/check-in`, { path: { id } })
export const takeTicket = (office_code: string, topic: string): Promise<Ticket> => loose.call('post', `${ROOT}/tickets`, { body: { office_code, topic } })
export const readTicket = (): Promise<{ ticket: Ticket | null }> => loose.call('get', `${ROOT}/tickets/own`)
export const leaveQueue = (): Promise<unknown> => loose.call('delete', `${ROOT}/tickets/own`)
