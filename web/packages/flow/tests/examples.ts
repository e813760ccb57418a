/** Applications for the tests: as the server sends them, in small. */
import type { Application, Ask, Paper } from '../index'

export const ask = (code: string, more: Partial<Ask> = {}): Ask => ({
  code,
  label: code,
  label_en: code,
  type: 'text',
  is_optional: false,
  is_locked: false,
  is_shown: true,
  value: null,
  origin: null,
  problem: null,
  ...more,
})

export const paper = (code: string, more: Partial<Paper> = {}): Paper => ({
  code,
  title: code,
  title_en: code,
  why: '',
  why_en: '',
  is_needed: true,
  is_on_file: false,
  at_most: 3,
  files: [],
  ...more,
})

export const application = (asks: Ask[], more: Partial<Application> = {}): Application => ({
  application_id: 'a1',
  application_no: 'SQ1',
  matter: { code: 'FPBL-002', title: '', title_en: '', say: '', say_en: '', screens: 'guided', promise: { is_instant: true, days: 0, is_calendar: false, at_most: 0, note: '', note_en: '' }, fee_fen: 0 },
  state: 'draft',
  version: 3,
  started_at: '2026-10-21T01:00:00Z',
  updated_at: '2026-10-21T01:00:00Z',
  started_channel: 'h5',
  last_channel: 'h5',
  sections: [{ title: '一', title_en: 'One', asks }],
  next: asks.find((one) => one.value === null)?.code ?? null,
  progress: { answered: asks.filter((one) => one.value !== null).length, total: asks.length },
  problems: [],
  needs: [],
  papers: [],
  computed: null,
  decision: null,
  supplement: null,
  outcome: null,
  document: null,
  timeline: [],
  rating: null,
  may: ['edit', 'submit'],
  ...more,
})
