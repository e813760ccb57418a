/** The shapes of a case and its application, from the API document. */
import type { Answer } from "@palmtax/api";

export type Whole = Answer<"/api/cases/cases/{case_id}", "get">;
export type CaseRow = Whole["case"];
export type Note = Whole["notes"][number];
export type Move = Whole["history"][number];
export type May = Whole["may"][number];
export type Desk = Answer<"/api/matters/cases/{application_id}", "get">;
export type Application = Desk["application"];
export type Section = Application["sections"][number];
export type Ask = Section["asks"][number];
export type Paper = Application["papers"][number];
export type PaperFile = Paper["files"][number];
export type Computed = NonNullable<Application["computed"]>;
export type Complaint = Answer<"/api/complaints/desk/complaints/{complaint_id}", "get">;
export type Colleague = Answer<"/api/complaints/desk/complaints/{complaint_id}/colleagues", "get">[number];
export type Unread = Answer<"/api/cases/cases/{case_id}/service", "get">;
export type Informant = Answer<"/api/complaints/desk/reports/{report_id}/informant", "post">;
export type Sentences = Answer<"/api/cases/templates", "get">;
export type AuditEntry = Answer<"/api/cases/cases/{case_id}/audit", "get">[number];
export type Office = Answer<"/api/cases/cases/{case_id}/offices", "get">[number];

/** What an officer is about to do with the case that is open. */
export type Act =
  | "yes"
  | "no"
  | "supplement"
  | "confirm"
  | "answer"
  | "accept"
  | "investigate"
  | "ask_time"
  | "decide_time"
  | "informant"
  | "hand_over"
  | "assign"
  | "contact"
  | "phone"
  | "paper";
