/**
 * Our screens in a partner's page, on a real house: a page of another origin frames one signed in as who agreed; another
 * origin is refused by the browser; an address works once; taking part in nothing else; a return is paid, and no other;
 * leaving ends it. The bank of the sandboxes does the same.
 */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openBrowser } from "../workbench/browser.js";
import { agreed, asks, openPage, register } from "./partner.js";
import { sandbox, url } from "./place.js";

const step = (name, work) => test(name, { timeout: 60_000 }, work);
const far = url.replace("127.0.0.1", "localhost");
let browser, page, bank, stranger, one, person;

before(async () => {
  browser = await openBrowser({ width: 390, height: 844 });
  page = browser.page;
  page.setDefaultTimeout(15_000);
  [bank, stranger] = [await openPage(), await openPage()];
  one = await register({ scopes: ["embed", "embed.pay", "returns.due"], frame_origins: [bank.origin] });
  person = await agreed(one, "embed embed.pay returns.due");
});
after(async () => {
  await browser?.close();
  await Promise.all([bank?.close(), stranger?.close()]);
});

const address = async (body) => (await asks(person.tokens.access_token, "/embeds", body)).url;
const frame = () => page.frameLocator("#tax");
const told = (word) => page.evaluate((name) => window.told.filter((one) => one.palmtax === name), word);

async function picture(name) {
  if (process.env.PALMTAX_PICTURES) await page.screenshot({ path: `${process.env.PALMTAX_PICTURES}/${name}.png` });
}

step("the certificates stand in the bank's page, for the hat that agreed", async () => {
  const opened = await address({ screen: "certificates" });
  await page.goto(bank.around(opened));
  const bar = frame().locator("[data-test=visit]").last();
  await bar.waitFor();
  assert.match(await bar.innerText(), new RegExp(`由“云汀银行”打开[^]*${person.name}`));
  await frame().getByText("完税证明").last().waitFor();
  await picture("embed-certificates");
  const heights = await told("height");
  assert.ok(heights.length > 0 && heights.every((one) => one.origin === url && one.height > 200));
  const left = await page.evaluate(() => document.querySelector("#tax").src.split("#")[1]);
  assert.match(left, /^pte_/, "only the partner's own page knows the ticket");
});

step("the frame keeps nothing in the app's own storage and no cookie", async () => {
  const inside = page.frames().find((one) => one.url().startsWith(url));
  const kept = await inside.evaluate(() => ({
    local: Object.keys(localStorage),
    session: Object.keys(sessionStorage),
    address: location.href,
    cookie: document.cookie,
  }));
  assert.deepEqual([kept.local.filter((key) => key.startsWith("palmtax")), kept.cookie], [[], ""]);
  assert.ok(kept.session.every((key) => key.startsWith("palmtax.visit.")) && kept.session.length > 0);
  assert.ok(!kept.address.includes("pte_"));
});

step("an address opens once", async () => {
  const opened = await address({ screen: "certificates" });
  await page.goto(bank.around(opened));
  await frame().locator("[data-test=visit]").last().waitFor();
  await page.goto(bank.around(opened.replace(/visit=[\w-]+/, "visit=another")));
  await frame().getByText("这个链接打不开了").last().waitFor();
  await picture("embed-used");
});

step("a page of another origin, and a name that only looks like ours, frame nothing", async () => {
  for (const around of [stranger, { around: (framed) => stranger.around(framed.replace(url, far)) }]) {
    await page.goto(around.around(await address({ screen: "certificates" })));
    await page.waitForTimeout(500);
    assert.equal(await frame().locator("uni-app, #app, [data-test=visit]").count(), 0);
    assert.deepEqual(await page.evaluate(() => window.told), []);
  }
  await page.goto(bank.around(`${url}/#/pages/home/index`));
  await page.waitForTimeout(500);
  assert.equal(await frame().locator("uni-app, #app").count(), 0, "the app itself stands in no frame");
});

step("an appointment is made inside, the page is told, no other screen opens", async () => {
  await page.goto(bank.around(await address({ screen: "appointment" })));
  await frame().locator("[data-test=visit]").last().waitFor();
  await frame().getByRole("radio").nth(1).click();
  await picture("embed-appointment");
  await frame().getByRole("button", { name: "约时间" }).first().click();
  await frame().locator("[role=radiogroup]").nth(1).locator("[role=radio]:not(.full)").first().waitFor();
  await frame().locator("[role=radiogroup][aria-label=几点] [role=radio]:not(.full)").last().click();
  await picture("embed-book");
  assert.deepEqual(await told("done"), []);
  await frame().getByRole("button", { name: "确认预约" }).last().click();
  await frame().getByText("已约好").last().waitFor();
  assert.deepEqual(await told("done"), [{ origin: url, palmtax: "done", screen: "appointment" }]);
  await picture("embed-booked");
  const inside = page.frames().find((each) => each.url().startsWith(url));
  const elsewhere = page.waitForResponse((answer) => answer.url().endsWith("/api/filing/home"));
  await inside.evaluate(() => (location.hash = "#/pages/home/index"));
  assert.equal((await elsewhere).status(), 403);
});

/** The token of the visit that stands in the frame. */
function tokenInside() {
  const inside = page.frames().find((one) => one.url().startsWith(url));
  return inside.evaluate(() => {
    const visit = new URLSearchParams(location.search).get("visit");
    return JSON.parse(sessionStorage[`palmtax.visit.${visit}.session`]).access_token;
  });
}

step("a return is paid: the cashier has a window of its own, the page is told, no other return is reached", async () => {
  const dues = async () => (await asks(person.tokens.access_token, "/returns/due")).returns;
  const { return_id } = (await dues()).find((each) => each.state === "unpaid");
  const { url: opened } = await asks(person.tokens.access_token, "/embeds/payment", { return_id });
  await page.goto(bank.around(opened));
  const pay = frame().getByRole("button", { name: "确认缴款" }).last();
  await pay.waitFor();
  await picture("embed-pay");
  const other = await fetch(`${url}/api/payment/orders`, {
    method: "POST",
    headers: { authorization: `Bearer ${await tokenInside()}`, "content-type": "application/json" },
    body: JSON.stringify({ return_id: return_id.replace(/.$/, (last) => (last === "0" ? "1" : "0")) }),
  });
  assert.deepEqual([other.status, (await other.json()).code], [403, "plumbing.outside_screen"]);
  const [cashier] = await Promise.all([browser.context.waitForEvent("page"), pay.click()]);
  await cashier.getByRole("button", { name: "立即支付" }).click();
  await cashier.getByText("支付成功").first().waitFor();
  await cashier.close();
  await frame().getByText("缴好了").last().waitFor();
  assert.deepEqual(await told("done"), [{ origin: url, palmtax: "done", screen: "pay" }]);
  await picture("embed-paid");
  const now = (await dues()).find((each) => each.return_id === return_id);
  assert.equal(now?.state ?? "done", now ? "paid" : "done");
});

step("leaving ends it here and in the house", async () => {
  await page.goto(bank.around(await address({ screen: "certificates" })));
  const bar = frame().locator("[data-test=visit]").last();
  await bar.waitFor();
  const token = await tokenInside();
  const look = () => fetch(`${url}/api/certificates`, { headers: { authorization: `Bearer ${token}` } });
  assert.equal((await look()).status, 200);
  await bar.getByText("离开").click();
  await frame().getByText("已经离开").last().waitFor();
  assert.equal((await look()).status, 401);
  assert.equal((await told("closed")).length, 1);
  await picture("embed-left");
});

step("the bank of the sandboxes frames our screens and says what it was told", async () => {
  await page.goto(sandbox);
  await page.getByText("把掌税嵌进银行").click();
  await page.locator("#who option").first().waitFor({ state: "attached" });
  await page.locator("#go").click();
  const bar = page.frameLocator("iframe").locator("[data-test=visit]").last();
  await bar.waitFor();
  assert.match(await bar.innerText(), /云汀银行（沙箱）/);
  await page.locator("#told li", { hasText: "height" }).first().waitFor({ state: "attached" });
  await picture("sandbox-partner");
  await bar.getByText("离开").click();
  await page.getByText("掌税的页面关上了").waitFor();
  assert.equal(await page.locator("iframe").count(), 0);
});

step("nothing went wrong on the way", () => assert.deepEqual(browser.faults.filter((one) => !/frame-ancestors|Framing/.test(one)), []));
