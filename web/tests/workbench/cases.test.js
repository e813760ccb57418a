/**
 * Tasks in a real browser, on the mock: the queue by keyboard alone, an application from taking it to deciding it,
 * two officers, many at once, mentions, a colleague who was quicker, the board, analytics.
 */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { chromiumPath, openBrowser } from "./browser.js";
import { startMock } from "./mock/server.js";
import { signIn } from "./signIn.js";

const PATIENCE_MS = 90_000;
const noBrowser = chromiumPath() ? false : "no Chromium found: browser journeys are NOT run";
const skip = noBrowser || (process.env.PALMTAX_URL ? "needs the mock" : false);
if (noBrowser) console.error(noBrowser);
const [SUPERVISOR, COLLEAGUE] = ["13900000012", "13900000003"];

let mock;
const opened = [];
let page;

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
});
after(async () => {
  for (const browser of opened) await browser.close();
  await mock?.stop();
});

const step = (name, work) => test(name, { skip, timeout: PATIENCE_MS }, work);
const rows = (of = page) => of.locator("tr[data-task]");
const current = (of = page) => of.locator('[data-current="true"]').getAttribute("data-task");
const known = async (id) => (await (await fetch(`${mock.url}/mock/cases`)).json()).find((one) => one.case_id === id);
const stepButton = (act, of = page) => of.locator(`[data-step="${act}"]`);
async function openQueue(query, of = page) {
  await of.goto(`${mock.url}/workbench/tasks${query}`);
  await rows(of).first().waitFor();
}
async function openCase(row, of = page) {
  await of.goto(`${mock.url}/workbench/tasks/${row.case_id}?view=all`);
  await of.locator(`[data-case="${row.case_id}"] [data-acts]`).waitFor();
}
const find = async (fits) => (await (await fetch(`${mock.url}/mock/cases`)).json()).find(fits);
const isFree = (row) => row.kind === "matter" && row.state === "open";

step("an officer begins at the own tasks; what is late is told by a word and a shape", async () => {
  page = await enter();
  assert.match(page.url(), /\/workbench\/tasks$/);
  await rows().first().waitFor();
  const first = rows().first();
  assert.match(await first.innerText(), /超期 \d+ 天/);
  assert.ok(await first.locator(".chip svg").count(), "not by colour alone");
  assert.match(await page.locator(".counts").innerText(), /超期 \d+ · 今天到期 \d+/);
});

step("two hundred open tasks scroll to their end with few rows drawn", async () => {
  await openQueue("?view=all");
  const box = page.locator("[data-scroll]");
  const seen = new Set();
  for (let turn = 0; turn < 60; turn += 1) {
    const drawn = await rows().evaluateAll((all) => all.map((row) => row.dataset.task));
    assert.ok(drawn.length < 60, `${drawn.length} rows are drawn`);
    drawn.forEach((id) => seen.add(id));
    const isEnd = await box.evaluate((one) => {
      const was = one.scrollTop;
      one.scrollTop += one.clientHeight;
      return one.scrollTop === was;
    });
    await page.waitForTimeout(80);
    if (isEnd && seen.size >= 240) break;
  }
  assert.equal(seen.size, 240);
  const nodes = await page.evaluate(() => document.querySelectorAll("*").length);
  assert.ok(nodes < 3000, `${nodes} elements`);
});

step("the keyboard alone: take, undo, ask for more, decide", async () => {
  await openQueue("?view=group&skill=invoice");
  await page.keyboard.press("j");
  await page.keyboard.press("k");
  const id = await current();
  await page.keyboard.press("c");
  await page.locator("[data-told]").waitFor();
  assert.equal((await known(id)).claimed_by, 1);
  await page.keyboard.press("u");
  await page.locator("[data-told]", { hasText: "已撤销" }).waitFor();
  assert.equal((await known(id)).claimed_by, null);
  await page.locator(`tr[data-task="${id}"]`).waitFor();
  await page.keyboard.press("Enter");
  await page.locator("[data-ask]").first().waitFor();
  await page.keyboard.press("c");
  await stepButton("supplement").waitFor();
  await page.keyboard.press("s");
  await page.locator("[data-supplement-form] textarea:focus").waitFor();
  assert.ok(
    await page.locator("[data-supplement-form] textarea").evaluate((one) => one === document.activeElement),
    "the words are next",
  );
  await page.keyboard.type("请补充合同编号对应的合同");
  await page.keyboard.press("Shift+Tab");
  await page.locator('[data-ask="q4"] input').focus();
  await page.keyboard.press("Space");
  await page.locator('[data-paper-code="contract"] input').focus();
  await page.keyboard.press("Space");
  const sent = page.waitForRequest((request) => request.url().endsWith("/supplement"));
  await page.locator("[data-supplement-form] textarea").focus();
  await page.keyboard.press("Control+Enter");
  const body = (await sent).postDataJSON();
  assert.deepEqual([body.asks, body.papers, body.days], [["q4"], ["contract"], 10]);
  await page.locator("[data-supplement]", { hasText: "合同编号" }).waitFor();
  assert.equal((await known(id)).state, "waiting");

  const other = await find((row) => isFree(row) && !row.needs_two && row.case_id !== id);
  await openCase(other);
  await page.keyboard.press("c");
  await stepButton("yes").waitFor();
  await page.keyboard.press("e");
  await page.locator("[data-opinion] textarea:focus").waitFor();
  await page.keyboard.type("同意");
  await page.keyboard.press("Control+Enter");
  await page.locator("[data-decision]", { hasText: "同意" }).waitFor();
  assert.equal((await known(other.case_id)).outcome, "yes");
  await page.keyboard.press("n");
  await page.waitForURL((address) => !address.pathname.includes(other.case_id));
});

step("who is quicker than a slow network decides all the same, once", async () => {
  const other = await find((row) => isFree(row) && !row.needs_two);
  await openCase(other);
  const opinions = [];
  page.on("request", (request) => request.url().endsWith("/opinion") && opinions.push(request.url()));
  await page.route("**/api/matters/cases/*", async (route) => {
    await new Promise((done) => setTimeout(done, 1500));
    return route.continue();
  });
  await page.keyboard.press("c");
  await stepButton("yes").waitFor();
  await page.keyboard.press("e");
  await page.locator("[data-opinion] textarea:focus").waitFor();
  await page.keyboard.type("手快");
  await page.keyboard.press("Control+Enter");
  await page.keyboard.press("Control+Enter");
  await page.unrouteAll({ behavior: "wait" });
  await page.locator("[data-decision]", { hasText: "手快" }).waitFor();
  assert.equal((await known(other.case_id)).outcome, "yes");
  assert.equal(opinions.length, 1);
});

step("a no needs a reason, and the matter's own reasons are one click away", async () => {
  const one = await find((row) => isFree(row) && row.skill === "invoice");
  await openCase(one);
  await stepButton("no").click();
  assert.ok(await page.locator("[data-send]").isDisabled());
  await page.locator("[data-usual].own").first().click();
  assert.equal(await page.locator('textarea[name="reason"]').inputValue(), "合同与申请额度不符");
  await page.locator("[data-send]").click();
  await page.locator("[data-decision]", { hasText: "不同意" }).waitFor();
  assert.equal((await known(one.case_id)).outcome, "no");
});

step("a colleague was quicker: it is said kindly, and what was typed stays", async () => {
  const one = await find((row) => isFree(row) && row.skill === "refund");
  await openCase(one);
  await stepButton("yes").click();
  await page.fill('textarea[name="reason"]', "已核对缴款凭证");
  await fetch(`${mock.url}/mock/cases/${one.case_id}/touch`, { method: "POST" });
  await page.locator("[data-send]").click();
  await page.locator("[data-moved]").waitFor();
  await page.locator("[data-again]").click();
  await page.locator("[data-moved]").waitFor({ state: "detached" });
  assert.equal(await page.locator('textarea[name="reason"]').inputValue(), "已核对缴款凭证");
  await page.locator("[data-send]").click();
  await page.locator("[data-decision]").waitFor();
  assert.equal(await page.locator("dialog[open]").count(), 0, "never a dialog over the work");
});

step("papers open in place: a picture enlarges, the next is one key away, Escape goes back", async () => {
  const one = await find((row) => isFree(row) && row.skill === "invoice");
  await openCase(one);
  await page.locator("[data-paper] img").first().waitFor();
  await page.locator("[data-paper]").first().click();
  await page.locator("[data-viewer] img").waitFor();
  await page.keyboard.press("+");
  await page.locator("[data-zoom]", { hasText: "125%" }).waitFor();
  await page.keyboard.press("ArrowRight");
  await page.locator("[data-viewer] iframe, [data-viewer] .told").first().waitFor();
  await page.keyboard.press("Escape");
  await page.locator("[data-ask]").first().waitFor();
});

step("a note mentions a colleague, who sees it in the queue", async () => {
  const one = await find((row) => row.kind === "matter" && row.claimed_by === 3);
  await openCase(one);
  await page.keyboard.press("m");
  await page.locator('textarea[name="note"]').waitFor();
  await page.keyboard.type("请看 @沈");
  await page.locator("#mention-list li").first().waitFor();
  await page.keyboard.press("Enter");
  await page.keyboard.type("合同金额");
  const sent = page.waitForRequest((request) => request.url().endsWith("/notes"));
  await page.keyboard.press("Control+Enter");
  const body = (await sent).postDataJSON();
  assert.deepEqual([body.text, body.mentions], ["请看 @沈*秋 合同金额", [3]]);
  await page.locator("[data-note]", { hasText: "合同金额" }).waitFor();
  assert.equal(await page.locator('textarea[name="note"]').inputValue(), "");
});

step("two officers: the first gives an opinion, only another one confirms it", async () => {
  const one = await find((row) => isFree(row) && row.needs_two);
  await openCase(one);
  await stepButton("yes").click();
  assert.match(await page.locator("[data-opinion]").innerText(), /交复审/);
  await page.fill('textarea[name="reason"]', "会计核算健全");
  await page.locator("[data-send]").click();
  await page.locator(".why", { hasText: "另一位同事复审" }).waitFor();
  assert.equal(await stepButton("confirm").count(), 0, "not the same officer");

  const second = await enter(COLLEAGUE, { width: 1280, height: 800 });
  await openCase(one, second);
  await second.keyboard.press("e");
  await second.locator("[data-confirm]", { hasText: "会计核算健全" }).waitFor();
  await second.locator("[data-agree]").click();
  await second.locator("[data-decision]").waitFor();
  assert.deepEqual([(await known(one.case_id)).state, (await known(one.case_id)).outcome], ["closed", "yes"]);
});

step("many at once: who would be refused and why stands there before anything happens", async () => {
  await openQueue("?view=all&kind=matter");
  const ids = await rows().evaluateAll((all) => all.slice(0, 12).map((row) => row.dataset.task));
  for (const id of ids) await page.locator(`tr[data-task="${id}"] input`).check();
  const before_ = await Promise.all(ids.map(known));
  const isRefused = (row) => row.state === "waiting" || (row.claimed_by !== null && row.claimed_by !== 1);
  const [free, held] = [before_.filter((row) => !isRefused(row)), before_.filter(isRefused)];
  assert.ok(free.length && held.length, "both kinds are among them");
  await page.keyboard.press("c");
  await page.locator("[data-would]").first().waitFor();
  assert.equal(await page.locator('[data-would="not"]').count(), held.length);
  assert.match((await page.locator('[data-would="not"]').allInnerTexts()).join(), /已由 .* 认领/);
  assert.deepEqual(
    (await Promise.all(ids.map(known))).map((row) => row.claimed_by),
    before_.map((row) => row.claimed_by),
  );
  await page.locator("[data-commit]").click();
  await page.locator("[data-told]", { hasText: `已认领 ${free.length} 件` }).waitFor();
  await page.keyboard.press("u");
  await page.locator("[data-told]", { hasText: "已撤销" }).waitFor();
  assert.deepEqual(
    (await Promise.all(ids.map(known))).map((row) => row.claimed_by),
    before_.map((row) => row.claimed_by),
  );
});

step("many decided at once: a reason for all, looked at first", async () => {
  await openQueue("?view=group&skill=relief");
  await page.locator('input[name="all"]').check();
  await page.keyboard.press("e");
  await page.locator('[data-bulk] [data-outcome="no"]').click();
  assert.ok(await page.locator("[data-look]").isDisabled(), "a no needs a reason");
  await page.fill('textarea[name="bulk_reason"]', "货币资金足够缴纳");
  await page.locator("[data-look]").click();
  await page.locator("[data-would]").first().waitFor();
  const id = await rows().first().getAttribute("data-task");
  assert.equal((await known(id)).outcome, null, "nothing has happened yet");
  await page.locator("[data-commit]").click();
  await page.locator("[data-told]").waitFor();
  assert.equal((await known(id)).outcome, "no");
});

step("a view keeps filters and columns, and the taxpayer list does not show it", async () => {
  await openQueue("?view=all&skill=invoice&due=overdue");
  await page.locator(".keep").click();
  await page.fill('input[name="view"]', "发票超期");
  await page.locator(".naming button[type=submit]").click();
  await page.locator(".own button", { hasText: "发票超期" }).waitFor();
  await page.locator('[data-view="mine"]').click();
  await page.waitForURL((address) => !address.searchParams.has("skill"));
  await page.locator(".own button", { hasText: "发票超期" }).click();
  await page.waitForURL(/due=overdue/);
  await page.goto(`${mock.url}/workbench/taxpayers`);
  await page.locator("tr[data-taxpayer]").first().waitFor();
  assert.equal(await page.locator(".own").count(), 0);
});

/** Chooses in an open list of TDesign what reads so. */
const choose = (words) => page.locator(".t-select-option:visible", { hasText: words }).first().click();

step(
  "a complaint is taken up, looked into by two and given more time; a change by the clock takes nothing away",
  async () => {
    const one = await find((row) => row.kind === "complaint" && row.claimed_by === null);
    await openCase(one);
    await page.locator('[data-subject="complaint"]', { hasText: "等候两小时" }).waitFor();
    assert.equal(await stepButton("answer").count(), 0, "first it is taken up");
    await stepButton("accept").click();
    await page.fill('textarea[name="reason"]', "属于受理范围");
    await page.locator("[data-acceptance] [data-send]").click();
    await page.locator("[data-notice]", { hasText: "还差一名调查人员" }).waitFor();
    assert.deepEqual([await stepButton("accept").count(), await stepButton("answer").count()], [0, 0]);

    await stepButton("investigate").click();
    await page.locator("[data-colleagues]").click();
    await choose("沈*秋");
    await page.locator("[data-investigation] [data-send]").click();
    await stepButton("answer").waitFor();
    await page.locator('[data-trail] [data-step-act$="investigation_begun"]').waitFor();

    await stepButton("ask_time").click();
    assert.match(await page.locator("[data-time]").innerText(), /最多 10 个工作日/);
    await page.locator("[data-time] input").first().fill("3");
    await page.fill('[data-time] textarea[name="reason"]', "需要调取窗口录音");
    await page.locator("[data-time] [data-send]").click();
    await page.locator("[data-notice]", { hasText: "已申请延期 3 个工作日" }).waitFor();
    assert.equal(await stepButton("decide_time").count(), 0, "not by who asked");

    const second = await enter(COLLEAGUE, { width: 1280, height: 800 });
    await openCase(one, second);
    await stepButton("decide_time", second).click();
    await second.locator("[data-time-decision]", { hasText: "需要调取窗口录音" }).waitFor();
    await second.locator("[data-agree]").click();
    await second.locator("[data-subject]", { hasText: "已延期 3 个工作日" }).waitFor();

    await openCase(one);
    await stepButton("answer").click();
    await page.locator('textarea[name="answer"]').fill("已调取录音核实，向您致歉。");
    await fetch(`${mock.url}/mock/cases/${one.case_id}/due`, { method: "POST" });
    await page.locator("[data-answer] [data-send]").click();
    await page.locator(".why", { hasText: "已办结" }).waitFor();
    assert.equal((await known(one.case_id)).state, "closed");
  },
);

step("a letter is answered; the palette knows what can be done", async () => {
  const one = await find((row) => row.kind === "letter" && row.claimed_by === null);
  await openCase(one);
  await page.locator('[data-subject="letter"]').waitFor();
  await page.keyboard.press("Control+k");
  await page.locator("dialog input").fill("审批意见");
  await page.keyboard.press("Enter");
  await page.locator('textarea[name="answer"]').fill("已核实并向您致歉，窗口已加派人员。");
  await page.locator("[data-answer] [data-send]").click();
  await page.locator(".why", { hasText: "已办结" }).waitFor();
  assert.equal((await known(one.case_id)).state, "closed");
});

step("a supervisor sees whose tasks are due soon and assigns right there", async () => {
  page = await enter(SUPERVISOR);
  await page.goto(`${mock.url}/workbench/board`);
  const load = page.locator('[data-picture="谁手上的任务快到期了？"]');
  await load.locator("[data-bar]").first().waitFor();
  assert.match(await load.locator("thead").innerText(), /已超期[\s\S]*2 个工作日内/);
  await page.locator("[data-unassigned] input").nth(0).check();
  await page.locator("[data-unassigned] input").nth(1).check();
  await page.locator('[data-give="4"]').click();
  await page.locator("[data-would]").first().waitFor();
  const count = await page.locator('[data-would="ok"]').count();
  await page.locator("[data-commit]").click();
  await page.locator("[data-told]", { hasText: `已分派 ${count} 件` }).waitFor();
  await page.locator(".undo").click();
  await page.locator("[data-told]", { hasText: "已撤销" }).waitFor();
});

step("analytics: the five worst in words, one of them question by question, other days", async () => {
  await page.goto(`${mock.url}/workbench/process`);
  await page.locator("[data-worst]").first().waitFor();
  assert.equal(await page.locator("[data-worst]").count(), 5);
  assert.match(await page.locator("[data-worst]").first().innerText(), /412 人开始，138 人中途离开/);
  assert.match(await page.locator("[data-funnel]").innerText(), /停得最多的一问：合同编号，74 \/ 375 人/);
  await page.locator('[data-worst="TSMX-004"] button').click();
  await page.locator("[data-funnel]", { hasText: "退税账户" }).waitFor();
  await page.locator("[data-funnel] [data-table]").click();
  assert.equal(await page.locator("[data-funnel] tbody tr").count(), 3);
  await page.locator('[data-span="7"]').click();
  await page.waitForURL(/since=/);
  await page.waitForFunction(() => document.querySelectorAll("[data-worst]").length === 2);
});

step("nothing went wrong unseen in any window", () => {
  for (const browser of opened) assert.deepEqual(browser.faults, []);
});
