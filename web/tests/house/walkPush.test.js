/**
 * A push that is tapped: it arrives on the follower's phone (the sandbox's page), and opens the right page of the app, signed
 * in as the right one of the person's two hats, without a letter typed. Before that the WeChat is bound, by signing in once.
 */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openPhone, openStage } from "../mobile/stage.mjs";
import { codeAfter } from "../workbench/signIn.js";
import { says } from "./phone.js";
import { outside, people, sandbox, url } from "./place.js";

/** Whose WeChat no other walk binds. */
const { bookshop } = people;
const WECHAT = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 MicroMessenger/8.0.50 Language/zh_CN";
const step = (name, work) => test(name, { timeout: 40_000 }, work);
let stage;
let phone;
let chat;
let owner;

/** Somebody signed in at the API: asks in their name. */
async function signedIn(number, channel) {
  const send = (path, method, body, token) =>
    fetch(url + path, {
      method,
      headers: { "content-type": "application/json", ...(token && { authorization: `Bearer ${token}` }) },
      body: body && JSON.stringify(body),
    }).then((answer) => (answer.status === 204 ? null : answer.json()));
  const code = await codeAfter(number, () => send("/api/identity/sms-codes", "POST", { phone: number }));
  const device = { name: "walk", channel };
  const session = await send("/api/identity/sessions/sms", "POST", { phone: number, code, device });
  return (path, method = "GET", body = undefined) => send(path, method, body, session.access_token);
}

const kept = (page) => page.evaluate(() => JSON.parse(localStorage.getItem("palmtax.session") ?? "null"));

async function picture(page, name) {
  if (process.env.PALMTAX_PICTURES) await page.screenshot({ path: `${process.env.PALMTAX_PICTURES}/${name}.png` });
}

before(async () => {
  stage = await openStage();
  phone = await openPhone(stage, { locale: "zh-CN", timezoneId: "Asia/Shanghai", userAgent: WECHAT });
  phone.context.setDefaultTimeout(15_000);
  chat = await phone.context.newPage();
  await chat.goto(`${sandbox}/wechat/sandbox/?who=${encodeURIComponent(bookshop.name)}`);
  await outside("/wechat/sandbox/follow", { person: bookshop.name });
  owner = await signedIn(bookshop.phone, "h5");
});
after(async () => {
  await stage?.close();
});

step("opened in WeChat for the first time, one sign-in binds it", async () => {
  const { page } = phone;
  await page.goto(`${url}/#/pages/enter/index?to=%2Fpages%2Fmessages%2Findex&via=wechat_oa`);
  await says(page, "第一次从微信打开");
  await picture(page, "push-first-time");
  await page.locator("[data-field=phone] input").fill(bookshop.phone);
  const code = await codeAfter(bookshop.phone, () => page.getByText("获取验证码").click());
  await page.locator("[data-field=code] input").fill(code);
  await page.getByRole("checkbox").click({ position: { x: 12, y: 24 } });
  await page.getByRole("button", { name: "登录", exact: true }).click();
  await page.waitForURL(/pages\/messages\/index/);
  const bound = await owner("/api/identity/addresses");
  assert.deepEqual(bound.map((one) => one.family).filter((one) => one.startsWith("wechat")), ["wechat_oa"]);
});

step("a push is tapped and opens the shop's appointment, signed in as the shop", async () => {
  const { hats } = await owner("/api/identity/me");
  const hatOf = (kind) => hats.find((one) => one.kind === kind);
  await owner("/api/identity/hat", "POST", { hat_id: hatOf("enterprise").hat_id });
  const booked = await book();
  assert.equal(booked.state, "booked", JSON.stringify(booked));
  await owner("/api/identity/hat", "POST", { hat_id: hatOf("self").hat_id });
  await phone.page.evaluate(() => localStorage.clear()); // nobody is signed in on this phone any more
  await phone.page.close();

  const banner = chat.locator("#banner", { hasText: "预约" });
  await banner.waitFor();
  await picture(chat, "push-arrives");
  const [opened] = await Promise.all([phone.context.waitForEvent("page"), banner.click()]);
  await opened.waitForURL(/#\/appointments\/mine\/index$/);
  await says(opened, booked.time);
  const { me } = await kept(opened);
  assert.deepEqual([me.person.name, me.hat.title, me.hats.length > 1], [bookshop.name, bookshop.shop, true]);
  assert.equal(await opened.locator("input").count(), 0, "nothing to type");
  await picture(opened, "push-opened");
});

/** Books the first free place there is: the hall answers with a message, at any hour. */
async function book() {
  for (const hall of await owner("/api/appointments/halls?topic=invoice")) {
    const path = `/api/appointments/halls/${hall.office_code}`;
    for (const { day } of await owner(`${path}/days?topic=invoice`)) {
      for (const { time, places } of await owner(`${path}/slots?topic=invoice&day=${day}`)) {
        const wanted = { office_code: hall.office_code, topic: "invoice", day, time };
        if (places > 0) return owner("/api/appointments/bookings", "POST", wanted);
      }
    }
  }
  throw new Error("no hall has a place");
}

test("nothing was complained of by the page", () => {
  assert.deepEqual(phone.complaints, []);
});
