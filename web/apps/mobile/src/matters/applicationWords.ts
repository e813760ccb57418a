/** Words about where an application stands. */
import { nextStep, stateLook } from '@palmtax/flow'
import type { Application, StateLook, State } from '@palmtax/flow'
import { beijingDay, dayText } from '@palmtax/ui/dates'
import { language } from '@/state/preferences'
import { t } from '@/state/text'
import type { TextKey } from '@/state/text'

export const stateWords = (state: State): StateLook & { text: string } => ({ ...stateLook(state), text: t(`state.${state}` as TextKey) })

/** What comes next and by when, as one sentence. */
export function nextWords(application: Application): string {
  const { name, day } = nextStep(application)
  return t(`next.${name}` as TextKey, { day: day ? dayWords(day) : '' })
}

/** A day or an instant as a day in words. */
export const dayWords = (when: string): string => dayText(when.length > 10 ? beijingDay(when) : when, language.value)
