/**
 * The whole journey on a real house: invoices in, home, return, explanation, submission, payment, certificate, officer.
 * A draft that is begun in the mini program goes on in the browser and is seen, field by field, by an officer.
 */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openPhone, openStage } from "../mobile/stage.mjs";
import { proveAgain } from "../workbench/signIn.js";
import { startMiniProgram } from "./miniProgram.js";
import { find, ledgerSides, signInByQr, signInOnPhone } from "./officer.js";
import { fenIn, people, url } from "./place.js";

const { noodles, toys, design, hardware, bookshop, officer } = people;
const PATIENCE_MS = 60_000;
const REASON = "有收入没有开发票";
const DESK = { width: 1440, height: 900 };
const step = (name, work) => test(name, { timeout: PATIENCE_MS }, work);

let stage;
let mini;
const phones = [];
/** What the story has come to know. */
const known = {};

/** A phone in the browser that complains here. */
async function newPhone(options) {
  const phone = await openPhone(stage, { locale: "zh-CN", timezoneId: "Asia/Shanghai", ...options });
  phone.page.setDefaultTimeout(15_000);
  phones.push(phone);
  return phone;
}

before(async () => {
  stage = await openStage();
  mini = startMiniProgram();
});
after(async () => {
  await stage?.close();
  mini?.close();
});

const field = (page, code) => page.locator(`[data-code="${code}"]`);
const wordsOf = (page) => page.locator("uni-page-body").last().innerText();

/** Corrects a field of the return on the phone in the browser. */
async function correct(page, code, amount, reason) {
  await field(page, code).getByRole("button", { name: /^更正/ }).click();
  await page.locator("[data-field=amount] input").fill(amount);
  await page.locator("[data-field=reason] input").fill(reason);
  await page.getByRole("button", { name: "保存更正" }).click();
  await page.getByText("已保存").waitFor();
}

/** From home to the return that is due. */
async function openReturn(page) {
  await page.goto(`${url}/#/pages/home/index`);
  await page.getByRole("button", { name: /^(去申报|继续申报)$/ }).click();
  await page.getByText("应缴税费").waitFor();
}

step("1 mini program: one tap signs in, home says what is due and what it costs", async () => {
  const home = await mini.signIn(noodles);
  await home.until(/预计应缴 ?¥[\d,]+\.\d\d/, mini.patience);
  assert.match(home.text(), new RegExp(noodles.shop));
  assert.match(home.text(), /还有 \d+ 天/);
  known.estimate = fenIn(home.text());
});

step("2 mini program: the owner begins the return and corrects a field with a reason", async () => {
  const form = await mini.openReturn();
  const row = form.all("[data-code]").find((each) => /发票 \d+ 张/.test(each.textContent));
  known.field = row.dataset.code;
  known.original = fenIn(row.textContent);
  await form.tap(row.querySelector(".pt-icon-pencil-line"));
  await form.until("改为（元）", mini.patience);
  await form.type('[data-field="amount"]', "330,000.00");
  await form.type('[data-field="reason"]', REASON);
  await form.tap("保存更正");
  await form.until("已保存", mini.patience);
  assert.match(form.text(), /330,000\.00/);
});

step("3 browser: the same person goes on where the mini program stopped", async () => {
  const phone = await newPhone();
  known.owner = phone.page;
  await signInOnPhone(phone.page, noodles.phone);
  await phone.page.getByRole("button", { name: "继续申报" }).waitFor();
  await openReturn(phone.page);
  const words = await field(phone.page, known.field).innerText();
  assert.match(words.replace(/\s/g, ""), /¥330,000\.00/);
  assert.ok(words.includes(REASON), "the reason stands beside it");
  assert.equal(fenIn(words.slice(words.indexOf("330,000") + 11)), known.original, "and so does the original");
});

step("4 officer: signs in by QR, the phone confirms; finds by name, USCC and masked phone", async () => {
  const phone = await newPhone();
  await signInOnPhone(phone.page, officer.phone);
  const desk = await newPhone(DESK);
  known.desk = desk.page;
  await signInByQr(desk.page, phone.page);
  const [byName] = await find(desk.page, noodles.shop);
  known.id = byName.id;
  const uscc = /\b[0-9A-Z]{18}\b/.exec(byName.words)[0];
  assert.deepEqual(
    (await find(desk.page, uscc)).map(({ id }) => id),
    [known.id],
  );
  const byPhone = await find(desk.page, "154****0001");
  assert.ok(byPhone.some(({ id }) => id === known.id));
  assert.ok(!byName.words.includes(noodles.phone), "no whole phone number on the screen");
});

step("5 officer: sees the draft while it is made, field by field, with its origin and channels", async () => {
  await known.desk.goto(`${url}/workbench/taxpayers/${known.id}/drafts`);
  const row = known.desk.locator(`.row[data-field="${known.field}"]`);
  await row.waitFor();
  assert.match(await row.innerText(), new RegExp(`330,000\\.00[\\s\\S]*${REASON}|${REASON}[\\s\\S]*330,000\\.00`));
  assert.match(await known.desk.locator(".draft .way").innerText(), /小程序/);
});

step("6 browser: a CSV comes in, row by row; the return counts it", async () => {
  const { owner } = known;
  await owner.goto(`${url}/#/invoices/import/index`);
  const [chooser] = await Promise.all([
    owner.waitForEvent("filechooser"),
    owner.getByRole("button", { name: "选择文件" }).click(),
  ]);
  const head = "发票号码,开票日期,发票类型,购买方名称,商品名称,金额,征收率,税额";
  const row = "26990000000000000001,2026-09-12,普通发票,云汀市某公司,餐饮服务,1000.00,3%,30.00";
  const red = "26990000000000000002,2026-09-13,普通发票,云汀市某公司,餐饮服务,12x.00,3%,30.00";
  const csv = Buffer.from([head, row, row, red].join("\n"), "utf-8");
  await chooser.setFiles({ name: "platform.csv", mimeType: "text/csv", buffer: csv });
  await owner.getByText("收下 1").waitFor();
  await owner.getByText("重复 1").waitFor();
  await owner.getByText("没收 1").waitFor();
  assert.match(await wordsOf(owner), /第 3 行/);
});

step("7 browser: explanation line by line, with articles; the correction is replaced by a new one", async () => {
  const { owner } = known;
  await openReturn(owner);
  await correct(owner, known.field, "331000", "另有现金收入");
  assert.match((await field(owner, known.field).innerText()).replace(/\s/g, ""), /¥331,000\.00/);
  await owner.getByRole("button", { name: "为什么是这个数" }).first().click();
  await owner.getByText("一步一步算给您看").waitFor();
  await owner
    .getByText(/增值税法 第.+条|公告\d{4}年第\d+号/)
    .first()
    .click();
  await owner.getByText("出处").first().waitFor();
  await owner.getByRole("button", { name: "关闭" }).click();
  await owner.goBack();
});

step("8 browser: submit, pay at the cashier, come back, done", async () => {
  const { owner } = known;
  await openReturn(owner);
  known.due = fenIn(await owner.locator(".bar .sum").innerText());
  await owner.getByRole("button", { name: "提交" }).click();
  await owner.getByRole("button", { name: "确认缴款" }).waitFor();
  assert.equal(fenIn(await owner.locator(".column .amount").innerText()), known.due);
  await owner.getByRole("button", { name: "确认缴款" }).click();
  await owner.getByText("立即支付").click();
  await owner.waitForURL(/payment\/pay|filing\/done/);
  await owner.getByText("缴好了").waitFor();
  assert.match(await wordsOf(owner), /申报编号\s*\d+/);
});

step("9 browser: the certificate opens as PDF and proves itself to a stranger", async () => {
  const { owner } = known;
  const made = owner.waitForResponse((answer) => /\/api\/certificates$/.test(answer.url()) && answer.ok());
  const read = owner.waitForResponse((answer) => /certificates\/.+\/pdf$/.test(answer.url()));
  const [tab] = await Promise.all([
    owner.context().waitForEvent("page"),
    owner.getByRole("button", { name: "看完税证明" }).click(),
  ]);
  const pdf = await read;
  assert.equal(pdf.status(), 200);
  assert.match(pdf.headers()["content-type"], /application\/pdf/);
  await tab.close();
  const { verify_url } = await (await made).json();
  const stranger = (await newPhone()).page;
  await stranger.goto(verify_url);
  assert.match(await stranger.locator("body").innerText(), /真实有效/);
  await stranger.goto(`${url}/verify/ABCDEFGH2345`);
  assert.match(await stranger.locator("body").innerText(), /查无此证/);
});

step("10 browser: English, large print and dark, and back", async () => {
  const { owner } = known;
  await owner.goto(`${url}/#/pages/me/index`);
  await owner.getByRole("switch", { name: "长辈版" }).waitFor();
  const size = () =>
    owner.evaluate(() => parseFloat(getComputedStyle(document.querySelector("uni-page-body .strong")).fontSize));
  const ground = () => owner.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const [sizeBefore, groundBefore] = [await size(), await ground()];
  await owner.getByRole("switch", { name: "长辈版" }).click();
  await owner.getByRole("radio", { name: "深色" }).click();
  await owner.getByRole("radio", { name: "English" }).click();
  await owner.getByText("Large print").waitFor();
  assert.ok((await size()) > sizeBefore);
  assert.notEqual(await ground(), groundBefore);
  await owner.goto(`${url}/#/filing/history/index`);
  await owner.getByText("Paid").first().waitFor();
  await owner.goto(`${url}/#/pages/me/index`);
  await owner.getByRole("radio", { name: "中文" }).click();
  await owner.getByRole("switch", { name: "长辈版" }).click();
});

step("11 mini program: another shop files, pays in WeChat and reads its certificate", async () => {
  await mini.signOut();
  await mini.signIn(hardware);
  const form = await mini.openReturn();
  assert.match(form.text(), /滞纳金（\d+ 天）/, "an overdue return names its late fee");
  await form.tap("为什么是这个数");
  const receipt = await mini.follow("一步一步算给您看");
  assert.match(receipt.text(), /公告|增值税法/);
  const again = await mini.openReturn();
  await again.tap("提交");
  const pay = await mini.follow("确认缴款");
  assert.equal(pay.route, "payment/pay/index");
  await pay.tap("确认缴款");
  const done = await mini.follow("缴好了");
  assert.match(done.text(), /申报编号 ?\d+/);
  await done.tap("看完税证明");
  for (let turn = 0; turn < 200 && !mini.opened.length; turn += 1) await mini.settle(50);
  assert.equal(mini.opened.length, 1, "the certificate opens in WeChat's reader");
});

step("12 browser: below the threshold and without income nothing is to pay", async () => {
  for (const [person, words] of [
    [toys, /这一期不用缴款/],
    [bookshop, /这一期不用缴款/],
  ]) {
    const { page } = await newPhone();
    await signInOnPhone(page, person.phone);
    await openReturn(page);
    assert.equal(fenIn(await page.locator(".bar .sum").innerText()), 0n);
    await page.getByRole("button", { name: "提交" }).click();
    await page.getByText(words).waitFor();
  }
});

step("13 browser: a return with special invoices, to be paid by transfer", async () => {
  const { page } = await newPhone();
  known.transferring = page;
  await signInOnPhone(page, design.phone);
  await openReturn(page);
  assert.match(await wordsOf(page), /专用发票/);
  await page.getByRole("button", { name: "提交" }).click();
  await page.getByRole("button", { name: "确认缴款" }).waitFor();
  await page.getByRole("radio", { name: /银行转账/ }).click();
  await page.getByText("转账到国库账户").waitFor();
});

step("14 officer: registers the transfer for the open order; the taxpayer sees it", async () => {
  const { desk } = known;
  const [{ id }] = await find(desk, design.shop);
  await desk.goto(`${url}/workbench/taxpayers/${id}/transfer`);
  await desk.locator('input[name="order"]').first().check();
  const fen = await desk.locator("label.on .money").getAttribute("data-fen");
  const reference = `ICBC ${Date.now()}`;
  await desk.fill('input[name="amount"]', `${fen.slice(0, -2)}.${fen.slice(-2)}`);
  await desk.fill('input[name="bank_reference"]', reference);
  await desk.locator(".t-date-picker input").fill(await today());
  await desk.keyboard.press("Enter");
  await desk.locator(".confirm .final").waitFor();
  await desk.fill('input[name="repeated"]', reference.slice(-4));
  await desk.locator(".confirm form button[type=submit]").click();
  await desk.locator(".done, .proof, .problem").first().waitFor();
  if (await desk.locator(".proof").count()) await proveAgain(desk, officer.phone);
  await desk.locator(".done").waitFor();
  await known.transferring.goto(`${url}/#/filing/history/index`);
  await known.transferring.getByText("已缴清").first().waitFor();
});

/** The house's own day. */
async function today() {
  const made = await known.desk.locator("li.entry time").first().getAttribute("datetime");
  return new Date(Date.parse(made) + 8 * 3_600_000).toISOString().slice(0, 10);
}

step("15 officer: one timeline across channels, the same return and explanation, a ledger that balances", async () => {
  const { desk } = known;
  await desk.goto(`${url}/workbench/taxpayers/${known.id}`);
  await desk.locator('li.entry[data-act="filing.return_submitted"]').first().waitFor();
  const timeline = await desk.locator("li.entry").allInnerTexts();
  assert.ok(
    timeline.some((entry) => entry.includes("小程序")),
    "acts in the mini program",
  );
  assert.ok(
    timeline.some((entry) => /H5|网页|浏览器/.test(entry)),
    "acts in the browser",
  );

  await desk.goto(`${url}/workbench/taxpayers/${known.id}/returns`);
  await desk.locator("article tbody tr a").first().click();
  await desk.locator(".receipt li").first().waitFor();
  const payable = await desk.locator(".sums .money").first().getAttribute("data-fen");
  assert.equal(BigInt(payable), known.due, "the officer sees what the owner confirmed");
  const lines = await desk.locator(".receipt li .money").evaluateAll((all) => all.map((each) => each.dataset.fen));
  assert.ok(lines.includes(payable));

  await desk.goto(`${url}/workbench/taxpayers/${known.id}/ledger`);
  await desk.locator("tbody.entry").first().waitFor();
  const sides = await ledgerSides(desk);
  assert.ok(sides.length > 1);
  for (const [debit, credit] of sides) assert.equal(debit, credit);
});

step("nobody's app complained", () => {
  assert.deepEqual([...mini.complaints, ...phones.flatMap((phone) => phone.complaints)], []);
});
