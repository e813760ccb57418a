/**
 * A theme on a real house: a second-hand home. Shared questions once; an officer says no to one matter; what needs it stops
 * and says why and how on; what does not need it goes through, and by itself to its result; the picture is true throughout.
 */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openPhone, openStage } from "../mobile/stage.mjs";
import { signIn } from "../workbench/signIn.js";
import { SCAN } from "./miniFiller.js";
import { signInOnPhone } from "./officer.js";
import { attach, choose, field, idOf, listenTo, press, says, visit, walk } from "./phone.js";
import { people, url } from "./place.js";

const { design, officer } = people;
const PATIENCE_MS = 90_000;
const DESK = { width: 1440, height: 900 };
const PDF = { mimeType: "application/pdf", buffer: SCAN };
const HOME = "云汀市汀溪区江南西路28号801房";
const step = (name, work) => test(name, { timeout: PATIENCE_MS }, work);

let stage;
let owner;
let desk;
let ask;
let journey;
const windows = [];

async function open(size) {
  const one = await openPhone(stage, { locale: "zh-CN", timezoneId: "Asia/Shanghai", ...size });
  one.page.setDefaultTimeout(15_000);
  windows.push(one);
  return one.page;
}
before(async () => {
  stage = await openStage();
  owner = await open();
  ask = listenTo(owner);
  await signInOnPhone(owner, design.phone);
  await says(owner, "常办的事");
});
after(() => stage?.close());

const one = (code) => owner.locator(`[data-step="${code}"]`).last();
/** What the screen shows of every step. */
const picture = () =>
  owner
    .locator("[data-step]:visible")
    .evaluateAll((all) => Object.fromEntries(all.map((each) => [each.dataset.step, each.dataset.state])));
/** Waits until the screen shows it; nobody touches anything meanwhile. */
async function shows(wanted) {
  for (const [code, state] of Object.entries(wanted))
    await owner.locator(`[data-step="${code}"][data-state="${state}"]:visible`).waitFor();
  assert.deepEqual(await picture(), wanted);
}
const ofHouse = () => ask(`/api/matters/journeys/${journey}`);
const stepOf = async (code) => (await ofHouse()).steps.find((each) => each.matter_code === code);
const theme = () => visit(owner, `/matters/theme/index?journey=${journey}`);

/** Waits until the inbox says it: the worker tells a moment after the decision. */
async function isTold(...wanted) {
  for (const end = Date.now() + PATIENCE_MS / 3; Date.now() < end; await owner.waitForTimeout(200)) {
    const { messages } = await ask("/api/messaging/messages");
    if (messages.some(({ title, body }) => wanted.every((words) => `${title} ${body}`.includes(words)))) return;
  }
  throw new Error(`The inbox never said ${wanted.join(" … ")}`);
}

/** Opens a step from the picture. */
async function openStep(code) {
  await one(code).getByRole("button", { name: "打开这一项" }).click();
  await owner.waitForURL(/matters\/fill/);
  return idOf(owner);
}

step("the shared questions are asked once, also through a tunnel", async () => {
  await visit(owner, "/matters/theme/index?code=second_hand_home");
  await press(owner, "换个身份办理");
  await owner.getByRole("radio", { name: design.name }).last().click();
  await press(owner, "开始一起办");
  await walk(owner, { side: () => choose(owner, "我买房") }, /房屋地址/);
  await owner.locator("[data-saved=true]").waitFor();
  await owner.context().setOffline(true);
  await field(owner, "address").fill(HOME);
  await says(owner, "存在这部手机里");
  await press(owner, "继续");
  await field(owner, "contract_no").fill("WQ-2026-0001");
  await press(owner, "继续");
  await owner.locator('[data-ask="region"]:visible').waitFor();
  await owner.context().setOffline(false);
  await owner.locator("[data-saved=true]").waitFor();
  await walk(
    owner,
    {
      region: async () => {
        await owner.locator("[data-field=region]").last().click();
        await field(owner, "find").fill("天河区");
        await owner.locator(".place", { hasText: "天河区" }).first().click();
      },
      sends_to_registry: () => choose(owner, "是"),
      disputes_price: () => choose(owner, "是"),
    },
    "查看并提交",
  );
  await says(owner, HOME);
  await press(owner, "全部提交");
  await shows({ "HDGL-004": "draft", "XXBG-019": "draft", "SBNS-024": "waiting", "ZMBL-006": "waiting" });
  journey = (await ask("/api/matters/journeys"))[0].journey_id;
  assert.match(await one("SBNS-024").innerText(), /要等“存量房计税价格争议”办好/);
  assert.match(await one("ZMBL-006").innerText(), /要等“契税申报”办好/);
});

step("the price is disputed: only what the theme does not know is asked", async () => {
  await openStep("HDGL-004");
  await walk(
    owner,
    {
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
  await theme();
  await shows({ "HDGL-004": "submitted", "XXBG-019": "draft", "SBNS-024": "waiting", "ZMBL-006": "waiting" });
});

step("an officer says no; the open page shows it by itself, with what stopped and the way on", async () => {
  desk = await open(DESK);
  await signIn(desk, url, { ...officer, ready: "nav a" });
  await desk.goto(`${url}/workbench/tasks?view=all`);
  const row = desk.locator("tr[data-task]", { hasText: "存量房计税价格争议" }).first();
  await row.waitFor();
  await desk.goto(`${url}/workbench/tasks/${await row.getAttribute("data-task")}?view=all`);
  await desk.locator('[data-step="claim"]').click();
  await desk.locator('[data-step="no"]').click();
  await desk.fill('textarea[name="reason"]', "成交价明显偏低，没有正当理由");
  await desk.locator("[data-opinion] [data-send]").click();
  await desk.locator("[data-decision]").waitFor();

  await shows({ "HDGL-004": "refused", "XXBG-019": "draft", "SBNS-024": "stopped", "ZMBL-006": "stopped" });
  assert.match(await one("HDGL-004").innerText(), /成交价明显偏低，没有正当理由/);
  assert.match(await one("SBNS-024").innerText(), /没有办成，这一步先停下/);
  assert.match(await one("SBNS-024").innerText(), /重办那一步，或者不办它/);
  await isTold("有几步停下了", "契税申报、契税完税");
});

step("what does not need it goes through to its result", async () => {
  const id = await openStep("XXBG-019");
  await walk(
    owner,
    {
      thing: () => choose(owner, "房产$"),
      title_kind: () => choose(owner, "没有证"),
      acquired_on: () => pickDay(owner, "acquired_on"),
      area: () => field(owner, "area").fill("90"),
      use: () => choose(owner, "个人自住"),
    },
    "看一遍，再提交",
  );
  await press(owner, "提交");
  await says(owner, "办好了");
  assert.ok((await ask(`/api/matters/applications/${id}`)).document.document_no);
  await theme();
  await shows({ "HDGL-004": "refused", "XXBG-019": "approved", "SBNS-024": "stopped", "ZMBL-006": "stopped" });
  await says(owner, "办好 1 项，共 4 项");
});

step("without the dispute the rest goes on; the last matter by itself, while nobody looks", async () => {
  await one("HDGL-004").getByRole("button", { name: "不办这一项，接着往下走" }).click();
  await shows({ "HDGL-004": "left_out", "XXBG-019": "approved", "SBNS-024": "draft", "ZMBL-006": "waiting" });

  const id = await openStep("SBNS-024");
  const draft = await ask(`/api/matters/applications/${id}`);
  const answers = {
    ...{ bought_from: "second_hand", contract_date: "2026-06-30", seller_name: "陈大川", has_spouse: false },
    ...{ co_owner_share: "100%", thing: "home", price: 210_000_000, area: "90", home_number: "first" },
  };
  const kept = await ask(`/api/matters/applications/${id}`, "PATCH", { version: draft.version, answers });
  assert.deepEqual(kept.problems, [], kept.text);
  await visit(owner, `/matters/fill/index?id=${id}&stage=papers`);
  await attach(owner, "purchase_contract", { ...PDF, name: "sale.pdf" });
  await press(owner, "去核对");
  for (const words of [/^同意税务机关向不动产登记部门核对/, /^我确认以上内容真实/])
    await owner.getByRole("checkbox", { name: words }).last().click();
  await press(owner, "提交");
  await says(owner, "办好了");

  const end = Date.now() + PATIENCE_MS / 2;
  while ((await stepOf("ZMBL-006")).state !== "approved" && Date.now() < end) await owner.waitForTimeout(200);
  assert.equal((await ofHouse()).state, "done", "the worker went on; the theme was not opened");
  assert.ok((await ask(`/api/matters/applications/${(await stepOf("ZMBL-006")).application_id}`)).document.document_no);
  await isTold("往下走了一步", "已为您提交：契税完税");
  await isTold("全部办好了");
  await theme();
  await shows({ "HDGL-004": "left_out", "XXBG-019": "approved", "SBNS-024": "approved", "ZMBL-006": "approved" });
  await says(owner, "全部办好了");
});

/** The day of today, from the picker’s own window. */
async function pickDay(page, code) {
  await page.locator(`[data-field=${code}]`).last().click();
  await page.locator(".uni-picker-action-confirm:visible, .uni-picker-action.uni-picker-action-confirm").last().click();
}

step("nobody’s app complained, but of the tunnel", () => {
  const complaints = windows.flatMap((each) => each.complaints);
  assert.deepEqual(
    complaints.filter((words) => !/ERR_INTERNET_DISCONNECTED/.test(words)),
    [],
  );
});
