import { day, instant, pick, t, wordFor } from "../look/lookWords";
import { call } from "../platform/platformClient";
import { readComplaint } from "./caseComplaint";
import { readUnread } from "./caseService";
import type { CaseRow, Complaint } from "./caseTypes";

/** What a case that is not an application is about: short facts, longer texts; what matters now; what happened. */
export interface Subject {
  facts: [string, string][];
  texts: [string, string][];
  notices: string[];
  steps: Complaint["steps"];
}

/** Reads the complaint, rating, letter or report behind a case. */
export async function readSubject(row: CaseRow): Promise<Subject> {
  if (row.kind === "complaint") return complaint(row);
  if (row.kind === "follow_up") return rating(row);
  if (row.kind === "service") return service(row);
  return row.kind === "letter" ? letter(row) : report(row);
}

const NOTHING_MORE: Pick<Subject, "notices" | "steps"> = { notices: [], steps: [] };
const yesNo = (is: boolean): string => t(is ? "file.yes" : "file.no");
const filled = (pairs: [string, string][]): [string, string][] => pairs.filter(([, value]) => value !== "");

async function complaint(row: CaseRow): Promise<Subject> {
  const one = await readComplaint(row.subject_id);
  const extended = one.extended_days ? `（${t("complaint.extended", { days: one.extended_days })}）` : "";
  return {
    facts: filled([
      [t("case.complaint_no"), one.complaint_no],
      [t("case.category"), pick(one, "title")],
      [t("case.state"), pick(one, "state_name")],
      [t("case.real_name"), yesNo(one.is_real_name)],
      [t("case.about"), one.about],
      [t("case.accept_by"), one.state === "filed" ? day(one.accept_by_on) : ""],
      [t("case.answer_by"), one.due_on ? day(one.due_on) + extended : ""],
      [t("complaint.investigators"), one.investigator_names.filter(Boolean).join("、")],
      [t("complaint.satisfied"), one.is_satisfied === null ? "" : yesNo(one.is_satisfied)],
    ]),
    texts: filled([
      [t("case.facts"), one.facts],
      [t("case.refusal"), one.refusal],
      [t(isLookedInto(one) ? "complaint.answer_before" : "case.answer_given"), one.answer],
    ]),
    notices: noticesOf(one),
    steps: one.steps,
  };
}

const isLookedInto = (one: Complaint): boolean => one.state === "accepted" || one.state === "investigating";

/** What an officer must know before doing anything with a complaint. */
function noticesOf(one: Complaint): string[] {
  if (!isLookedInto(one)) return [];
  const raised = t(one.is_satisfied === false ? "complaint.again" : "complaint.raised");
  const asked = one.is_extension_agreed === null ? one.extension_days : null;
  return [
    one.escalated_at ? raised : "",
    one.is_accepted_by_time ? t("complaint.by_time") : "",
    asked ? t("complaint.time_waits", { days: asked }) : "",
  ].filter(Boolean);
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
    ...NOTHING_MORE,
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
    ...NOTHING_MORE,
  };
}

async function report(row: CaseRow): Promise<Subject> {
  const one = await call("get", "/api/complaints/desk/reports/{report_id}", { path: { report_id: row.subject_id } });
  return {
    facts: filled([
      [t("case.report_no"), one.report_no],
      [t("case.who"), one.who],
      [t("case.real_name"), yesNo(one.is_named)],
    ]),
    texts: filled([[t("case.facts"), one.facts]]),
    ...NOTHING_MORE,
  };
}

async function service(row: CaseRow): Promise<Subject> {
  const one = await readUnread(row.case_id);
  const read = one.readers.map((who) => `${who.name} ${who.read_at ? instant(who.read_at) : t("service.unread")}`);
  return {
    facts: filled([
      [t("service.document"), pick(one, "title")],
      [t("service.number"), one.document_no],
      [t("service.served_on"), day(one.served_on)],
      [t("service.rule"), one.law],
      [t("service.readers"), read.join("、")],
    ]),
    texts: [],
    notices: one.step === "phone" ? [t("service.calls_left", { count: one.calls_left })] : [],
    steps: one.attempts.map((tried) => ({
      ...{ at: tried.at, act: tried.outcome, act_name: tried.outcome_name, act_name_en: tried.outcome_name_en },
      ...{ by_name: tried.officer_name, is_by_clock: false, is_public: true },
      note: [tried.person_name, tried.on_day ? day(tried.on_day) : "", tried.receipt_no, tried.note]
        .filter(Boolean)
        .join(" · "),
    })),
  };
}
