/**
 * The waiting room on a real house: two officers slow a room in which deadlines run, a person on the phone stands in the line
 * with a draft, loses the connection, comes back to the same place, is let in, and finds what was written; an officer opens it.
 */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openPhone, openStage } from "../mobile/stage.mjs";
import { signIn } from "../workbench/signIn.js";
import { signInOnPhone } from "./officer.js";
import { begin, choose, field, idOf, listenTo, press, says } from "./phone.js";
import { people, url } from "./place.js";

const { machines, keys, otherKeys } = people;
const A_MINUTE = 90;
const BEFORE_US = 24;
const REASON = "演练：保存接口变慢";
const WORDS = "希望周六也能办理社保业务";
const step = (name, work) => test(name, { timeout: 60_000 }, work);
let stage;
let phone;
let page;
let ask;
let id;
let desks;

async function deskOf(person) {
  const desk = await openPhone(stage, { locale: "zh-CN", timezoneId: "Asia/Shanghai", width: 1440, height: 900 });
  desk.page.setDefaultTimeout(15_000);
  await signIn(desk.page, url, { phone: person.phone, ready: "nav a" });
  await desk.page.goto(`${url}/workbench/waiting`);
  await desk.page.locator('[data-room="begun"]').waitFor();
  return desk.page;
}

async function picture(where, name) {
  if (process.env.PALMTAX_PICTURES) await where.screenshot({ path: `${process.env.PALMTAX_PICTURES}/${name}.png` });
}

before(async () => {
  stage = await openStage();
  phone = await openPhone(stage, { locale: "zh-CN", timezoneId: "Asia/Shanghai" });
  page = phone.page;
  page.setDefaultTimeout(15_000);
  ask = listenTo(page);
  await signInOnPhone(page, machines.phone);
  desks = await Promise.all([deskOf(keys), deskOf(otherKeys)]);
});
after(async () => {
  const [desk] = desks ?? [];
  if (desk && (await roomOf(desk).getByText("限每分钟").count())) await decide(desk, "自动");
  await stage?.close();
});

const roomOf = (desk) => desk.locator('[data-room="begun"]');
const textOf = async () =>
  (await ask(`/api/matters/applications/${id}`)).sections.flatMap((one) => one.asks).find((one) => one.code === "text").value;
/** The place in the line that the phone keeps: when it came, and its number. */
const place = () =>
  page.evaluate(() => JSON.parse(localStorage.getItem("palmtax.waiting.places")).begun.split(".").slice(0, 4).join("."));

async function decide(desk, mode, rate) {
  if (!(await desk.locator("[data-detail]").count())) await roomOf(desk).locator(".name").click();
  const form = desk.locator("[data-detail] form");
  await form.getByText(mode, { exact: true }).click();
  if (rate) await form.locator("input[name=people]").fill(String(rate));
  await form.locator("input[name=reason]").fill(REASON);
  await form.locator("[data-switch]").click();
}

step("a person has begun something, and the house keeps it", async () => {
  await begin(page, "TSJY-004", machines.shop);
  id = idOf(page);
  for (const answer of ["提建议", "办税厅"]) {
    await choose(page, answer);
    await press(page, "继续");
  }
  await field(page, "text").waitFor();
  await page.locator("[data-saved=true]").waitFor();
});

step("one officer asks for a pace of their own, another agrees", async () => {
  const [one, other] = desks;
  await decide(one, "限制人数", A_MINUTE);
  await one.getByText("已提交，等待另一位人员复核").waitFor();
  await roomOf(one).getByText("待复核").waitFor();
  assert.equal(await roomOf(one).getByText(`限每分钟 ${A_MINUTE} 人`).count(), 0, "not by one alone");
  await other.reload();
  await roomOf(other).locator(".name").click();
  await other.getByText("由另一位人员以同样的人数确认后生效").waitFor();
  await decide(other, "限制人数", A_MINUTE);
  await other.getByText("已生效").waitFor();
  await roomOf(other).getByText(`限每分钟 ${A_MINUTE} 人`).waitFor();
});

/** Others who want the same: each is given a place. */
async function othersCome() {
  const wanted = () => fetch(`${url}/api/filing/drafts/${crypto.randomUUID()}`, { method: "PATCH" });
  while ((await wanted()).status !== 503) await new Promise((wake) => setTimeout(wake, 200)); // the switch is read once a second
  await Promise.all(Array.from({ length: BEFORE_US }, wanted));
}

step("the person sees the line, with place and estimate", async () => {
  await othersCome();
  await field(page, "text").fill(WORDS);
  const room = page.locator("[data-waiting=room]").last();
  await room.waitFor();
  await room.getByText("您在排队：办到一半的事").waitFor();
  await room.getByText(/预计 \d+ 分钟内轮到您/).waitFor();
  await room.getByText("您的位置保留到").waitFor();
  const ahead = Number(await room.locator(".number").innerText());
  assert.ok(ahead > BEFORE_US / 2 && ahead <= BEFORE_US + 1, `${ahead} before us`);
  await picture(page, "waiting-phone");
  await roomOf(desks[1]).locator("td.number", { hasText: /^[1-9]/ }).first().waitFor();
  await picture(desks[1], "waiting-desk");
  assert.notEqual(await textOf(), WORDS, "the house has not heard of it yet");
});

step("the connection is lost and comes back: the same place", async () => {
  const mine = await place();
  await page.context().setOffline(true);
  await page.waitForTimeout(2_000);
  assert.equal(await place(), mine);
  await page.context().setOffline(false);
  await page.reload();
  await page.locator("[data-waiting]").first().waitFor();
  assert.equal(await place(), mine, "not to the end of the line");
});

step("it is the person's turn: the draft is as it was, and is kept", async () => {
  await page.locator("[data-waiting]").first().waitFor({ state: "detached", timeout: 30_000 });
  await page.locator("[data-saved=true]").waitFor();
  assert.equal(await textOf(), WORDS);
  const answers = (await ask(`/api/matters/applications/${id}`)).sections.flatMap((one) => one.asks);
  assert.ok(answers.filter((one) => one.value !== null).length >= 3, "what was answered before is there too");
});

step("an officer opens the room again, alone; nobody waits", async () => {
  const [, other] = desks;
  await decide(other, "自动");
  await other.getByText("已生效").waitFor();
  await roomOf(other).getByText("不用排队").waitFor();
  await says(page, "意见建议");
  await picture(other, "waiting-open");
});

test("nothing else was complained of by the page", () => {
  const others = phone.complaints.filter((one) => !/status of 503|ERR_INTERNET_DISCONNECTED|Failed to fetch/.test(one));
  assert.deepEqual(others, []);
});
