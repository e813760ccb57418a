import type { Answer } from "@palmtax/api";
import { call } from "../platform/platformClient";

type Path = "/api/messaging/dead-letters";
export type DeadPage = Answer<Path, "get">;
export type DeadLetter = DeadPage["letters"][number];
export type DeadCount = DeadPage["counts"][number];
export type Dealt = Answer<`${Path}/{taxpayer_id}/{delivery_id}/history`, "get">[number];
export const WAYS = ["push", "wechat", "email", "sms"] as const;
export type Way = (typeof WAYS)[number];

const of = (letter: DeadLetter) => ({ taxpayer_id: letter.taxpayer_id, delivery_id: letter.delivery_id });

/** A page of what reached nobody, or of what was given up. */
export const readDead = (
  wanted: { code: string; q: string; given_up: boolean },
  cursor: string | null,
): Promise<DeadPage> =>
  call("get", "/api/messaging/dead-letters", {
    query: { ...wanted, code: wanted.code || undefined, cursor: cursor ?? undefined, limit: 50 },
  });

/** How many lie there in all. */
export const countDead = (): Promise<number> =>
  call("get", "/api/messaging/dead-letters", { query: { limit: 1 } }).then((page) =>
    page.counts.reduce((sum, one) => sum + one.count, 0),
  );

export const readHistory = (letter: DeadLetter): Promise<Dealt[]> =>
  call("get", "/api/messaging/dead-letters/{taxpayer_id}/{delivery_id}/history", { path: of(letter) });

export const resend = (letter: DeadLetter, way: Way | null): Promise<DeadLetter> =>
  call("post", "/api/messaging/dead-letters/{taxpayer_id}/{delivery_id}/resending", {
    path: of(letter),
    body: { way },
  });

export const giveUp = (letter: DeadLetter, reason: string): Promise<DeadLetter> =>
  call("post", "/api/messaging/dead-letters/{taxpayer_id}/{delivery_id}/giving-up", {
    path: of(letter),
    body: { reason },
  });

/** The oldest of one reason, so many at a time; how many are sent again. */
export const resendAll = (code: string): Promise<number> =>
  call("post", "/api/messaging/dead-letters/resending", { body: { code, limit: 500 } }).then((done) => done.count);
