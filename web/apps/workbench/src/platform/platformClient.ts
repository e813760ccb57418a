import { createClient, fetchTransport, renewing } from "@palmtax/api";
import { language } from "../look/lookPreferences";
import { accessToken, renewSession } from "./platformSession";

/** Paths that are asked without a session. */
const PUBLIC = /\/api\/identity\/(sessions\/(sms|wechat|refresh|chat-oauth)|sign-in-tickets|chat-oauth$)/;

const transport = renewing(fetchTransport, {
  accessToken,
  renew: renewSession,
  isPublic: (url) => PUBLIC.test(url),
});

/** The workbench's way to the server: signed in, in the officer's language, marked with its channel. */
export const { call } = createClient({
  base: "",
  transport,
  headers: () => ({ "X-Channel": "workbench", "Accept-Language": language.value }),
});
