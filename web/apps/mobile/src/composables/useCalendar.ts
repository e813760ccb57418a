import { computed } from 'vue'
import type { Schemas } from '@palmtax/api'
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

/** The year's deadlines, by day; what lies behind today comes last. */
export function useCalendar(year: number, today: string) {
  const calendar = useLoad(
    () => readFor(year),
    () => `calendar.${year}.${hat.value?.hat_id ?? ''}`,
  )
  const deadlines = computed(() => byDay(calendar.value.value ?? []))
  const coming = computed(() => deadlines.value.filter((one) => one.due_on >= today))
  const past = computed(() => deadlines.value.filter((one) => one.due_on < today).reverse())
  return { calendar, coming, past }
}

/** The official calendar; for a taxpayer, without the periods of another rhythm than theirs. */
async function readFor(year: number): Promise<CalendarDay[]> {
  const [days, taxpayer] = await Promise.all([
    api.call('get', '/api/filing/calendar', { query: { year } }),
    may('registry.read') ? api.call('get', '/api/registry/taxpayer').catch(() => null) : null,
  ])
  const other = taxpayer?.filing_period === 'quarter' ? /-\d{2}$/ : taxpayer?.filing_period === 'month' ? /Q\d$/ : null
  return days.filter((day) => !day.tax_type_code.startsWith('vat') || !other?.test(day.period))
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
