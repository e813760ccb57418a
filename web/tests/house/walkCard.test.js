/**
 * An officer's card on a real house: an application is handed in and has a first opinion; the second officer's phone (government
 * WeChat of the sandboxes) shows a card, the case is taken there, the workbench opens signed in at it, and once it is decided
 * the card says so. The bell of the workbench has the same.
 */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openPhone, openStage } from "../mobile/stage.mjs";
import { codeAfter } from "../workbench/signIn.js";
import { people, sandbox, url } from "./place.js";

const { machines, officer, approver } = people;
const RAISE = {
  direction: "raise", requested_quota: 500_000_000, reason: "contract", contract_no: "2026-018",
  contract_party: "云城商贸有限公司", contract_amount: 420_000_000, expected_invoices: 180_000_000,
};
const MEMBER = `officer${approver.phone.slice(-2)}`;
const step = (name, work) => test(name, { timeout: 60_000 }, work);
const known = {};
let stage;
let phone;
let page;

before(async () => {
  stage = await openStage();
  phone = await openPhone(stage, { locale: "zh-CN", timezoneId: "Asia/Shanghai" });
  page = phone.page;
  page.setDefaultTimeout(20_000);
});
after(async () => {
  await stage?.close();
});

/** Signs somebody in by phone and code; what then asks the house as they do, under the hat that `isHat` chooses. */
async function signedIn({ phone: number }, channel, isHat) {
  let token = "";
  const ask = async (path, method = "GET", body = undefined) => {
    const isBytes = body instanceof Uint8Array;
    const headers = { "x-channel": channel, ...(token && { authorization: `Bearer ${token}` }) };
    headers["content-type"] = isBytes ? "application/octet-stream" : "application/json";
    const answer = await fetch(`${url}/api/${path}`, { method, headers, body: isBytes ? body : body && JSON.stringify(body) });
    const told = answer.status === 204 ? null : await answer.json();
    assert.ok(answer.ok, `${method} ${path}: ${JSON.stringify(told)}`);
    return told;
  };
  const code = await codeAfter(number, () => ask("identity/sms-codes", "POST", { phone: number }));
  const device = { name: "测试", channel };
  const session = await ask("identity/sessions/sms", "POST", { phone: number, code, device });
  token = session.access_token;
  const hat = session.me.hats.find(isHat);
  if (hat && hat.hat_id !== session.me.hat?.hat_id) await ask("identity/hat", "POST", { hat_id: hat.hat_id });
  return ask;
}

/** A picture as the paper that the matter wants. */
async function attach(ask, application_id, paper_code) {
  const bytes = new Uint8Array(await page.screenshot({ type: "jpeg" }));
  const asked = { application_id, paper_code, file_name: "合同.jpg", size_bytes: bytes.length, idempotency_key: crypto.randomUUID() };
  const { upload_id } = await ask("matters/uploads", "POST", asked);
  await ask(`matters/uploads/${upload_id}/bytes?offset=0`, "PUT", bytes);
}

async function picture(name, of = page) {
  if (process.env.PALMTAX_PICTURES) await of.screenshot({ path: `${process.env.PALMTAX_PICTURES}/${name}.png` });
}

const card = () => page.locator("article.card", { hasText: "发票总额度" }).last();

step("an application is handed in, and the first officer agrees", async () => {
  const owner = await signedIn(machines, "miniprogram", (hat) => hat.title === machines.shop);
  const begun = await owner("matters/applications", "POST", { matter_code: "FPBL-002", fresh: true });
  const path = `matters/applications/${begun.application_id}`;
  await owner(path, "PATCH", { version: begun.version, answers: RAISE });
  await attach(owner, begun.application_id, "contract");
  const { version } = await owner(path);
  await owner(`${path}/submission`, "POST", { version, idempotency_key: crypto.randomUUID(), is_confirmed: true });

  const second = await signedIn(approver, "workbench", (hat) => hat.kind === "officer");
  const { topics, ways } = await second("messaging/office/wishes");
  const codes = (list) => list.filter((one) => one.is_chosen).map((one) => one.code);
  await second("messaging/office/wishes", "PUT", { topics: codes(topics), ways: codes(ways), is_any_time: true });

  const first = await signedIn(officer, "workbench", (hat) => hat.kind === "officer");
  const asked = { outcome: "yes", reason: "合同齐全", case_version: 1 };
  await first(`matters/cases/${begun.application_id}/opinion`, "POST", asked);
});

step("the second officer's phone shows a card, and the case is taken there", async () => {
  await page.goto(`${sandbox}/gov/sandbox/?who=${MEMBER}`);
  await card().getByText("待复审，尚无人领取").waitFor();
  await picture("card-to-take");
  await card().getByRole("button", { name: "领取" }).click();
  await card().getByText("在您名下，请办理").waitFor();
  await card().getByText("已领取").waitFor();
  assert.equal(await card().getByRole("button", { name: "领取" }).count(), 0);
  await picture("card-taken");
});

step("the workbench opens at the case, signed in without typing", async () => {
  [known.desk] = await Promise.all([
    phone.context.waitForEvent("page"),
    card().getByRole("button", { name: "打开" }).click(),
  ]);
  known.desk.setDefaultTimeout(20_000);
  await known.desk.waitForURL(/\/workbench\/tasks\/[0-9a-f-]{36}/);
  await known.desk.setViewportSize({ width: 1440, height: 900 });
  await known.desk.locator('[data-step="confirm"]').waitFor();
  const bell = known.desk.locator("button.bell");
  await known.desk.locator('button.bell[data-unread="1"]').waitFor();
  await bell.click();
  await known.desk.locator("[data-message]", { hasText: "待复审" }).waitFor();
  await picture("bell-zh", known.desk);
  await known.desk.keyboard.press("ArrowDown");
  await known.desk.keyboard.press("Enter");
  await known.desk.locator('button.bell[data-unread="0"]').waitFor();
});

step("decided in the workbench, the card says that it is done", async () => {
  const { desk } = known;
  await desk.locator('[data-step="confirm"]').click();
  await desk.locator("[data-agree]").click();
  await desk.locator("[data-decision]").waitFor();
  await page.bringToFront();
  await card().getByText("已办结").waitFor();
  assert.equal(await card().getByRole("button", { name: "稍后提醒" }).count(), 0);
  await picture("card-done");
});

test("nothing was complained of by the page", () => {
  assert.deepEqual(phone.complaints, []);
});
