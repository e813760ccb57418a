/**
 * A printing kiosk on a real house: an officer registers it, its page is paired with the code, somebody confirms on the
 * phone which machine it is, prints one paper twice of which one copy jams, and leaves; the next person sees nothing of it.
 */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openPhone, openStage } from "../mobile/stage.mjs";
import { signIn } from "../workbench/signIn.js";
import { signInOnPhone } from "./officer.js";
import { listenTo, press, says, visit } from "./phone.js";
import { people, url } from "./place.js";

const { approver, design } = people;
const DESK = { width: 1440, height: 900 };
const TALL = { width: 1080, height: 1920 };
const NAME = `${Date.now() % 100_000} 号终端`;
const PLACE = "一楼大厅入口右侧";
const step = (name, work) => test(name, { timeout: 60_000 }, work);
let stage;
let phone;
let desk;
let kiosk;
let ask;
let paper;

async function open(more = {}) {
  const one = await openPhone(stage, { locale: "zh-CN", timezoneId: "Asia/Shanghai", ...more });
  one.context.setDefaultTimeout(15_000);
  return one.page;
}
async function picture(page, name) {
  if (process.env.PALMTAX_PICTURES) await page.screenshot({ path: `${process.env.PALMTAX_PICTURES}/${name}.png` });
}
const screen = (name) => kiosk.locator(`[data-screen="${name}"]`).waitFor();
const kept = (page) => page.evaluate(() => Object.keys({ ...localStorage, ...sessionStorage }));

before(async () => {
  stage = await openStage();
  [phone, desk, kiosk] = [await open(), await open(DESK), await open(TALL)];
  // The printer is a stand-in: what every frame hands over is counted here.
  await kiosk.addInitScript(() => {
    window.taken = 0;
    const printer = { print: () => (window.taken += 1) };
    Object.defineProperty(HTMLIFrameElement.prototype, "contentWindow", { get: () => printer });
  });
  ask = listenTo(phone);
  await signInOnPhone(phone, design.phone);
  await says(phone, "常办的事");
  const orders = await ask("/api/payment/orders?limit=50");
  const paid = orders.find((one) => one.state === "paid");
  paper = await ask("/api/certificates", "POST", { order_id: paid.order_id });
  assert.ok(paper.certificate_no, JSON.stringify(paper));
});
after(() => stage?.close());

step("an officer registers a machine, and it is paired with the code", async () => {
  await signIn(desk, url, { phone: approver.phone, ready: "nav a" });
  await desk.goto(`${url}/workbench/hall?part=kiosks`);
  await desk.locator("input[name=name]").fill(NAME);
  await desk.locator("input[name=name_en]").fill("Kiosk");
  await desk.locator("input[name=place]").fill(PLACE);
  await desk.locator("input[name=place_en]").fill("Ground floor, right of the entrance");
  await desk.locator("[data-register]").click();
  const code = await desk.locator("[data-pairing]").innerText();
  await picture(desk, "kiosk-desk");
  await kiosk.goto(`${url}/workbench/kiosk`);
  await screen("pair");
  await kiosk.locator("input[name=code]").fill("AAAA-2222");
  await kiosk.locator("[data-pair]").click();
  await kiosk.getByRole("alert").waitFor();
  await picture(kiosk, "kiosk-pair");
  await kiosk.locator("input[name=code]").fill(code.toLowerCase());
  await kiosk.locator("[data-pair]").click();
  await kiosk.locator("[data-visit]").waitFor();
  await picture(kiosk, "kiosk-welcome");
  await desk.locator(`[data-kiosk="${NAME}"] [data-state=online]`).waitFor();
});

step("the phone shows which machine it is, by its code and by its digits, and signs in there", async () => {
  const code = kiosk.locator("[data-visit]");
  await phone.goto(await code.getAttribute("data-text"));
  await says(phone, NAME);
  await says(phone, PLACE);
  await visit(phone, "/certificates/kiosk/index");
  const digits = await kiosk.locator("[data-number]").innerText();
  await phone.locator("[data-field=kiosk-number] input").last().fill(digits);
  await press(phone, "继续");
  await says(phone, "是这台，登录");
  await picture(phone, "kiosk-phone");
  await press(phone, "是这台，登录");
  await screen("visit");
  await kiosk.getByText("青禾设计").first().waitFor();
});

step("of two copies one jams: it stays chosen, is not counted, and comes out at the next try", async () => {
  const row = kiosk.locator(`[data-paper="${paper.certificate_no}"]`);
  await row.getByRole("checkbox").click();
  await row.getByRole("button", { name: "多一份" }).click();
  await picture(kiosk, "kiosk-papers");
  await row.locator("[data-look]").click();
  await kiosk.locator("[data-preview] iframe").waitFor();
  await picture(kiosk, "kiosk-preview");
  await kiosk.locator("[data-close]").click();
  await kiosk.locator("[data-print]").click();
  await kiosk.locator("[data-step=asking]").waitFor();
  assert.equal(await kiosk.evaluate(() => window.taken), 2);
  await picture(kiosk, "kiosk-asking");
  await kiosk.locator("[data-outcome=jammed]").click();
  await kiosk.locator('[data-count="1"]').click();
  await kiosk.locator("[data-step=stopped]").waitFor();
  await picture(kiosk, "kiosk-jammed");
  await desk.reload();
  await desk.locator(`[data-kiosk="${NAME}"]`, { hasText: "卡纸" }).waitFor();
  await kiosk.locator("[data-again]").click();
  await kiosk.locator("[data-outcome=done]").click();
  await kiosk.locator("[data-step=done]").waitFor();
  assert.equal(await kiosk.evaluate(() => window.taken), 3);
  await picture(kiosk, "kiosk-done");
});

step("who leaves leaves nothing on the screen or in the machine", async () => {
  await kiosk.locator("[data-finish-printing]").click();
  await screen("thanks");
  await picture(kiosk, "kiosk-thanks");
  await kiosk.locator("[data-next]").click();
  await kiosk.locator("[data-visit]").waitFor();
  const left = await kiosk.evaluate(() => document.documentElement.innerHTML);
  for (const word of [paper.certificate_no, "青禾", "完税证明</strong>"])
    assert.equal(left.includes(word), false, word);
  assert.equal(await kiosk.locator("iframe").count(), 0);
  assert.deepEqual(await kept(kiosk), ["palmtax.workbench.kiosk"]);
  const printed = (await ask("/api/channels/kiosks/prints")).map(({ one }) => [one.paper_no, one.result, one.printed]);
  assert.deepEqual(printed, [
    [paper.certificate_no, "done", 1],
    [paper.certificate_no, "jammed", 1],
  ]);
});

step("the next person sees their own papers only, and a machine taken out of use is out at once", async () => {
  const code = await kiosk.locator("[data-visit]").getAttribute("data-text");
  const { phone: number } = people.toys;
  const other = await open();
  await signInOnPhone(other, number);
  await other.goto(code);
  await press(other, "是这台，登录");
  await screen("visit");
  await kiosk.getByText("没有可以打印的文书").waitFor();
  assert.equal(await kiosk.getByText(paper.certificate_no).count(), 0);
  await desk.locator(`[data-kiosk="${NAME}"] [data-revoke]`).click();
  await desk.locator("input[name=reason]").fill("机器报废");
  await desk.getByRole("button", { name: "确认停用" }).click();
  await desk.locator(`[data-kiosk="${NAME}"] [data-state=revoked]`).waitFor();
  await screen("pair");
  assert.equal((await kept(kiosk)).includes("palmtax.workbench.kiosk"), false);
});
