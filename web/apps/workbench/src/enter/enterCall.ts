import type { Answer, Schemas } from "@palmtax/api";
import { call } from "../platform/platformClient";

export type Chat = Schemas["ChatOAuthIn"]["chat"];

/** The platform's page that lets us know whose browser this is. */
export const beginChat = (chat: Chat, page: string): Promise<string> =>
  call("post", "/api/identity/chat-oauth", { body: { chat, page } }).then((found) => found.address);
export const signInByChat = (state: string, code: string): Promise<Answer<"/api/identity/sessions/chat-oauth", "post">> =>
  call("post", "/api/identity/sessions/chat-oauth", { body: { state, code } });
export const bindChat = (state: string, code: string): Promise<Answer<"/api/identity/chat-oauth/binding", "post">> =>
  call("post", "/api/identity/chat-oauth/binding", { body: { state, code } });
