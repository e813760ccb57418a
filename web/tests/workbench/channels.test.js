/** 渠道监控 in Chromium on the mock: figures, one channel, journeys, budgets, alerts taken on, notices to the public. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { chromiumPath, openBrowser } from "./browser.js";
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
  mock = await startMock({ hat: "system_admin" });
  browser = await openBrowser();
  page = browser.page;
  page.setDefaultTimeout(10_000);
  await signIn(page, mock.url, { ready: "[data-channel], .state" });
});
after(async () => {
  await browser?.close();
  await mock?.stop();
});

const go = (path) => page.goto(`${mock.url}/workbench/channels${path}`);
const picture = async (name) => {
  if (!process.env.PALMTAX_PICTURES) return;
  const { width, height } = page.viewportSize();
  for (const [size, tail] of [
    [{ width: 1440, height: 900 }, ""],
    [{ width: 390, height: 844 }, "-phone"],
  ]) {
    await page.setViewportSize(size);
    await page.screenshot({ path: `${process.env.PALMTAX_PICTURES}/${name}${tail}.png` });
  }
  await page.setViewportSize({ width, height });
};
const tile = (name) => page.locator(`[data-tile="${name}"]`);

step("what needs somebody comes first; figures stand against the period before", async () => {
  await go("");
  await page.locator("[data-channel]").first().waitFor();
  assert.equal(await page.locator("[data-channel]").first().getAttribute("data-channel"), "wechat_oa");
  await page.getByText("1 个渠道不可用").waitFor();
  await tile("handed").getByText("1,280").waitFor();
  await tile("cost").getByText("13", { exact: false }).first().waitFor();
  await tile("handed").getByText("比上期少 2%").waitFor();
  await page.locator("[data-funnel]").getByText("940").waitFor();
  await page.locator("[data-entries]").getByText("4.6 分（9 人）").waitFor();
  await page.locator('[data-channel="wechat_oa"] .name').click();
  await page.locator("[data-detail]").getByText("99,048 / 100,000 条").waitFor();
  await picture("channels");
});

step("another period is asked for, and taken away as a list", async () => {
  const asked = page.waitForRequest((request) => request.url().includes("/figures?period=month"));
  await page.locator('[data-period="month"]').click();
  await asked;
  await tile("handed").getByText("36,080").waitFor();
  const file = page.waitForEvent("download");
  await page.locator('[data-export="csv"]').click();
  assert.equal((await file).suggestedFilename(), "channels.csv");
});

step("one channel: unusual hours in words, failing codes with samples, one matter alone", async () => {
  await page.locator("[data-open-one]").click();
  await page.waitForURL(/channels\/wechat_oa$/);
  await page.locator('[data-mark="more"]').getByText("比往常多：往常 150 条").waitFor();
  await page.locator('[data-mark="failing"]').waitFor();
  await page.locator('[data-code="40125"] [data-samples]').click();
  await page.locator("[data-sample-list]").getByText("编号尾号 9f3c01a1").waitFor();
  await picture("channel-one");
  const asked = page.waitForRequest((request) => request.url().includes("matter=FPBL-002"));
  await page.locator('[data-share="FPBL-002"] button').click();
  await asked;
  await page.getByText("只看：增值税发票总额度调整").waitFor();
  await page.locator("[data-filter-off]").click();
  await page.locator('[data-share="sign_in"]').waitFor();
  await page.locator("[data-course] [data-table]").click();
  assert.equal(await page.locator("[data-course] tbody tr").count(), 24);
});

step("the version before is seen before it comes back", async () => {
  await page.locator("[data-rollback-look]").click();
  await page.locator("[data-rollback] .added", { hasText: "weight: 60" }).waitFor();
  await page.locator("[data-rollback-do]").click();
  await page.getByText("已退回，第 4 版生效。").waitFor();
});

step("journeys say in words what failed; budgets say what is left", async () => {
  await go("?part=journeys");
  await page.locator('[data-strip="wechat_oa"]').getByText("最近一次没有走通：以本账号查询（40125）").waitFor();
  await page.locator('[data-strip="email"]').getByText("还没有走过").waitFor();
  assert.equal(await page.locator('[data-strip="service:h5"] .ticks i.bad').count(), 0);
  assert.ok((await page.locator('[data-strip="wechat_oa"] .ticks i.bad').count()) >= 1);
  await picture("channel-journeys");
  await go("?part=budgets");
  await page.locator('[data-budget="wechat_oa:handed_over"]').getByText("已超支").waitFor();
  await page.locator('[data-budget="sms:in_time"]').getByText("70.0%").waitFor();
  await picture("channel-budgets");
});

step("an alert is taken on by a person, once", async () => {
  await go("?part=alerts");
  const alert = page.locator('[data-alert="red"]');
  await page.locator('[data-part="alerts"] b', { hasText: "1" }).waitFor();
  await picture("channel-alerts");
  await alert.locator("[data-acknowledge]").click();
  await alert.getByText("苏*晴 处理").waitFor();
  assert.equal(await alert.locator("[data-acknowledge]").count(), 0);
});

step("an incident is written in both languages, updated and closed", async () => {
  await go("?part=notices");
  await page.locator('[data-new="incident"]').click();
  assert.ok(await page.locator("[data-publish]").isDisabled());
  await page.getByLabel("短信（腾讯云）").check();
  await page.fill('input[name="title"]', "短信发送变慢");
  await page.fill('input[name="title_en"]', "Text messages are slow");
  await page.fill('textarea[name="text"]', "运营商故障，正在处理。");
  await page.fill('textarea[name="text_en"]', "The operator is down; being worked on.");
  await picture("channel-notice-form");
  await page.locator("[data-publish]").click();
  await page.locator("[data-told]").waitFor();
  await page.locator("[data-update]").click();
  await page.getByLabel("已恢复").check();
  await page.locator('textarea[name="text"]').fill("已经恢复，请放心。");
  await page.locator('textarea[name="text_en"]').fill("All is well again.");
  await page.locator("[data-say]").click();
  await page.locator('[data-notice="closed"]').getByText("已经恢复，请放心。").waitFor();
  await picture("channel-notices");
});

step("maintenance that ends before it begins is refused in words", async () => {
  await page.locator('[data-new="maintenance"]').click();
  await page.getByLabel("消息", { exact: true }).check();
  for (const [name, value] of [
    ["title", "计划维护"],
    ["title_en", "Planned work"],
  ])
    await page.fill(`input[name="${name}"]`, value);
  for (const [name, value] of [
    ["text", "升级数据库"],
    ["text_en", "Database upgrade"],
  ])
    await page.fill(`textarea[name="${name}"]`, value);
  await page.fill('input[name="starts_at"]', "2027-01-02T02:00");
  await page.fill('input[name="ends_at"]', "2027-01-02T01:00");
  await page.locator("[data-publish]").click();
  await page.getByRole("alert").getByText("维护的结束时间要晚于开始时间").waitFor();
});
