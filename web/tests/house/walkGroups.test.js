/**
 * One matter of each of the 21 groups, in the built mini program on a real house: from its page to the end by the page's own
 * controls, with the answers of the matter's own example; what the house then holds is asked of its API.
 */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import path from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { askHouse, makeHands, SCAN } from "./miniFiller.js";
import { startMiniProgram } from "./miniProgram.js";
import { people, url } from "./place.js";

const PATIENCE_MS = 60_000;
const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../../..");
/** A matter of each group: its file, and the hat it is done under. */
const MATTERS = [
  ["sfgl/switch_hat", "enterprise"],
  ["fpbl/invoice_list", "enterprise"],
  ["zmbl/registration_print", "enterprise"],
  ["xkhz/cit_prepayment_method", "enterprise"],
  ["tds/withholding_fee", "enterprise"],
  ["ckts/refund_progress", "enterprise"],
  ["gjss/foreign_investment", "enterprise"],
  ["xypj/rating_query", "enterprise", 1],
  ["swzx/closing_check", "enterprise"],
  ["sszy/agent_firm_data", "enterprise"],
  ["yybl/hall_map", "enterprise"],
  ["fljj/arrears", "enterprise"],
  ["yhbl/policy_matching", "enterprise"],
  ["sbns/vat_natural_person", "self"],
  ["hdgl/rent_tax_estimate", "self"],
  ["xxbg/debit_agreement", "self"],
  ["nszx/service_guide", "self"],
  ["tsjy/suggestion", "self"],
  ["sbfj/payment_history", "self"],
  ["zjhd/message_subscription", "self"],
  ["cxfw/my_progress", "self"],
];

/** The files of the catalogue, as Python reads them. */
function catalogueFiles() {
  const files = MATTERS.map(([slug]) => path.join(root, `server/palmtax/matters/catalogue/${slug}.yaml`));
  const read =
    "import json, sys, yaml; print(json.dumps([yaml.safe_load(open(p, encoding='utf-8')) for p in sys.argv[1:]]))";
  const python = path.join(root, ".venv/bin/python");
  return JSON.parse(execFileSync(python, ["-c", read, ...files], { encoding: "utf-8", maxBuffer: 1 << 24 }));
}

let mini;
const files = catalogueFiles();
before(() => {
  mini = startMiniProgram({ chosen: () => SCAN });
});
after(() => mini?.close());

const application = (id) => askHouse(mini, `${url}/api/matters/applications/${id}`);
const asksOf = (one) => one.sections.flatMap((section) => section.asks);
const START = ["开始办理", "重新开始"];
/** The button as it can be pressed: while the hat changes it rests. */
const buttonOn = (page, ...words) =>
  page.all(".button:not(.resting)").findLast((one) => words.includes(one.textContent.trim()));
async function whenOn(page, ...words) {
  for (const end = Date.now() + mini.patience; !buttonOn(page, ...words); await mini.settle(30)) {
    if (Date.now() > end) throw new Error(`No ${words}: ${page.text().slice(0, 400)}`);
  }
  return buttonOn(page, ...words);
}

/** From the matter's page to its first question; the hat is changed there, in place, when the matter wants another. */
async function begin(file) {
  const page = await mini.open(`/matters/detail/index?code=${file.code}`);
  const first = await whenOn(page, ...START, "换个身份办理");
  if (!START.includes(first.textContent.trim())) {
    await page.tap(first);
    await page.until("以谁的身份办理", mini.patience);
    await page.tap(page.all(".hat").find((one) => !one.classList.contains("worn")));
  }
  await page.tap(await whenOn(page, ...START));
  return mini.follow("");
}

/** What a person types is kept as the house counts: yuan become fen. */
function kept(ask, value) {
  if (ask.type === "amount") return Math.round(Number(value) * 100);
  if (ask.type === "number") return Number(value);
  return ask.type === "rows" ? undefined : value;
}

test("a general taxpayer’s owner signs in by one tap", { timeout: PATIENCE_MS }, async () => {
  await mini.signIn(people.machines);
});

for (const [at, [slug, , which = 0]] of MATTERS.entries()) {
  const file = files[at];
  test(`${file.code} ${file.title}`, { timeout: PATIENCE_MS }, async () => {
    const example = file.examples[which];
    const page = await begin(file);
    assert.equal(page.route, "matters/fill/index", slug);
    const id = page.query.id;
    const draft = await application(id);
    const wanted = { answers: example.answers, papers: example.papers ?? [] };
    const hands = makeHands(mini, page, { asks: asksOf(draft), wanted });
    await (file.screens === "guided" ? hands.walk() : hands.fillForm());
    const done = await hands.submit(people.machines.phone);
    assert.equal(done.route, "matters/application/index");
    const after_ = await application(id);
    assert.equal(after_.state, file.decide === "instant" ? "approved" : "submitted");
    for (const ask of asksOf(after_).filter((one) => hands.given.has(one.code))) {
      const value = kept(ask, example.answers[ask.code]);
      if (value !== undefined) assert.deepEqual(ask.value, value, ask.code);
    }
    for (const code of wanted.papers) assert.equal(after_.papers.find((one) => one.code === code).files.length, 1);
    if (after_.state === "approved" && file.document) assert.ok(after_.document?.document_no, "a document came of it");
  });
}

test("the app complained about nothing", () => {
  assert.deepEqual(mini.complaints, []);
});
