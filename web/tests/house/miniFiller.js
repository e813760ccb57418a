/** Fills in any matter on the built mini program by its own controls, one way for each type of question. */
import { codeAfter } from "../workbench/signIn.js";

const PATIENCE_MS = 15_000;
/** A page without a word on it; the house looks inside every file it is given. */
export const SCAN = Buffer.from(
  "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n" +
    "3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n",
);
const textOf = (element) => element.textContent.replace(/\s+/g, " ").trim();

/** What the hat that the app wears knows of an address: asked as the app asks. */
export function askHouse(mini, address) {
  const { headers } = mini.requests.findLast((one) => one.headers?.Authorization);
  return fetch(address, { headers: { Authorization: headers.Authorization } }).then((answer) => answer.json());
}

/** The hands on one page: `asks` are the questions as the house describes them, `wanted` the answers to give. */
export function makeHands(mini, page, { asks, wanted }) {
  const byCode = Object.fromEntries(asks.map((one) => [one.code, one]));
  const given = new Set();

  /** Waits until `look` finds something. */
  async function wait(look, what, patience = PATIENCE_MS) {
    for (const end = Date.now() + patience; ; await mini.settle(20)) {
      const found = look();
      if (found) return found;
      if (Date.now() > end) throw new Error(`${what} never came. ${page.route} says: ${page.text().slice(0, 600)}`);
    }
  }
  const button = (words, of = page.host) =>
    [...of.querySelectorAll(".button")].findLast((one) => textOf(one) === words && !one.classList.contains("busy"));
  const press = async (words, of) => page.tap(await wait(() => button(words, of?.()), `button ${words}`));
  const askAt = (code, of = page.host) => of.querySelector(`[data-ask="${code}"]`);
  const optionIn = (place, label) =>
    [...place.querySelectorAll(".option")].find((one) => textOf(one.querySelector(".name")) === label);

  /** One of several, or several: rows while they are few, else the sheet that opens. */
  async function choose(place, ask, value) {
    const labels = (ask.type === "yes_no" ? [value ? "是" : "否"] : [value].flat()).map(
      (one) => ask.options?.find((option) => option.value === one)?.label ?? one,
    );
    const isSheet = !place().querySelector(".option");
    if (isSheet) await page.tap(place().querySelector(".box"));
    for (const label of labels) {
      const find = place().querySelector("[data-field=find]");
      if (find) await page.fire(find, "input", { value: label });
      await page.tap(await wait(() => optionIn(place(), label), `option ${label}`));
    }
    if (isSheet && ask.type === "choices") await press("完成", place);
  }

  /** A period or a year, from the sheet; an example that has left the list gives way to the newest. */
  async function choosePeriod(place, ask, value) {
    await page.tap(place().querySelector(`[data-field="${ask.code}"]`));
    await wait(() => place().querySelector(".option"), "periods");
    await page.tap(optionIn(place(), `${value}年`) ?? place().querySelector(".option"));
  }

  /** The picker is a window of WeChat, which no simulator draws: its event is fired as WeChat fires it. */
  async function pick(place, ask, value) {
    let element = place().querySelector(`[data-field="${ask.code}"]`);
    while (!/picker/i.test(element.tagName)) element = element.parentElement;
    await page.fire(element, "change", { value });
  }

  async function addRows(place, ask, rows) {
    for (const row of rows) {
      await press("添加一条", place);
      for (const cell of ask.rows)
        if (cell.code in row) await give(() => askAt(cell.code, place()), cell, row[cell.code]);
      await press("完成", place);
    }
  }

  /** Answers the question that stands at `place`. */
  async function give(place, ask, value) {
    if (["choice", "choices", "yes_no"].includes(ask.type)) return choose(place, ask, value);
    if (ask.type === "agree") return page.tap(place().querySelector(".option"));
    if (["date", "time"].includes(ask.type)) return pick(place, ask, value);
    if (["period", "year"].includes(ask.type)) return choosePeriod(place, ask, value);
    if (ask.type === "rows") return addRows(place, ask, value);
    return page.fire(place().querySelector(`[data-field="${ask.code}"]`), "input", { value: String(value) });
  }

  async function answer(code) {
    const place = () => askAt(code);
    await wait(place, `question ${code}`);
    await give(place, byCode[code], wanted.answers[code]);
    given.add(code);
  }

  /** The second proof, where a matter wants one: a code that comes to the person's phone. */
  async function prove(phone) {
    const code = await codeAfter(phone, () => page.tap("获取验证码"));
    await page.type("[data-field=factor-code]", code);
    await press("确认");
  }

  /** Files: the chooser is WeChat's own, the pretended one hands over a scan at once. */
  async function addPapers() {
    for (const code of wanted.papers) {
      const place = () => page.element(`[data-paper="${code}"]`);
      await wait(place, `paper ${code}`);
      await press("添加", place);
      await page.tap([...place().querySelectorAll(".way")].at(-1));
      await wait(
        () => /scan\.pdf/.test(place()?.textContent ?? "") && !/上传中/.test(place().textContent),
        `file ${code}`,
      );
    }
  }

  const statements = () => Object.keys(wanted.answers).filter((code) => byCode[code]?.type === "agree");
  const isOpen = (code) => byCode[code] && !byCode[code].is_locked && byCode[code].type !== "agree";

  /** A page in sections, from above: each is opened, the questions that the page shows are answered. */
  async function fillForm() {
    for (const code of Object.keys(wanted.answers).filter(isOpen)) {
      const heads = () => page.all("[data-section]").filter((one) => !one.querySelector(".inside"));
      while (!askAt(code) && heads().length) await page.tap(heads()[0].querySelector(".head"));
      await answer(code);
    }
    await addPapers();
    for (const code of statements()) await answer(code);
  }

  /** One question after the other, as the page asks them; what it already knows it does not ask. */
  async function walk() {
    const stage = () =>
      page.element(".question [data-ask]") ? "ask" : button("去核对") ? "papers" : button("提交") && "review";
    for (let turn = 0; turn < 60; turn += 1) {
      const now = await wait(stage, "the next question");
      if (now === "review") break;
      if (now === "papers") {
        await addPapers();
        await press("去核对");
        continue;
      }
      const code = page.element(".question [data-ask]").dataset.ask;
      if (code in wanted.answers) await answer(code);
      await page.tap(await wait(() => button("继续") ?? button("跳过"), "the way on"));
      await wait(() => page.element(".question [data-ask]")?.dataset.ask !== code, `the step after ${code}`);
    }
    for (const code of statements()) await answer(code);
  }

  /** Submits; gives the page the app then goes to. */
  async function submit(phone) {
    await mini.settle(900); // answers are sent a little after the last key
    await press("提交");
    await wait(() => mini.moves.length || page.element("[data-field=factor-code]"), "the answer to 提交");
    if (!mini.moves.length) await prove(phone);
    return mini.follow(/办好了|已经收到/);
  }

  return { fillForm, walk, submit, press, wait, button, given };
}
