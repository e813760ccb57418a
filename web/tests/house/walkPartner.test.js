/**
 * An application's whole life on a real house: a developer registers and tries it in the portal and asks for review; an officer
 * asks a question back; mended, two officers put it live; a person agrees on the phone in plain words and takes it back; an
 * officer registers one for a partner; one officer stops an application with a reason, at once, and its developer reads why.
 */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openPhone, openStage } from "../mobile/stage.mjs";
import { signIn } from "../workbench/signIn.js";
import { signInOnPhone } from "./officer.js";
import { codeOf, tokensFor, tried } from "./partner.js";
import { press, says, visit } from "./phone.js";
import { people, url } from "./place.js";

const NAME = `云汀记账${Date.now() % 100_000}`;
const BACK = "https://open.yunting.example/back";
const REASON = "用户投诉：提醒里夹带广告";
const step = (name, work) => test(name, { timeout: 60_000 }, work);
const open = [];
let stage, portal, first, second, phone;
let own, token;

async function desk(person) {
  const one = await openPhone(stage, { locale: "zh-CN", timezoneId: "Asia/Shanghai", width: 1440, height: 900 });
  one.page.setDefaultTimeout(15_000);
  await signIn(one.page, url, { phone: person.phone, ready: "nav a" });
  open.push(one);
  return one.page;
}

before(async () => {
  stage = await openStage();
  const developer = await openPhone(stage, { locale: "zh-CN", width: 1440, height: 900 });
  [first, second] = [await desk(people.keys), await desk(people.otherKeys)];
  const person = await openPhone(stage, { locale: "zh-CN", timezoneId: "Asia/Shanghai" });
  open.push(developer);
  [portal, phone] = [developer.page, person.page];
  for (const page of [portal, phone]) page.setDefaultTimeout(15_000);
  await signInOnPhone(phone, people.toys.phone);
  // The partner's own page, on the other side of the network.
  await person.context.route("https://open.yunting.example/**", (route) =>
    route.fulfill({ contentType: "text/html", body: "<h1>云汀记账</h1>" }),
  );
});
after(async () => {
  await stage?.close();
});

/** A picture of a page; of the portal its last section, where everything happens. */
async function picture(page, name) {
  const folder = process.env.PALMTAX_PICTURES;
  if (!folder) return;
  const shown = page === portal ? page.locator("section", { has: page.locator("#enter") }) : page;
  await shown.screenshot({ path: `${folder}/${name}.png`, ...(page !== portal && { fullPage: true }) });
}

const mine = () => portal.locator("#console");
const stands = (state) => mine().locator(".state", { hasText: state }).first().waitFor();
const again = () => mine().getByRole("button", { name: "刷新" }).click();

/** The application's place on a desk, afresh. */
async function look(page, client) {
  await page.goto(`${url}/workbench/partners`);
  await page.locator(`[data-partner="${client}"] button`).click();
  await page.locator("[data-detail] h2").waitFor();
  return page.locator("[data-detail]");
}

step("a developer registers in the portal, and is told what is missing or wrong first", async () => {
  await portal.goto(`${url}/developers`);
  await portal.locator("#new summary").click();
  const form = portal.locator("#register form");
  const written = {
    name: NAME,
    name_en: "Yunting Books",
    organisation: "云汀软件有限公司",
    email: "dev@books.example",
    purpose: "到期前提醒",
    purpose_en: "Reminds of filing days",
  };
  for (const [name, text] of Object.entries(written)) await form.locator(`[name=${name}]`).fill(text);
  await form.locator("[name=redirect_uris]").fill("http://open.yunting.example/back");
  await form.getByRole("button", { name: "登记应用" }).click();
  await form.getByText("请至少选一项权限").waitFor();
  for (const scope of ["matters.find", "taxpayer.read", "returns.due"])
    await form.locator(`[value="${scope}"]`).check();
  await form.getByRole("button", { name: "登记应用" }).click();
  await form.locator(".told", { hasText: "http://open.yunting.example/back" }).waitFor();
  await picture(portal, "portal-register");
  await form.locator("[name=redirect_uris]").fill(BACK);
  await form.getByRole("button", { name: "登记应用" }).click();
  const shown = portal.locator("#once code");
  await shown.nth(1).waitFor();
  own = { client_id: await shown.nth(0).innerText(), client_secret: await shown.nth(1).innerText() };
  assert.match(own.client_id, /^pa_/);
  assert.match(own.client_secret, /^pts_/);
  await stands("试用");
  await portal.locator("#language").click();
  await mine().getByRole("button", { name: "Ask for review" }).waitFor();
  assert.equal(await shown.nth(1).innerText(), own.client_secret, "another language does not lose the secret");
  await portal.locator("#language").click();
  await mine().getByRole("button", { name: "提交审核" }).waitFor();
  await portal.locator("#once").getByRole("button", { name: "我已保存" }).click();
  assert.equal(await portal.locator("#once").innerText(), "");
});

step("the sandbox is tried in the page: consent, token and call for an invented taxpayer", async () => {
  const invented = await mine().locator("select option").first().innerText();
  await mine().locator('[data-try="taxpayer.read"]').click();
  await mine().locator("pre", { hasText: invented }).waitFor();
  await mine().locator('[data-try="returns.due"]').click();
  await mine().locator("pre", { hasText: '"due_on"' }).waitFor();
  await picture(portal, "portal-trial");
  await mine().locator('[data-try="matters.find"]').click();
  await mine().locator("pre", { hasText: "GET /open/v1/matters" }).waitFor();
});

step("an officer asks a question back, the developer reads it and mends", async () => {
  await mine().getByRole("button", { name: "提交审核" }).click();
  await stands("审核中");
  assert.equal(await mine().locator("details form").count(), 0, "what officers look at does not change");
  const detail = await look(first, own.client_id);
  for (const words of ["到期前提醒", BACK, "开发者自助登记", "查看有哪些税要申报"])
    await detail.getByText(words, { exact: false }).first().waitFor();
  assert.ok(await detail.locator("[data-return]").isDisabled(), "not without a reason");
  await detail.locator("input[name=reason]").fill("提醒谁、什么时候提醒？请写清楚");
  await picture(first, "desk-question");
  await detail.locator("[data-return]").click();
  await detail.getByText("已退回").waitFor();
  await again();
  await mine().getByText("税务人员说：提醒谁、什么时候提醒？请写清楚").waitFor();
  await mine().getByText("修改地址、权限和用途").click();
  const form = mine().locator("details form");
  assert.ok(await form.locator('[value="returns.due"]').isChecked());
  await form.locator("[name=purpose]").fill("申报截止前三天提醒记账的人");
  await form.getByRole("button", { name: "保存修改" }).click();
  await portal.getByText("已保存").waitFor();
  await picture(portal, "portal-question");
  await mine().getByRole("button", { name: "提交审核" }).click();
  await stands("审核中");
});

step("one officer approves, another confirms, and not the same one twice", async () => {
  const detail = await look(first, own.client_id);
  await detail.getByText("申报截止前三天提醒记账的人").waitFor();
  await detail.locator("[data-approve]").click();
  await detail.getByText("已初审，等复核").waitFor();
  assert.ok(await detail.locator("[data-approve]").isDisabled());
  await again();
  await mine().getByText("一位税务人员已通过").waitFor();
  const other = await look(second, own.client_id);
  await other.getByRole("button", { name: "复核并上线" }).click();
  await first.reload();
  await first.locator(`[data-partner="${own.client_id}"]`, { hasText: "已上线" }).waitFor();
  await again();
  await stands("已上线");
  await mine().getByText("可用密钥 1 个").waitFor();
  assert.equal(await mine().locator("[data-try]").count(), 0, "live, it acts for no invented taxpayer");
  await picture(portal, "portal-live");
});

/** The application sends a person's browser to the consent page; what its server has in the end. */
async function agree(scope, look = async () => undefined) {
  const begun = codeOf(own.client_id, BACK, scope);
  await phone.goto(begun.url);
  await says(phone, "授权确认");
  await look();
  await press(phone, "同意授权");
  await phone.waitForURL(/^https:\/\/open\.yunting\.example\/back/);
  const back = new URL(phone.url()).searchParams;
  assert.deepEqual([back.get("state"), back.get("iss")], [begun.state, url]);
  const code = { code: back.get("code"), redirect_uri: BACK, code_verifier: begun.verifier };
  const given = await tokensFor(own, code);
  assert.equal(given.status, 200, JSON.stringify(given.told));
  return { token: given.told.access_token, code };
}

step(
  "a person reads in plain words who wants what, for whom, until when, and agrees; it reads that and no more",
  async () => {
    const given = await agree("taxpayer.read returns.due", async () => {
      await phone.locator("[role=button]", { hasText: "切换" }).last().click();
      await phone.getByRole("radio", { name: people.toys.shop }).last().click();
      await phone.locator("[role=button]", { hasText: people.toys.shop }).last().waitFor();
      for (const words of [
        `“${NAME}”想替您用掌税`,
        "云汀软件有限公司",
        "申报截止前三天提醒记账的人",
        "查看有哪些税要申报、截止哪一天、是否已经申报",
        "随时能在“我的 → 第三方授权”收回",
        "之后会回到 open.yunting.example",
      ])
        await phone.getByText(words, { exact: false }).last().waitFor();
      await picture(phone, "consent-ask");
    });
    token = given.token;
    assert.equal((await tried(token, "/taxpayer")).told.name, people.toys.shop);
    assert.ok((await tried(token, "/returns/due")).told.returns.length > 0);
    const more = await tried(token, "/certificates");
    assert.deepEqual([more.status, more.told.code], [403, "partners.scope_needed"]);
  },
);

step("a code used a second time is refused, and what it gave ends", async () => {
  const given = await agree("taxpayer.read");
  assert.equal((await tried(given.token, "/taxpayer")).status, 200);
  const twice = await tokensFor(own, given.code);
  assert.deepEqual([twice.status, twice.told.error], [400, "invalid_grant"]);
  assert.equal((await tried(given.token, "/taxpayer")).status, 401);
  ({ token } = await agree("taxpayer.read returns.due"));
  assert.equal((await tried(token, "/returns/due")).status, 200);
});

step("the person sees who looked at what, takes it back, and the next call is refused", async () => {
  await visit(phone, "/account/consents/index");
  const card = phone.locator(".card", { hasText: NAME }).filter({ hasText: "有效" }).first();
  await card.getByRole("button", { name: "谁看过什么" }).click();
  await says(phone, "查看待申报");
  await picture(phone, "consent-readings");
  await visit(phone, "/account/consents/index");
  await card.getByRole("button", { name: "收回授权" }).click();
  await says(phone, `收回对“${NAME}”的授权？`);
  await press(phone, "收回授权");
  await says(phone, "已收回");
  const refused = await tried(token, "/returns/due");
  assert.deepEqual([refused.status, refused.told.code], [401, "partners.token_not_taken"]);
});

step("an officer registers an application for a partner, hands the secret over and asks for review", async () => {
  await first.goto(`${url}/workbench/partners`);
  await first.locator("[data-register]").click();
  const form = first.locator("[data-register-form]");
  const name = `云汀城市通${Date.now() % 100_000}`;
  const written = {
    name,
    name_en: "Yunting City",
    organisation: "云汀城市运营有限公司",
    email: "open@city.example",
    purpose: "在城市应用里看办件进度",
    purpose_en: "Progress of applications in the city app",
  };
  for (const [field, text] of Object.entries(written)) await form.locator(`input[name=${field}]`).fill(text);
  await form.locator("textarea[name=redirects]").fill("https://city.example/back");
  await form.locator("textarea[name=origins]").fill("https://*.city.example");
  const send = form.locator("button[type=submit]");
  assert.ok(await send.isDisabled(), "not without a scope");
  await form.locator("label", { hasText: "查看办件进度" }).first().click();
  await form.locator("label", { hasText: "在它的页面里打开掌税" }).first().click();
  await send.click();
  await form.getByText("https://*.city.example").last().waitFor();
  await picture(first, "desk-form");
  await form.locator("textarea[name=origins]").fill("https://app.city.example");
  await send.click();
  const handed = first.locator("[data-registered]");
  const client = {
    client_id: await handed.locator("[data-client]").innerText(),
    client_secret: await handed.locator("[data-secret]").innerText(),
  };
  await picture(first, "desk-registered");
  await handed.getByRole("button", { name: "已交给开发者" }).click();
  const detail = first.locator("[data-detail]");
  await detail.getByText("税务人员登记", { exact: true }).waitFor();
  await detail.getByText("https://app.city.example").waitFor();
  await detail.locator("[data-send]").click();
  await detail.getByText("已送审").waitFor();
  await first.locator(`[data-partner="${client.client_id}"]`, { hasText: "待审核" }).waitFor();
  await portal.locator("#enter [name=id]").fill(client.client_id);
  await portal.locator("#enter [name=secret]").fill(client.client_secret);
  await portal.getByRole("button", { name: "查看" }).click();
  await mine().getByText(name).waitFor();
  await stands("审核中");
});

step(
  "one officer stops an application: nothing of it works from the next call on, and its developer reads why",
  async () => {
    ({ token } = await agree("returns.due"));
    assert.equal((await tried(token, "/returns/due")).status, 200);
    const detail = await look(second, own.client_id);
    await detail.locator("input[name=reason]").fill(REASON);
    await detail.locator("[data-suspend]").click();
    await detail.getByText("已停用").last().waitFor();
    await detail.getByText(`上次说明：${REASON}`).waitFor();
    await picture(second, "desk-stopped");
    assert.equal((await tried(token, "/returns/due")).status, 401);
    await portal.locator("#enter [name=id]").fill(own.client_id);
    await portal.locator("#enter [name=secret]").fill(own.client_secret);
    await portal.getByRole("button", { name: "查看" }).click();
    await stands("已停用");
    await mine().getByText(`税务人员说：${REASON}`).waitFor();
    await picture(portal, "portal-stopped");
  },
);

test("nothing was complained of by the pages", () => {
  const heard = open.flatMap((one) => one.complaints);
  assert.deepEqual(heard, []);
});
