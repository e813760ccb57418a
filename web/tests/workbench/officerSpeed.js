/** How much work the steps of an officer's day cost the browser, on the mock: `node tests/workbench/officerSpeed.js [open cases]`. */
import { openBrowser } from "./browser.js";
import { startMock } from "./mock/server.js";
import { signIn } from "./signIn.js";

const TIMES = 5;
const already = () => undefined;
const THOUSAND = 1000;
const SCRIPT = new Set([
  ...["EvaluateScript", "v8.compile", "v8.evaluateModule", "FunctionCall", "RunMicrotasks", "EventDispatch"],
  ...["BlinkScheduler_PerformMicrotaskCheckpoint", "v8.callFunction", "v8.run"],
  ...["TimerFire", "FireAnimationFrame", "FireIdleCallback", "XHRReadyStateChange", "XHRLoad"],
]);
const LAYOUT = new Set(["Layout", "UpdateLayoutTree", "PrePaint", "Paint", "Layerize", "Commit"]);

/** Milliseconds covered by events of these kinds on one thread, each moment once. */
function covered(events, kinds) {
  const spans = events.filter((one) => kinds.has(one.name)).map((one) => [one.ts, one.ts + (one.dur ?? 0)]);
  let [sum, end] = [0, 0];
  for (const [from, to] of spans.sort((one, other) => one[0] - other[0])) {
    sum += Math.max(0, to - Math.max(from, end));
    end = Math.max(end, to);
  }
  return sum / THOUSAND;
}

/** Milliseconds that the page's main thread spent in script, and in style, layout and paint, during a step. */
async function costOf(cdp, work) {
  const events = [];
  const collect = ({ value }) => events.push(...value);
  cdp.on("Tracing.dataCollected", collect);
  const categories = "devtools.timeline,v8,toplevel";
  await cdp.send("Tracing.start", {
    transferMode: "ReportEvents",
    traceConfig: { includedCategories: categories.split(",") },
  });
  await work();
  const ended = new Promise((done) => cdp.once("Tracing.tracingComplete", done));
  await cdp.send("Tracing.end");
  await ended;
  cdp.off("Tracing.dataCollected", collect);
  const mains = events.filter((one) => one.name === "thread_name" && one.args?.name === "CrRendererMain");
  const ofMain = events.filter((one) => mains.some((main) => main.pid === one.pid && main.tid === one.tid));
  return { script: covered(ofMain, SCRIPT), layout: covered(ofMain, LAYOUT) };
}

/** Does a step several times and keeps the least: what the step costs, not what else the machine was doing. */
async function leastOf(cdp, times, ready, work) {
  const all = [];
  for (let turn = 0; turn < times; turn += 1) {
    await ready(turn);
    all.push(await costOf(cdp, () => work(turn)));
  }
  return all.reduce((least, one) => (one.script < least.script ? one : least));
}

/** Every step with what it cost; `page` is signed in, `url` the address of the mock. */
export async function measured(page, url) {
  const cdp = await page.context().newCDPSession(page);
  const drawn = () =>
    page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  const rows = page.locator("tr[data-task]");
  const current = page.locator('[data-current="true"]');
  const found = {};
  found["the queue on a fresh page"] = await leastOf(cdp, TIMES, already, async () => {
    await page.goto(`${url}/workbench/tasks?view=all`);
    await rows.first().waitFor();
    await drawn();
  });
  const away = async () => {
    await page.locator('nav a[href$="/taxpayers"]').first().click();
    await page.locator("tr[data-taxpayer]").first().waitFor();
    await drawn();
  };
  found["the queue from another page"] = await leastOf(cdp, TIMES, away, async () => {
    await page.locator('nav a[href$="/tasks"]').first().click();
    await rows.first().waitFor();
    await drawn();
  });
  await page.goto(`${url}/workbench/tasks?view=all`);
  await rows.first().waitFor();
  found["one step down"] = await leastOf(cdp, TIMES, already, async () => {
    const before = await current.getAttribute("data-task");
    await page.keyboard.press("j");
    await page.waitForFunction(
      (id) => document.querySelector('[data-current="true"]')?.getAttribute("data-task") !== id,
      before,
    );
    await drawn();
  });
  found["one page scrolled"] = await leastOf(cdp, TIMES, already, async (turn) => {
    await page.locator("[data-scroll]").evaluate((box, to) => (box.scrollTop = to), (turn + 1) * 400);
    await drawn();
  });
  let place = 0;
  const back = async () => {
    await page.goto(`${url}/workbench/tasks?view=all&kind=matter`);
    await rows.first().waitFor();
    for (let step = 0; step < place; step += 1) await page.keyboard.press("j");
    place += 1;
    await drawn();
  };
  found["opening a case"] = await leastOf(cdp, TIMES, back, async () => {
    await page.keyboard.press("Enter");
    await page.locator("[data-case] [data-ask]").first().waitFor();
    await page.locator("[data-case] [data-acts]").waitFor();
    await drawn();
  });
  found["next case, already in the list"] = await leastOf(cdp, TIMES, already, async () => {
    const before = page.url();
    await page.keyboard.press("j");
    await page.keyboard.press("Enter");
    await page.waitForURL((address) => String(address) !== before);
    await page.locator("[data-case] [data-ask], [data-subject]").first().waitFor();
    await drawn();
  });
  await page.goto(`${url}/workbench/tasks?view=all&kind=matter`);
  await rows.first().waitFor();
  await page.locator('input[name="all"]').check();
  found["preview of many"] = await leastOf(cdp, TIMES, already, async () => {
    await page.keyboard.press("c");
    await page.locator("[data-would]").first().waitFor();
    await drawn();
    await page.keyboard.press("Escape");
    await page.locator("[data-bulk]").waitFor({ state: "detached" });
  });
  await cdp.detach();
  return found;
}

if (process.argv[1] === new URL(import.meta.url).pathname) {
  const mock = await startMock({ hat: "case_officer", cases: Number(process.argv[2] ?? 240) });
  const { page, close } = await openBrowser();
  await signIn(page, mock.url, { ready: "tr[data-task]" });
  const rounded = (cost) =>
    Object.fromEntries(Object.entries(cost).map(([name, ms]) => [name, Math.round(ms * 10) / 10]));
  const found = await measured(page, mock.url);
  console.table(Object.fromEntries(Object.entries(found).map(([step, cost]) => [step, rounded(cost)])));
  await close();
  await mock.stop();
}
