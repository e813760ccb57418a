import type { Answer } from "@palmtax/api";
import { call } from "../platform/platformClient";

export type BellPage = Answer<"/api/messaging/office/messages", "get">;
export type BellMessage = BellPage["messages"][number];
export type BellWish = Answer<"/api/messaging/office/wishes", "get">;
export type BellChoice = BellWish["topics"][number];

export const readBell = (unread: boolean, cursor?: string): Promise<BellPage> =>
  call("get", "/api/messaging/office/messages", { query: { unread, cursor, limit: 20 } });
export const countUnread = (): Promise<number> =>
  call("get", "/api/messaging/office/unread").then((found) => found.unread);
export const markRead = (message_id: string): Promise<unknown> =>
  call("post", "/api/messaging/office/messages/{message_id}/reading", { path: { message_id } });
export const markAllRead = (): Promise<number> =>
  call("post", "/api/messaging/office/reading").then((found) => found.unread);
export const readWish = (): Promise<BellWish> => call("get", "/api/messaging/office/wishes");
export const keepWish = (
  topics: string[],
  ways: string[],
  more: Pick<BellWish, "language" | "is_any_time">,
): Promise<BellWish> => call("put", "/api/messaging/office/wishes", { body: { topics, ways, ...more } });
