/** How long a matter takes, in words. */
import type { Promised } from '@palmtax/flow'
import { language } from '@/state/preferences'
import { t } from '@/state/text'

/** "5 个工作日内办好", and beside it the longest the law allows and what else is to know. */
export function promiseWords(promise: Promised): { text: string; notes: string[] } {
  const note = language.value === 'en' ? promise.note_en : promise.note
  const most = promise.at_most && promise.at_most !== promise.days ? t('matter.promise_most', { days: promise.at_most }) : ''
  return { text: promiseText(promise), notes: [most, note].filter(Boolean) }
}

function promiseText(promise: Promised): string {
  if (promise.is_instant || !promise.days) return t('matter.promise_instant')
  if (promise.days === 1 && !promise.is_calendar) return t('matter.promise_day')
  return t(promise.is_calendar ? 'matter.promise_calendar' : 'matter.promise_days', { days: promise.days })
}
