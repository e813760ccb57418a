/**
 * Electronic service to its end, on a real house and on the same house eight days later: an officer decides, the notice is
 * served and unread, a telephone task comes up and its outcome is recorded, the person opens the paper on the phone, and a
 * certificate of service can be opened. A push wakes the service worker, and a tap on it opens that very document.
 */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openPhone, openStage } from "../mobile/stage.mjs";
import { codeAfter, signIn } from "../workbench/signIn.js";
import { openLater } from "./later.js";
import { signInOnPhone } from "./officer.js";
import { listenTo, press, says, visit } from "./phone.js";
import { people, url } from "./place.js";

const { design, officer } = people;
const DESK = { width: 1440, height: 900 };
/** Past the third day (another way) and the seventh (a call), before the fifteenth (paper). */
const LATER_DAYS = 8;
const TICKS = ["messaging.escalate", "messaging.escalate"];
const TITLE = "税费种认定通知书";
const ANSWERS = { want: "add", tax: "property", frequency: "half_year", valid_from: "2026-11-01", reason: "十月买了厂房" };
const step = (name, work) => test(name, { timeout: 120_000 }, work);
let stage;
let phone;
let desk;
let ask;
let later;
const windows = [];

async function open(where, more = {}) {
  const one = await openPhone(where, { locale: "zh-CN", timezoneId: "Asia/Shanghai", ...more });
  one.context.setDefaultTimeout(15_000);
  windows.push(one);
  return one.page;
}
async function picture(page, name) {
  if (process.env.PALMTAX_PICTURES)
    await page.screenshot({ path: `${process.env.PALMTAX_PICTURES}/${name}.png`, fullPage: true });
}

before(async () => {
  stage = await openStage();
  phone = await open(stage, { serviceWorkers: "allow" });
  ask = listenTo(phone);
  await signInOnPhone(phone, design.phone);
  await says(phone, "常办的事");
});
after(async () => {
  await stage?.close();
  await later?.close();
});

step("the agreement is signed, and an application handed in", async () => {
  await visit(phone, "/account/notices/index");
  await phone.getByRole("switch", { name: "税务文书电子送达确认书", exact: true }).last().click();
  await press(phone, "签订确认书");
  await phone.locator("[data-field=factor-code]").last().waitFor();
  const code = await codeAfter(design.phone, () => phone.getByText("获取验证码").last().click());
  await phone.locator("[data-field=factor-code] input").last().fill(code);
  await press(phone, "确认");
  await phone.locator('[role=switch][aria-label="税务文书电子送达确认书"][aria-checked="true"]').last().waitFor();
  const draft = await ask("/api/matters/applications", "POST", { matter_code: "HDGL-005", fresh: true });
  const here = `/api/matters/applications/${draft.application_id}`;
  const filled = await ask(here, "PATCH", { version: draft.version, answers: ANSWERS });
  const given = { version: filled.version, idempotency_key: `walk-${draft.application_id}`, is_confirmed: true };
  const sent = await ask(`${here}/submission`, "POST", given);
  assert.equal(sent.state, "submitted", JSON.stringify(sent));
});

step("an officer decides, and the notice is served into the inbox", async () => {
  desk = await open(stage, DESK);
  await signIn(desk, url, { phone: officer.phone, ready: "nav a" });
  await desk.goto(`${url}/workbench/tasks?view=all&kind=matter&q=${encodeURIComponent(design.shop)}`);
  await desk.locator("tr[data-task]", { hasText: "税种认定" }).first().click();
  await desk.locator('[data-step="yes"]').click();
  await desk.locator("[data-acts] [data-send]").click();
  await desk.locator(".why", { hasText: "已办结" }).waitFor();
  await visit(phone, "/pages/messages/index");
  await phone.getByText(/税务文书已送达/).first().click();
  await phone.waitForURL(/certificates\/served/);
  await says(phone, TITLE);
  await says(phone, "请查收");
  await says(phone, "文书进入收件箱的日期就是送达日期");
  await picture(phone, "served-unread");
});

step("a push wakes the service worker, and a tap opens that document", async () => {
  const place = phone.url().replace(/.*#/, "");
  await phone.context().grantPermissions(["notifications"], { origin: url });
  const cdp = await phone.context().newCDPSession(phone);
  const workers = new Map();
  cdp.on("ServiceWorker.workerRegistrationUpdated", ({ registrations }) => {
    for (const one of registrations) workers.set(one.scopeURL, one.registrationId);
  });
  await cdp.send("ServiceWorker.enable");
  await phone.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  await phone.waitForTimeout(200);
  const registrationId = workers.get(`${url}/`);
  const push = (data) => cdp.send("ServiceWorker.deliverPushMessage", { origin: url, registrationId, data });
  const shown = () =>
    phone.evaluate(async () => {
      const worker = await navigator.serviceWorker.ready;
      return (await worker.getNotifications()).map(({ title, body, data }) => ({ title, body, link: data.link }));
    });
  const until = async (count) => {
    for (let turn = 0; turn < 50 && (await shown()).length < count; turn += 1) await phone.waitForTimeout(100);
    return shown();
  };
  const link = `${url}/#${place}`;
  await push(JSON.stringify({ title: "税务文书已送达：TZ1", body: "请到掌税查看。", link }));
  assert.deepEqual(await until(1), [{ title: "税务文书已送达：TZ1", body: "请到掌税查看。", link }]);
  await push("no JSON at all");
  assert.ok((await until(2)).some((one) => one.title === "掌税"));
  await visit(phone, "/pages/me/index");
  const worker = phone.context().serviceWorkers()[0];
  const tap = (where) =>
    worker.evaluate((address) => {
      const event = new Event("notificationclick");
      event.notification = { close: () => undefined, data: { link: address } };
      event.waitUntil = () => undefined;
      self.dispatchEvent(event);
    }, where);
  await tap("https://elsewhere.example/#/pages/me/index");
  await phone.waitForURL((address) => address.origin === url);
  await tap(link);
  await phone.waitForURL(/certificates\/served/);
  await says(phone, TITLE);
});

step("eight days later nobody has read it: an officer calls, and the outcome is recorded", async () => {
  later = await openLater(LATER_DAYS, TICKS);
  desk = await open({ ...stage, web: later.url }, DESK);
  await signIn(desk, later.url, { phone: officer.phone, ready: "nav a" });
  const tasks = `${later.url}/workbench/tasks?view=all&kind=service`;
  const row = desk.locator("tr[data-task]", { hasText: TITLE }).first();
  await desk.goto(tasks);
  for (let turn = 0; turn < 20 && !(await row.count()); turn += 1) {
    await desk.waitForTimeout(500); // the worker may still be telling the queue
    await desk.goto(tasks);
  }
  await row.click();
  await desk.locator('[data-subject="service"]', { hasText: "未阅读" }).waitFor();
  await desk.locator('[data-step="phone"]').click();
  const number = desk.locator("[data-call] [data-number]").first();
  assert.match(await number.innerText(), /^\d{3}\*{4}\d{4}$/);
  await desk.fill('[data-call] input[name="reason"]', "电话提醒查收文书");
  await desk.locator("[data-show]").click();
  await desk.locator("[data-call] [data-number]", { hasText: design.phone }).waitFor();
  await picture(desk, "served-call");
  await desk.fill('[data-call] input[name="note"]', "答应今天查看");
  await desk.locator("[data-call] [data-send]").click();
  await desk.locator(".why", { hasText: "已办结" }).waitFor();
  await desk.locator("[data-trail]", { hasText: "电话联系到本人" }).waitFor();
  await picture(desk, "served-called");
});

step("the person opens the paper, and the certificate of service", async () => {
  phone = await open({ ...stage, web: later.url });
  await signInOnPhone(phone, design.phone, later.url);
  await visit(phone, "/certificates/served/index", later.url);
  await phone.getByText(TITLE).first().click();
  await says(phone, "电话联系到本人");
  const pdf = (where) => phone.context().waitForEvent("response", (answer) => where.test(answer.url()));
  const [paper] = await Promise.all([pdf(/certificates\/documents\/.*\/pdf/), press(phone, "打开文书（PDF）")]);
  assert.equal(paper.headers()["content-type"], "application/pdf");
  await phone.bringToFront();
  await says(phone, "已阅读");
  const proof = phone.getByText("阅读后制作的送达回证");
  for (let turn = 0; turn < 20 && !(await proof.count()); turn += 1) {
    await phone.waitForTimeout(500); // made by the worker once it hears of the reading
    await phone.reload();
    await says(phone, "送达回证");
  }
  await picture(phone, "served-read");
  const [certificate] = await Promise.all([pdf(/certificates\/proofs\/.*\/pdf/), proof.first().click()]);
  assert.equal(certificate.headers()["content-type"], "application/pdf");
  const { authorization } = await certificate.request().allHeaders();
  const again = await fetch(certificate.url(), { headers: { authorization } });
  assert.equal((await again.text()).slice(0, 5), "%PDF-");
});

test("nothing was complained of by the pages", () => {
  assert.deepEqual(windows.flatMap((one) => one.complaints), []);
});
