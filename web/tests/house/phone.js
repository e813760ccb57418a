/** Doing matters on the phone in the browser: begun at the matter's page, walked through by what the screen shows. */
import { url } from "./place.js";

export const says = (page, words) => page.getByText(words).first().waitFor();
export const press = (page, name) => page.getByRole("button", { name, exact: true }).last().click();
export const choose = (page, name) =>
  page
    .getByRole("radio", { name: new RegExp(`^${name}`) })
    .last()
    .click();
export const field = (page, code) => page.locator(`[data-field=${code}] input, [data-field=${code}] textarea`).last();
export const idOf = (page) => /id=([\w-]+)/.exec(page.url())[1];

/** Keeps the proof of who asks as the app sends it, so that the house can be asked the same way. */
export function listenTo(page) {
  const kept = {};
  page.on("request", (request) => {
    const { authorization } = request.headers();
    if (authorization) kept.Authorization = authorization;
  });
  return (path, method = "GET", body = undefined) => {
    const headers = { ...kept, "content-type": "application/json" };
    return fetch(url + path, { method, headers, body: body && JSON.stringify(body) }).then((answer) => answer.json());
  };
}

/** Opens a screen afresh: nothing of the screens before lies below it. */
export async function visit(page, path, house = url) {
  await page.goto(`${house}/#${path}`);
  await page.reload();
}

/** From a matter's page to its questions; `hat`: part of the hat it wants, changed there when another is worn. */
export async function begin(page, code, hat) {
  await visit(page, `/matters/detail/index?code=${code}`);
  const start = page.getByRole("button", { name: /^(开始办理|重新开始)$/ });
  const change = page.getByRole("button", { name: "换个身份办理" });
  await start.or(change).last().waitFor();
  if (await change.count()) {
    await change.last().click();
    await page.getByRole("radio", { name: hat }).last().click();
    await change.last().waitFor({ state: "detached" });
  }
  await page
    .locator('[aria-disabled="false"]', { hasText: /^(开始办理|重新开始)$/ })
    .last()
    .click();
  await page.waitForURL(/matters\/fill/);
}

/** One question after the other: `answers` is what to do at each, in any order; the rest was known already. */
export async function walk(page, answers, until) {
  const at = page.locator(".question [data-ask]").last();
  for (let turn = 0; turn < 40; turn += 1) {
    await at.or(page.getByText(until)).first().waitFor();
    if (await page.getByText(until).count()) return;
    const code = await at.getAttribute("data-ask");
    if (!(code in answers)) throw new Error(`Nobody knows ${code}: ${await at.innerText()}`);
    await answers[code](at);
    await page
      .getByRole("button", { name: /^(继续|跳过)$/ })
      .last()
      .click();
    await page.locator(`.question [data-ask="${code}"]`).last().waitFor({ state: "detached" });
  }
}

/** Gives a file for a paper. */
export async function attach(page, paper, file) {
  await page.locator(`[data-paper=${paper}]`).last().getByRole("button", { name: "添加" }).click();
  const [chooser] = await Promise.all([page.waitForEvent("filechooser"), page.getByText("选文件").last().click()]);
  await chooser.setFiles(file);
  await page.getByRole("button", { name: `删除${file.name}` }).waitFor();
}
