import { computed } from 'vue'
import type { Schemas } from '@palmtax/api'
import { beijingDay } from '@palmtax/ui/dates'
import { recall } from '@/platform/storage'
import { api } from '@/state/api'
import { hat, may } from '@/state/session'
import { useLoad } from './useLoad'

export type CalendarDay = Schemas['CalendarDay']

/** Deadlines of one day. */
export interface Deadline {
  due_on: string
  rolled_days: number
  reason: string
  reason_en: string
  taxes: CalendarDay[]
}

/** Today: as the house last said on home (a demo town lives on another day), else as the phone says, in Beijing. */
export function houseDay(): string {
  const home = recall<Schemas['HomeOut']>(`seen.home.${hat.value?.hat_id ?? ''}`)
  return home?.as_of ?? beijingDay(new Date().toISOString())
}

/** The deadlines of this year and of the beginning of the next, by day; what lies behind today comes last. */
export function useCalendar() {
  const today = houseDay()
  const year = Number(today.slice(0, 4))
  const calendar = useLoad(
    () => readFor(year),
    () => `calendar.${year}.${hat.value?.hat_id ?? ''}`,
  )
  const deadlines = computed(() => byDay(calendar.value.value ?? []))
  const coming = computed(() => deadlines.value.filter((one) => one.due_on >= today))
  const past = computed(() => deadlines.value.filter((one) => one.due_on < today).reverse())
  return { year, calendar, coming, past }
}

/** The official calendar; for a taxpayer, without the periods of another rhythm than theirs. */
async function readFor(year: number): Promise<CalendarDay[]> {
  const [days, later, taxpayer] = await Promise.all([
    api.call('get', '/api/filing/calendar', { query: { year } }),
    api.call('get', '/api/filing/calendar', { query: { year: year + 1 } }).catch(() => []),
    may('registry.read') ? api.call('get', '/api/registry/taxpayer').catch(() => null) : null,
  ])
  const other = taxpayer?.filing_period === 'quarter' ? /-\d{2}$/ : taxpayer?.filing_period === 'month' ? /Q\d$/ : null
  const soon = later.filter((day) => day.due_on < `${year + 1}-02`)
  return [...days, ...soon].filter((day) => !day.tax_type_code.startsWith('vat') || !other?.test(day.period))
}

function byDay(days: CalendarDay[]): Deadline[] {
  const found = new Map<string, Deadline>()
  for (const day of days) {
    const { due_on, rolled_days, reason, reason_en } = day
    const deadline = found.get(due_on) ?? { due_on, rolled_days, reason, reason_en, taxes: [] }
    deadline.taxes.push(day)
    found.set(due_on, deadline)
  }
  return [...found.values()].sort((one, other) => one.due_on.localeCompare(other.due_on))
}
