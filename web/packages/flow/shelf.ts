/** The shapes of the catalogue and of themes on the wire, by hand until the API document names them; see types.ts. */
import type { Ask, MatterHead, Problem, Section, Who } from './types'

export interface MatterCard {
  code: string
  title: string
  title_en: string
  say: string
  say_en: string
  who: Who[]
  instant: boolean
  days: number | null
  mobile: 'frequent' | 'suited' | 'office'
}

export interface MatterGroup {
  code: string
  name: string
  name_en: string
  matters: MatterCard[]
}

export interface ThemeCard {
  code: string
  title: string
  title_en: string
  say: string
  say_en: string
  icon: string
  matters: string[]
  who: Who[]
}

export interface Catalogue {
  version: string
  groups: MatterGroup[]
  themes: ThemeCard[]
}

export interface PaperNeed {
  code: string
  title: string
  title_en: string
  why: string
  why_en: string
  is_optional: boolean
  is_conditional: boolean
  is_on_file: boolean | null
}

export interface Matter extends MatterHead {
  group: string
  who: Who[]
  law: { cite: string; article: string; confidence: string }[]
  sections: Section[]
  papers: PaperNeed[]
  document_title: string | null
  document_title_en: string | null
  /** null: nobody is signed in. */
  may_start: boolean | null
  why_not: string | null
  why_not_en: string | null
  draft_id: string | null
}

export interface Hit {
  kind: 'matter' | 'theme' | 'article' | 'calculator'
  code: string
  title: string
  title_en: string
  say: string
  say_en: string
  /** Places of the title that match: [start, end). */
  marks: [number, number][]
  may_start: boolean | null
}

export type StepState = 'waiting' | 'stopped' | 'ready' | 'draft' | 'submitted' | 'approved' | 'refused' | 'failed' | 'left_out'

export interface ThemeStep {
  matter_code: string
  title: string
  title_en: string
  say: string
  say_en: string
  after: string[]
  is_optional: boolean
  is_conditional?: boolean
}

export interface JourneyStep extends ThemeStep {
  state: StepState
  application_id: string | null
  why: string
  why_en: string
  hint: string
  hint_en: string
  may_leave_out: boolean
}

export interface Theme {
  theme: ThemeCard
  asks: Ask[]
  steps: ThemeStep[]
  may_start: boolean | null
}

export interface Journey {
  journey_id: string
  theme: ThemeCard
  state: 'draft' | 'running' | 'done' | 'abandoned'
  version: number
  asks: Ask[]
  next: string | null
  problems: Problem[]
  steps: JourneyStep[]
  progress: { answered: number; total: number }
}
