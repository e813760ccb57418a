import { reactive } from "vue";
import type { Act, Office } from "./caseTypes";

/** What an officer has typed for a case and not sent. It stays while the case is reloaded or another one looked at. */
export interface Typed {
  act: Act | null;
  reason: string;
  text: string;
  asks: string[];
  papers: string[];
  days: number;
  note: string;
  mentions: { personId: number; name: string }[];
  office: Office | null;
  personId: number | null;
}

const USUAL_DAYS = 10;
const kept = new Map<string, Typed>();

/** The words typed for a case. */
export function typedFor(caseId: string): Typed {
  const known = kept.get(caseId);
  if (known) return known;
  const fresh = reactive<Typed>(blank());
  kept.set(caseId, fresh);
  return fresh;
}

/** Forgets what was typed: it was sent. The note stays, it is sent by itself. */
export function forgetTyped(caseId: string): void {
  const known = kept.get(caseId);
  if (known) Object.assign(known, { ...blank(), note: known.note, mentions: known.mentions });
}

function blank(): Typed {
  return {
    ...{ act: null, reason: "", text: "", asks: [], papers: [], days: USUAL_DAYS },
    ...{ note: "", mentions: [], office: null, personId: null },
  };
}
