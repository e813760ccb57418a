/** Takes a picture of every screen: `node tests/workbench/screens.js <folder>` (against PALMTAX_URL, or the mock). */
import fs from "node:fs";
import path from "node:path";
import { openBrowser } from "./browser.js";
import { startMock } from "./mock/server.js";
import { signIn } from "./signIn.js";

const folder = process.argv[2] ?? "screens";
const only = process.argv[3];
fs.mkdirSync(folder, { recursive: true });
const mock = process.env.PALMTAX_URL ? null : await startMock();
const url = process.env.PALMTAX_URL ?? mock.url;

const LOOKS = [
  { name: "zh-light", language: "zh-CN", theme: "light", width: 1440, height: 900 },
  { name: "en-dark", language: "en-GB", theme: "dark", width: 1440, height: 900 },
  { name: "zh-dark-1024", language: "zh-CN", theme: "dark", width: 1024, height: 768 },
  { name: "en-light-1024", language: "en-GB", theme: "light", width: 1024, height: 768 },
];

for (const look of LOOKS.filter((each) => !only || each.name === only)) {
  const { page, faults, close } = await openBrowser(look);
  const shoot = async (name) => {
    await page.waitForTimeout(350);
    await page.screenshot({ path: path.join(folder, `${look.name}-${name}.png`) });
  };
  const go = async (address, ready) => {
    await page.goto(`${url}/workbench${address}`);
    await page
      .locator(ready)
      .first()
      .waitFor({ timeout: 6000 })
      .catch(() => console.log(`${look.name}: ${ready} did not come on ${address}`));
  };
  await go("/sign-in", ".frame img");
  await shoot("01-door");
  await signIn(page, url);
  await shoot("02-list");
  await go("/taxpayers", "tr[data-taxpayer]");
  const id =
    process.env.PALMTAX_TAXPAYER ??
    (await page
      .locator("tr[data-taxpayer]")
      .evaluateAll(
        (rows) => (rows.find((row) => Number(row.querySelector(".money").dataset.fen) > 0) ?? rows[0]).dataset.taxpayer,
      ));
  await go(`/taxpayers/${id}`, ".pairs");
  await shoot("03-summary");
  await go(`/taxpayers/${id}/returns`, "tbody tr a");
  await shoot("04-returns");
  await page.locator("article tbody tr a").first().click();
  await page.locator(".receipt").waitFor();
  await page.locator(".articles").nth(1).click();
  await shoot("05-return");
  await page
    .locator(".articles.uncertain")
    .first()
    .click()
    .catch(() => {});
  await page.locator(".receipt").evaluate((element) => element.scrollIntoView());
  await shoot("06-explanation");
  await go(`/taxpayers/${id}/orders`, ".order");
  await shoot("07-orders");
  await go(`/taxpayers/${id}/ledger`, ".entry");
  await shoot("08-ledger");
  await go(`/taxpayers/${id}/transfer`, ".fields");
  await page.fill('input[name="amount"]', "1,000");
  await page.locator(".fields button[type=submit]").click();
  await shoot("09-transfer");
  await go("/taxpayers", "tr[data-taxpayer]");
  const late = await page
    .locator("tr[data-taxpayer]")
    .evaluateAll((rows) => (rows.find((row) => /逾期 \d|\d overdue/.test(row.innerText)) ?? rows[0]).dataset.taxpayer);
  await go(`/taxpayers/${late}/drafts`, ".draft");
  await shoot("10-drafts");
  await page.keyboard.press("Control+k");
  await page.locator("dialog input").fill("青石路");
  await page.waitForTimeout(400);
  await shoot("11-palette");
  await page.keyboard.press("Escape");
  await page.keyboard.press("?");
  await shoot("12-keys");
  await page.keyboard.press("Escape");
  await page.locator(".me").click();
  await shoot("13-settings");
  await go("/taxpayers?q=没有这样的名字", ".state");
  await shoot("14-empty");
  await go("/taxpayers/999999", ".state");
  await shoot("15-unknown");
  if (faults.length) console.log(look.name, faults);
  await close();
}
await mock?.stop();
