/**
 * What-if and law desk in a real browser, on the mock: a new study to its drill-down; a new version of a number through two officers.
 */
import assert from "node:assert/strict";
import fs from "node:fs";
import { after, before, test } from "node:test";
import { chromiumPath, openBrowser } from "./browser.js";
import { startMock } from "./mock/server.js";
import { proveAgain, signIn } from "./signIn.js";

const PATIENCE_MS = 90_000;
const noBrowser = chromiumPath() ? false : "no Chromium found: browser journeys are NOT run";
const skip = noBrowser || (process.env.PALMTAX_URL ? "needs the mock" : false);
if (noBrowser) console.error(noBrowser);
const SECOND = "13900000002";

const mocks = {};
const opened = [];
let page;

async function enter(mock, options) {
  const browser = await openBrowser();
  opened.push(browser);
  browser.page.setDefaultTimeout(10_000);
  await signIn(browser.page, mock.url, options);
  return browser.page;
}

before(async () => {
  if (skip) return;
  mocks.study = await startMock({ hat: "policy_analyst" });
  mocks.desk = await startMock({ hat: "law_drafter" });
});
after(async () => {
  for (const browser of opened) await browser.close();
  for (const mock of Object.values(mocks)) await mock.stop();
});

const step = (name, work) => test(name, { skip, timeout: PATIENCE_MS }, work);
const parameter = (key) => page.locator(`[data-parameter="${key}"]`);
const change = async (key) => (await parameter(key).locator("button").first().click(), parameter(key).locator(".edit"));

step("an analyst begins at the studies, sees only open places, and that the people are invented", async () => {
  page = await enter(mocks.study, { ready: "tr[data-study]" });
  assert.match(page.url(), /\/workbench\/insight$/);
  assert.deepEqual(await page.locator(".top nav a").allInnerTexts(), ["政策推演", "税法台"]);
  assert.match(await page.locator(".invented").innerText(), /合成人口.*不含任何真实纳税人/s);
});

step("numbers of several kinds are changed; what is wrong is said where it is, and nothing starts before", async () => {
  await page.keyboard.press("c");
  await page.locator('[data-law="iit_year"]').click();
  const go = page.locator(".go");
  await parameter("iit_year.basic_deduction_month").waitFor();
  assert.ok(await go.isDisabled(), "nothing changed yet");
  await (await change("iit_year.expense_rate")).locator("input").fill("13");
  await page.locator(".wrong").first().waitFor();
  assert.ok(await go.isDisabled(), "13 is no rate");
  await parameter("iit_year.expense_rate").locator("input").fill("13％");
  await (await change("iit_year.basic_deduction_month")).locator("input").fill("￥6,000.00");
  await (await change("iit_year.comprehensive_scale")).locator('input[name="row_1_rate"]').fill("8%");
  await (await change("iit_special_deductions.rent_month")).locator('input[name="value_other"]').fill("1000");
  await (await change("iit_bonus.is_separate_allowed")).locator("input").nth(1).check();
  assert.equal(await page.locator("[data-changed]").count(), 5);
  assert.match(await page.locator('[data-changed="iit_year.basic_deduction_month"]').innerText(), /5,000[\s\S]*6,000/);
});

step("the study goes over the wire in plain form, shows its progress, and comes to a result", async () => {
  const sent = page.waitForRequest(
    (request) => request.method() === "POST" && request.url().endsWith("/insight/studies"),
  );
  await page.locator(".go").click();
  const { changes } = (await sent).postDataJSON();
  assert.equal(changes["iit_year.basic_deduction_month"], "6000");
  assert.equal(changes["iit_year.expense_rate"], "13%");
  assert.equal(changes["iit_bonus.is_separate_allowed"], false);
  assert.deepEqual(changes["iit_special_deductions.rent_month"], { city: "1500", county: "1100", other: "1000" });
  assert.deepEqual(changes["iit_year.comprehensive_scale"][1], { up_to: "144000", rate: "8%", less: "2520" });
  assert.equal(changes["iit_year.comprehensive_scale"].length, 7);
  await page.locator("[role=progressbar]").waitFor();
  await page.locator(".result").waitFor({ timeout: 20_000 });
  const [was, now, delta] = await page
    .locator(".revenue .money")
    .evaluateAll((all) => all.map((each) => BigInt(each.dataset.fen)).map(String));
  assert.equal(BigInt(was) + BigInt(delta), BigInt(now));
});

step("groups are ordered by any column; charts have their table; cliffs zoom", async () => {
  const names = () => page.locator(".groups tr[data-group] .name").allInnerTexts();
  const first = await names();
  await page.locator(".groups th button").nth(2).click();
  assert.deepEqual(await names(), [...first].reverse());
  await page.locator('.groups [data-by="cities"]').click();
  assert.equal(await page.locator(".groups tr[data-group]").count(), 10);
  assert.equal(await page.locator("g[data-decile]").count(), 10);
  await page.locator(".picture header button").nth(1).click();
  assert.equal(await page.locator(".picture tr[data-group]").count(), 10);
  await page.locator("[data-cliffs=after] li button").last().click();
  await page.locator(".whole").click();
});

step("the table saved holds exact amounts and says that the people are invented", async () => {
  const [file] = await Promise.all([page.waitForEvent("download"), page.locator(".csv").click()]);
  const text = fs.readFileSync(await file.path(), "utf8");
  assert.match(text.split("\r\n")[1], /合成人口/);
  assert.match(text, /-8123456789\.01/);
});

step("one taxpayer opens into both computations, differing lines marked, each with its article", async () => {
  await page.locator('[data-order="gain"]').click();
  await page.locator("tr[data-row] .delta.winner").first().waitFor();
  const fen = await page.locator("tr[data-row] .delta .money").first().getAttribute("data-fen");
  assert.ok(BigInt(fen) < 0n);
  await page.locator("tr[data-row] a").first().click();
  await page.locator(".twins").waitFor();
  assert.equal(await page.locator(".sums .money").last().getAttribute("data-fen"), fen);
  const marked = await page.locator("tr[data-line]").evaluateAll((rows) => rows.map((row) => row.dataset.differs));
  assert.ok(marked.length > 0 && marked.every((differs) => differs === "true"), "only what differs at first");
  await page.keyboard.press("d");
  assert.ok((await page.locator("tr[data-line]").count()) > marked.length);
  await page.locator(".twins .articles").first().click();
  assert.ok((await page.locator(".twins blockquote").first().innerText()).length > 10);
  await page.keyboard.press("Escape");
  await page.locator(".result").waitFor();
});

step("a study under way can be cancelled, after a second word", async () => {
  await page.locator(".line button").first().click();
  await page.waitForURL(/insight\/new\?from=/);
  await page.locator("[data-changed]").first().waitFor();
  await page.locator(".go").click();
  await page.locator(".cancel").click();
  await page.locator(".sure").click();
  await page.locator(".over").waitFor();
});

step("a first officer finds an uncertain number and drafts a version; a wrong one is not sent", async () => {
  page = await enter(mocks.desk, { ready: "tr[data-study]" });
  await page.locator(".top nav a").last().click();
  await page.locator('input[name="uncertain"]').check();
  await page.locator('li[data-law="iit_year"] a').click();
  await page.locator("tr[data-parameter]").waitFor();
  assert.equal(await page.locator("tr[data-parameter]").count(), 1, "only the uncertain one");
  await page.locator("tr[data-parameter] a").click();
  await page.locator("article[data-from]").first().waitFor();
  assert.equal(await page.locator("article[data-from]").count(), 2);
  assert.equal(await page.locator(".segment.now").count(), 1);
  await page.keyboard.press("e");
  await page.locator('input[name="value"]').fill("600");
  await page.locator("form button[type=submit]").click();
  assert.ok(
    (await page.locator(".t-input__tips, .t-date-picker .t-input__tips").count()) >= 3,
    "what is missing is said",
  );
  await page.fill('input[name="first_day"]', "2028-01-01");
  await page.keyboard.press("Enter");
  await page.fill('input[name="published"]', "2027-11-30");
  await page.keyboard.press("Enter");
  await page.fill('input[name="article"]', "财政部 税务总局公告2027年第9号 第一条");
  await page.fill('input[name="source"]', "财政部公告（虚构）");
  await page.locator("form button[type=submit]").click();
  await page.locator("[data-check]").waitFor();
});

step("examples computed again and touched returns are in sight before it is sent", async () => {
  assert.match(await page.locator("[data-check]").innerText(), /重算 46 个算例：44 个不变，2 行结果改变/);
  assert.equal(await page.locator("[data-check] tbody tr").count(), 2);
  await page.locator("[data-affected] .state, [data-affected] tr[data-item]").first().waitFor();
  assert.equal(await page.locator('[data-step="approve"]').count(), 0, "nobody agrees to a version of their own");
  await page.locator('[data-step="send"]').click();
  await page.locator(".sure").click();
  await page.locator('[data-act="sent"]').waitFor();
  assert.equal(await page.locator('[data-step="send"]').count(), 0);
});

step(
  "a second officer returns it with a reason; the first mends it; the second proves who they are and agrees",
  async () => {
    const address = page.url();
    const first = page;
    page = await enter(mocks.desk, { phone: SECOND, ready: "tr[data-change]" });
    await page.locator("tr[data-change] a").click();
    await page.locator('[data-step="return"]').click();
    assert.ok(await page.locator(".sure").isDisabled(), "not without a reason");
    await page.fill('textarea[name="reason"]', "请补充公告文号");
    await page.locator(".sure").click();
    await page.locator('[data-act="returned"]').waitFor();
    await first.reload();
    await first.locator(".why", { hasText: "请补充公告文号" }).waitFor();
    await first.keyboard.press("e");
    await first.fill('textarea[name="note"]', "文号：财政部公告2027年第9号");
    await first.locator("form button[type=submit]").click();
    await first.locator('[data-step="send"]').click();
    await first.locator(".sure").click();
    await first.locator('[data-act="sent"]').nth(1).waitFor();
    await page.goto(address);
    await page.locator('[data-step="approve"]').click();
    await page.locator(".sure").click();
    await page.locator(".proof").waitFor();
    await proveAgain(page, SECOND);
    await page.locator('[data-act="approved"]').waitFor();
    assert.match(await page.locator(".head").innerText(), /待施行/);
  },
);

step("what is scheduled stands on the line of years, and what is in force has no way to be edited", async () => {
  await page.locator(".back").click();
  await page.locator(".segment.desk").waitFor();
  assert.equal(await page.locator("article[data-from]").count(), 3);
  assert.equal(await page.locator(".draft").count(), 0, "who decides does not draft");
  assert.equal(await page.locator("article[data-from] button, article[data-from] input").count(), 0);
});

step("nothing went wrong unseen", () => {
  assert.deepEqual(
    opened.flatMap((browser) => browser.faults),
    [],
  );
});
