/** Takes a picture of every screen of an officer's day, on the mock: `node tests/workbench/officerScreens.js <folder> [look]`. */
import fs from "node:fs";
import path from "node:path";
import { openBrowser } from "./browser.js";
import { startMock } from "./mock/server.js";
import { signIn } from "./signIn.js";

const [folder = "screens", only] = process.argv.slice(2);
const [OFFICER, SUPERVISOR] = ["13900000001", "13900000012"];
const LOOKS = [
  { name: "zh-1440", language: "zh-CN", width: 1440, height: 900 },
  { name: "en-1440", language: "en-GB", width: 1440, height: 900 },
  { name: "zh-1024", language: "zh-CN", width: 1024, height: 768 },
  { name: "en-1024", language: "en-GB", width: 1024, height: 768 },
  { name: "dark-1440", language: "zh-CN", width: 1440, height: 900, theme: "dark" },
];
fs.mkdirSync(folder, { recursive: true });

for (const look of LOOKS.filter((each) => !only || each.name === only)) {
  for (const [state, cases] of [
    ["full", 240],
    ["empty", 0],
  ]) {
    const mock = await startMock({ hat: "case_officer", cases });
    const known = async (fits) => (await (await fetch(`${mock.url}/mock/cases`)).json()).find(fits);
    for (const [who, phone] of [
      ["officer", OFFICER],
      ["chief", SUPERVISOR],
    ]) {
      const { page, faults, close } = await openBrowser(look);
      const shoot = async (name) => {
        await page.waitForTimeout(400);
        await page.screenshot({ path: path.join(folder, `${look.name}-${state}-${name}.png`) });
      };
      const go = async (address, ready) => {
        await page.goto(`${mock.url}/workbench${address}`);
        await page.locator(ready).first().waitFor();
      };
      await signIn(page, mock.url, { phone, ready: "tr[data-task], .state" });
      if (who === "officer") {
        await shoot("01-mine");
        await go("/tasks?view=group", "tr[data-task], .state");
        await shoot("02-group");
        if (cases) {
          await page.locator('input[name="all"]').check();
          await page.keyboard.press("c");
          await page.locator("[data-would]").first().waitFor();
          await shoot("03-bulk");
          const one = await known((row) => row.kind === "matter" && row.state === "open" && row.skill === "invoice");
          await go(`/tasks/${one.case_id}?view=group`, "[data-acts] [data-step]");
          await shoot("04-case");
          await page.locator(".yes").scrollIntoViewIfNeeded();
          await shoot("05-follows");
          await page.keyboard.press("e");
          await page.locator("[data-opinion]").waitFor();
          await shoot("06-opinion");
          await page.locator('[data-opinion] [data-outcome="no"]').click();
          await shoot("07-no");
          await page.keyboard.press("Escape");
          await page.keyboard.press("s");
          await shoot("08-supplement");
          await page.keyboard.press("Escape");
          await page.keyboard.press("o");
          await page.locator("#office-list li").first().waitFor();
          await shoot("09-handover");
          await page.keyboard.press("Escape");
          await page.keyboard.press("m");
          await page.keyboard.type("请看 @");
          await shoot("10-notes");
          await page.keyboard.press("Escape");
          await page.keyboard.press("4");
          await shoot("11-history");
        }
      } else {
        await go("/board", "[data-figures]");
        await shoot("20-board");
        if (cases) {
          await page.locator('[data-skills-of="2"]').click();
          await page.locator("[data-skills] input").first().waitFor();
          await shoot("21-skills");
          await page.keyboard.press("Escape");
          await page.locator("[data-unassigned] input").nth(0).check();
          await shoot("22-assign");
          await page.locator("[data-absences] [data-add]").click();
          await page.locator("[data-absences] form").scrollIntoViewIfNeeded();
          await shoot("23-absence");
          await go("/tasks?view=all&person=2&due=soon", "[data-chip]");
          await shoot("24-from-board");
        }
        await go("/process", "[data-worst], .state");
        await shoot("30-process");
        await page.locator(".process").evaluate((one) => (one.scrollTop = one.scrollHeight));
        await shoot("31-process-below");
      }
      if (faults.length) console.log(look.name, state, faults);
      await close();
    }
    await mock.stop();
  }
}
