import { call } from "../platform/platformClient";
import { claim, giveBack, assign } from "../task/taskCall";
import type { Line, Outcome, Task } from "../task/taskTypes";
import type { AuditEntry, Desk, Office, Note, Sentences, Whole } from "./caseTypes";

export const readCase = (case_id: string): Promise<Whole> =>
  call("get", "/api/cases/cases/{case_id}", { path: { case_id } });

export const readDesk = (application_id: string): Promise<Desk> =>
  call("get", "/api/matters/cases/{application_id}", { path: { application_id } });

export const readSentences = (code: string): Promise<Sentences> =>
  call("get", "/api/cases/templates", { query: { code } });

/** Every act on the case and what it is about. */
export const readAudit = (case_id: string): Promise<AuditEntry[]> =>
  call("get", "/api/cases/cases/{case_id}/audit", { path: { case_id } });

/** Offices a case may be handed over to, the nearest first, that fit what was typed. */
export const findOffices = (case_id: string, q: string): Promise<Office[]> =>
  call("get", "/api/cases/cases/{case_id}/offices", { path: { case_id }, query: { q } });

/** Where the bytes of a paper are. */
export const paperPath = (application: string, paper: string, isSmall: boolean): string =>
  `/api/matters/cases/${encodeURIComponent(application)}/papers/${encodeURIComponent(paper)}${isSmall ? "?small=true" : ""}`;

export const giveOpinion = (application_id: string, outcome: Outcome, reason: string, case_version: number) =>
  call("post", "/api/matters/cases/{application_id}/opinion", {
    path: { application_id },
    body: { outcome, reason, case_version },
  });

export const confirmOpinion = (application_id: string, is_agreed: boolean, reason: string, case_version: number) =>
  call("post", "/api/matters/cases/{application_id}/confirmation", {
    path: { application_id },
    body: { is_agreed, reason, case_version },
  });

/** What the taxpayer must add. */
export interface Wanted {
  text: string;
  asks: string[];
  papers: string[];
  days: number;
}

export const askSupplement = (application_id: string, wanted: Wanted, case_version: number) =>
  call("post", "/api/matters/cases/{application_id}/supplement", {
    path: { application_id },
    body: { ...wanted, case_version },
  });

export const addNote = (case_id: string, text: string, mentions: number[]): Promise<Note> =>
  call("post", "/api/cases/cases/{case_id}/notes", { path: { case_id }, body: { text, mentions } });

export const answerCase = (case_id: string, text: string, version: number) =>
  call("post", "/api/cases/cases/{case_id}/answer", { path: { case_id }, body: { text, version } });

export const decideAcceptance = (case_id: string, is_accepted: boolean, reason: string) =>
  call("post", "/api/cases/cases/{case_id}/acceptance", { path: { case_id }, body: { is_accepted, reason } });

export const contactRater = (taxpayer_id: number, rating_id: string, note: string) =>
  call("post", "/api/complaints/desk/ratings/{taxpayer_id}/{rating_id}/contact", {
    path: { taxpayer_id, rating_id },
    body: { note },
  });

/** Why a step with one case was not done; it goes to the officer in the server's own words. */
export class NotDone extends Error {}

const only = async (work: Promise<Line[]>): Promise<void> => {
  const [line] = await work;
  if (line && !line.ok) throw new NotDone(line.why);
};
export const take = (task: Task): Promise<void> => only(claim([task], false));
export const putBack = (task: Task): Promise<void> => only(giveBack([task], false));
export const giveTo = (task: Task, personId: number): Promise<void> => only(assign([task], personId, false));

export async function handOver(case_id: string, office_code: string, reason: string): Promise<void> {
  const body = { case_id, office_code, reason };
  const answer = await call("post", "/api/cases/handovers", { query: { preview: false }, body });
  const refused = "refused" in answer ? answer.refused[0] : undefined;
  if (refused) throw new NotDone(refused.text);
}
