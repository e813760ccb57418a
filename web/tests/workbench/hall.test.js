/** The hall in Chromium on the mock: calling, the day's visits, the plan, the screen on the wall. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { chromiumPath, openBrowser } from "./browser.js";
import { OFFICE } from "./mock/caseData.js";
import { startMock } from "./mock/server.js";
import { signIn } from "./signIn.js";

const PATIENCE_MS = 60_000;
const noBrowser = chromiumPath() ? false : "no Chromium found: browser journeys are NOT run";
const skip = noBrowser || (process.env.PALMTAX_URL ? "needs the mock" : false);
const step = (name, work) => test(name, { skip, timeout: PATIENCE_MS }, work);

let mock;
let browser;
let page;
before(async () => {
  if (skip) return;
  mock = await startMock({ hat: "case_officer", cases: 20 });
  browser = await openBrowser();
  page = browser.page;
  page.setDefaultTimeout(10_000);
  await signIn(page, mock.url, { ready: "tr[data-task], .state" });
});
after(async () => {
  await browser?.close();
  await mock?.stop();
});

step("a window calls the next number and says who was not there", async () => {
  await page.goto(`${mock.url}/workbench/hall`);
  await page.locator("[data-screen]").waitFor();
  assert.ok(await page.locator("[data-call]").isDisabled(), "first the desks");
  await page.locator("[data-desks]").click();
  await page.locator(".t-select-option", { hasText: "申报纳税" }).click();
  await page.locator(".hall h1").click();
  await page.locator("[data-call]").click();
  await page.locator(".now strong", { hasText: "A101" }).waitFor();
  await page.locator('[data-last="absent"]').click();
  const sent = page.waitForRequest((request) => request.method() === "POST" && request.url().endsWith("/calls"));
  await page.keyboard.press("n");
  assert.equal((await sent).postDataJSON().last_was, "absent");
  await page.locator(".now strong", { hasText: "A102" }).waitFor();
});

step("the day's visits: who is here, served without calling anybody, and back again", async () => {
  const row = (state) => page.locator(`tr[data-visit="${state}"]`);
  await row("booked").first().locator('[data-do="arrive"]').click();
  await page.locator("[data-visits] [data-told]", { hasText: "B150" }).waitFor();
  await row("booked").nth(1).waitFor({ state: "detached" });
  assert.equal(await row("booked").count(), 1);
  await page.locator("[data-end]").click();
  await page.locator(".window [data-told]", { hasText: "A102 已记为“已办”" }).waitFor();
  await page.locator(".now", { hasText: "没有人在等" }).waitFor();
  await page.locator(".window [data-undo]").click();
  await page.locator(".now strong", { hasText: "A102" }).waitFor();
  await page.locator('[data-desk-day="tax"].full', { hasText: "候补 7 人" }).waitFor();
});

step("the plan is shown to every post of the hall, and changed by those who may", async () => {
  await page.locator('[data-part="plan"]').click();
  await page.locator('input[name="places-invoice"]').fill("5");
  await page.locator("[data-save]").click();
  await page.getByText("已保存，新放的号按新安排。").waitFor();
  assert.equal((await page.locator('[data-plan-desk="invoice"] .number').innerText()).trim(), "65");
  await page.locator("[data-standard]").click();
  await page.locator("[data-save]").click();
  await page.locator("[data-save]:disabled").waitFor();
  await page.goto(`${mock.url}/workbench/hall/${OFFICE[0]}/screen`);
  await page.locator("main[data-wall] .newest strong").waitFor();
});

step("nothing went wrong unseen", () => assert.deepEqual(browser.faults, []));
