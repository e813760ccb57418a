/** On a real server: a taxpayer files and sets out to pay, through the API, so that the officer has something to register. */
import { randomUUID } from "node:crypto";
import { codeAfter } from "./signIn.js";

/** Files the open return of the person with this phone and orders its payment; the taxpayer's name, or null when nothing is payable. */
export async function fileAndOrder(url, phone) {
  const call = caller(url);
  const code = await codeAfter(phone, () => call("POST", "/api/identity/sms-codes", { phone, purpose: "sign_in" }));
  const session = await call("POST", "/api/identity/sessions/sms", {
    phone,
    code,
    device: { name: "journey", channel: "h5" },
  });
  call.token = session.access_token;
  const hat = session.me.hats.find((each) => each.taxpayer_id !== null && each.kind !== "officer");
  if (!hat) return null;
  if (session.me.hat?.hat_id !== hat.hat_id) await call("POST", "/api/identity/hat", { hat_id: hat.hat_id });
  const { first } = await call("GET", "/api/filing/home");
  if (!first?.estimate_fen) return null;
  const return_id = first.return_id ?? (await file(call, first)).return_id;
  await call("POST", "/api/payment/orders", { return_id });
  return hat.title;
}

async function file(call, { tax_type_code, period }) {
  const draft = await call("POST", "/api/filing/drafts", { tax_type_code, period });
  const { draft_id, version, result } = draft;
  return call("POST", "/api/filing/returns", { draft_id, version, confirmed_due_now_fen: result.due_now_fen });
}

function caller(url) {
  async function call(method, path, body) {
    const headers = { "content-type": "application/json", "x-channel": "h5", "idempotency-key": randomUUID() };
    if (call.token) headers.authorization = `Bearer ${call.token}`;
    const answer = await fetch(url + path, { method, headers, body: body && JSON.stringify(body) });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return text ? JSON.parse(text) : null;
  }
  return call;
}
