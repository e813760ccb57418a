/** Signing in on the workbench by phone, against the mock or a real server. */

const PHONE = process.env.PALMTAX_OFFICER_PHONE ?? "13900000001";

const PATIENCE_MS = 10_000;
const EVERY_MS = 200;

/** The newest message for a phone in the SMS sandbox, whose inbox is PALMTAX_SMS_INBOX (`…/sms/sandbox/inbox`). */
async function newest(phone) {
  const inbox = await (await fetch(`${process.env.PALMTAX_SMS_INBOX}?phone=${phone}`)).json();
  return inbox.messages[0];
}

/** Asks for a code by `ask` and gives the one that then arrives: fixed for the mock, else out of the sandbox's inbox. */
export async function codeAfter(phone, ask) {
  if (!process.env.PALMTAX_SMS_INBOX) {
    await ask();
    return "123456";
  }
  const before = (await newest(phone))?.message_id;
  await ask();
  for (
    const end = Date.now() + PATIENCE_MS;
    Date.now() < end;
    await new Promise((wake) => setTimeout(wake, EVERY_MS))
  ) {
    const message = await newest(phone);
    if (message && message.message_id !== before) return /\d{6}/.exec(message.text)[0];
  }
  throw new Error(`No code arrived for ${phone}.`);
}

/** From the door to the list of taxpayers; to the first page of the hat when `ready` names a sign of it. */
export async function signIn(page, url, { phone = PHONE, ready } = {}) {
  await page.goto(`${url}/workbench/sign-in`);
  await page.getByRole("tab").nth(1).click();
  await page.fill('input[name="phone"]', phone);
  const code = await codeAfter(phone, async () => {
    await page.locator("form button[type=button]").click();
    await page.locator("form [role=status], form [role=alert]").first().waitFor();
  });
  await page.fill('input[name="code"]', code);
  await page.locator("form button[type=submit]").click();
  await page.waitForURL((address) => !address.pathname.endsWith("/sign-in"));
  if (page.url().includes("/hats")) await page.locator("button.hat").first().click();
  if (!ready) await page.goto(`${url}/workbench/taxpayers`);
  await page
    .locator(ready ?? "tr[data-taxpayer]")
    .first()
    .waitFor();
}

/** Answers the demand for a second proof, if there is one. */
export async function proveAgain(page, phone = PHONE) {
  await page.fill('input[name="proof_phone"]', phone);
  const code = await codeAfter(phone, async () => {
    await page.locator("form.proof button[type=submit]").click();
    await page.locator('input[name="proof_code"], form.proof [role=alert]').first().waitFor();
  });
  await page.fill('input[name="proof_code"]', code);
  await page.locator("form.proof button[type=submit]").click();
}
