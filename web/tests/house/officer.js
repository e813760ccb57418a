/** The officer at the workbench, with a phone in the other hand. */
import { codeAfter } from "../workbench/signIn.js";
import { url } from "./place.js";

/** Signs in on the workbench by its QR code: the phone opens what the code says and confirms. */
export async function signInByQr(page, phone) {
  await page.goto(`${url}/workbench/`);
  const code = page.locator('.frame[data-state="waiting"]');
  await code.waitFor();
  await phone.goto(await code.getAttribute("data-text"));
  await phone.getByText("确认登录", { exact: false }).last().click();
  await page.waitForURL(/\/(tasks|taxpayers|hats)/);
  if (page.url().includes("/hats")) await page.locator("button.hat").first().click();
  await page.locator("nav a").first().waitFor();
  await page.goto(`${url}/workbench/taxpayers`);
  await page.locator("tr[data-taxpayer]").first().waitFor();
}

/** Asks for a code; a number that was asked for less than a minute ago (another test did) is asked for again until it may be. */
async function askForCode(page) {
  for (let tries = 0; ; tries += 1) {
    await page.getByText("获取验证码").click();
    const sent = page.getByText("验证码已发出").waitFor({ timeout: 6_000 });
    if (tries === 10) return sent;
    try {
      return await sent;
    } catch {
      await page.waitForTimeout(3_000);
    }
  }
}

/** Signs somebody in on a phone in the browser, whoever they are. */
export async function signInOnPhone(page, number, house = url) {
  await page.goto(`${house}/#/pages/sign-in/index`);
  await page.locator("[data-field=phone] input").fill(number);
  const code = await codeAfter(number, () => askForCode(page));
  await page.locator("[data-field=code] input").fill(code);
  await page.getByRole("checkbox").click({ position: { x: 12, y: 24 } });
  await page.getByRole("button", { name: "登录", exact: true }).click();
  await page.waitForURL(/#\/(pages\/home\/index)?$/);
}

/** What the list of taxpayers shows for a search: ids and words. */
export async function find(page, text) {
  await page.goto(`${url}/workbench/taxpayers?q=${encodeURIComponent(text)}`);
  await page.locator("tr[data-taxpayer], .state").first().waitFor();
  return page
    .locator("tr[data-taxpayer]")
    .evaluateAll((rows) => rows.map((row) => ({ id: row.dataset.taxpayer, words: row.innerText })));
}

/** Both sides of every entry on the ledger page, in fen. */
export function ledgerSides(page) {
  return page
    .locator("tbody.entry")
    .evaluateAll((all) =>
      all.map((entry) =>
        [2, 1].map((column) =>
          [...entry.querySelectorAll(`td:nth-last-child(${column}) .money`)]
            .reduce((sum, each) => sum + BigInt(each.dataset.fen), 0n)
            .toString(),
        ),
      ),
    );
}
