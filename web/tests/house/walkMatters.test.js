/**
 * Matters between two people on a real house: the phone in the browser, the mini program and the officers' workbench. A quota
 * is raised by two officers after a supplement, a complaint is taken up, a visit is booked, a draft moves to another phone, a
 * theme keeps its steps apart.
 */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openPhone, openStage } from "../mobile/stage.mjs";
import { signIn } from "../workbench/signIn.js";
import { makeHands, SCAN } from "./miniFiller.js";
import { startMiniProgram } from "./miniProgram.js";
import { signInOnPhone } from "./officer.js";
import { attach, begin, choose, field, idOf, listenTo, press, says, visit, walk } from "./phone.js";
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

step("complaint: made on the phone, read and taken up by an officer", async () => {
  await begin(owner, "TSJY-001", machines.shop);
  known.complaint = idOf(owner);
  const yes = async (at) => at.getByRole("radio", { name: /^是/ }).click();
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
      facts: () => field(owner, "facts").fill("承诺两天办好，过了一周还没有消息"),
      wish: () => undefined,
      is_real_name: yes,
    },
    "看一遍，再提交",
  );
  await press(owner, "提交");
  await says(owner, "办好了");
  assert.equal((await application(known.complaint)).state, "approved");

  const { second } = known;
  await openCase(second, "投诉");
  await second.locator('[data-subject="complaint"]', { hasText: "过了一周还没有消息" }).waitFor();
  await stepButton(second, "accept").click();
  await second.fill('textarea[name="reason"]', "属于受理范围");
  await second.locator("[data-acceptance] [data-send]").click();
  await second.locator('[data-subject="complaint"]', { hasText: "已受理" }).waitFor();
});

/** The day of today, from the picker’s own window. */
async function pickDay(page) {
  await page.locator("[data-field=happened_on]").last().click();
  await page.locator(".uni-picker-action-confirm:visible, .uni-picker-action.uni-picker-action-confirm").last().click();
}

step("appointment: booked on the phone, held by the house, given back", async () => {
  await visit(owner, "/appointments/offices/index");
  await owner.getByRole("radio").first().click();
  await owner.getByRole("button", { name: "约时间" }).first().click();
  await says(owner, "确认预约");
  await owner
    .locator('.box[role=radio][aria-disabled="false"]', { hasText: /^\d\d:\d\d/ })
    .first()
    .click();
  await press(owner, "确认预约");
  await says(owner, "已约好");
  const bookings = () => ask("/api/appointments/bookings");
  const held = (await bookings()).find((one) => one.state === "booked");
  assert.ok(held, "the house holds it");
  await press(owner, "取消预约");
  await press(owner, "确认取消");
  await says(owner, "以前的");
  assert.equal((await bookings()).find((one) => one.booking_id === held.booking_id).state, "cancelled");
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

step(
  "a theme: a second-hand home; shared questions once, one matter goes in, what depends on another waits",
  async () => {
    await visit(owner, "/matters/theme/index?code=second_hand_home");
    await press(owner, "换个身份办理");
    await owner.getByRole("radio", { name: machines.name }).last().click();
    await press(owner, "开始一起办");
    const place = async () => {
      await owner.locator("[data-field=region]").last().click();
      await field(owner, "find").fill("天河区");
      await owner.locator(".place", { hasText: "天河区" }).first().click();
    };
    await walk(
      owner,
      {
        side: () => choose(owner, "我买房"),
        address: () => field(owner, "address").fill("云山市望湖区江南西路28号801房"),
        contract_no: () => field(owner, "contract_no").fill("WQ-2026-0001"),
        region: place,
        disputes_price: () => choose(owner, "是"),
      },
      "查看并提交",
    );
    await press(owner, "全部提交");
    const state = (code) => owner.locator(`[data-step="${code}"]`).last().getAttribute("data-state");
    const way = (code) => owner.locator(`[data-step="${code}"]`).last();
    await way("HDGL-004").waitFor();
    assert.deepEqual(
      [await state("HDGL-004"), await state("SBNS-024"), await state("ZMBL-006")],
      ["draft", "draft", "waiting"],
    );
    assert.match(await way("ZMBL-006").innerText(), /契税申报/);

    await way("HDGL-004").getByRole("button", { name: "打开这一项" }).click();
    await owner.waitForURL(/matters\/fill/);
    known.dispute = idOf(owner);
    await walk(
      owner,
      {
        side: () => choose(owner, "买方"),
        address: () => field(owner, "address").fill("云山市望湖区江南西路28号801房"),
        title_no: () => field(owner, "title_no").fill("云不动产权第0000026号"),
        area: () => field(owner, "area").fill("90"),
        contract_price: () => field(owner, "contract_price").fill("1000000"),
        assessed: () => field(owner, "assessed").fill("2100000"),
        reasons: () => owner.getByRole("checkbox", { name: /^临街/ }).click(),
        facts: () => field(owner, "facts").fill("就是这个价"),
        has_appraisal: () => choose(owner, "否"),
      },
      /交材料|看一遍，再提交/,
    );
    await attach(owner, "contract", { ...PDF, name: "sale.pdf" });
    await press(owner, "去核对");
    await press(owner, "提交");
    await says(owner, "已经收到");

    const { journey_id } = await application(known.dispute);
    await visit(owner, `/matters/theme/index?journey=${journey_id}`);
    await way("HDGL-004").waitFor();
    assert.deepEqual([await state("HDGL-004"), await state("SBNS-024")], ["submitted", "draft"]);
  },
);

step("nobody’s app complained", () => {
  assert.deepEqual([...(mini?.complaints ?? []), ...windows.flatMap((one) => one.complaints)], []);
});
