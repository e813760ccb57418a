/**
 * A code with a scene on a real house: an officer makes one for a hall, keeps its picture, a follower scans it and is sent the
 * way in, the scan is counted; ended, it leads nowhere.
 */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, test } from "node:test";
import { openPhone, openStage } from "../mobile/stage.mjs";
import { signIn } from "../workbench/signIn.js";
import { outside, people, sandbox, url } from "./place.js";

const PERSON = `扫码的人${Date.now() % 100_000}`;
const TITLE = "三号窗口预约办税";
const step = (name, work) => test(name, { timeout: 40_000 }, work);
let stage;
let desk;
let page;
let address;
let hall;

before(async () => {
  stage = await openStage();
  desk = await openPhone(stage, { locale: "zh-CN", timezoneId: "Asia/Shanghai", width: 1440, height: 900 });
  page = desk.page;
  page.setDefaultTimeout(15_000);
  await signIn(page, url, { phone: people.keys.phone, ready: "nav a" });
  await page.goto(`${url}/workbench/channels?part=scenes`);
  await page.locator("[data-scenes]").waitFor();
});
after(async () => {
  await stage?.close();
});

async function picture(name) {
  if (process.env.PALMTAX_PICTURES) await page.screenshot({ path: `${process.env.PALMTAX_PICTURES}/${name}.png`, fullPage: true });
}

const row = () => page.locator("tr[data-scene]", { hasText: TITLE }).first();
const detail = () => page.locator("[data-scene-detail]");

/** What the account has said on the follower's phone, once there is so much. */
async function heard(count) {
  for (const end = Date.now() + 10_000; Date.now() < end; await new Promise((wake) => setTimeout(wake, 200))) {
    const answer = await fetch(`${sandbox}/wechat/sandbox/phone?person=${encodeURIComponent(PERSON)}&account=wechat_oa`);
    const told = ((await answer.json()).account ?? []).filter((one) => one.is_ours).map((one) => one.content.content);
    if (told.length >= count) return told;
  }
  throw new Error("nothing was said");
}

step("an officer makes a code for a hall, and its picture can be kept and printed", async () => {
  await page.locator("select[name=channel]").selectOption("wechat_oa");
  await page.locator("[data-new]").click();
  await picture("scenes-form");
  await page.locator("input[name=title]").fill(TITLE);
  await page.locator("input[name=title_en]").fill("Book at counter 3");
  await page.locator("select[name=page]").selectOption("hall");
  await page.locator("select[name=hall]").selectOption({ index: 0 });
  hall = await page.locator("select[name=hall] option:checked").innerText();
  assert.equal(await page.locator("select[name=office] option:checked").innerText(), hall, "it hangs where it leads");
  await page.locator("input[name=days]").fill("31");
  assert.ok(await page.locator("[data-make]").isDisabled(), "longer than WeChat lets it last");
  await page.locator("input[name=days]").fill("30");
  const [made] = await Promise.all([page.waitForResponse(/\/scenes$/), page.locator("[data-make]").click()]);
  ({ address } = await made.json());
  await page.getByText("已生成，可以下载打印").waitFor();
  await detail().locator("[data-picture]").waitFor();
  assert.ok(await detail().locator("[data-picture]").evaluate((image) => image.complete && image.naturalWidth > 100));
  const [file] = await Promise.all([page.waitForEvent("download"), detail().locator("[data-keep]").click()]);
  assert.equal(file.suggestedFilename(), `${TITLE}.svg`);
  assert.match(await readFile(await file.path(), "utf8"), new RegExp(`<svg [^]*${TITLE}`));
  await picture("scenes-made");
});

step("a follower scans it and is sent the way in; the scan is counted", async () => {
  await outside("/wechat/sandbox/scan", { person: PERSON, url: address });
  const said = (await heard(1)).at(-1);
  assert.match(said, new RegExp(`<a href="[^"]*enter[^"]*">${TITLE}</a>`));
  assert.ok(said.startsWith(`这里是${hall}`), said);
  await page.reload();
  await row().locator("[data-uses]", { hasText: "1" }).waitFor();
  await row().locator("[data-office]", { hasText: hall }).waitFor();
  await page.locator("select[name=office-filter]").selectOption({ index: 1 });
  await page.locator("select[name=office-filter] option:checked", { hasText: "1 个码，扫码 1 次，关注 1 人" }).waitFor({ state: "attached" });
  await picture("scenes-of-a-hall");
  await row().click();
  await detail().getByText("带来关注").waitFor();
});

step("ended after it was asked once more, it leads nowhere", async () => {
  await detail().locator("[data-end]").click();
  await detail().getByText("不能恢复").waitFor();
  await detail().locator("[data-end-sure]").click();
  await row().getByText("已失效").waitFor();
  const before = (await heard(1)).length;
  await outside("/wechat/sandbox/scan", { person: PERSON, url: address });
  assert.match((await heard(before + 1)).at(-1), /已经失效/);
  await picture("scenes-over");
});

step("a code of the mini program is a picture of WeChat's", async () => {
  await page.locator("select[name=channel]").selectOption("wechat_mini");
  await page.locator("[data-new]").click();
  await page.locator("input[name=title]").fill("申报日历");
  await page.locator("input[name=title_en]").fill("Calendar");
  await page.locator("select[name=page]").selectOption("calendar");
  await page.locator("[data-make]").click();
  await detail().locator("[data-picture]").waitFor();
  const [file] = await Promise.all([page.waitForEvent("download"), detail().locator("[data-keep]").click()]);
  assert.deepEqual([...(await readFile(await file.path())).subarray(1, 4)], [..."PNG"].map((one) => one.charCodeAt(0)));
});

test("nothing was complained of by the page", () => {
  assert.deepEqual(desk.complaints, []);
});
