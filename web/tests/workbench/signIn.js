/** Signing in on the workbench by phone, against the mock or a real server. */

const PHONE = process.env.PALMTAX_OFFICER_PHONE ?? "13900000001";

/** The one-time code: fixed for the mock; from PALMTAX_SMS_CODE, or from an address that answers it as text or JSON. */
async function codeFor(phone) {
  const from = process.env.PALMTAX_SMS_CODE_URL;
  if (!from) return process.env.PALMTAX_SMS_CODE ?? "123456";
  const text = await (await fetch(from.replace("{phone}", phone))).text();
  return /\b\d{6}\b/.exec(text)?.[0] ?? "";
}

/** From the door to the list of taxpayers. */
export async function signIn(page, url) {
  await page.goto(`${url}/workbench/sign-in`);
  await page.getByRole("tab").nth(1).click();
  await page.fill('input[name="phone"]', PHONE);
  await page.locator("form button[type=button]").click();
  await page
    .getByRole("status")
    .filter({ hasText: /发送|on its way/ })
    .waitFor();
  await page.fill('input[name="code"]', await codeFor(PHONE));
  await page.locator("form button[type=submit]").click();
  await page.waitForURL(/\/(taxpayers|hats)/);
  if (page.url().includes("/hats")) await page.locator("button.hat").first().click();
  await page.locator("tr[data-taxpayer]").first().waitFor();
}

/** Answers the demand for a second proof, if there is one. */
export async function proveAgain(page) {
  await page.fill('input[name="proof_phone"]', PHONE);
  await page.locator("form.proof button[type=submit]").click();
  await page.fill('input[name="proof_code"]', await codeFor(PHONE));
  await page.locator("form.proof button[type=submit]").click();
}
