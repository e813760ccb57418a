/**
 * A complaint from the phone to its end, on a real house and on the same house three weeks later: taken up by an officer,
 * looked into by two, not answered in time and so raised, seen first by the supervisor above, answered, found wanting,
 * looked at again by others, and closed content. And an offence reported, whose informant few may know.
 */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openPhone, openStage } from "../mobile/stage.mjs";
import { proveAgain, signIn } from "../workbench/signIn.js";
import { openLater } from "./later.js";
import { signInOnPhone } from "./officer.js";
import { begin, choose, field, press, says, visit, walk } from "./phone.js";
import { people, url } from "./place.js";

const { design, officer, approver, leader } = people;
const PATIENCE_MS = 120_000;
const DESK = { width: 1440, height: 900 };
const FACTS = "承诺两天办好，过了一周还没有消息";
/** Past the ten working days of this category, whatever holidays lie in between. */
const LATER_DAYS = 25;
const TICKS = ["complaints.move_on_late", "cases.escalate"];
const step = (name, work) => test(name, { timeout: PATIENCE_MS }, work);

let stage;
let owner;
let desk;
let later;
let phone;
const windows = [];
const known = {};

async function open(where, size) {
  const one = await openPhone(where, { locale: "zh-CN", timezoneId: "Asia/Shanghai", ...size });
  one.page.setDefaultTimeout(15_000);
  windows.push(one);
  return one.page;
}
async function openDesk(house, who) {
  const page = await open({ ...stage, web: house }, DESK);
  await signIn(page, house, { phone: who.phone, ready: "nav a" });
  return page;
}
before(async () => {
  stage = await openStage();
  owner = await open(stage);
  await signInOnPhone(owner, design.phone);
  await says(owner, "常办的事");
});
after(async () => {
  await stage?.close();
  await later?.close();
});

const stepButton = (page, act) => page.locator(`[data-step="${act}"]`);
const subject = (page, words) => page.locator('[data-subject="complaint"]', { hasText: words }).waitFor();
const notice = (page, words) => page.locator("[data-notice]", { hasText: words }).waitFor();
const card = (page, words) => page.locator("[data-complaint]", { hasText: words }).first().waitFor();
const myComplaints = (page, house) => visit(page, "/complaints/list/index", house);

/** Opens the case of this complaint in the whole queue of the officer. */
async function openCase(page, house) {
  await page.goto(`${house}/workbench/tasks?view=all&kind=complaint&q=${encodeURIComponent(design.shop)}`);
  const row = page.locator("tr[data-task]").first();
  await row.waitFor();
  const id = await row.getAttribute("data-task");
  await page.goto(`${house}/workbench/tasks/${id}?view=all`);
  await page.locator("[data-acts]").waitFor();
  await subject(page, FACTS);
  return id;
}
async function openReport(page, house) {
  await page.goto(`${house}/workbench/tasks?view=all&kind=report`);
  await page.locator("tr[data-task]").first().waitFor();
  const id = await page.locator("tr[data-task]").first().getAttribute("data-task");
  await page.goto(`${house}/workbench/tasks/${id}?view=all`);
  await page.locator("[data-acts]").waitFor();
}
async function lookIntoWith(page, name) {
  await stepButton(page, "investigate").click();
  await page.locator("[data-colleagues]").click();
  await page.locator(".t-select-option:visible", { hasText: name }).first().click();
  await page.locator("[data-investigation] [data-send]").click();
  await subject(page, "调查中");
}
async function answer(page, words) {
  await stepButton(page, "answer").click();
  await page.fill('textarea[name="answer"]', words);
  await page.locator("[data-answer] [data-send]").click();
  await page.locator(".why", { hasText: "已办结" }).waitFor();
}
/** The day of today, from the picker’s own window. */
async function pickDay(page) {
  await page.locator("[data-field=happened_on]").last().click();
  await page.locator(".uni-picker-action-confirm:visible, .uni-picker-action.uni-picker-action-confirm").last().click();
}

step("made on the phone: by when it is taken up stands there", async () => {
  await begin(owner, "TSJY-001", design.shop);
  await walk(
    owner,
    {
      category: async (at) => {
        await at.locator(".box").click();
        await owner.getByRole("radio", { name: /^说好的时间没办完/ }).click();
      },
      about_kind: () => choose(owner, "办税服务厅"),
      about: () => field(owner, "about").fill("云汀市汀溪区税务局二楼"),
      happened_on: () => pickDay(owner),
      facts: () => field(owner, "facts").fill(FACTS),
      wish: () => undefined,
      is_real_name: (at) => at.getByRole("radio", { name: /^是/ }).click(),
    },
    "看一遍，再提交",
  );
  await press(owner, "提交");
  await says(owner, "办好了");
  await myComplaints(owner);
  await card(owner, "待受理");
  await says(owner, "前告诉您是否受理");
});

step("an officer takes it up; it cannot be answered before a second one looks into it", async () => {
  desk = await openDesk(url, officer);
  known.case = await openCase(desk, url);
  assert.equal(await stepButton(desk, "answer").count(), 0);
  await stepButton(desk, "accept").click();
  await desk.fill('textarea[name="reason"]', "属于受理范围");
  await desk.locator("[data-acceptance] [data-send]").click();
  await notice(desk, "还差一名调查人员");
  await subject(desk, "已受理");
  assert.deepEqual(await Promise.all(["accept", "answer"].map((act) => stepButton(desk, act).count())), [0, 0]);

  await lookIntoWith(desk, "审批人员");
  await stepButton(desk, "answer").waitFor();
  assert.equal(await desk.locator("[data-moved]").count(), 0, "the clock's news of another day stops nobody");

  await myComplaints(owner);
  await card(owner, "调查中");
  await press(owner, "看经过");
  await says(owner, "开始调查");
});

step("an offence is reported by name; who answers reports does not see by whom", async () => {
  await begin(owner, "TSJY-003", design.shop);
  await walk(
    owner,
    {
      who: () => field(owner, "who").fill("远航建材经营部"),
      who_uscc: () => undefined,
      where: () => field(owner, "where").fill("云山市北山区石井街5号"),
      offences: () => owner.getByRole("checkbox", { name: /^隐瞒收入/ }).click(),
      years: () => field(owner, "years").fill("2024至2026"),
      tax_guess: () => undefined,
      facts: () => field(owner, "facts").fill("收款用老板个人微信，账上只记一半"),
      naming: () => choose(owner, "实名"),
      informant: () => field(owner, "informant").fill(design.name),
      phone: () => field(owner, "phone").fill(design.phone),
    },
    /交材料|看一遍，再提交/,
  );
  const review = owner.getByRole("button", { name: "去核对" });
  if (await review.count()) await review.last().click();
  await press(owner, "提交");
  await says(owner, "办好了");
  await openReport(desk, url);
  await desk.locator('[data-subject="report"]', { hasText: "收款用老板个人微信" }).waitFor();
  assert.equal(await stepButton(desk, "informant").count(), 0);
  assert.ok(!(await desk.locator("[data-case]").innerText()).includes(design.shop));
});

step("its day passes: the supervisor above finds it at the top of the board, and answers", async () => {
  later = await openLater(LATER_DAYS, TICKS);
  desk = await openDesk(later.url, approver);
  await desk.goto(`${later.url}/workbench/board`);
  const raised = desk.locator("[data-marked] a", { hasText: design.shop });
  await raised.first().waitFor();
  await raised.first().click();
  await subject(desk, FACTS);
  await notice(desk, "逾期未答复");
  await desk.locator('[data-step-act$="complaint_escalated"]').waitFor();
  await answer(desk, "经核实确有延误，已于今日办结并致歉。");
});

step("the answer is in the inbox and on the phone; it does not content", async () => {
  phone = await open({ ...stage, web: later.url });
  await signInOnPhone(phone, design.phone, later.url);
  await visit(phone, "/pages/messages/index", later.url);
  await phone
    .getByText(/投诉.*答复/)
    .first()
    .click();
  await phone.waitForURL(/complaints\/list/);
  await card(phone, "经核实确有延误");
  await press(phone, "不满意");
  await field(phone, "complaint-words").fill("没有说明为什么延误");
  await press(phone, "请上一级重新办理");
  await card(phone, "上一级机关正在重新办理");
});

step("others look at it again, above: with what the person said, and without those who answered", async () => {
  desk = await openDesk(later.url, leader);
  const id = await openCase(desk, later.url);
  assert.notEqual(id, known.case, "a case of its own");
  await notice(desk, "投诉人对答复不满意");
  await desk.locator("[data-trail]", { hasText: "没有说明为什么延误" }).waitFor();
  await stepButton(desk, "investigate").click();
  await desk.locator("[data-colleagues]").click();
  const offered = (await desk.locator(".t-select-option:visible").allInnerTexts()).join();
  for (const { name } of [officer, approver]) assert.ok(!offered.includes(`${name[0]}*${name.at(-1)}`), offered);
  await desk.locator(".t-select-option:visible", { hasText: "风险分析人员" }).first().click();
  await desk.locator("[data-investigation] [data-send]").click();
  await subject(desk, "调查中");
  await answer(desk, "延误因系统升级，已改为当场告知。");

  await myComplaints(phone, later.url);
  await card(phone, "延误因系统升级");
  await press(phone, "满意");
  await card(phone, "已办结");
});

step("who reported is shown to the one who may know, not what; for a reason, after a second proof", async () => {
  await openReport(desk, later.url);
  await desk.locator("[data-sealed]").waitFor();
  await stepButton(desk, "informant").click();
  await desk.fill('[data-informant] textarea[name="reason"]', "兑现奖励");
  await desk.locator("[data-informant] [data-send]").click();
  await proveAgain(desk, leader.phone);
  await desk.locator("[data-informant-found]", { hasText: design.name }).waitFor();
});

step("nobody’s app complained", () => {
  assert.deepEqual(
    windows.flatMap((one) => one.complaints),
    [],
  );
});
