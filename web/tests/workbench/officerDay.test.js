/**
 * An officer's day by keyboard alone, on the mock with 240 open cases: take, open, ask for more, decide, refuse, next,
 * undo, hand over, mention, many at once, a view of one's own, absence; then a supervisor's board. No mouse, no fill.
 */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { chromiumPath, openBrowser } from "./browser.js";
import { startMock } from "./mock/server.js";
import { measured } from "./officerSpeed.js";
import { signIn } from "./signIn.js";

const PATIENCE_MS = 90_000;
const MOST_TABS = 160;
const LONGEST_STEP_MS = 100;
const noBrowser = chromiumPath() ? false : "no Chromium found: browser journeys are NOT run";
const skip = noBrowser || (process.env.PALMTAX_URL ? "needs the mock" : false);
if (noBrowser) console.error(noBrowser);
const [OFFICER, SUPERVISOR] = ["13900000001", "13900000012"];

let mock;
let page;
const opened = [];
async function enter(phone, size) {
  const browser = await openBrowser(size);
  opened.push(browser);
  browser.page.setDefaultTimeout(10_000);
  await signIn(browser.page, mock.url, { phone, ready: "tr[data-task], .state" });
  return browser.page;
}
before(async () => {
  if (skip) return;
  mock = await startMock({ hat: "case_officer", cases: 240 });
  page = await enter(OFFICER);
});
after(async () => {
  for (const browser of opened) await browser.close();
  await mock?.stop();
});

const step = (name, work) => test(name, { skip, timeout: PATIENCE_MS }, work);
const press = async (...keys) => {
  for (const key of keys) await page.keyboard.press(key);
};
const type = (text) => page.keyboard.type(text);
const known = async (id) => (await (await fetch(`${mock.url}/mock/cases`)).json()).find((one) => one.case_id === id);
const current = () => page.locator('[data-current="true"]').getAttribute("data-task");
const openCase = () => /tasks\/([0-9a-f-]{36})/.exec(page.url())?.[1] ?? null;
const told = (words) => page.locator("[data-told]", { hasText: words }).waitFor();
const focusIs = (selector) => page.waitForFunction((one) => !!document.activeElement?.matches(one), selector);

/** Presses Tab, or Shift and Tab, until the focus is on something that matches. */
async function tabTo(selector, key = "Tab") {
  for (let turn = 0; turn < MOST_TABS; turn += 1) {
    await page.keyboard.press(key);
    if (await page.evaluate((one) => !!document.activeElement?.matches(one), selector)) return;
  }
  throw new Error(`${MOST_TABS} times ${key} did not reach ${selector}.`);
}
async function opensNext(before_) {
  await press("n");
  await page.waitForURL((address) => !address.pathname.includes(before_));
  await page.locator("[data-case] [data-acts] [data-step]").first().waitFor();
  return openCase();
}

step("take, undo, take again, open", async () => {
  await press("2");
  await page.waitForURL(/view=group/);
  await page.locator("tr[data-task]").first().waitFor();
  await press("j", "j", "k");
  const id = await current();
  await press("c");
  await told("已认领 1 件");
  assert.equal((await known(id)).claimed_by, 1);
  await press("u");
  await told("已撤销");
  assert.equal((await known(id)).claimed_by, null);
  await page.locator(`[data-current="true"][data-task="${id}"]`).waitFor();
  await press("Enter");
  await page.locator(`[data-case="${id}"] [data-acts] [data-step]`).first().waitFor();
  await press("Escape");
  await page.locator("tr[data-task]").first().waitFor();
});

step("ask for more: questions and papers are ticked, the next case is one key away", async () => {
  await page.goto(`${mock.url}/workbench/tasks?view=group&skill=invoice`);
  await page.locator("tr[data-task]").first().waitFor();
  const id = await current();
  await press("Enter");
  await page.locator("[data-case] [data-ask]").first().waitFor();
  await press("c");
  await page.locator('[data-step="supplement"]').waitFor();
  await press("s");
  await focusIs("[data-supplement-form] textarea");
  await type("请补充与合同编号对应的合同");
  await tabTo('[data-paper-code="contract"] input', "Shift+Tab");
  await press("Space");
  await tabTo('[data-ask="q4"] input', "Shift+Tab");
  await press("Space");
  await tabTo("[data-supplement-form] textarea");
  const sent = page.waitForRequest((request) => request.url().endsWith("/supplement"));
  await press("Control+Enter");
  const body = (await sent).postDataJSON();
  assert.deepEqual([body.asks, body.papers], [["q4"], ["contract"]]);
  await page.locator('[data-step="next"]').waitFor();
  assert.equal((await known(id)).state, "waiting");
  assert.notEqual(await opensNext(id), id);
});

step("what a yes and a no will do is read before deciding; Escape leaves the opinion, not the case", async () => {
  const id = openCase();
  await press("c", "e");
  await focusIs("[data-opinion] textarea");
  assert.match(
    await page.locator('[data-opinion] [data-follows="yes"]').innerText(),
    /调整发票总额度[\s\S]*500,000\.00 元/,
  );
  await press("Escape");
  await page.locator("[data-opinion]").waitFor({ state: "detached" });
  assert.equal(openCase(), id);
  await press("d");
  await focusIs("[data-opinion] textarea");
  assert.match(await page.locator('[data-opinion] [data-follows="no"]').innerText(), /登记和税款都不变/);
  await press("Shift+Tab", "Shift+Tab");
  await tabTo('[data-outcome="yes"]', "Shift+Tab");
  await press("Space");
  await tabTo("[data-opinion] textarea");
  await type("合同与额度相符");
  await press("Control+Enter");
  await page.locator("[data-decision]", { hasText: "同意" }).waitFor();
  assert.equal((await known(id)).outcome, "yes");
  const following = await opensNext(id);
  await press("d");
  await focusIs("[data-opinion] textarea");
  await tabTo("[data-usual].own", "Shift+Tab");
  await press("Enter");
  await tabTo("[data-opinion] [data-send]");
  await press("Enter");
  await page.locator("[data-decision]", { hasText: "不同意" }).waitFor();
  assert.equal((await known(following)).outcome, "no");
});

step("hand over: an office is found by initials and by code, the reason is next", async () => {
  const id = await opensNext(openCase());
  await press("o");
  await focusIs('input[name="office"]');
  await page.locator("#office-list li").nth(3).waitFor();
  assert.equal(await page.locator('#office-list [data-office-code="13301990100"]').count(), 0, "not to itself");
  await type("13302");
  await page.waitForFunction(() => document.querySelectorAll("#office-list li").length === 1);
  await press("Escape");
  await page.waitForFunction(() => document.querySelectorAll("#office-list li").length === 4);
  await type("qsqsw");
  await page.locator('#office-list [aria-selected="true"]', { hasText: "青石区税务局" }).waitFor();
  await page.waitForFunction(() => document.querySelectorAll("#office-list li").length === 1);
  await press("Enter");
  await focusIs("[data-handover] textarea");
  await type("企业已迁到青石区");
  const sent = page.waitForRequest((request) => request.url().includes("/handovers"));
  await press("Control+Enter");
  const body = (await sent).postDataJSON();
  assert.deepEqual([body.office_code, body.reason], ["13301980000", "企业已迁到青石区"]);
  await page.locator("[data-handover]").waitFor({ state: "detached" });
  assert.equal((await known(id)).office_code, "13301980000");
});

step("a note mentions a colleague, and every act stands in the history", async () => {
  await press("m");
  await focusIs('textarea[name="note"]');
  await type("请看 @沈");
  await page.locator("#mention-list li").first().waitFor();
  await press("Enter");
  await type("已移交");
  await press("Control+Enter");
  await page.locator("[data-note]", { hasText: "请看 @沈*秋 已移交" }).waitFor();
  await press("Escape", "4");
  await page.locator("[data-history]").waitFor();
  await tabTo("[data-audit] button");
  await press("Enter");
  await page.locator('[data-audit] [data-act="cases.note_written"]').waitFor();
  await page.locator('[data-audit] [data-act="cases.hand_over"]').waitFor();
  assert.match(await page.locator("[data-audit] code").first().innerText(), /^[0-9a-f]{8}$/);
});

step("many at once: the preview has the focus, Enter does it, u takes it back, Escape does nothing", async () => {
  await page.goto(`${mock.url}/workbench/tasks?view=group&skill=refund`);
  await page.locator("tr[data-task]").first().waitFor();
  await press("x", "j", "x", "j", "x", "c");
  await page.locator("[data-would]").nth(2).waitFor();
  const ids = await page.locator('tr[aria-selected="true"]').evaluateAll((rows) => rows.map((row) => row.dataset.task));
  assert.equal(ids.length, 3);
  await focusIs("[data-commit]");
  await press("Escape");
  await page.locator("[data-bulk]").waitFor({ state: "detached" });
  assert.equal((await known(ids[0])).claimed_by, null);
  await press("c");
  await focusIs("[data-commit]");
  await press("Enter");
  await told("已认领 3 件");
  for (const id of ids) assert.equal((await known(id)).claimed_by, 1);
  await press("u");
  await told("已撤销");
  for (const id of ids) assert.equal((await known(id)).claimed_by, null);
});

step("a view of one's own is kept and opened", async () => {
  await tabTo(".keep");
  await press("Enter");
  await page.locator('input[name="view"]').waitFor();
  await tabTo('input[name="view"]');
  await type("退税待认领");
  await press("Enter");
  await page.locator(".own button", { hasText: "退税待认领" }).waitFor();
  await page.goto(`${mock.url}/workbench/tasks`);
  await tabTo(".own button");
  await press("Enter");
  await page.waitForURL(/skill=refund/);
});

step("away for some days: entered, told above the tasks, ended", async () => {
  await tabTo("[data-away-add]", "Shift+Tab");
  await press("Enter");
  await focusIs('select[name="substitute"]');
  await press("ArrowDown", "ArrowDown");
  await tabTo('input[name="until"]');
  await press("Enter");
  await page.locator("[data-own-absence]", { hasText: "由 沈*秋 代办" }).waitFor();
  await tabTo("[data-own-absence] button", "Shift+Tab");
  await press("Enter");
  await page.locator("[data-own-absence]").waitFor({ state: "detached" });
});

step("a step of the day costs the browser less than 100 ms of script, with 240 open cases", async () => {
  const found = await measured(page, mock.url);
  delete found["the queue on a fresh page"]; // evaluates the whole program once
  for (const [name, cost] of Object.entries(found))
    assert.ok(cost.script > 0 && cost.script < LONGEST_STEP_MS, `${name}: ${JSON.stringify(cost)}`);
});

step("a supervisor sets fields of work, and each number of the board opens the tasks it counts", async () => {
  page = await enter(SUPERVISOR);
  await press("Control+k");
  await focusIs("dialog input");
  await type("看板");
  await press("Enter");
  await page.locator("[data-figures]").waitFor();
  await tabTo('[data-skills-of="3"]');
  await press("Enter");
  await focusIs('[data-skills] input[name="registration"]');
  await press("Space");
  await tabTo('[data-skills] input[name="refund"]');
  await press("Space");
  const sent = page.waitForRequest((request) => request.method() === "PUT");
  await press("Control+Enter");
  assert.deepEqual((await sent).postDataJSON(), { skills: ["registration", "refund"] });
  await page.locator('[data-skills-of="3"]', { hasText: "登记、退税" }).waitFor();
  await focusIs('[data-skills-of="3"]');

  await tabTo("[data-unassigned] input");
  await press("Space", "ArrowDown", "Space");
  await page.locator('[data-give="4"]', { hasText: "分派 2 件" }).waitFor();
  await press("Space", "ArrowUp", "Space");

  for (const [wanted, chip] of [
    ['[data-bar="2"] a[href*="due=soon"]', "person"],
    ['[data-bar="2"] a[href*="due=overdue"]', "person"],
    ['[data-bar="2"] [data-ages] a', "age"],
    ['[data-field="refund"] a[href*="decided=yes"]', "decided"],
    ['[data-figure="marked"]', "marked"],
  ]) {
    await page.locator(wanted).first().waitFor();
    const words = (await page.locator(wanted).first().getAttribute("aria-label")) ?? "";
    const count = Number(/：(\d+) 件/.exec(words)?.[1] ?? (await page.locator(`${wanted} strong`).innerText()));
    await tabTo(wanted);
    await press("Enter");
    await page.locator(`[data-chip="${chip}"]`).waitFor();
    await page.waitForFunction(
      (number) => document.querySelector("table[aria-rowcount]")?.getAttribute("aria-rowcount") === String(number + 1),
      count,
    );
    await page.goBack();
    await page.locator("[data-figures]").waitFor();
  }
});

step("every number of the process page is explained where it is reached", async () => {
  await page.goto(`${mock.url}/workbench/process`);
  await page.locator("[data-worst]").first().waitFor();
  await tabTo('td[tabindex="0"]');
  await press("ArrowRight", "ArrowRight", "ArrowRight");
  await page
    .locator("[data-explain]", { hasText: "数电发票总额度调整申请 · 提交率 65.0%：412 人开始，268 人提交" })
    .waitFor();
  await press("ArrowDown", "ArrowRight");
  await page.locator("[data-explain]", { hasText: "离开率" }).waitFor();
  await press("Enter");
  await page.locator("[data-funnel]", { hasText: "灵活就业" }).waitFor();
  assert.match(await page.locator("[data-worst]").nth(2).innerText(), /提交件数 × 超过 15 分钟的部分 ÷ 15，计 43/);
  await page.emulateMedia({ media: "print" });
  await page.locator(".how li").first().waitFor();
  assert.equal(await page.locator(".how li").count(), 9);
  await page.emulateMedia({ media: "screen" });
});

step("nothing went wrong unseen in any window", () => {
  for (const browser of opened) assert.deepEqual(browser.faults, []);
});
