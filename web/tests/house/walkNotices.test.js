/**
 * Message settings on the phone, on a real house: ways and topics switched, quiet hours and language chosen, consent given
 * and taken back, the agreement on electronic service signed with a code, and how a message reached the person. Somebody new
 * each time: what is signed and chosen here stays with the person.
 */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openPhone, openStage } from "../mobile/stage.mjs";
import { codeAfter } from "../workbench/signIn.js";
import { gather } from "./crowd.js";
import { signInOnPhone } from "./officer.js";
import { listenTo, press, says, visit } from "./phone.js";

const step = (name, work) => test(name, { timeout: 120_000 }, work);
let stage;
let phone;
let page;
let ask;
let me;

before(async () => {
  stage = await openStage();
  [me] = await gather(1);
  phone = await openPhone(stage, { locale: "zh-CN", timezoneId: "Asia/Shanghai" });
  page = phone.page;
  page.setDefaultTimeout(15_000);
  ask = listenTo(page);
  await signInOnPhone(page, me.phone);
  await says(page, "常办的事");
});
after(async () => {
  await stage?.close();
});

const row = (name) => page.getByRole("switch", { name, exact: true }).last();

/** Presses a switch and waits until it stands as wanted. */
async function turn(name, isOn) {
  const one = row(name);
  await one.waitFor();
  if ((await one.getAttribute("aria-checked")) !== String(isOn)) await one.click();
  await page.locator(`[role=switch][aria-label="${name}"][aria-checked="${isOn}"]`).last().waitFor();
}

async function picture(name) {
  if (process.env.PALMTAX_PICTURES)
    await page.screenshot({ path: `${process.env.PALMTAX_PICTURES}/${name}.png`, fullPage: true });
}

step("the inbox stays on, other ways are switched, and the house keeps it", async () => {
  await visit(page, "/pages/me/index");
  await page.getByText("消息设置").last().click();
  await says(page, "怎么告诉您");
  assert.equal(await row("收件箱").getAttribute("aria-disabled"), "true");
  await turn("短信", true);
  await turn("微信", false);
  await turn("政策和优惠", false);
  const kept = await ask("/api/messaging/preferences");
  const chosen = (what) => kept[what].filter((one) => one.is_chosen).map((one) => one.code);
  assert.deepEqual(chosen("ways"), ["inbox", "push", "sms"]);
  assert.equal(chosen("topics").includes("policy"), false);
  await picture("notices-zh");
});

step("quiet hours, language and plain words are kept, and the bureau's hours come back", async () => {
  await page.getByText("20:00–09:00").last().click();
  await turn("说得更直白", true);
  await page.getByRole("radio", { name: "English" }).last().click();
  await page.locator('[role=radio][aria-checked="true"]', { hasText: "English" }).last().waitFor();
  const kept = await ask("/api/messaging/preferences");
  assert.deepEqual([kept.quiet, kept.language, kept.is_elder], [{ start: "20:00", end: "09:00" }, "en", true]);
  await page.getByText("按税务局（21:00–08:00）").last().click();
  await page.locator('[role=radio][aria-checked="true"]', { hasText: "按税务局" }).last().waitFor();
  assert.equal((await ask("/api/messaging/preferences")).quiet, null);
});

step("consent is off until it is given, and can be taken back", async () => {
  const promotion = "同意主动推送：政策推广和优惠提醒";
  assert.equal(await row(promotion).getAttribute("aria-checked"), "false");
  await turn(promotion, true);
  assert.equal((await ask("/api/messaging/consents"))[0].is_given, true);
  await turn(promotion, false);
  assert.equal((await ask("/api/messaging/consents"))[0].is_given, false);
});

step("the agreement on electronic service is signed with a code", async () => {
  await row("税务文书电子送达确认书").click();
  await says(page, "签订后，税务文书送进您的收件箱就算送达");
  await picture("notices-service-zh");
  await press(page, "签订确认书");
  const field = page.locator("[data-field=factor-code] input, [data-field=factor-code]").last();
  await field.waitFor();
  const code = await codeAfter(me.phone, () => page.getByText("获取验证码").last().click());
  await page.locator("[data-field=factor-code] input").last().fill(code);
  await press(page, "确认");
  await page.locator('[role=switch][aria-label="税务文书电子送达确认书"][aria-checked="true"]').last().waitFor();
  assert.equal((await ask("/api/messaging/service-agreement")).is_given, true);
});

/** Books the first free place there is: the hall answers with a message. */
async function book() {
  for (const hall of await ask("/api/appointments/halls?topic=invoice")) {
    const path = `/api/appointments/halls/${hall.office_code}`;
    for (const { day } of await ask(`${path}/days?topic=invoice`)) {
      for (const { time, places } of await ask(`${path}/slots?topic=invoice&day=${day}`)) {
        if (places > 0)
          return ask("/api/appointments/bookings", "POST", {
            office_code: hall.office_code,
            topic: "invoice",
            day,
            time,
          });
      }
    }
  }
  throw new Error("no hall has a place");
}

step("a message says how it reached me", async () => {
  const booked = await book();
  assert.equal(booked.state, "booked", JSON.stringify(booked));
  await visit(page, "/pages/messages/index");
  const shown = page.locator('[data-state="delivered"], [data-state="read"]', { hasText: "收件箱" }).last();
  await page.getByText("怎么送到您的").first().waitFor();
  for (let turn = 0; turn < 10 && !(await shown.count()); turn += 1) {
    await page.getByText("怎么送到您的").first().click(); // the worker may still be planning: looked at again
    await shown.or(page.getByText("刚刚收到，送达情况稍后可看。")).last().waitFor();
    if (!(await shown.count())) await visit(page, "/pages/messages/index");
  }
  await shown.waitFor();
  await picture("notices-reached-zh");
});

step("in English, on a wide screen, everything has its words", async () => {
  await page.evaluate(() => localStorage.setItem("palmtax.language", JSON.stringify("en")));
  await page.setViewportSize({ width: 1440, height: 900 });
  await visit(page, "/account/notices/index");
  await says(page, "How to tell you");
  const words = await page.locator("body").innerText();
  assert.doesNotMatch(words, /notices\.|messages\.|undefined/);
  await says(page, "Quiet hours");
  await picture("notices-en-wide");
});

test("nothing was complained of by the page", () => {
  assert.deepEqual(phone.complaints, []);
});
