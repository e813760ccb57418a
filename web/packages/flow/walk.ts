/** The way through an application: which question now, which before, how far, what is left. */
import { isBlank } from './answers'
import type { Application, Ask, Paper, Section } from './types'

export type Stage = 'asks' | 'papers' | 'review'

/** Every question, in order. */
export const asksOf = (application: Application): Ask[] => application.sections.flatMap((section) => section.asks)

export function askOf(application: Application, code: string): Ask | null {
  return asksOf(application).find((ask) => ask.code === code) ?? null
}

/** Statements to agree to are no questions: they stand at the end, beside the button. */
export const agreementsOf = (application: Application): Ask[] =>
  asksOf(application).filter((ask) => ask.type === 'agree' && ask.is_shown)

/** What a person can be asked: shown, not fixed by a source, no statement. */
export const openAsks = (application: Application): Ask[] =>
  asksOf(application).filter((ask) => ask.is_shown && !ask.is_locked && ask.type !== 'agree')

const isOpen = (ask: Ask): boolean => !ask.is_optional && isBlank(ask.value)

/**
 * The question to ask now: the server's word while nothing waits on the phone (it knows what still changes the outcome),
 * else the first needed one without an answer among those that were shown last. Null: nothing is left to ask.
 * `skipped`: optional ones that the person left out.
 */
export function nextAsk(application: Application, isWaiting = false, skipped: string[] = []): Ask | null {
  const asks = openAsks(application).filter((ask) => !skipped.includes(ask.code))
  const said = asks.find((ask) => ask.code === application.next)
  if (said && (!isWaiting || isOpen(said))) return said
  if (!isWaiting) return null
  return asks.find(isOpen) ?? null
}

/** The question before this one; null at the first. `code` null: the last one that has an answer. */
export function askBefore(application: Application, code: string | null): Ask | null {
  const asks = openAsks(application).filter((ask) => !isBlank(ask.value) || ask.code === code)
  const place = code === null ? asks.length : asks.findIndex((ask) => ask.code === code)
  return place > 0 ? asks[place - 1]! : null
}

/** Papers to show: those that are needed or were added. */
export const papersOf = (application: Application): Paper[] => application.papers.filter((paper) => isWanted(paper) || paper.files.length > 0)
const isWanted = (paper: Paper): boolean => paper.is_needed || paper.is_on_file

/** A paper without which it cannot go; an optional one is shown, too, but nobody waits for it. */
const isMust = (paper: Paper): boolean => paper.is_needed && !paper.is_optional && !paper.is_on_file

/** Papers that are still missing. */
export const papersLeft = (application: Application): Paper[] => application.papers.filter((paper) => isMust(paper) && paper.files.length === 0)

/** Where a wizard stands by itself: questions, then papers, then the look at everything. */
export function stageOf(application: Application, isWaiting = false, skipped: string[] = []): Stage {
  if (nextAsk(application, isWaiting, skipped)) return 'asks'
  return papersLeft(application).length ? 'papers' : 'review'
}

/** How far: questions and papers together, so that the bar is full only when the button may be pressed. */
export function progressOf(application: Application, isWaiting = false): { done: number; total: number; left: number; percent: number } {
  const papers = application.papers.filter(isMust)
  const asks = openAsks(application).filter((ask) => !ask.is_optional)
  const own = { answered: asks.filter((ask) => !isBlank(ask.value)).length, total: asks.length }
  const { answered, total } = isWaiting ? own : application.progress
  const done = answered + papers.length - papersLeft(application).length
  const all = Math.max(total + papers.length, done)
  return { done, total: all, left: all - done, percent: all ? Math.round((done / all) * 100) : 100 }
}

export interface SectionView extends Section {
  place: number
  /** Needed answers that are not there. */
  left: number
  problems: number
}

/** The sections of a page that have something to show, with what is left in each. */
export function sectionsOf(application: Application): SectionView[] {
  return application.sections
    .map((section, place) => ({ ...section, place, asks: section.asks.filter((ask) => ask.is_shown && ask.type !== 'agree') }))
    .filter((section) => section.asks.length > 0)
    .map((section) => ({
      ...section,
      left: section.asks.filter((ask) => isOpen(ask) && !ask.is_locked).length,
      problems: section.asks.filter((ask) => ask.problem !== null).length,
    }))
}

/** Needs that do not hold: what stands in the way, with the way on. */
export const obstaclesOf = (application: Application) => application.needs.filter((need) => !need.holds)

/** Whether everything a phone can see is there: the server has the last word. */
export function isComplete(application: Application): boolean {
  const isAgreed = agreementsOf(application).every((ask) => ask.value === true)
  return isAgreed && !openAsks(application).some(isOpen) && !papersLeft(application).length && !obstaclesOf(application).length
}
