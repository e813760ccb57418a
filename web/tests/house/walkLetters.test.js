/**
 * Ways to be told, walked on a real house: an e-mail address is bound with the code that came to its mailbox, notifications of
 * the browser are switched on and off, a letter to an address that is refused dies, an officer sees why, and sends it again
 * once the address is mended.
 */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openPhone, openStage } from "../mobile/stage.mjs";
import { signIn } from "../workbench/signIn.js";
import { signInOnPhone } from "./officer.js";
import { listenTo, press, says, visit } from "./phone.js";
import { outside, people, sandbox, url } from "./place.js";

const { toys, keys } = people;
const MAIL = `toys-${Date.now()}@taxpayer.example`;
const step = (name, work) => test(name, { timeout: 60_000 }, work);
let stage;
let phone;
let page;
let desk;
let ask;

/** Headless Chromium has no push service: the sandbox's takes its place, with real keys, and opens what comes. */
async function withPushService(context) {
  await context.grantPermissions(["notifications"], { origin: url });
  await context.exposeFunction("subscribeOutside", (key) =>
    outside("/web-push/sandbox/subscribe", { person: toys.name, applicationServerKey: key }),
  );
  await context.addInitScript(() => {
    const base64url = (bytes) => btoa(String.fromCharCode(...bytes)).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
    const kept = (found) => (found ? localStorage.setItem("walk.push", JSON.stringify(found)) : localStorage.removeItem("walk.push"));
    const current = () => {
      const found = JSON.parse(localStorage.getItem("walk.push") ?? "null");
      return found && { endpoint: found.endpoint, toJSON: () => found, unsubscribe: async () => (kept(null), true) };
    };
    PushManager.prototype.getSubscription = async () => current();
    PushManager.prototype.subscribe = async ({ applicationServerKey }) => {
      kept(await window.subscribeOutside(base64url(applicationServerKey)));
      return current();
    };
  });
}

before(async () => {
  stage = await openStage();
  phone = await openPhone(stage, { locale: "zh-CN", timezoneId: "Asia/Shanghai", serviceWorkers: "allow" });
  await withPushService(phone.context);
  page = phone.page;
  page.setDefaultTimeout(15_000);
  ask = listenTo(page);
  await signInOnPhone(page, toys.phone);
  const opened = await openPhone(stage, { locale: "zh-CN", timezoneId: "Asia/Shanghai", width: 1440, height: 900 });
  desk = opened.page;
  desk.setDefaultTimeout(15_000);
  await signIn(desk, url, { phone: keys.phone, ready: "nav a" });
});
after(async () => {
  await fetch(`${sandbox}/sandbox/faults`, { method: "DELETE" });
  await stage?.close();
});

async function picture(where, name) {
  if (process.env.PALMTAX_PICTURES) await where.screenshot({ path: `${process.env.PALMTAX_PICTURES}/${name}.png`, fullPage: true });
}

const lettersTo = async (address) =>
  (await fetch(`${sandbox}/email/sandbox/inbox?address=${address}`).then((answer) => answer.json())).messages;

/** What `look` gives once it gives anything. */
async function until(look, words) {
  for (const end = Date.now() + 15_000; Date.now() < end; await new Promise((wake) => setTimeout(wake, 200))) {
    const found = await look();
    if (found) return found;
  }
  throw new Error(words);
}

async function bindMail(address) {
  const before = (await lettersTo(address)).length;
  await page.getByText("绑定邮箱", { exact: true }).last().click();
  await page.locator("[data-field=mail-address] input").last().fill(address);
  await page.getByText("获取验证码").last().click();
  const letter = await until(async () => (await lettersTo(address)).length > before && (await lettersTo(address))[0], "no code came");
  await page.locator("[data-field=mail-code] input").last().fill(/\d{6}/.exec(letter.text)[0]);
  await press(page, "绑定");
  await says(page, "邮箱已绑定");
}

/** Presses a switch and waits until it stands as wanted. */
async function turn(name, isOn) {
  const one = page.getByRole("switch", { name, exact: true }).last();
  await one.waitFor();
  if ((await one.getAttribute("aria-checked")) !== String(isOn)) await one.click();
  await page.locator(`[role=switch][aria-label="${name}"][aria-checked="${isOn}"]`).last().waitFor();
}

const of = async (family) => (await ask("/api/identity/addresses")).filter((one) => one.family === family);

step("a mailbox that does not exist is refused in words", async () => {
  await visit(page, "/account/notices/index");
  await page.getByText("绑定邮箱", { exact: true }).last().click();
  await page.locator("[data-field=mail-address] input").last().fill("nobody@taxpayer.example");
  await page.getByText("获取验证码").last().click();
  await says(page, /没有这个邮箱，或者它不收信/);
  await picture(page, "letters-no-mailbox");
  await visit(page, "/account/notices/index");
});

step("the code in the mailbox binds the address", async () => {
  await bindMail(MAIL);
  await says(page, "t***@taxpayer.example");
  assert.equal((await of("email"))[0].is_reachable, true);
  await picture(page, "letters-bound");
});

step("notifications of this browser are switched on, off and on: the house knows each time", async () => {
  await turn("这个浏览器的通知", true);
  await says(page, "通知已开启");
  await until(async () => (await of("web_push")).length === 1, "not bound");
  await turn("这个浏览器的通知", false);
  await until(async () => (await of("web_push")).length === 0, "still bound");
  await turn("这个浏览器的通知", true);
  await until(async () => (await of("web_push")).length === 1, "not bound again");
  await picture(page, "letters-push-on");
});

/** Books the first free place there is: the hall answers with a message, at any hour. */
async function book() {
  for (const hall of await ask("/api/appointments/halls?topic=invoice")) {
    const path = `/api/appointments/halls/${hall.office_code}`;
    for (const { day } of await ask(`${path}/days?topic=invoice`)) {
      for (const { time, places } of await ask(`${path}/slots?topic=invoice&day=${day}`)) {
        if (places > 0) return ask("/api/appointments/bookings", "POST", { office_code: hall.office_code, topic: "invoice", day, time });
      }
    }
  }
  throw new Error("no hall has a place");
}

const cancel = (one) => ask(`/api/appointments/bookings/${one.booking_id}/cancellation`, "POST", { reason: "" });

step("only by e-mail; the mailbox is gone, and the letter dies", async () => {
  await turn("这个浏览器的通知", false);
  for (const way of ["短信", "微信", "应用推送"]) await turn(way, false);
  await turn("电子邮件", true);
  await outside("/sandbox/faults", { server: "email", kind: "refuse", code: "550", count: 1 });
  const booked = await book();
  assert.equal(booked.state, "booked", JSON.stringify(booked));
  await until(async () => (await of("email"))[0].is_reachable === false, "the address still counts as reachable");
  await cancel(booked);
  await visit(page, "/account/notices/index");
  await says(page, "收不到");
  await picture(page, "letters-unreachable");
});

const letter = () => desk.locator("tr[data-letter]", { hasText: "没有这个邮箱" }).first();

step("the officer sees it among the dead letters, with the reason in words", async () => {
  await desk.goto(`${url}/workbench/dead-letters`);
  await letter().waitFor();
  await letter().locator(".name").click();
  const detail = desk.locator("[data-detail]");
  await detail.getByText("没有这个邮箱").waitFor();
  await detail.getByText("请本人更新联系方式后重发", { exact: false }).waitFor();
  assert.doesNotMatch(await desk.locator(".page").innerText(), new RegExp(`${MAIL}|${toys.name}`), "neither address nor whole name");
  await picture(desk, "letters-dead");
});

step("the address is mended, the letter is sent again and arrives", async () => {
  await bindMail(MAIL);
  const before = (await lettersTo(MAIL)).length;
  await letter().locator("input[type=checkbox]").check();
  await desk.locator("[data-resend]").click();
  await desk.getByText("已重发 1 条").waitFor();
  const arrived = await until(async () => (await lettersTo(MAIL)).length > before && (await lettersTo(MAIL))[0], "it did not arrive");
  assert.match(arrived.subject, /预约/);
  await letter().waitFor({ state: "detached" });
  await picture(desk, "letters-resent");
});

test("nothing was complained of by the page", () => {
  assert.deepEqual(phone.complaints, []);
});
