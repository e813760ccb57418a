/** A Chromium for the browser tests: fresh profile, no traffic of its own. */
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { chromium } from "playwright-core";

const PLACES = [
  process.env.PALMTAX_CHROMIUM,
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
];
const FLAGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Where a Chromium is; null when none is installed. */
export function chromiumPath() {
  return PLACES.find((place) => place && fs.existsSync(place)) ?? null;
}

/** Opens a browser window; `close` ends it and removes its profile. */
export async function openBrowser({ width = 1440, height = 900, language = "zh-CN", theme = "light", ...more } = {}) {
  const profile = fs.mkdtempSync(path.join(os.tmpdir(), "workbench-"));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: chromiumPath(),
    args: FLAGS,
    headless: true,
    viewport: { width, height },
    locale: language,
    timezoneId: "Asia/Shanghai",
    colorScheme: theme,
    ...more,
  });
  const page = context.pages()[0] ?? (await context.newPage());
  const faults = [];
  page.on("pageerror", (error) => faults.push(String(error)));
  page.on(
    "console",
    (message) =>
      message.type() === "error" && !/Failed to load resource/.test(message.text()) && faults.push(message.text()),
  );
  return {
    page,
    context,
    faults,
    close: async () => (await context.close(), fs.rmSync(profile, { recursive: true, force: true })),
  };
}
