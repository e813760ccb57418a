/** The server's answers at the law desk. */
import type { Args } from "@palmtax/api";
import { call } from "../platform/platformClient";
import type { Change, ChangeIn, ChangeLine, ChangeState, Law, Parameter } from "./lawDeskTypes";

type Drafted = Args<"/api/knowledge/changes", "post">["body"];
type Edited = Args<"/api/knowledge/changes/{change_id}", "put">["body"];

export const readLaws = (text: string, isUncertain: boolean) =>
  call("get", "/api/knowledge/laws", { query: { text, uncertain: isUncertain || null } });

export const readLaw = async (code: string): Promise<Law> =>
  (await call("get", "/api/knowledge/laws/{code}", { path: { code } })) as Law;

export const readParameter = async (key: string): Promise<Parameter> =>
  (await call("get", "/api/knowledge/parameters/{key}", { path: { key } })) as Parameter;

export const readChanges = async (state: ChangeState | "", cursor: string | null) => {
  const page = await call("get", "/api/knowledge/changes", { query: { state: state || null, cursor } });
  return { changes: page.changes as ChangeLine[], next_cursor: page.next_cursor };
};

export const readChange = async (change_id: string): Promise<Change> =>
  (await call("get", "/api/knowledge/changes/{change_id}", { path: { change_id } })) as Change;

export const draftChange = async (draft: ChangeIn & { key: string }, key: string): Promise<Change> =>
  (await call("post", "/api/knowledge/changes", {
    body: draft as unknown as Drafted,
    headers: { "Idempotency-Key": key },
  })) as Change;

export const editChange = async (change_id: string, edit: ChangeIn): Promise<Change> =>
  (await call("put", "/api/knowledge/changes/{change_id}", {
    path: { change_id },
    body: edit as unknown as Edited,
  })) as Change;

/** `acts` as the officer saw them: an act done in between is refused rather than decided on unseen. */
export const sendChange = async ({ change_id, acts }: Change): Promise<Change> =>
  (await call("post", "/api/knowledge/changes/{change_id}/send", { path: { change_id }, body: { acts } })) as Change;

export const approveChange = async ({ change_id, acts }: Change): Promise<Change> =>
  (await call("post", "/api/knowledge/changes/{change_id}/approve", { path: { change_id }, body: { acts } })) as Change;

export const returnChange = async ({ change_id, acts }: Change, reason: string): Promise<Change> =>
  (await call("post", "/api/knowledge/changes/{change_id}/return", {
    path: { change_id },
    body: { acts, reason },
  })) as Change;

export const withdrawChange = async ({ change_id, acts }: Change, reason: string): Promise<Change> =>
  (await call("post", "/api/knowledge/changes/{change_id}/withdraw", {
    path: { change_id },
    body: { acts, reason },
  })) as Change;

export const readAffected = (law: string, first_day: string, until: string | null, cursor: string | null) =>
  call("get", "/api/filing/affected", { query: { law, first_day, until, cursor } });
