import type { Schemas } from '@palmtax/api'
import { dayText } from '@palmtax/ui/dates'
import { language } from '@/state/preferences'
import { inOurs, t } from '@/state/text'
import type { TextKey } from '@/state/text'

type Obligation = Schemas['Obligation']
type Tone = 'good' | 'wait' | 'note' | 'seal' | 'plain'

/** An obligation's time in words, with the tone it deserves. */
export interface DueWords {
  /** "还有 5 天". */
  left: string
  /** "12月15日（周二）截止". */
  until: string
  /** "遇国庆假期顺延 7 天", or ''. */
  rolled: string
  tone: Tone
  icon: string
}

/** From this many days on the time left is no longer comfortable. */
const SOON_DAYS = 5

/** Says how much time is left, and how a holiday moved the day. */
export function dueWords(one: Obligation): DueWords {
  const day = dayText(one.due_on, language.value)
  const isLate = one.days_left < 0
  return {
    left: leftWords(one.days_left),
    until: t(isLate ? 'due.was' : 'due.until', { day }),
    rolled: one.rolled_days > 0 ? t('due.rolled', { reason: inOurs(one, 'roll_reason'), days: one.rolled_days }) : '',
    tone: isLate ? 'seal' : one.days_left <= SOON_DAYS ? 'wait' : 'note',
    icon: isLate ? 'triangle-alert' : 'clock',
  }
}

function leftWords(days: number): string {
  if (days < 0) return t(days === -1 ? 'due.late_one' : 'due.late', { days: Math.abs(days) })
  if (days === 0) return t('due.today')
  return t(days === 1 ? 'due.tomorrow' : 'due.left', { days })
}

/** Word, tone and shape of where an obligation stands. */
export function obligationState(state: Obligation['state']): { text: string; tone: Tone; icon: string } {
  const looks: Record<Obligation['state'], [Tone, string]> = {
    not_open: ['plain', 'hourglass'],
    open: ['note', 'pencil-line'],
    draft: ['note', 'pencil-line'],
    overdue: ['seal', 'triangle-alert'],
    unpaid: ['wait', 'wallet'],
    paid: ['good', 'circle-check'],
    done: ['good', 'circle-check'],
  }
  const [tone, icon] = looks[state]
  return { text: t(`obligation.${state}` as TextKey), tone, icon }
}
