/**
 * Matters between two people on a real house: the phone in the browser, the mini program and the officers' workbench. A quota
 * is raised by two officers after a supplement, a draft moves to another phone.
 */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openPhone, openStage } from "../mobile/stage.mjs";
import { signIn } from "../workbench/signIn.js";
import { makeHands, SCAN } from "./miniFiller.js";
import { startMiniProgram } from "./miniProgram.js";
import { signInOnPhone } from "./officer.js";
import { attach, begin, choose, field, idOf, listenTo, press, says, visit } from "./phone.js";
import { people, url } from "./place.js";

const { machines, officer, approver } = people;
const PATIENCE_MS = 90_000;
const DESK = { width: 1440, height: 900 };
const PDF = { mimeType: "application/pdf", buffer: SCAN };
const step = (name, work) => test(name, { timeout: PATIENCE_MS }, work);

let stage;
let mini;
let owner;
let ask;
const windows = [];
const known = {};

async function open(size) {
  const one = await openPhone(stage, { locale: "zh-CN", timezoneId: "Asia/Shanghai", ...size });
  one.page.setDefaultTimeout(15_000);
  windows.push(one);
  return one.page;
}
async function openDesk({ phone }) {
  const page = await open(DESK);
  await signIn(page, url, { phone, ready: "nav a" });
  return page;
}
before(async () => {
  stage = await openStage();
  owner = await open();
  ask = listenTo(owner);
  await signInOnPhone(owner, machines.phone);
  await says(owner, "常办的事");
});
after(async () => {
  await stage?.close();
  mini?.close();
});

const application = (id) => ask(`/api/matters/applications/${id}`);
const answersOf = (one) =>
  Object.fromEntries(one.sections.flatMap((section) => section.asks).map((each) => [each.code, each.value]));
const stepButton = (page, act) => page.locator(`[data-step="${act}"]`);
const ready = (page) => page.locator("[data-acts]").waitFor();

/** Opens, in the whole queue of the office, the case of that taxpayer with those words. */
async function openCase(page, words, who = machines.shop) {
  await page.goto(`${url}/workbench/tasks?view=all&q=${encodeURIComponent(who)}`);
  const row = page.locator("tr[data-task]", { hasText: words }).first();
  await row.waitFor();
  const id = await row.getAttribute("data-task");
  await page.goto(`${url}/workbench/tasks/${id}?view=all`);
  await ready(page);
  return id;
}

/** Opens a section of a page in sections. */
async function openSection(page, title) {
  const section = page.locator("[data-section]", { hasText: title }).last();
  if (!(await section.locator(".inside").count())) await section.locator(".head").click();
}

step("quota: asked for on the phone, with the contract", async () => {
  await begin(owner, "FPBL-002", machines.shop);
  known.quota = idOf(owner);
  await choose(owner, "长期调高");
  await field(owner, "requested_quota").fill("5000000");
  await choose(owner, "签了新合同、新订单");
  await openSection(owner, "依据");
  await field(owner, "contract_no").fill("2026-018");
  await field(owner, "contract_party").fill("广州云岭商贸有限公司");
  await field(owner, "contract_amount").fill("4200000");
  await field(owner, "expected_invoices").fill("1800000");
  await attach(owner, "contract", { ...PDF, name: "contract.pdf" });
  await press(owner, "提交");
  await says(owner, "已经收到");
  assert.equal((await application(known.quota)).state, "submitted");
});

step("quota: the first officer asks for more, the owner answers at the very question", async () => {
  known.desk = await openDesk(officer);
  known.case = await openCase(known.desk, "发票总额度调整");
  await stepButton(known.desk, "claim").click();
  await stepButton(known.desk, "supplement").click();
  await known.desk.locator('[data-ask="contract_no"] input').check();
  await known.desk.locator("[data-supplement-form] textarea").fill("请写完整的合同编号");
  await known.desk.locator("[data-supplement-form] [data-send]").click();
  await known.desk.locator("[data-supplement]", { hasText: "合同编号" }).waitFor();

  await visit(owner, `/matters/application/index?id=${known.quota}`);
  await says(owner, "请写完整的合同编号");
  await press(owner, "合同或订单编号");
  await field(owner, "contract_no").fill("2026-018-A");
  await owner.locator("[data-saved=true]").waitFor();
  await press(owner, "再次提交");
  await says(owner, "已经收到");
  assert.equal(answersOf(await application(known.quota)).contract_no, "2026-018-A");
});

step("quota: the first officer agrees, another one confirms; the quota then holds", async () => {
  const { desk } = known;
  await desk.goto(`${url}/workbench/tasks/${known.case}?view=all&again=1`);
  await ready(desk);
  await stepButton(desk, "yes").click();
  await desk.fill('textarea[name="reason"]', "合同齐全");
  await desk.locator("[data-opinion] [data-send]").click();
  await desk.locator(".why", { hasText: "另一位同事复审" }).waitFor();
  assert.equal(await stepButton(desk, "confirm").count(), 0, "never the same officer");
  assert.notEqual((await application(known.quota)).state, "approved");

  known.second = await openDesk(approver);
  await known.second.goto(`${url}/workbench/tasks/${known.case}?view=all`);
  await stepButton(known.second, "confirm").click();
  await known.second.locator("[data-confirm]", { hasText: "合同齐全" }).waitFor();
  await known.second.locator("[data-agree]").click();
  await known.second.locator("[data-decision]").waitFor();

  await says(owner, "办好了");
  const done = await application(known.quota);
  assert.equal(done.state, "approved");
  assert.equal(Number(done.outcome.values.quota_fen), 500_000_000);
  assert.ok(done.document.document_no);
});

step("a draft: begun in the browser, goes on in a tunnel, is finished in the mini program", async () => {
  await begin(owner, "TSJY-004", machines.shop);
  const id = idOf(owner);
  await choose(owner, "提建议");
  await press(owner, "继续");
  await choose(owner, "办税厅");
  await press(owner, "继续");
  await field(owner, "text").waitFor();
  await owner.locator("[data-saved=true]").waitFor();
  await owner.context().setOffline(true);
  await field(owner, "text").fill("希望周六也能取号");
  await says(owner, "存在这部手机里");
  assert.equal(answersOf(await application(id)).text, null, "the house has not heard of it yet");
  await owner.context().setOffline(false);
  await owner.locator("[data-saved=true]").waitFor();

  mini = startMiniProgram();
  await mini.signIn(machines);
  const mine = await mini.open("/matters/mine/index");
  await mine.until(/没填完 [1-9]/, mini.patience);
  await mine.tap("没填完");
  await mine.until("意见建议", mini.patience);
  await mine.tap("意见建议");
  const page = await mini.follow("需要回复吗");
  const draft = await application(id);
  const asks = draft.sections.flatMap((section) => section.asks);
  const hands = makeHands(mini, page, { asks, wanted: { answers: { wants_reply: false }, papers: [] } });
  await hands.walk();
  assert.match(page.text(), /希望周六也能取号/);
  await hands.submit(machines.phone);
  const done = await application(id);
  assert.equal(done.state, "approved");
  assert.deepEqual([done.started_channel, done.last_channel], ["h5", "miniprogram"]);
});

step("nobody’s app complained", () => {
  assert.deepEqual([...(mini?.complaints ?? []), ...windows.flatMap((one) => one.complaints)], []);
});
