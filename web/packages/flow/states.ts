/** Where an application stands: tone and shape for its chip, what comes next and by when. */
import type { Application, ApplicationCard, State } from './types'

export type Tone = 'good' | 'wait' | 'note' | 'seal' | 'plain'
export interface StateLook {
  tone: Tone
  icon: string
}

const LOOKS: Record<State, [Tone, string]> = {
  draft: ['note', 'pencil-line'],
  submitted: ['note', 'hourglass'],
  in_review: ['note', 'hourglass'],
  supplement: ['wait', 'triangle-alert'],
  approved: ['good', 'circle-check'],
  refused: ['seal', 'ban'],
  withdrawn: ['plain', 'undo-2'],
  discarded: ['plain', 'trash-2'],
  lapsed: ['plain', 'ban'],
}

export function stateLook(state: State): StateLook {
  const [tone, icon] = LOOKS[state] ?? ['plain', 'info']
  return { tone, icon }
}

export const isEnded = (state: State): boolean => ['approved', 'refused', 'withdrawn', 'discarded', 'lapsed'].includes(state)
/** It waits for its person. */
export const isYourTurn = (state: State): boolean => state === 'draft' || state === 'supplement'

/** Which group of "my applications" a state belongs to. */
export function groupOf(state: State): 'drafts' | 'open' | 'done' {
  if (state === 'draft') return 'drafts'
  return isEnded(state) ? 'done' : 'open'
}

/** What comes next: the name of a sentence, and the day that fills it ("" when there is none). */
export function nextStep(application: Application): { name: string; day: string } {
  const { state } = application
  if (state === 'supplement') return { name: 'supplement', day: application.supplement?.until ?? '' }
  if (state === 'submitted' || state === 'in_review') return { name: application.due_on ? 'waiting' : 'waiting_open', day: application.due_on ?? '' }
  if (state === 'approved') return { name: application.document ? 'approved_document' : 'approved', day: '' }
  return { name: state, day: '' }
}

/** Cards that need their person first, then the newest. */
export function byUrgency(cards: ApplicationCard[]): ApplicationCard[] {
  const rank = (card: ApplicationCard): number => (card.state === 'supplement' ? 0 : card.state === 'draft' ? 1 : 2)
  return [...cards].sort((one, other) => rank(one) - rank(other) || other.updated_at.localeCompare(one.updated_at))
}
