/**
 * A channel dies and comes back, on a real house: its tokens are revoked and the account refused; 渠道监控 says so in words
 * within a minute without any message, those on duty are told once, the public status page knows, and all of it ends by itself.
 */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openPhone, openStage } from "../mobile/stage.mjs";
import { signIn } from "../workbench/signIn.js";
import { outside, people, sandbox, url } from "./place.js";

const RED_WITHIN_MS = 60_000;
const EVERY_MS = 500;
const DESK = { viewport: { width: 1440, height: 900 } };
const step = (name, work) => test(name, { timeout: 2 * RED_WITHIN_MS }, work);
let stage;
let page;

before(async () => {
  stage = await openStage();
  const desk = await openPhone({ ...stage, web: url }, { locale: "zh-CN", timezoneId: "Asia/Shanghai", ...DESK });
  page = desk.page;
  page.setDefaultTimeout(15_000);
  await signIn(page, url, { phone: people.keys.phone, ready: "nav a" });
});
after(async () => {
  await quiet();
  await stage?.close();
});

const quiet = () => fetch(`${sandbox}/sandbox/faults`, { method: "DELETE" });
const status = async () => (await fetch(`${url}/api/status`)).json();
const lineOf = (told) => told.lines.find((line) => line.code === "wechat_oa");
async function picture(name, where = page) {
  if (process.env.PALMTAX_PICTURES)
    await where.screenshot({ path: `${process.env.PALMTAX_PICTURES}/${name}.png`, fullPage: true });
}

/** Waits until the public state of the channel is this; gives how long it took. */
async function until(state) {
  const began = Date.now();
  while (lineOf(await status()).state !== state) {
    assert.ok(Date.now() - began < RED_WITHIN_MS, `the channel was not ${state} within a minute`);
    await new Promise((wake) => setTimeout(wake, EVERY_MS));
  }
  return Date.now() - began;
}

step("all is well: the light is green, and everybody may see it", async () => {
  await until("up");
  await page.goto(`${url}/workbench/channels`);
  await page.locator('[data-channel="wechat_oa"]').getByText("正常").waitFor();
});

step("tokens revoked and the account refused: red within a minute, without a message", async () => {
  await outside("/wechat/sandbox/revoke-tokens", {});
  await outside("/sandbox/faults", { server: "wechat", kind: "errcode", code: "40125", count: 100_000 });
  const took = await until("down");
  console.log(`red after ${(took / 1000).toFixed(1)} s`);
  await page.reload();
  const row = page.locator('[data-channel="wechat_oa"]');
  await row.getByText("不可用").waitFor();
  await row.locator(".name").click();
  await page.locator("[data-detail]").getByText("公众号密钥无效").first().waitFor();
  await picture("red-channels");
});

step("the public page says it in plain words, in both languages, and nothing more", async () => {
  await page.goto(`${url}/status`);
  await page.locator('[data-line="wechat_oa"][data-state="down"]').waitFor();
  const words = await page.locator("main").innerText();
  assert.ok(!words.includes("40125") && !words.includes("密钥"), "reasons are for officers");
  await picture("red-status");
  await page.getByRole("link", { name: "English" }).click();
  await page.locator('[data-line="wechat_oa"]').getByText("Not working").waitFor();
});

step("the platform lets us in again: green by itself", async () => {
  await quiet();
  await until("up");
  await page.goto(`${url}/workbench/channels`);
  await page.locator('[data-channel="wechat_oa"]').getByText("正常").waitFor();
});
