/**
 * Inside Alipay: two officers switch the life channel on; a page of ours opened in Alipay's browser binds the Alipay by one
 * ordinary sign-in, opens without a letter typed the next time, and a spent code is refused in words.
 */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openPhone, openStage } from "../mobile/stage.mjs";
import { codeAfter } from "../workbench/signIn.js";
import { says } from "./phone.js";
import { people, sandbox, url } from "./place.js";

/** Whose Alipay no other walk binds. */
const { design } = people;
const ALIPAY = "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/130.0 Mobile Safari/537.36 NebulaSDK/1.8 AlipayClient/10.7.0";
const MESSAGES = `${url}/#/pages/enter/index?to=%2Fpages%2Fmessages%2Findex&via=alipay_life`;
const step = (name, work) => test(name, { timeout: 60_000 }, work);
let stage;
let keys;
let otherKeys;
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
  const session = await send("/api/identity/sessions/sms", "POST", { phone: number, code, device: { name: "walk", channel } });
  return (path, method = "GET", body = undefined) => send(path, method, body, session.access_token);
}

/** A phone on which this person's Alipay is open. */
async function inAlipay() {
  const phone = await openPhone(stage, { locale: "zh-CN", timezoneId: "Asia/Shanghai", userAgent: ALIPAY });
  phone.context.setDefaultTimeout(15_000);
  const chat = await phone.context.newPage();
  await chat.goto(`${sandbox}/alipay/sandbox/?who=${encodeURIComponent(design.name)}`);
  await chat.close();
  return phone;
}

const switched = (officer, is_on) => officer("/api/channels/alipay_life/switch", "POST", { is_on, reason: "生活号上线试行" });
async function picture(page, name) {
  if (process.env.PALMTAX_PICTURES) await page.screenshot({ path: `${process.env.PALMTAX_PICTURES}/${name}.png` });
}

before(async () => {
  stage = await openStage();
  keys = await signedIn(people.keys.phone, "workbench");
  otherKeys = await signedIn(people.otherKeys.phone, "workbench");
  owner = await signedIn(design.phone, "h5");
  assert.deepEqual(await switched(keys, true), { is_on: false, is_waiting: true });
  assert.deepEqual(await switched(otherKeys, true), { is_on: true, is_waiting: false });
});
after(async () => {
  await switched?.(keys, false);
  await stage?.close();
});

step("opened in Alipay for the first time, one sign-in binds it", async () => {
  const { page, complaints } = await inAlipay();
  await page.goto(MESSAGES);
  await says(page, "第一次从支付宝打开");
  assert.ok(!page.url().includes("auth_code"), page.url());
  await picture(page, "alipay-first-time");
  await page.locator("[data-field=phone] input").fill(design.phone);
  const code = await codeAfter(design.phone, () => page.getByText("获取验证码").click());
  await page.locator("[data-field=code] input").fill(code);
  await page.getByRole("checkbox").click({ position: { x: 12, y: 24 } });
  await page.getByRole("button", { name: "登录", exact: true }).click();
  await page.waitForURL(/pages\/messages\/index/);
  const bound = await owner("/api/identity/addresses");
  assert.ok(bound.some((one) => one.family === "alipay" && one.is_reachable), JSON.stringify(bound));
  assert.deepEqual(complaints, []);
});

step("the next time it opens signed in, and nothing is typed", async () => {
  const { page, complaints } = await inAlipay();
  await page.goto(MESSAGES);
  await page.waitForURL(/#\/pages\/messages\/index$/);
  const kept = await page.evaluate(() => JSON.parse(localStorage.getItem("palmtax.session")));
  assert.equal(kept.me.person.name, design.name);
  assert.equal(await page.locator("input").count(), 0);
  await picture(page, "alipay-signed-in");
  assert.deepEqual(complaints, []);
});

step("a state of nobody's is refused in words, with the ordinary way beside it", async () => {
  const { page } = await inAlipay();
  await page.goto(`${url}/?app_id=2021&scope=auth_base&auth_code=0123456789abcdef&state=abcdefghijklmnopqrstuvwx`);
  await says(page, "这次登录已失效");
  await page.getByText("用手机号登录").waitFor();
  await picture(page, "alipay-refused");
});
