/**
 * An appointment at rush on a real house: five hundred people for fifty places. Nobody gets a place that another has, nobody
 * stays without an answer; one of them presses the button on the phone in the browser; officers of the hall look on.
 */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openPhone, openStage } from "../mobile/stage.mjs";
import { signIn } from "../workbench/signIn.js";
import { atOnce, gather } from "./crowd.js";
import { signInOnPhone } from "./officer.js";
import { listenTo, press, says, visit } from "./phone.js";
import { people, url } from "./place.js";

const PATIENCE_MS = 150_000;
const PEOPLE = 500;
const PLACES = 50;
const AT_ONCE = 40;
const HALL = "19901000000";
const TOPIC = "social_insurance";
const TIMES = ["09:00", "09:30", "10:00", "10:30", "11:00", "11:30", "13:30", "14:00", "14:30", "15:00"];
const DESK = { width: 1440, height: 900 };
const step = (name, work) => test(name, { timeout: PATIENCE_MS }, work);

let stage;
let phone;
let desk;
let ask;
let crowd;
let me;
let day;
let answers;
const windows = [];

async function open(size) {
  const one = await openPhone(stage, { locale: "zh-CN", timezoneId: "Asia/Shanghai", ...size });
  one.page.setDefaultTimeout(20_000);
  windows.push(one);
  return one.page;
}
before(async () => {
  stage = await openStage();
  [me, ...crowd] = await gather(PEOPLE);
  phone = await open();
  ask = listenTo(phone);
  await signInOnPhone(phone, me.phone);
  await says(phone, "常办的事");
});
after(() => stage?.close());

const publicly = (rest) => fetch(`${url}/api/appointments/halls/${HALL}/${rest}`).then((answer) => answer.json());
const bookings = () => ask("/api/appointments/bookings");
/** How the insurance desk stands on the officers' page. */
const stands = (words) => desk.locator('[data-desk-day="insurance"]', { hasText: words }).waitFor();

step("a quiet day: booked on the phone, held by the house, given back", async () => {
  await visit(phone, "/appointments/offices/index");
  await phone.getByRole("radio").first().click();
  await phone.getByRole("button", { name: "约时间" }).first().click();
  await says(phone, "确认预约");
  // Of the last day: a place of today may be too near to be given back, whatever hour the walk is run at.
  await phone
    .locator('.box[role=radio][aria-disabled="false"]', { hasText: /月\d+日/ })
    .last()
    .click();
  await phone
    .locator('.box[role=radio][aria-disabled="false"]', { hasText: /^\d\d:\d\d/ })
    .first()
    .click();
  await press(phone, "确认预约");
  await says(phone, "已约好");
  const held = (await bookings()).find((one) => one.state === "booked");
  assert.ok(held, "the house holds it");
  await press(phone, "取消预约");
  await press(phone, "确认取消");
  await says(phone, "以前的");
  assert.equal((await bookings()).find((one) => one.booking_id === held.booking_id).state, "cancelled");
});

step("the hall's plan: an approver gives fifty places a day for social insurance", async () => {
  desk = await open(DESK);
  await signIn(desk, url, { ...people.approver, ready: "nav a" });
  await desk.goto(`${url}/workbench/hall?part=plan`);
  await desk.locator('input[name="places-insurance"]').fill("5");
  await desk.locator('input[name="until-1"]').fill("15:30");
  await desk.locator("[data-save]").click();
  await desk.getByText("已保存，新放的号按新安排。").waitFor();
  const line = desk.locator('[data-plan-desk="insurance"] .number');
  assert.equal((await line.innerText()).trim(), String(PLACES));

  day = (await publicly(`days?topic=${TOPIC}`)).at(-1).day;
  assert.deepEqual(
    await publicly(`slots?topic=${TOPIC}&day=${day}`),
    TIMES.map((time) => ({ time, places: PLACES / TIMES.length })),
  );
  await desk.goto(`${url}/workbench/hall?day=${day}`);
  await stands(`已约 0 / ${PLACES}`);
});

step(
  "five hundred at once: fifty places, everybody is answered, also who pressed the button on the phone",
  async () => {
    const wish = (at) => ({
      ...{ office_code: HALL, topic: TOPIC, day, time: TIMES[(at * 7) % TIMES.length], is_flexible: at % 2 === 0 },
    });
    await visit(
      phone,
      `/appointments/book/index?office=${HALL}&topic=${TOPIC}&name=${encodeURIComponent("云汀市税务局")}`,
    );
    await phone.locator(".box[role=radio]").last().waitFor();
    const dayBoxes = phone.locator(".grid").first().locator(".box");
    await dayBoxes.last().click();
    await phone.locator(".box[role=radio]", { hasText: /^10:00/ }).click();

    const rush = atOnce(crowd, AT_ONCE, (one, at) => one.ask("/api/appointments/bookings", "POST", wish(at)));
    await stands(new RegExp(`已约 \\d\\d / ${PLACES}`));
    await press(phone, /确认预约|排队等这个时间/);
    await phone.waitForURL(/appointments\/mine/);
    answers = await rush;

    const mine = (await bookings()).find((one) => one.day === day);
    assert.ok(mine.state === "booked" || mine.place >= 1, "a place, or a place in the line");
    await says(phone, mine.state === "booked" ? "已约好" : `排在第 ${mine.place}`);

    const all = [...answers.map((one) => one.body), mine];
    assert.deepEqual([...new Set(answers.map((one) => one.status))], [201], "nobody was turned away");
    assert.equal(new Set(all.map((one) => one.arrival_no ?? mine.booking_id)).size, PEOPLE, "numbers once each");
    const booked = all.filter((one) => one.state === "booked");
    assert.equal(booked.length, PLACES);
    for (const time of TIMES)
      assert.equal(booked.filter((one) => one.time === time).length, PLACES / TIMES.length, time);
    assert.ok(all.every((one) => one.state === "booked" || (one.state === "waiting" && one.place >= 1)));

    const { arrivals } = await publicly(`order?topic=${TOPIC}&day=${day}`);
    assert.deepEqual(arrivals.map((one) => one.arrival_no), Array.from({ length: PEOPLE }, (_, at) => at + 1)); // prettier-ignore
    assert.equal(arrivals.filter((one) => one.state === "booked").length, PLACES);
  },
);

step("the officers see it: fifty held, the rest in line", async () => {
  await stands(`已约 ${PLACES} / ${PLACES}`);
  await stands(`候补 ${PEOPLE - PLACES} 人`);
  await desk
    .locator("tr[data-visit=booked]")
    .nth(PLACES - 1)
    .waitFor();
  assert.equal(await desk.locator("tr[data-visit=booked]").count(), PLACES);
  assert.ok(!(await desk.locator("[data-visits] table").innerText()).includes(crowd[0].name), "names are masked");
});

step("one gives the place back: the first in line for it has it and is told", async () => {
  const held = answers.findIndex((one) => one.body.state === "booked");
  const { booking_id, time } = answers[held].body;
  const next = answers
    .filter((one) => one.body.state === "waiting" && (one.body.time === time || one.body.is_flexible))
    .sort((one, other) => one.body.arrival_no - other.body.arrival_no)[0];
  const mine = (await bookings()).find((one) => one.day === day);
  const isMine =
    mine.state === "waiting" && (mine.time === time || mine.is_flexible) && mine.arrival_no < next.body.arrival_no;
  const whose = isMine ? me : crowd[answers.indexOf(next)];
  const given = await crowd[held].ask(`/api/appointments/bookings/${booking_id}/cancellation`, "POST", { reason: "" });
  assert.equal(given.body.state, "cancelled");

  const now = (await whose.ask("/api/appointments/bookings")).body.find((one) => one.day === day);
  assert.deepEqual([now.state, now.time, now.is_moved_up], ["booked", time, true]);
  const { messages } = (await whose.ask("/api/messaging/messages")).body;
  assert.ok(messages.some((one) => one.subject_id === now.booking_id && /候补/.test(one.title)));
  await stands(`候补 ${PEOPLE - PLACES - 1} 人`);
  await stands(`已约 ${PLACES} / ${PLACES}`);
  await desk.locator("tr[data-visit=booked]", { hasText: "候补递补" }).waitFor();

  await desk.goto(`${url}/workbench/hall?part=plan`);
  await desk.locator("[data-standard]").click();
  await desk.locator("[data-save]").click();
  await desk.getByText("已保存，新放的号按新安排。").waitFor();
});

step("nobody’s app complained", () => {
  assert.deepEqual(
    windows.flatMap((one) => one.complaints),
    [],
  );
});
