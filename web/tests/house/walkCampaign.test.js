/**
 * Campaigns on a real house: the editor writes one and sees the count, a second officer looks at the sample and approves, the
 * first stage runs, is paused and goes on; what the providers of text messages refuse stops it by itself, and the page says so
 * with numbers. Another is ended by the red stop. Text messages go out by day only, and so is the refusal seen.
 */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openPhone, openStage } from "../mobile/stage.mjs";
import { signInOnPhone } from "./officer.js";
import { outside, people, sandbox, url } from "./place.js";

const step = (name, ...rest) => test(name, { timeout: 60_000, ...(rest.length > 1 && rest[0]) }, rest.at(-1));
const WORDS = {
  headline: "增值税起征点提醒",
  brief: "季度销售额30万元以下免征增值税，申报时自动算好。",
  words: "季度销售额不超过30万元的，免征增值税。申报时系统自动算好，您核对即可。",
  headline_en: "The VAT threshold",
  brief_en: "No VAT below 300000 yuan a quarter.",
  words_en: "With sales of at most 300,000 yuan in a quarter no VAT is due.",
};
const REFUSALS = { sms: "FailedOperation.PhoneNumberInBlacklist", sms2: "isv.MOBILE_NUMBER_ILLEGAL" };
/** China's hour; between these the template's quiet hours end and the providers are open. */
const HOUR = (new Date().getUTCHours() + 8) % 24;
const isDay = HOUR >= 8 && HOUR < 20;
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
  await fetch(`${sandbox}/sandbox/faults`, { method: "DELETE" });
  await stage?.close();
});

/** The form filled in, one stage of an hour for nine in ten, then all. */
async function write(name) {
  await editor.locator("input[name=name]").fill(name);
  for (const [field, text] of Object.entries(WORDS)) await editor.locator(`[name=${field}]`).fill(text);
  await editor.locator("[name=minutes-0]").fill("60");
  await editor.locator("[name=share-0]").fill("90");
  await editor.locator("[name=share-0]").press("Tab");
  await editor.getByRole("button", { name: "去掉" }).last().click();
}

async function approve(name) {
  await approver.goto(`${url}/workbench/campaigns`);
  await approver.locator(`[data-campaign="${name}"] a`).first().click();
  await approver.locator("[data-decision]").waitFor();
  await picture(approver, "campaign-decision");
  await approver.locator("[data-approve]").click();
  await approver.locator("[data-ramp] [data-stage=now]").waitFor();
}

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
  await write("起征点提醒");
  await editor.locator("[name=brief]").fill("详情请看 evil.cn");
  await editor.locator("[data-save]").click();
  await editor.getByText("不能有链接", { exact: false }).last().waitFor();
  await editor.locator("[name=brief]").fill(WORDS.brief);
  await editor.locator("[data-save]").click();
  await editor.locator("[data-sample]").waitFor();
  assert.equal(await editor.locator("[data-sample] figure").count(), 6, "four people, two languages");
  await picture(editor, "campaign-sample");
  await editor.locator("[data-submit]").click();
  await editor.getByText("等另一位有审核权限的人员审核", { exact: false }).waitFor();
});

step("a second officer looks and approves; the first stage runs, is paused and goes on", async () => {
  for (const [server, code] of Object.entries(REFUSALS))
    await outside("/sandbox/faults", { server, kind: "refuse", code, count: 1000 });
  await approve("起征点提醒");
  await approver.locator("[data-pause]").click();
  await approver.locator("[data-state=paused]").waitFor();
  await approver.locator("[data-resume]").click();
  await approver.locator("[data-state=running], [data-state=stopped]").waitFor();
});

step("what is refused outside stops it by itself, and the page says so with numbers", { skip: !isDay && "by day only" }, async () => {
  await approver.locator("[data-state=stopped]").waitFor({ timeout: 45_000 });
  const why = await approver.locator("[data-stop-code]").innerText();
  const [, cases, of] = /没送到的太多，自动停止：.*?(\d+) ?\/ ?(\d+).*（系统）/.exec(why) ?? assert.fail(why);
  assert.ok(Number(cases) >= 5 && Number(cases) <= Number(of), why);
  await approver.locator('[data-gate=failure] .chip.seal').first().waitFor();
  assert.equal(await approver.locator("[data-resume], [data-pause], [data-stop]").count(), 0, "what was stopped does not go on");
  await picture(approver, "campaign-stopped-itself");
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

step("another is ended by the red stop at once", async () => {
  await fetch(`${sandbox}/sandbox/faults`, { method: "DELETE" });
  await editor.goto(`${url}/workbench/campaigns/new`);
  await write("再次提醒");
  await editor.locator("[data-save]").click();
  await editor.locator("[data-submit]").click();
  await editor.getByText("等另一位有审核权限的人员审核", { exact: false }).waitFor();
  await approve("再次提醒");
  await approver.locator("input[name=stop]").fill("内容要改，先停下");
  await approver.locator("[data-stop]").click();
  await approver.locator("[data-state=stopped]").waitFor();
  assert.match(await approver.locator("[data-stop-code]").innerText(), /人工操作/);
  await picture(approver, "campaign-stopped");
});
