/** A partner of the open platform: its server, its pages on origins of their own, an application on trial. */
import crypto from "node:crypto";
import http from "node:http";
import { url } from "./place.js";

const BACK = "http://127.0.0.1:9000/back";

/** A page that frames one address and writes down what it is told; on a port, and so an origin, of its own. */
export async function openPage() {
  const server = http.createServer((request, answer) => {
    const framed = new URL(request.url, "http://127.0.0.1").searchParams.get("framed") ?? "";
    answer.writeHead(200, { "content-type": "text/html; charset=utf-8" });
    answer.end(`<!doctype html><html lang="zh-CN"><title>云汀银行</title><body style="margin:0;font-family:sans-serif">
<h1 style="font-size:20px;padding:12px">云汀银行 · 我的税务</h1>
<iframe id="tax" title="掌税" src="${framed}" style="width:100%;height:620px;border:0"></iframe>
<script>window.told = []; addEventListener("message", (e) => told.push({ origin: e.origin, ...e.data }));</script></body></html>`);
  });
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
  const origin = `http://127.0.0.1:${server.address().port}`;
  return {
    origin,
    around: (framed) => `${origin}/?framed=${encodeURIComponent(framed)}`,
    close: () => (server.closeAllConnections(), new Promise((done) => server.close(done))),
  };
}

async function json(path, { headers = {}, body, form, ...more } = {}) {
  const sent = form ? new URLSearchParams(form) : body && JSON.stringify(body);
  const kind = form ? "application/x-www-form-urlencoded" : "application/json";
  const answer = await fetch(url + path, {
    ...more,
    method: sent ? "POST" : "GET",
    headers: { "content-type": kind, ...headers },
    body: sent,
  });
  const told = answer.status === 204 ? null : await answer.json();
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${JSON.stringify(told)}`);
  return told;
}

/** Registers an application on trial. */
export async function register(particulars) {
  const made = await json("/oauth/register", {
    body: {
      name: "云汀银行",
      name_en: "Yunting Bank",
      organisation: "云汀银行股份有限公司",
      email: "open@bank.example",
      purpose: "在手机银行里办税",
      purpose_en: "Tax matters inside the bank's app",
      redirect_uris: [BACK],
      ...particulars,
    },
  });
  const basic = { authorization: `Basic ${btoa(`${made.client_id}:${made.client_secret}`)}` };
  return {
    ...made,
    developer: (path, body) => json(`/api/partners/developer${path}`, { headers: basic, body }),
    basic,
  };
}

/** Tokens for an invented taxpayer who agreed at once; `name` is the taxpayer's. */
export async function agreed(one, scope) {
  const verifier = crypto.randomBytes(40).toString("base64url");
  const [who] = await one.developer("/sandbox/taxpayers");
  const { redirect_to: to } = await one.developer("/sandbox/consents", {
    taxpayer_id: who.taxpayer_id,
    redirect_uri: BACK,
    response_type: "code",
    scope,
    state: "state-of-the-walk",
    code_challenge: crypto.createHash("sha256").update(verifier).digest("base64url"),
    code_challenge_method: "S256",
  });
  const tokens = await json("/oauth/token", {
    headers: one.basic,
    form: {
      grant_type: "authorization_code",
      code: new URL(to).searchParams.get("code"),
      redirect_uri: BACK,
      code_verifier: verifier,
    },
  });
  return { name: who.name, tokens };
}

/** What an application asks with a token. */
export const asks = (token, path, body) =>
  json(`/open/v1${path}`, { headers: { authorization: `Bearer ${token}` }, body });

/** What an application's server begins with: the address for the person's browser, and what it keeps meanwhile. */
export function codeOf(client, back, scope) {
  const verifier = crypto.randomBytes(40).toString("base64url");
  const state = crypto.randomBytes(12).toString("base64url");
  const query = new URLSearchParams({
    response_type: "code",
    client_id: client,
    redirect_uri: back,
    scope,
    state,
    code_challenge: crypto.createHash("sha256").update(verifier).digest("base64url"),
    code_challenge_method: "S256",
  });
  return { url: `${url}/oauth/authorize?${query}`, verifier, state };
}

const answered = async (answer) => ({ status: answer.status, told: await answer.json() });

/** Tokens for a code, or what was refused. */
export const tokensFor = async (one, form) =>
  answered(
    await fetch(`${url}/oauth/token`, {
      method: "POST",
      headers: { authorization: `Basic ${btoa(`${one.client_id}:${one.client_secret}`)}` },
      body: new URLSearchParams({ grant_type: "authorization_code", ...form }),
    }),
  );

/** A call to the open surface, taken or refused. */
export const tried = async (token, path) =>
  answered(await fetch(`${url}/open/v1${path}`, { headers: { authorization: `Bearer ${token}` } }));
