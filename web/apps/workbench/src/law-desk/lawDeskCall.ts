/** The server's answers at the law desk. */
import { call } from "../platform/platformClient";
import type { Affected, Change, ChangeIn, ChangeLine, Law, LawLine, Parameter } from "./lawDeskTypes";

type Send = (method: "get" | "post" | "put", path: string, args?: object) => Promise<unknown>;
const send = call as unknown as Send;
const ONE = "/api/knowledge/changes/{change_id}";

export const readLaws = (text: string, isUncertain: boolean) =>
  send("get", "/api/knowledge/laws", { query: { text, uncertain: isUncertain || null } }) as Promise<{
    laws: LawLine[];
  }>;

export const readLaw = (code: string) => send("get", "/api/knowledge/laws/{code}", { path: { code } }) as Promise<Law>;

export const readParameter = (key: string) =>
  send("get", "/api/knowledge/parameters/{key}", { path: { key } }) as Promise<Parameter>;

export const readChanges = (state: string, cursor: string | null) =>
  send("get", "/api/knowledge/changes", { query: { state: state || null, cursor } }) as Promise<{
    changes: ChangeLine[];
    next_cursor: string | null;
  }>;

export const readChange = (change_id: string) => send("get", ONE, { path: { change_id } }) as Promise<Change>;

export const draftChange = (body: ChangeIn & { key: string }, key: string) =>
  send("post", "/api/knowledge/changes", { body, headers: { "Idempotency-Key": key } }) as Promise<Change>;

export const editChange = (change_id: string, body: ChangeIn) =>
  send("put", ONE, { path: { change_id }, body }) as Promise<Change>;

/** `acts` as the officer saw them: an act done in between is refused rather than decided on unseen. */
export const sendChange = (change: Change) =>
  send("post", `${ONE}/send`, {
    path: { change_id: change.change_id },
    body: { acts: change.acts },
  }) as Promise<Change>;

export const approveChange = (change: Change) =>
  send("post", `${ONE}/approve`, {
    path: { change_id: change.change_id },
    body: { acts: change.acts },
  }) as Promise<Change>;

export const returnChange = (change: Change, reason: string) =>
  send("post", `${ONE}/return`, {
    path: { change_id: change.change_id },
    body: { acts: change.acts, reason },
  }) as Promise<Change>;

export const withdrawChange = (change: Change, reason: string) =>
  send("post", `${ONE}/withdraw`, {
    path: { change_id: change.change_id },
    body: { acts: change.acts, reason },
  }) as Promise<Change>;

export const readAffected = (law: string, first_day: string, until: string | null, cursor: string | null) =>
  send("get", "/api/filing/affected", { query: { law, first_day, until, cursor } }) as Promise<Affected>;
