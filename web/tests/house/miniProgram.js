/** The real mini-program build on its simulator, with the house behind wx.request and the sandboxes behind WeChat. */
import fs from "node:fs";
import { createRequire } from "node:module";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { outside, url } from "./place.js";

const web = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..");
const { boot, prepare } = createRequire(import.meta.url)(path.join(web, "packages/mp-harness"));
const PATIENCE_MS = 15_000;

/** Starts the app on a phone that belongs to whoever signs in; `chosen`: the content of the file a person chooses. */
export function startMiniProgram({ chosen } = {}) {
  let holder = "";
  const login = async () => (await outside("/wechat/sandbox/wx-login", { person: holder })).code;
  const copy = fs.mkdtempSync(path.join(os.tmpdir(), "palmtax-mini-"));
  const build = prepare(path.join(web, "apps/mobile/dist/build/mp-weixin"), copy);
  const mini = boot(build, { api: url, login, pay, ...(chosen && { chosen }) });

  /** The payment panel: posts what the app signed to the bank's side, which checks the signature. */
  async function pay({ timeStamp, nonceStr, package: prepay, signType, paySign }) {
    const { errMsg } = await outside("/pay/sandbox/pay", { timeStamp, nonceStr, package: prepay, signType, paySign });
    return errMsg.split(":")[1];
  }

  /** Signs somebody in by one tap; an account that the house has not seen also gives its phone number. */
  async function signIn(person) {
    holder = person.name;
    const page = await mini.open("/pages/sign-in/index");
    await page.tap("我已阅读并同意");
    await page.tap("微信一键登录");
    for (const end = Date.now() + PATIENCE_MS; !mini.moves.length && Date.now() < end; await mini.settle(30)) {
      if (!page.element(".native")) continue;
      const { code } = await outside("/wechat/sandbox/phone-code", { person: person.name });
      await page.fire(page.element(".native"), "getphonenumber", { code });
      break;
    }
    return open(await mini.follow(PATIENCE_MS), "常办的事");
  }

  async function signOut() {
    const me = await open(await mini.open("/pages/me/index"), "退出登录");
    await me.tap("退出登录");
    await me.tap("退出登录"); // the sheet's button lies on top
    const end = Date.now() + PATIENCE_MS;
    while (mini.store.get("palmtax.session") && Date.now() < end) await mini.settle(30);
    mini.moves.length = 0;
  }

  /** The page once it says so. */
  async function open(page, words) {
    await page.until(words, PATIENCE_MS);
    return page;
  }

  /** Where the app wants to go, once that page says so. */
  const follow = async (words) => open(await mini.follow(PATIENCE_MS), words);

  /** The one thing due, from home. */
  async function openReturn() {
    const home = await open(await mini.open("/pages/home/index"), /去申报|继续申报/);
    await home.tap(home.withText("去申报") ? "去申报" : "继续申报");
    return follow("应缴税费");
  }

  const close = () => fs.rmSync(copy, { recursive: true, force: true });
  return { ...mini, signIn, signOut, follow, openReturn, close, patience: PATIENCE_MS };
}
