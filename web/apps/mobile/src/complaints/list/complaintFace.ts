import { dayText } from '@palmtax/ui/dates'
import { language } from '@/state/preferences'
import { t } from '@/state/text'
import type { Complaint } from '../useComplaints'

type Tone = 'good' | 'wait' | 'note' | 'seal' | 'plain'

const FACES: Record<Complaint['state'], [Tone, string]> = {
  filed: ['note', 'hourglass'],
  accepted: ['note', 'hourglass'],
  investigating: ['note', 'search'],
  answered: ['good', 'circle-check'],
  closed: ['plain', 'circle-check'],
  refused: ['seal', 'ban'],
  withdrawn: ['plain', 'undo-2'],
}

/** How its state looks. */
export function faceOf(one: Complaint): { tone: Tone; icon: string } {
  const [tone, icon] = FACES[one.state]
  return { tone, icon }
}

const day = (text: string): string => dayText(text, language.value)
const isLookedInto = (one: Complaint): boolean => one.state === 'accepted' || one.state === 'investigating'

/** By when something happens now; empty when it has. */
export function byWhen(one: Complaint): string {
  if (one.state === 'filed') return t('complaints.accept_by', { day: day(one.accept_by_on) })
  if (!isLookedInto(one) || !one.due_on) return ''
  return one.extended_days ? t('complaints.due_later', { day: day(one.due_on), days: one.extended_days }) : t('complaints.due', { day: day(one.due_on) })
}

/** What its answer is called: while it is looked at again, the last one. */
export const answerName = (one: Complaint): string => t(isLookedInto(one) ? 'complaints.answer_before' : 'complaints.answer')

/** Who has it now, when that is the office above. */
export function whoNow(one: Complaint): string {
  if (!isLookedInto(one) || !one.escalated_at) return ''
  return t(one.is_satisfied === false ? 'complaints.again' : 'complaints.raised')
}
