import { call } from "../platform/platformClient";
import type { Unread } from "./caseTypes";

/** What may come of a call, and how paper goes out. */
export const CALLED = ["reached", "not_reached", "wrong_number"] as const;
export const PAPERED = ["posted", "handed", "left"] as const;
export type Called = (typeof CALLED)[number];
export type Papered = (typeof PAPERED)[number];

/** The served document behind a case, who read it, whom one may call. */
export const readUnread = (case_id: string): Promise<Unread> =>
  call("get", "/api/cases/cases/{case_id}/service", { path: { case_id } });

/** The number in the clear; who looked and why is recorded. */
export const showPhone = (case_id: string, person_id: number, reason: string): Promise<string> =>
  call("post", "/api/cases/cases/{case_id}/service/phone", { path: { case_id }, body: { person_id, reason } }).then(
    (shown) => shown.phone,
  );

export const noteCall = (case_id: string, person_id: number, outcome: Called, note: string, version: number) =>
  call("post", "/api/cases/cases/{case_id}/service/calls", {
    path: { case_id },
    body: { person_id, outcome, note, version },
  });

export const notePaper = (
  case_id: string,
  given: { outcome: Papered; on_day: string; receipt_no: string; note: string },
  version: number,
) => call("post", "/api/cases/cases/{case_id}/service/papers", { path: { case_id }, body: { ...given, version } });
