"use strict";
/** Trying an application in the page: an invented taxpayer agrees at once, one call shows what comes back. */
const month = (ago) => new Date(Date.UTC(new Date().getFullYear(), new Date().getMonth() - ago, 1)).toISOString().slice(0, 7);
const OWN = { "matters.find": () => ["GET", "/matters?q=%E5%8F%91%E7%A5%A8%E9%A2%9D%E5%BA%A6"], "calculators.use": () => ["GET", "/calculators"] };
const OF_PEOPLE = {
  "taxpayer.read": () => ["GET", "/taxpayer"],
  "returns.due": () => ["GET", "/returns/due"],
  "invoices.sums": () => ["GET", `/invoices/sums?first_month=${month(11)}&last_month=${month(0)}`],
  "applications.read": () => ["GET", "/applications"],
  "certificates.read": () => ["GET", "/certificates"],
  embed: () => ["POST", "/embeds", { screen: "certificates" }],
};

const base64url = (bytes) => btoa(String.fromCharCode(...new Uint8Array(bytes))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
const random = (count) => base64url(crypto.getRandomValues(new Uint8Array(count)));
const tokens = (form) => send("POST", "/oauth/token", { body: new URLSearchParams(form), authorization: basic() });

/** A token of an invented person who agreed to these scopes: the whole way with PKCE, as a server would go it. */
async function agreed(own, taxpayer, scope) {
  const [back] = own.redirect_uris;
  if (!back) throw new Error(say("请先登记一个回调地址。", "Register a redirect address first."));
  const verifier = random(32);
  const { redirect_to: to } = await ask("POST", "/sandbox/consents", {
    taxpayer_id: Number(taxpayer), redirect_uri: back, scope, state: random(12), code_challenge_method: "S256",
    code_challenge: base64url(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(verifier))),
  });
  const code = new URL(to).searchParams.get("code");
  return tokens({ grant_type: "authorization_code", code, redirect_uri: back, code_verifier: verifier });
}

/** The part of the page that tries: whom to act for, one button a scope, what came back. */
async function trying(own) {
  const whole = make("div", "", make("h3", say("试一试", "Try it")));
  const choose = make("select");
  for (const one of await ask("GET", "/sandbox/taxpayers")) choose.append(Object.assign(make("option", one.name), { value: one.taxpayer_id }));
  choose.setAttribute("aria-label", say("虚拟纳税人", "Invented taxpayer"));
  const shown = make("div"), told = make("p.told"), row = make("div.row");
  told.setAttribute("role", "status");
  for (const scope of own.scopes) {
    const call = OWN[scope] ?? OF_PEOPLE[scope];
    if (!call) continue;
    const one = make("button", scope);
    one.type = "button";
    one.dataset.try = scope;
    one.addEventListener("click", () => void attempt(() => tryOne(own, choose.value, scope, call(), shown), one, told));
    row.append(one);
  }
  whole.append(make("p", say("选一个虚拟纳税人，点一项权限：页面替您走完授权、换令牌和调用。", "Choose an invented taxpayer and a scope: the page goes through consent, token and call for you.")), choose, row, told, shown);
  return whole;
}

async function tryOne(own, taxpayer, scope, [method, path, body], shown) {
  shown.replaceChildren();
  const { access_token: token } = scope in OWN ? await tokens({ grant_type: "client_credentials", scope }) : await agreed(own, taxpayer, scope);
  const answer = await send(method, `/open/v1${path}`, { body, authorization: `Bearer ${token}` });
  shown.append(make("pre", "", make("code", `${method} /open/v1${path}\n\n${JSON.stringify(answer, null, 2)}`)));
  if (answer.url) shown.append(Object.assign(make("a", say("打开这个页面（60 秒内，一次）", "Open the page (within 60 seconds, once)")), { href: answer.url, target: "_blank", rel: "noopener" }));
}
