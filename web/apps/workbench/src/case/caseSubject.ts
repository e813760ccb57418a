import { day, instant, pick, t, wordFor } from "../look/lookWords";
import { call } from "../platform/platformClient";
import type { CaseRow } from "./caseTypes";

/** What a case that is not an application is about: short facts, longer texts, what happened. */
export interface Subject {
  facts: [string, string][];
  texts: [string, string][];
  /** A rating that nobody called about yet. */
  mayContact: boolean;
}

/** Reads the complaint, rating, letter or report behind a case. */
export async function readSubject(row: CaseRow): Promise<Subject> {
  if (row.kind === "complaint") return complaint(row);
  if (row.kind === "follow_up") return rating(row);
  return row.kind === "letter" ? letter(row) : report(row);
}

const yesNo = (is: boolean): string => t(is ? "file.yes" : "file.no");
const filled = (pairs: [string, string][]): [string, string][] => pairs.filter(([, value]) => value !== "");

async function complaint(row: CaseRow): Promise<Subject> {
  const one = await call("get", "/api/complaints/desk/complaints/{complaint_id}", {
    path: { complaint_id: row.subject_id },
  });
  return {
    facts: filled([
      [t("case.complaint_no"), one.complaint_no],
      [t("case.category"), pick(one, "title")],
      [t("case.state"), pick(one, "state_name")],
      [t("case.real_name"), yesNo(one.is_real_name)],
      [t("case.accept_by"), day(one.accept_by_on)],
      [t("case.answer_by"), one.due_on ? day(one.due_on) : ""],
      [t("case.about"), one.about],
    ]),
    texts: filled([
      [t("case.facts"), one.facts],
      [t("case.refusal"), one.refusal],
      [t("case.answer_given"), one.answer],
    ]),
    mayContact: false,
  };
}

async function rating(row: CaseRow): Promise<Subject> {
  const path = { taxpayer_id: row.taxpayer_id, rating_id: row.subject_id };
  const one = await call("get", "/api/complaints/desk/ratings/{taxpayer_id}/{rating_id}", { path });
  return {
    facts: filled([
      [t("case.rating"), t("case.stars", { count: one.stars })],
      [t("case.about"), pick(one, "title")],
      [t("case.rated_at"), instant(one.rated_at)],
      [t("case.tags"), one.tags.map((tag) => wordFor("rating_tag", tag)).join("、")],
      [t("case.contact_by"), one.contact_by_on ? day(one.contact_by_on) : ""],
      [t("case.feedback_by"), one.feedback_by_on ? day(one.feedback_by_on) : ""],
      [t("case.subject_contact"), one.contacted_at ? instant(one.contacted_at) : ""],
    ]),
    texts: filled([
      [t("case.rating_text"), one.text || t("case.no_words")],
      [t("case.answer_given"), one.answer],
    ]),
    mayContact: one.state === "follow_up",
  };
}

async function letter(row: CaseRow): Promise<Subject> {
  const one = await call("get", "/api/knowledge/desk/letters/{taxpayer_id}/{letter_id}", {
    path: { taxpayer_id: row.taxpayer_id, letter_id: row.subject_id },
  });
  return {
    facts: filled([
      [t("case.letter_no"), one.letter_no],
      [t("case.topic"), pick(one, "topic_title")],
      [t("case.asked_at"), instant(one.asked_at)],
      [t("case.answer_by"), day(one.due_on)],
    ]),
    texts: filled([
      [t("case.question"), one.question],
      [t("case.answer_given"), one.answer],
    ]),
    mayContact: false,
  };
}

async function report(row: CaseRow): Promise<Subject> {
  const one = await call("get", "/api/complaints/desk/reports/{report_id}", { path: { report_id: row.subject_id } });
  return {
    facts: filled([
      [t("case.report_no"), one.report_no],
      [t("case.who"), one.who],
    ]),
    texts: filled([[t("case.facts"), one.facts]]),
    mayContact: false,
  };
}
