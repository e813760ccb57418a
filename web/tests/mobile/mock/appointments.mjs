/** Appointments and complaints of the mock: two halls, a week of times, a waiting list, a number. */
import { randomUUID } from 'node:crypto'
import { NOW } from './town.mjs'
import { problem } from './matters.mjs'

const TOPICS = [
  ['filing', '申报纳税', 'Filing and paying tax'],
  ['certificate', '证明开具', 'Certificates'],
  ['invoice', '发票业务', 'Invoices'],
  ['general', '综合业务', 'Something else'],
].map(([code, title, title_en]) => ({ code, title, title_en, say: '', desk: 'tax' }))
const hall = (office_code, name, name_en, waiting, low, high) => ({
  office_code,
  name,
  name_en,
  hours: [
    ['09:00', '12:00'],
    ['13:30', '17:00'],
  ],
  topics: TOPICS.map((one) => one.code),
  waiting,
  estimate: { low, high, measured: waiting ? 12 : 0 },
})
const HALLS = [
  hall('13301060000', '国家税务总局杭州市西湖区税务局第一税务所（办税服务厅）', 'Xihu District tax hall', 23, 40, 60),
  hall('13301080000', '国家税务总局杭州市滨江区税务局办税服务厅', 'Binjiang District tax hall', 3, 5, 10),
]
const DAYS = ['2026-10-22', '2026-10-23', '2026-10-26', '2026-10-27']
const TIMES = ['09:00', '09:30', '10:00', '10:30', '13:30', '14:00']

function desk(state) {
  state.hall ??= { bookings: [], ticket: null, complaints: [complaint()] }
  return state.hall
}

function complaint() {
  return {
    complaint_id: randomUUID(), complaint_no: 'TS20261019000007', category: 'manner', sub_kind: 'attitude', title: '服务态度', title_en: 'Manner', about: '',
    facts: '窗口说资料不齐，但没有告诉我缺什么。', is_real_name: true, is_quick: false, state: 'answered', state_name: '已答复', state_name_en: 'Answered',
    filed_at: NOW, accept_by_on: '2026-10-22', accepted_at: NOW, is_accepted_by_time: false, due_on: '2026-11-03', extended_days: 0, refusal: '',
    answer: '已向您道歉并补发一次性告知单，今后当场说明。', answered_at: NOW, is_satisfied: null, escalated_at: null, may_withdraw: false, may_say_satisfied: true,
    steps: [['complaint_answered', '答复', 'Answered'], ['complaint_accepted', '受理', 'Accepted'], ['complaint_filed', '提交投诉', 'Filed']].reverse().map(([act, act_name, act_name_en]) => ({ at: NOW, act: `complaints.${act}`, act_name, act_name_en, note: '', is_by_clock: false })),
  } // prettier-ignore
}

function booking(state, body, more = {}) {
  const full = body.time === '09:00'
  const topic = TOPICS.find((one) => one.code === body.topic)
  return {
    booking_id: randomUUID(), appointment_no: 'YY20261022000042', ...body, topic_title: topic.title, topic_title_en: topic.title_en, starts_at: NOW,
    state: full ? 'waiting' : 'booked', arrival_no: 5, arrived_at: NOW, place: full ? 2 : 0, free: full ? ['09:30', '10:00'] : [], is_moved_up: false,
    may_cancel: true, may_check_in: false, ...more,
  } // prettier-ignore
}
const ticketOf = (office_code, topic) => ({ ticket_id: randomUUID(), office_code, ticket_no: 'A042', topic, desk: 'tax', state: 'waiting', taken_at: NOW, window_no: null, ahead: 3, estimate: { low: 5, high: 10, measured: 12 } }) // prettier-ignore

function change(act) {
  return ({ state, ids, body }) => {
    const one = desk(state).bookings.find((entry) => entry.booking_id === ids[0])
    return one ? (Object.assign(one, act(body)), [200, one]) : problem(404, 'appointments.booking_unknown', '没有找到这个预约')
  }
}

const id = '([^/]+)'
const on = (method, path, handle) => [method, new RegExp(`^/api/${path}$`), handle]
export const appointmentRoutes = [
  on('GET', 'appointments/topics', () => [200, TOPICS]),
  on('GET', 'appointments/halls', () => [200, HALLS]),
  on('GET', `appointments/halls/${id}/days`, () => [200, DAYS.map((day, at) => ({ day, places: at === 2 ? 0 : 12 - at }))]),
  on('GET', `appointments/halls/${id}/slots`, () => [200, TIMES.map((time, at) => ({ time, places: at }))]),
  on('GET', 'appointments/bookings', ({ state }) => [200, desk(state).bookings]),
  on('POST', 'appointments/bookings', ({ state, body }) => {
    const made = booking(state, body)
    desk(state).bookings.unshift(made)
    return [201, made]
  }),
  on('POST', `appointments/bookings/${id}/move`, change(({ day, time }) => ({ day, time, state: 'booked', place: 0 }))),
  on('POST', `appointments/bookings/${id}/cancellation`, change(() => ({ state: 'cancelled', may_cancel: false }))),
  on('POST', 'appointments/tickets', ({ state, body }) => [201, (desk(state).ticket = ticketOf(body.office_code, body.topic))]),
  on('GET', 'appointments/tickets/own', ({ state }) => [200, { ticket: desk(state).ticket }]),
  on('DELETE', 'appointments/tickets/own', ({ state }) => ((desk(state).ticket = null), [204])),
  on('GET', 'complaints/complaints', ({ state }) => [200, desk(state).complaints.map((one) => ({ ...one, steps: [] }))]),
  on('GET', `complaints/complaints/${id}`, ({ state }) => [200, desk(state).complaints[0]]),
  on('POST', `complaints/complaints/${id}/satisfaction`, ({ state, body }) => {
    Object.assign(desk(state).complaints[0], { is_satisfied: body.is_satisfied, may_say_satisfied: false })
    return [200, desk(state).complaints[0]]
  }),
]
