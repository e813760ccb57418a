/** A city feature on a real house: the demo town's own stands on the home screen and opens a page of ours. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openPhone, openStage } from "../mobile/stage.mjs";
import { signInOnPhone } from "./officer.js";
import { says, visit } from "./phone.js";
import { people } from "./place.js";

const { hardware } = people;
const step = (name, work) => test(name, { timeout: 60_000 }, work);
let stage;
let page;

before(async () => {
  stage = await openStage();
  ({ page } = await openPhone(stage, { locale: "zh-CN", timezoneId: "Asia/Shanghai" }));
  page.setDefaultTimeout(15_000);
  await signInOnPhone(page, hardware.phone);
  await says(page, "常办的事");
});
after(async () => {
  await stage?.close();
});

async function picture(name) {
  if (process.env.PALMTAX_PICTURES) await page.screenshot({ path: `${process.env.PALMTAX_PICTURES}/${name}.png`, fullPage: true });
}

step("the city's own stands on the home screen and opens the theme", async () => {
  await says(page, "本地特色");
  await picture("home-zh");
  await page.locator("[data-test=features] [role=button]").filter({ hasText: "云汀购车" }).click();
  await page.waitForURL(/matters\/theme\/index\?code=buy_vehicle/);
  await visit(page, "/pages/home/index");
  await says(page, "云汀购车");
  assert.equal(await page.locator("[data-test=features] [role=button]").count(), 1);
});
