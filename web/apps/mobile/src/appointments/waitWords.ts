/** How long one waits, in words. */
import { dayText } from '@palmtax/ui/dates'
import { language } from '@/state/preferences'
import { t } from '@/state/text'
import type { Estimate, Hall } from './appointmentsCall'

export const waitingText = (count: number): string => (count ? t('halls.waiting', { count }) : t('halls.nobody'))

/** "大约等 10–20 分钟", with how it was estimated when nothing was measured yet. */
export function estimateText({ low, high, measured }: Estimate): string {
  if (!high) return ''
  const minutes = low === high ? t('halls.estimate_one', { low }) : t('halls.estimate', { low, high })
  return measured ? minutes : `${minutes} · ${t('halls.planned')}`
}

export const hoursText = (hall: Hall): string => t('halls.hours', { hours: hall.hours.map(([from, until]) => `${from}–${until}`).join(language.value === 'en' ? ', ' : '、') })
export const dayWords = (day: string): string => dayText(day, language.value)
