/**
 * A campaign on a real house: the editor writes it and sees the count, a second officer looks at the sample and approves,
 * the first stage runs, and the red stop ends it. That it stops by itself is shown at noon: server/tests/insight.
 */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openPhone, openStage } from "../mobile/stage.mjs";
import { signInOnPhone } from "./officer.js";
import { people, url } from "./place.js";

const step = (name, work) => test(name, { timeout: 60_000 }, work);
const WORDS = {
  headline: "增值税起征点提醒",
  brief: "季度销售额30万元以下免征增值税，申报时自动算好。",
  words: "季度销售额不超过30万元的，免征增值税。申报时系统自动算好，您核对即可。",
  headline_en: "The VAT threshold",
  brief_en: "No VAT below 300000 yuan a quarter.",
  words_en: "With sales of at most 300,000 yuan in a quarter no VAT is due.",
};
let stage;
let editor;
let approver;

async function deskOf(person) {
  const phone = await openPhone(stage, { locale: "zh-CN", timezoneId: "Asia/Shanghai" });
  await signInOnPhone(phone.page, person.phone);
  const context = await stage.browser.newContext({ locale: "zh-CN", viewport: { width: 1440, height: 900 } });
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  await page.goto(`${url}/workbench/`);
  const code = page.locator('.frame[data-state="waiting"]');
  await code.waitFor();
  await phone.page.goto(await code.getAttribute("data-text"));
  await phone.page.getByText("确认登录", { exact: false }).last().click();
  await page.waitForURL(/\/(campaigns|hats)/);
  if (page.url().includes("/hats")) await page.locator("button.hat").first().click();
  await page.locator("[data-new]").waitFor();
  return page;
}

async function picture(page, name) {
  if (process.env.PALMTAX_PICTURES) await page.screenshot({ path: `${process.env.PALMTAX_PICTURES}/${name}.png`, fullPage: true });
}

before(async () => {
  stage = await openStage();
  [editor, approver] = [await deskOf(people.pushEditor), await deskOf(people.pushApprover)];
});
after(async () => {
  await stage?.close();
});

step("the editor reads the tags anew and sees how many can be told while choosing", async () => {
  await editor.goto(`${url}/workbench/campaigns`);
  await editor.locator("[data-new]").click();
  await editor.locator("[data-refresh-tags]").click();
  await editor.getByText("已在更新").waitFor();
  for (let tries = 0; tries < 20; tries += 1) {
    await editor.goto(`${url}/workbench/campaigns/new`);
    await editor.locator("[data-told]").waitFor();
    if (Number(await editor.locator("[data-told]").innerText()) > 5) break;
    await editor.waitForTimeout(500);
  }
  const all = Number(await editor.locator("[data-told]").innerText());
  assert.ok(all > 5, `${all} could be told`);
  await editor.locator("[data-add-group]").click();
  await editor.locator("select[name=tag]").selectOption("vat_kind");
  await editor.locator("[data-value=small_scale]").waitFor();
  await editor.locator('[data-row="no_consent"]').waitFor();
  await picture(editor, "campaign-editor");
});

step("words that are not allowed are refused with the reason, then the draft is kept", async () => {
  await editor.locator("input[name=name]").fill("起征点提醒");
  for (const [name, text] of Object.entries(WORDS)) await editor.locator(`[name=${name}]`).fill(text);
  await editor.locator("[name=brief]").fill("详情请看 evil.cn");
  await editor.locator("[data-save]").click();
  await editor.getByText("不能有链接", { exact: false }).last().waitFor();
  await editor.locator("[name=brief]").fill(WORDS.brief);
  await editor.locator("[name=minutes-0]").fill("60");
  await editor.locator("[name=share-0]").fill("90");
  await editor.locator("[name=share-0]").press("Tab");
  await editor.getByRole("button", { name: "去掉" }).last().click();
  await editor.locator("[data-save]").click();
  await editor.locator("[data-sample]").waitFor();
  assert.equal(await editor.locator("[data-sample] figure").count(), 6, "four people, two languages");
  await picture(editor, "campaign-sample");
  await editor.locator("[data-submit]").click();
  await editor.getByText("等另一位有审核权限的人员审核", { exact: false }).waitFor();
});

step("a second officer looks and approves; the first stage runs, and the red stop ends it", async () => {
  await approver.goto(`${url}/workbench/campaigns`);
  await approver.locator('[data-campaign="起征点提醒"] a').first().click();
  await approver.locator("[data-decision]").waitFor();
  await picture(approver, "campaign-decision");
  await approver.locator("[data-approve]").click();
  await approver.locator("[data-ramp]").waitFor();
  await approver.locator("[data-stop-box], [data-stop-code]").first().waitFor();
  await approver.locator("[data-ramp] [data-stage=now]").waitFor();
  await approver.locator("input[name=stop]").fill("内容要改，先停下");
  await approver.locator("[data-stop]").click();
  await approver.locator("[data-state=stopped]").waitFor();
  assert.match(await approver.locator("[data-stop-code]").innerText(), /人工操作/);
  await picture(approver, "campaign-stopped");
});

step("the report says what came of it, in English too", async () => {
  await approver.locator("[data-report]").waitFor();
  await approver.locator("[data-effect]").waitFor();
  await picture(approver, "campaign-report");
  const [file] = await Promise.all([approver.waitForEvent("download"), approver.locator("[data-download]").click()]);
  assert.match(file.suggestedFilename(), /^campaign-.*\.csv$/);
  const words = await approver.locator("body").innerText();
  assert.doesNotMatch(words, /campaign\.|campaign_state\.|undefined/);
});
