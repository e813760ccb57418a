"use strict";
const root = document.documentElement;
const language = document.getElementById("language");
const said = document.getElementById("said");
const place = document.getElementById("console");
const kept = document.getElementById("once");
const entrance = document.getElementById("enter");
let key = null;

const isEnglish = () => root.lang === "en";
const say = (zh, en) => (isEnglish() ? en : zh);

function speak(chosen) {
  root.lang = chosen === "en" ? "en" : "zh-CN";
  language.textContent = isEnglish() ? "中文" : "English";
  if (key) void open();
}

language.addEventListener("click", () => speak(isEnglish() ? "zh" : "en"));
speak(new URLSearchParams(location.search).get("lang") ?? (navigator.language.startsWith("zh") ? "zh" : "en"));

/** An element; text is always text, never markup. */
function make(name, text = "", ...inside) {
  const [tag, style] = name.split(".");
  const one = document.createElement(tag);
  if (style) one.className = style;
  if (text) one.textContent = text;
  one.append(...inside);
  return one;
}

const basic = () => `Basic ${btoa(`${encodeURIComponent(key.id)}:${encodeURIComponent(key.secret)}`)}`;

/** Asks the house; a form as a form, anything else as JSON. What is refused is thrown in the words of the answer. */
async function send(method, path, { body, authorization } = {}) {
  const isForm = body instanceof URLSearchParams;
  const answer = await fetch(path, {
    method,
    credentials: "omit",
    headers: {
      ...(authorization && { authorization }),
      "content-type": isForm ? "application/x-www-form-urlencoded" : "application/json",
      "accept-language": isEnglish() ? "en" : "zh",
    },
    body: body === undefined || isForm ? body : JSON.stringify(body),
  });
  const told = answer.status === 204 ? null : await answer.json();
  if (answer.ok) return told;
  const words = told.text ? [told.text, told.hint] : [say(told.error_description_zh, told.error_description)];
  throw new Error(words.filter(Boolean).join(isEnglish() ? ". " : "。"));
}

const ask = (method, path, body) => send(method, `/api/partners/developer${path}`, { body, authorization: basic() });

/** Does something and shows what is refused, beside it or at the top; the button rests meanwhile. */
async function attempt(work, button, told = said) {
  told.textContent = "";
  if (button) button.disabled = true;
  try {
    await work();
  } catch (wrong) {
    told.textContent = wrong instanceof TypeError ? say("没有连上，请检查网络后再试。", "No connection. Check the network and try again.") : wrong.message;
  } finally {
    if (button) button.disabled = false;
  }
}

function button(zh, en, work, style = "") {
  const one = make(`button.${style}`, say(zh, en));
  one.type = "button";
  one.addEventListener("click", () => void attempt(work, one));
  return one;
}

/** Shows what is shown this once; it stays, whatever else is drawn anew, until the developer says that it is kept. */
function keep(words, ...secrets) {
  const one = make("div.once", "", make("p", words), ...secrets.map((each) => make("p", "", make("code", each))));
  one.append(button("我已保存", "I have kept it", async () => one.remove()));
  kept.append(one);
}

const STATES = {
  sandbox: ["试用", "Sandbox"], review: ["审核中", "In review"], live: ["已上线", "Live"], suspended: ["已停用", "Suspended"],
};
const DONE = { wanted: ["等待重试", "Will be tried again"], done: ["已送达", "Delivered"], dead: ["没有送达", "Not delivered"] };

function usageOf(rows) {
  if (!rows.length) return make("p", say("最近 14 天没有调用。", "No calls in the last 14 days."));
  const body = make("tbody");
  for (const one of rows)
    body.append(make("tr", "", make("td", one.day), make("td", one.scope), make("td.number", String(one.calls)), make("td.number", String(one.refused))));
  const head = make("tr", "", make("th", say("日期", "Day")), make("th", say("权限", "Scope")), make("th.number", say("调用", "Calls")), make("th.number", say("被拒", "Refused")));
  return make("div.scroll", "", make("table", "", make("thead", "", head), body));
}

async function endpointRow(one) {
  const path = `/endpoints/${one.endpoint_id}`;
  const list = make("div");
  const row = make("div.row", "", make("code", one.url), make("span", one.events.join(", ")));
  if (one.state === "disabled") row.append(make("span.state suspended", say("已停止推送", "Disabled")), button("恢复", "Enable", async () => { await ask("POST", `${path}/enabling`); await open(); }));
  if (one.last_error) row.append(make("span", say(`最近一次失败：${one.last_error}`, `Last failure: ${one.last_error}`)));
  row.append(
    button("发送测试", "Send a test", async () => { await ask("POST", `${path}/ping`); said.textContent = say("已发出，稍后看推送记录。", "Sent; look at the deliveries in a moment."); }),
    button("更换签名密钥", "Rotate signing secret", async () => { const made = await ask("POST", `${path}/secrets`); keep(say("新的签名密钥，只显示这一次：", "The new signing secret, shown this once:"), made.signing_secret); }),
    button("推送记录", "Deliveries", async () => {
      const found = await ask("GET", `${path}/deliveries`);
      list.replaceChildren(...(found.length ? found.map((d) => make("p", `${d.event} · ${say(...DONE[d.state])} · ${d.tries} · ${d.last_error || d.last_status || ""}`, d.state === "dead" ? button("重新推送", "Send again", async () => { await ask("POST", `${path}/deliveries/${d.delivery_id}/resending`); await open(); }) : "")) : [make("p", say("还没有推送。", "Nothing was sent yet."))]));
    }),
    button("删除", "Delete", async () => { if (confirm(say("删除后不再推送到这个地址，未送达的也不再重试。", "Nothing more is sent there, and what waits is dropped."))) { await ask("DELETE", path); await open(); } }, "bad"),
  );
  return make("div", "", row, list);
}

function newEndpoint() {
  const url = make("input");
  url.placeholder = "https://";
  url.setAttribute("aria-label", say("推送地址", "Webhook address"));
  const events = ["application.progressed", "certificate.issued", "consent.ended"];
  return make("div", "", make("div.row", "", url, button("添加推送地址", "Add an address", async () => {
    const made = await ask("POST", "/endpoints", { url: url.value, events });
    keep(say("签名密钥，只显示这一次：", "Signing secret, shown this once:"), made.signing_secret);
    await open();
  })));
}

const FEATURE = {
  draft: ["草稿", "Draft"], checked: ["检查通过", "Checked"], review: ["审核中", "In review"], listed: ["已上架", "Listed"],
  superseded: ["旧版", "Superseded"], suspended: ["已停用", "Suspended"],
};

function featureRow(one) {
  const path = `/features/${one.feature_id}`;
  const row = make("div.row", "", make("b", isEnglish() ? one.title_en : one.title), make("code", `${one.code} · ${one.version}`), make("span.state", say(...FEATURE[one.state])));
  row.append(button("检查", "Check", async () => {
    const whole = await ask("POST", `${path}/check`);
    const wrong = whole.findings.filter((each) => each.outcome === "fail");
    await open();
    said.textContent = wrong.length ? wrong.map((each) => `${each.line}: ${each.why}`).join(" · ") : say("全部通过。", "All rules pass.");
  }));
  if (one.state === "checked") row.append(button("提交审核", "Ask for review", async () => { await ask("POST", `${path}/review`); await open(); }, "main"));
  return row;
}

function newFeature() {
  const text = make("textarea");
  text.rows = 6;
  text.spellcheck = false;
  text.placeholder = "code: my-feature\ntitle: …";
  text.setAttribute("aria-label", say("清单 feature.yaml", "The manifest feature.yaml"));
  return make("div", "", text, make("div.row", "", button("提交清单", "Hand in", async () => { await ask("POST", "/features", { manifest: text.value }); await open(); })));
}

async function open() {
  const [own, ends, cities] = [await ask("GET", ""), await ask("GET", "/endpoints"), await ask("GET", "/features")];
  const head = make("div.row", "", make("b", isEnglish() ? own.name_en : own.name), make(`span.state ${own.state}`, say(...STATES[own.state])), make("code", own.client_id), button("刷新", "Refresh", open));
  const about = make("p", say(`有效授权 ${own.consents} 个 · 可用密钥 ${own.secrets_that_work} 个 · 内嵌来源 ${own.frame_origins.join("、") || "无"}`, `Consents: ${own.consents} · working secrets: ${own.secrets_that_work} · framed from ${own.frame_origins.join(", ") || "nowhere"}`));
  const drawn = new DocumentFragment();
  drawn.append(head, about);
  if (own.state_reason) drawn.append(make("p.officers", say(`税务人员说：${own.state_reason}`, `The officers say: ${own.state_reason}`)));
  if (own.state === "review") drawn.append(make("p", say("审核期间不能修改；退回后可以。", "Nothing can be changed in review; when sent back it can.")));
  if (own.state === "suspended") drawn.append(make("p", say("全部凭证已失效。处理好后请联系接入支持，两位税务人员同意才能恢复。", "None of its tokens works. Once mended write to partner support; two officers must agree before it goes on.")));
  if (own.is_checked) drawn.append(make("p", say("一位税务人员已通过，等另一位复核。", "One officer approved it; another must confirm.")));
  const acts = make("div.row");
  if (own.state === "sandbox") acts.append(button("提交审核", "Ask for review", async () => { await ask("POST", "/review"); await open(); }, "main"));
  acts.append(button("更换密钥", "Rotate the secret", async () => {
    const made = await ask("POST", "/secrets");
    key.secret = made.client_secret;
    keep(say("新密钥，只显示这一次；旧密钥 7 天内仍可用：", "The new secret, shown this once; the old one works seven more days:"), made.client_secret);
    await open();
  }));
  if (own.secrets_that_work > 1) acts.append(button("立即作废旧密钥", "Drop old secrets now", async () => { await ask("DELETE", "/secrets"); await open(); }, "bad"));
  drawn.append(acts);
  if (own.state === "sandbox") drawn.append(changing(own));
  if (own.state === "sandbox" || own.state === "review") drawn.append(await trying(own));
  drawn.append(make("h3", say("推送地址", "Webhooks")));
  for (const one of ends) drawn.append(await endpointRow(one));
  drawn.append(newEndpoint(), make("h3", say("特色应用", "City features")));
  for (const one of cities) drawn.append(featureRow(one));
  drawn.append(newFeature(), make("h3", say("调用", "Calls")), usageOf(own.usage));
  place.replaceChildren(drawn); // at once, so that two looks at the same time do not mix
  place.hidden = false;
}

entrance.addEventListener("submit", (event) => {
  event.preventDefault();
  const given = new FormData(entrance);
  key = { id: String(given.get("id")).trim(), secret: String(given.get("secret")).trim() };
  void attempt(open, event.submitter);
});
