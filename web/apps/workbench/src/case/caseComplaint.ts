import { call } from "../platform/platformClient";
import type { Colleague, Complaint, Informant } from "./caseTypes";

const ROOT = "/api/complaints/desk/complaints/{complaint_id}";

export const readComplaint = (complaint_id: string): Promise<Complaint> =>
  call("get", ROOT, { path: { complaint_id } });

/** Who may look into it, without those it concerns. */
export const readColleagues = (complaint_id: string): Promise<Colleague[]> =>
  call("get", `${ROOT}/colleagues`, { path: { complaint_id } });

export const investigate = (complaint_id: string, colleague_ids: number[]) =>
  call("post", `${ROOT}/investigation`, { path: { complaint_id }, body: { colleague_ids } });

export const askTime = (complaint_id: string, days: number, reason: string) =>
  call("post", `${ROOT}/extension`, { path: { complaint_id }, body: { days, reason } });

export const decideTime = (complaint_id: string, is_agreed: boolean) =>
  call("post", `${ROOT}/extension/decision`, { path: { complaint_id }, body: { is_agreed } });

/** Who made a report; the look and its reason are kept. */
export const openInformant = (report_id: string, note: string): Promise<Informant> =>
  call("post", "/api/complaints/desk/reports/{report_id}/informant", { path: { report_id }, body: { note } });
