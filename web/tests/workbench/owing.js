/** On a real server: a taxpayer files and sets out to pay, through the API, so that the officer has something to register. */
import { randomUUID } from "node:crypto";

const SANDBOX = process.env.PALMTAX_SANDBOX;

/** Files the open return of the person with this phone and orders its payment; the taxpayer's name, or null when nothing is payable. */
export async function fileAndOrder(url, phone) {
  const call = caller(url);
  const session = await call("POST", "/api/identity/sessions/wechat", {
    login_code: await codeOf("/wechat/sandbox/wx-login", phone),
    phone_code: await codeOf("/wechat/sandbox/phone-code", phone),
    device: { name: "journey", channel: "miniprogram" },
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

/** A code that the WeChat of this phone's holder gives away. */
async function codeOf(path, phone) {
  const headers = { "content-type": "application/json" };
  const answer = await fetch(SANDBOX + path, { method: "POST", headers, body: JSON.stringify({ phone }) });
  return (await answer.json()).code;
}

async function file(call, { tax_type_code, period }) {
  const draft = await call("POST", "/api/filing/drafts", { tax_type_code, period });
  const { draft_id, version, result } = draft;
  return call("POST", "/api/filing/returns", { draft_id, version, confirmed_due_now_fen: result.due_now_fen });
}

function caller(url) {
  async function call(method, path, body) {
    const headers = { "content-type": "application/json", "x-channel": "miniprogram", "idempotency-key": randomUUID() };
    if (call.token) headers.authorization = `Bearer ${call.token}`;
    const answer = await fetch(url + path, { method, headers, body: body && JSON.stringify(body) });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return text ? JSON.parse(text) : null;
  }
  return call;
}
