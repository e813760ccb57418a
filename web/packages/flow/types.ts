/** The shapes of matters on the wire, written by hand until the API document names them; the only place that does. */

export type Language = 'zh' | 'en'
export type Who = 'natural_person' | 'individual_business' | 'small_scale' | 'general'
export type Row = Record<string, string | number | boolean | null>
export type Value = string | number | boolean | string[] | number[] | Row[] | null
export type Answers = Record<string, Value>

export type AskType =
  | 'text'
  | 'long_text'
  | 'choice'
  | 'choices'
  | 'yes_no'
  | 'amount'
  | 'number'
  | 'quantity'
  | 'rate'
  | 'date'
  | 'period'
  | 'year'
  | 'time'
  | 'phone'
  | 'person_name'
  | 'resident_id'
  | 'uscc'
  | 'bank_account'
  | 'email'
  | 'address'
  | 'region'
  | 'invoice_no'
  | 'plate'
  | 'vin'
  | 'certificate_no'
  | 'url'
  | 'series'
  | 'rows'
  | 'office'
  | 'agree'

export interface AskOption {
  value: string
  label: string
  label_en: string
  help?: string | null
  help_en?: string | null
}

export interface Origin {
  source: string
  label: string
  label_en: string
  channel?: string | null
  at?: string | null
}

export interface Said {
  text: string
  text_en: string
}

export interface Ask {
  code: string
  label: string
  label_en: string
  help?: string | null
  help_en?: string | null
  type: AskType
  unit?: string | null
  unit_en?: string | null
  options?: AskOption[]
  rows?: Ask[] | null
  kinds?: string[] | null
  /** A value for each month or quarter: `series`. */
  each?: string | null
  at_least?: number | null
  at_most?: number | null
  min?: string | number | null
  max?: string | number | null
  max_length?: number | null
  is_optional: boolean
  is_locked: boolean
  is_shown: boolean
  value: Value
  origin: Origin | null
  problem: Said | null
}

export interface Section {
  title: string
  title_en: string
  asks: Ask[]
}

export interface PaperFile {
  paper_id: string
  name: string
  size_bytes: number
  pages?: number | null
  media_type: string
  has_thumbnail: boolean
}

export interface Paper {
  code: string
  title: string
  title_en: string
  why: string
  why_en: string
  is_needed: boolean
  is_optional?: boolean
  is_on_file: boolean
  at_most: number
  files: PaperFile[]
}

export interface Citation {
  title: string
  article: string
  paraphrase: string
  source: string
  confidence: 'law' | 'secondary' | 'own' | 'uncertain'
}

export interface Figure {
  code: string
  label: string
  label_en: string
  value: string | number | boolean
  unit: string
}

/** `value_en` and `unit_en` where the value or its unit is words. */
export type OutcomeLine = Omit<Figure, 'code'> & { value_en?: string; unit_en?: string }

export interface ComputedLine extends Figure {
  formula: string
  formula_en: string
  citations: Citation[]
  citations_en?: Citation[]
}

export interface Promised {
  is_instant: boolean
  days: number
  /** Days of the calendar, not of work. */
  is_calendar: boolean
  at_most: number
  note: string
  note_en: string
}

export interface MatterHead {
  code: string
  title: string
  title_en: string
  say: string
  say_en: string
  screens: 'guided' | 'page'
  promise: Promised
  fee_fen: number
}

export type State = 'draft' | 'submitted' | 'in_review' | 'supplement' | 'approved' | 'refused' | 'withdrawn' | 'discarded' | 'lapsed'
export type May = 'edit' | 'submit' | 'withdraw' | 'discard' | 'restore' | 'rate' | 'supplement'

export interface Problem extends Said {
  at: string
}

export interface Need extends Said {
  go?: string | null
  holds: boolean
}

export interface TimelineEntry {
  at: string
  act: string
  act_name: string
  act_name_en: string
  who: string
  who_en: string
  channel: string
  note?: string | null
}

export interface Application {
  application_id: string
  application_no: string
  matter: MatterHead
  state: State
  version: number
  started_at: string
  updated_at: string
  submitted_at?: string | null
  due_on?: string | null
  started_channel: string
  last_channel: string
  sections: Section[]
  next: string | null
  progress: { answered: number; total: number }
  problems: Problem[]
  needs: Need[]
  papers: Paper[]
  computed: { lines: ComputedLine[]; results: Figure[] } | null
  decision: { outcome: 'yes' | 'no'; reason: string; by_office: string; is_instant?: boolean; decided_at: string | null } | null
  supplement: { text: string; asks: string[]; papers: string[]; until: string } | null
  outcome: { values: Record<string, string | number | boolean>; lines: OutcomeLine[] } | null
  document: { document_id: string; document_no: string; title: string; title_en: string; verify_url: string } | null
  timeline: TimelineEntry[]
  rating: { stars: number } | null
  may: May[]
  journey_id?: string | null
}

export interface ApplicationCard {
  application_id: string
  application_no: string
  matter_code: string
  title: string
  title_en: string
  state: State
  updated_at: string
  submitted_at: string | null
  due_on: string | null
  /** The last day of a supplement. */
  until_on: string | null
  journey_id: string | null
  is_rated: boolean
}

export interface ApplicationPage {
  applications: ApplicationCard[]
  next_cursor: string | null
  counts: Record<string, number>
}
