/** The shapes of studies on the wire. Money in fen, days ISO; everything is about an invented population. */
import type { LawKind, Plain } from "../law-value/lawValuePlain";
import type { LawOption } from "../law-value/lawValueWords";

export type PopulationName = "persons" | "enterprises";
export type StudyState = "queued" | "running" | "done" | "failed" | "cancelled";
export type Change = "winner" | "loser" | "unchanged";

export interface Named {
  code: string;
  name: string;
  name_en: string;
}

export interface Population {
  exists: boolean;
  seed: number;
  fingerprint: string;
  persons: number;
  enterprises: number;
  cities: Named[];
  industries: Named[];
  bands: (Named & { population: PopulationName })[];
  how_to_make: string;
  how_to_make_en: string;
}

export interface StudiedLaw {
  code: string;
  title: string;
  title_en: string;
  population: PopulationName;
  rows: number;
  burden: string;
  burden_en: string;
  income: string;
  income_en: string;
  version: string;
}

export interface StudiedParameter {
  key: string;
  law: string;
  title: string;
  title_en: string;
  kind: LawKind;
  unit: string;
  value: Plain | null;
  first_day: string | null;
  until: string | null;
  article: string | null;
  source_confidence: string | null;
  in_force: boolean;
  options: LawOption[];
}

export interface StudyLine {
  study_id: string;
  name: string;
  state: StudyState;
  laws: string[];
  on: string;
  after_on: string | null;
  percent: number;
  created_at: string;
  finished_at: string | null;
  created_by_masked: string;
  revenue_delta_fen: number | null;
  rows: number;
}

export interface ChangedParameter {
  key: string;
  title: string;
  title_en: string;
  kind: LawKind;
  unit: string;
  before: Plain | null;
  after: Plain;
}

export interface Study extends StudyLine {
  changes: ChangedParameter[];
  groups_done: number;
  groups_total: number;
  rows_done: number;
  seconds_left: number | null;
  started_at: string | null;
  problem: { code: string; text: string; hint: string } | null;
  population: { fingerprint: string; persons: number; enterprises: number; seed: number };
  is_population_same: boolean;
  result: StudyResult | null;
}

export interface StudyResult {
  laws: LawResult[];
  before_fen: number;
  after_fen: number;
  delta_fen: number;
  seconds: number;
}

export interface Group extends Named {
  from_fen: number | null;
  to_fen: number | null;
  rows: number;
  before_fen: number;
  after_fen: number;
  delta_fen: number;
  winners: number;
  losers: number;
  unchanged: number;
}

export interface Bucket {
  from_fen: number | null;
  to_fen: number | null;
  rows: number;
}

export interface Cliff {
  /** The code of the typical taxpayer. */
  typical: string;
  at_fen: number;
  to_fen: number;
  extra_income_fen: number;
  extra_burden_fen: number;
  marginal: string;
  is_new: boolean;
}

export interface CurvePoint {
  income_fen: number;
  before_fen: number;
  after_fen: number;
}

export interface LawResult {
  law: string;
  title: string;
  title_en: string;
  population: PopulationName;
  version_before: string;
  version_after: string;
  rows: number;
  burden: string;
  burden_en: string;
  income: string;
  income_en: string;
  before_fen: number;
  after_fen: number;
  delta_fen: number;
  winners: number;
  losers: number;
  unchanged: number;
  gain_fen: number;
  loss_fen: number;
  deciles: Group[];
  industries: Group[];
  cities: Group[];
  bands: Group[];
  histogram: Bucket[];
  cliffs_before: Cliff[];
  cliffs_after: Cliff[];
  curve: CurvePoint[];
  /** Typical taxpayers; the curve is of the first. */
  typicals: Named[];
  sample: SampleRow[];
}

export interface SampleRow {
  law: string;
  row: number;
  change: Change;
  income_fen: number;
  before_fen: number;
  after_fen: number;
  delta_fen: number;
  decile: string;
  city: string;
  industry: string;
  band: string;
}

export interface SamplePage {
  rows: SampleRow[];
  next_cursor: string | null;
  scanned: number;
}

export interface RowFact {
  code: string;
  label: string;
  label_en: string;
  unit: string;
  values: (number | boolean | string)[];
}

export interface Citation {
  title: string;
  article: string;
  paraphrase: string;
  source: string;
  confidence: "law" | "secondary" | "own" | "uncertain";
}

export interface Side {
  value: number;
  formula: string;
  formula_en: string;
  is_output: boolean;
  citations: Citation[];
}

export interface TwinLine {
  code: string;
  label: string;
  label_en: string;
  unit: string;
  differs: boolean;
  before: Side | null;
  after: Side | null;
}

export interface TwinRow {
  law: string;
  row: number;
  facts: RowFact[];
  city: string;
  city_en: string;
  industry: string;
  industry_en: string;
  band: string;
  band_en: string;
  decile: string;
  income_fen: number;
  before_fen: number;
  after_fen: number;
  delta_fen: number;
  lines: TwinLine[];
}

/** The question of a new study. */
export interface StudyIn {
  name: string;
  laws: string[];
  on: string;
  after_on: string | null;
  changes: Record<string, Plain>;
}
