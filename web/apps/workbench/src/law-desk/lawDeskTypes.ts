/** The shapes of the law desk on the wire: numbers of the law through time, and their versions from draft to in force. */
import type { LawKind, Plain } from "../law-value/lawValuePlain";
import type { LawOption } from "../law-value/lawValueWords";

export type Confidence = "law" | "secondary" | "own" | "uncertain";
export type ChangeState = "draft" | "sent" | "returned" | "effective" | "scheduled" | "withdrawn";

export interface LawLine {
  code: string;
  title: string;
  title_en: string;
  version: string;
  parameters: number;
  uncertain: number;
  statutes: number;
}

export interface ParameterLine {
  key: string;
  title: string;
  title_en: string;
  kind: LawKind;
  unit: string;
  confidence: Confidence | null;
  value: Plain | null;
  first_day: string | null;
  until: string | null;
  article: string | null;
  has_change: boolean;
}

export interface Statute {
  title: string;
  title_en: string;
  number: string;
  from_on: string;
  until: string | null;
  ended_on: string | null;
  replaced_by: string;
}

export interface Law {
  code: string;
  title: string;
  title_en: string;
  version: string;
  parameters: ParameterLine[];
  statutes: Statute[];
}

export interface DatedValue {
  first_day: string;
  until: string | null;
  value: Plain;
  article: string;
  paraphrase: string;
  published: string;
  source: string;
  confidence: Confidence;
  note: string;
  origin: "file" | "desk";
  change_id: string | null;
  is_in_force: boolean;
}

export interface ChangeLine {
  change_id: string;
  key: string;
  title: string;
  title_en: string;
  kind: LawKind;
  state: ChangeState;
  value: Plain;
  first_day: string;
  until: string | null;
  article: string;
  drafted_by: string;
  drafted_at: string;
  decided_by: string | null;
  decided_at: string | null;
}

export interface Parameter {
  key: string;
  law: string;
  law_title: string;
  law_title_en: string;
  title: string;
  title_en: string;
  kind: LawKind;
  unit: string;
  options: LawOption[];
  checked_on: string;
  checked_by: string;
  values: DatedValue[];
  changes: ChangeLine[];
}

export interface ChangedLine {
  law: string;
  example: string;
  line: string;
  label: string;
  label_en: string;
  before: number | null;
  after: number;
  unit: string;
}

export interface Check {
  version_before: string;
  version_after: string;
  examples: { run: number; unchanged: number; changed: ChangedLine[] };
  faults: string[];
  laws: { code: string; title: string; title_en: string }[];
}

export type ActName = "drafted" | "edited" | "sent" | "returned" | "approved" | "withdrawn";

export interface Change extends ChangeLine {
  law: string;
  law_title: string;
  law_title_en: string;
  unit: string;
  options: LawOption[];
  published: string;
  source: string;
  confidence: Confidence;
  note: string;
  confirm_retroactive: boolean;
  is_retroactive: boolean;
  reason: string | null;
  acts: number;
  may_edit: boolean;
  may_send: boolean;
  may_approve: boolean;
  may_withdraw: boolean;
  before: Plain | null;
  history: { act: ActName; by: string; at: string; reason: string | null }[];
  check: Check;
}

export interface ChangeIn {
  value: Plain;
  first_day: string;
  until: string | null;
  article: string;
  published: string;
  source: string;
  confidence: Confidence;
  note: string;
  confirm_retroactive: boolean;
}

export interface Affected {
  drafts: number;
  returns: number;
  paid: number;
  items: {
    kind: "draft" | "return";
    id: string;
    taxpayer_name: string;
    taxpayer_masked_no: string | null;
    period: string;
    payable_fen: number | null;
    version: string | null;
    submitted_at: string | null;
  }[];
  next_cursor: string | null;
}
