/**
 * The officer's journey in a real browser: door, finding, file, timeline, return with its explanation, ledger, transfer, keyboard.
 * Against PALMTAX_URL when given, else against the mock. What is looked for is read from the screen, never assumed.
 */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { chromiumPath, openBrowser } from "./browser.js";
import { startMock } from "./mock/server.js";
import { fileAndOrder } from "./owing.js";
import { proveAgain, signIn } from "./signIn.js";

const PATIENCE_MS = 90_000;
const BEIJING_MS = 8 * 3600 * 1000;
const skip = chromiumPath() ? false : "no Chromium found: browser journeys are NOT run";
if (skip) console.error(skip);

let mock;
let url;
let browser;
let page;
/** On a real house: who has just filed and owes. */
let filer = null;

before(async () => {
  if (skip) return;
  mock = process.env.PALMTAX_URL ? null : await startMock();
  url = process.env.PALMTAX_URL ?? mock.url;
  const phone = process.env.PALMTAX_TAXPAYER_PHONE;
  if (phone && !mock) filer = await fileAndOrder(url, phone);
  browser = await openBrowser();
  page = browser.page;
  page.setDefaultTimeout(10_000);
});
after(async () => {
  await browser?.close();
  await mock?.stop();
});

const step = (name, work, isMockOnly = false) =>
  test(
    name,
    { skip: skip || (isMockOnly && !mock && process.env.PALMTAX_URL ? "needs the mock" : false), timeout: PATIENCE_MS },
    work,
  );

const rows = () => page.locator("tr[data-taxpayer]");
const words = () => page.locator(".bar input").first();

/** The list once it shows what was asked for. */
async function find(text) {
  await words().fill(text);
  await page.waitForURL((address) => address.searchParams.get("q") === text);
  await page.locator("tr[data-taxpayer], .state").first().waitFor();
  return rows().evaluateAll((found) => found.map((row) => [row.dataset.taxpayer, row.innerText]));
}

/** The list without criteria, from its first page. */
async function openList(query = "") {
  await page.goto(`${url}/workbench/taxpayers${query}`);
  await rows().first().waitFor();
}

/** Ids on the page of taxpayers who owe. */
const owingHere = () =>
  rows().evaluateAll((found) =>
    found.filter((row) => Number(row.querySelector(".money").dataset.fen) > 0).map((row) => row.dataset.taxpayer),
  );

/** A taxpayer with an order that waits for money, looked for among those who owe. */
async function taxpayerToPay() {
  const list = filer ? `?q=${encodeURIComponent(filer)}` : "?owed=true";
  await openList(list);
  for (;;) {
    const owing = await owingHere();
    for (const id of owing) {
      await page.goto(`${url}/workbench/taxpayers/${id}/transfer`);
      await page.locator(".fields, .section .state").first().waitFor();
      if (await page.locator(".fields").count()) return id;
    }
    if (owing.length) await openList(list);
    const next = page.locator(".turn button").last();
    if (await next.isDisabled()) return null;
    await next.click();
    await page.locator('[aria-busy="true"]').waitFor({ state: "detached" });
    await rows().first().waitFor();
  }
}

const cells = async (row) => (await row.locator("td").allInnerTexts()).map((text) => text.trim());

step(
  "a QR ticket becomes a session when the phone confirms",
  async () => {
    await page.goto(`${url}/workbench/`);
    await page.waitForURL(/sign-in/);
    await page.locator('.frame[data-state="waiting"] img').waitFor();
    assert.match(await page.locator(".frame").getAttribute("data-text"), /\S{16,}/);
    await fetch(`${url}/mock/confirm`, { method: "POST" });
    await rows().first().waitFor();
    await page.locator(".me").click();
    await page.locator(".out").click();
    await page.waitForURL(/sign-in/);
  },
  true,
);

step("signing in by phone and code opens the list", async () => {
  await signIn(page, url);
  assert.ok((await rows().count()) > 0);
  assert.match(await page.locator(".watermark").getAttribute("data-words"), /\d{2}:\d{2}/);
});

step("a taxpayer is found by name, by USCC and by masked phone", async () => {
  await openList();
  const id = await rows().first().getAttribute("data-taxpayer");
  const shown = await cells(rows().first());
  const uscc = shown.find((cell) => /^[0-9A-Z]{18}$/.test(cell));
  const phone = shown.find((cell) => /^1\d{2}\*{4}\d{4}$/.test(cell));
  await openList();
  assert.ok(
    (await find(shown[0])).some(([found]) => found === id),
    "by name",
  );
  assert.deepEqual(
    (await find(uscc)).map(([found]) => found),
    [id],
    "by USCC",
  );
  const byPhone = await find(phone);
  assert.ok(
    byPhone.some(([found]) => found === id) && byPhone.every(([, text]) => text.includes(phone)),
    "by masked phone",
  );
});

step("what does not exist is said, with a way on", async () => {
  assert.deepEqual(await find("绝无此户名称"), []);
  await page.locator(".state").waitFor();
  await page.locator(".clear").click();
  await rows().first().waitFor();
});

step("the keyboard moves, opens, searches and closes", async () => {
  await openList();
  await page.keyboard.press("j");
  await page.keyboard.press("j");
  await page.keyboard.press("k");
  const second = await rows().nth(1).getAttribute("data-taxpayer");
  assert.equal(await page.locator('[data-current="true"]').getAttribute("data-taxpayer"), second);
  await page.keyboard.press("Enter");
  await page.waitForURL(new RegExp(`/taxpayers/${second}`));
  await page.locator(".head h1").waitFor();
  await page.keyboard.press("2");
  await page.waitForURL(/\/returns/);
  await page.keyboard.press("Escape");
  await rows().first().waitFor();
  await page.keyboard.press("/");
  assert.ok(await words().evaluate((input) => input === document.activeElement));
  await page.keyboard.press("Escape");
  await page.keyboard.press("?");
  await page.locator("dialog[open]").waitFor();
  assert.equal(await page.locator("dialog[open]").count(), 1);
  await page.keyboard.press("Control+k");
  await page.locator("dialog[open] input").waitFor();
  assert.equal(await page.locator("dialog[open]").count(), 1, "never a dialog over a dialog");
  await page.keyboard.press("Escape");
  await page.locator("dialog[open]").waitFor({ state: "detached" });
});

step("the palette finds a taxpayer and opens it", async () => {
  const name = (await cells(rows().first()))[0];
  await page.keyboard.press("Control+k");
  await page.locator("dialog input").fill(name);
  await page.locator("dialog li[aria-selected=true]", { hasText: name }).waitFor();
  await page.keyboard.press("Enter");
  await page.locator(".head h1", { hasText: name }).waitFor();
});

step("a view keeps filters and columns under a name", async () => {
  await openList("?vat_kind=small_scale&status=normal");
  const name = `小规模 ${Date.now() % 100000}`;
  await page.locator(".keep").click();
  await page.fill('input[name="view"]', name);
  await page.locator(".naming button[type=submit]").click();
  const view = page.locator(".own button", { hasText: name });
  await view.waitFor();
  await page.locator(".views button").first().click();
  await page.waitForURL((address) => !address.searchParams.has("status"));
  await view.click();
  await page.waitForURL(/status=normal/);
  await page.locator(".own .drop").click();
  await view.waitFor({ state: "detached" });
});

step("those who owe are one click away; the last act of each is told", async () => {
  await openList();
  await page.locator(".owes").click();
  await page.waitForURL(/owed=true/);
  await page.locator('[aria-busy="true"]').waitFor({ state: "detached" });
  await rows().first().waitFor();
  assert.equal((await owingHere()).length, await rows().count(), "nobody else is on the list");
  for (const at of await page.locator("tr[data-taxpayer] time").evaluateAll((all) => all.map((each) => each.dateTime)))
    assert.ok(Date.parse(at) > 0);
  assert.ok((await page.locator("tr[data-taxpayer] time").count()) > 0);
  await page.locator(".owes").click();
  await page.waitForURL((address) => !address.searchParams.has("owed"));
});

step("a taxpayer with money to come is found", async () => {
  const id = await taxpayerToPay();
  assert.ok(id, "no order waits for money: give PALMTAX_TAXPAYER_PHONE of somebody with a return to file");
});

step("the file shows masked contacts and one timeline across channels", async () => {
  await page.locator(".tabs a").first().click();
  await page.locator(".contacts tbody tr").first().waitFor();
  for (const row of await page.locator(".contacts tbody tr").allInnerTexts()) assert.match(row, /1\d{2}\*{4}\d{4}/);
  await page.locator("li.entry").first().waitFor();
  assert.ok((await page.locator("li.entry").count()) >= 3);
  assert.ok((await page.locator("li.entry .who").allInnerTexts()).every((text) => text.trim().length > 3));
});

step("a return shows its result and the explanation with its articles, at an address of its own", async () => {
  await page.locator(".tabs a").nth(1).click();
  await page.locator("article tbody tr a").first().click();
  await page.waitForURL(/\/taxpayers\/\d+\/returns\/[0-9a-f-]{36}/);
  await page.reload();
  await page.locator(".receipt li").first().waitFor();
  const payable = await page.locator(".sums .money").first().getAttribute("data-fen");
  const outputs = await page.locator(".receipt li .money").evaluateAll((all) => all.map((each) => each.dataset.fen));
  assert.ok(outputs.includes(payable), "the receipt ends in the amount on top");
  const articles = page.locator(".articles").first();
  await articles.click();
  assert.equal(await articles.getAttribute("aria-expanded"), "true");
  assert.ok((await page.locator(".citations.open blockquote").first().innerText()).length > 10);
  assert.ok((await page.locator(".row[data-field] .origin").count()) > 2, "every field tells its origin");
});

step("the ledger balances entry by entry", async () => {
  await page.locator(".tabs a", { hasText: /账簿|Ledger/ }).click();
  await page.locator("tbody.entry").first().waitFor();
  const entries = await page.locator("tbody.entry").evaluateAll((all) =>
    all.map((entry) => {
      const side = (column) =>
        [...entry.querySelectorAll(`td:nth-last-child(${column}) .money`)].reduce(
          (sum, each) => sum + BigInt(each.dataset.fen),
          0n,
        );
      return [String(side(2)), String(side(1))];
    }),
  );
  assert.ok(entries.length > 0);
  for (const [debit, credit] of entries) assert.equal(debit, credit);
});

step("a bank transfer is registered once, after a second look, and cannot be taken back", async () => {
  await page.keyboard.press("e");
  await page.locator(".fields").waitFor();
  await page.locator(".fields button[type=submit]").click();
  assert.ok((await page.locator(".t-input__tips").count()) >= 2, "an empty form says what is missing");
  await page.locator('input[name="order"]').first().check();
  const fen = await page.locator("label.on .money").getAttribute("data-fen");
  await page.fill('input[name="amount"]', `${fen.slice(0, -2)}.${fen.slice(-2)}`);
  await page.locator(".check.good").waitFor();
  const reference = `ICBC ${Date.now()}`;
  await page.fill('input[name="bank_reference"]', reference);
  const made = await page.locator("li.entry time").first().getAttribute("datetime"); // the day by the server's clock
  const day = new Date(Date.parse(made) + BEIJING_MS).toISOString().slice(0, 10);
  await page.locator(".t-date-picker input").fill(day);
  await page.keyboard.press("Enter");
  await page.locator(".confirm .final").waitFor();
  const send = page.locator(".confirm form button[type=submit]");
  assert.ok(await send.isDisabled(), "not without typing the end of the reference again");
  await page.fill('input[name="repeated"]', reference.slice(-4));
  await send.click();
  await page.locator(".done, .proof, .problem").first().waitFor();
  if (await page.locator(".proof").count()) await proveAgain(page);
  await page.locator(".done").waitFor();
  assert.equal(await page.locator(".done .money").getAttribute("data-fen"), fen);
  await page
    .locator("li.entry")
    .first()
    .filter({ hasText: /工作台|Workbench/ })
    .waitFor(); // newest on the timeline
});

step(
  "an access token that ran out is renewed once, and the work goes on",
  async () => {
    await fetch(`${url}/mock/expire`, { method: "POST" });
    const before_ = (await (await fetch(`${url}/mock/renewals`)).json()).renewals;
    await page.goto(`${url}/workbench/taxpayers?owed=true`);
    await rows().first().click();
    await page.locator("li.entry").first().waitFor();
    assert.equal((await (await fetch(`${url}/mock/renewals`)).json()).renewals, before_ + 1);
  },
  true,
);

step("offline is said, what is open stays, and it goes on by itself after", async () => {
  await browser.context.setOffline(true);
  await page.locator(".offline").waitFor();
  assert.ok((await page.locator("li.entry").count()) > 0);
  await page.locator(".tabs a").nth(3).click();
  await page.locator(".section .state").waitFor();
  await browser.context.setOffline(false);
  await page.locator(".section .state button").click();
  await page.locator(".order, .section .state").first().waitFor();
  await page.locator(".offline").waitFor({ state: "detached" });
});

step("English and dark are one click each, and stay", async () => {
  await page.locator(".me").click();
  await page.locator(".option", { hasText: "English" }).click();
  await page.locator(".option", { hasText: /^Dark$/ }).click();
  await page.reload();
  await page.locator(".tabs a", { hasText: "Ledger" }).waitFor();
  assert.equal(await page.evaluate(() => document.documentElement.dataset.theme), "dark");
  assert.equal(await page.evaluate(() => document.documentElement.lang), "en");
});

step("nothing went wrong unseen", () => {
  const expected = /ERR_INTERNET_DISCONNECTED|Failed to fetch/; // while the network was taken away
  assert.deepEqual(
    browser.faults.filter((fault) => !expected.test(fault)),
    [],
  );
});
