/** The same house on a later day (dev/later.py): a copy with its clock ahead, so that what the calendar does can be seen. */
import { spawn } from "node:child_process";
import path from "node:path";
import readline from "node:readline";
import { fileURLToPath } from "node:url";
import { given, sandbox } from "./place.js";

const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../../..");

/** Opens it `days` later, after the clock's work of these names was done once; gives its address and a way to end it. */
export async function openLater(days, ticks) {
  const ports = ["--sandboxes", new URL(sandbox).port, "--days", String(days)];
  const arguments_ = [
    "dev/later.py",
    given("PALMTAX_HOUSE_FOLDER"),
    ...ports,
    ...ticks.flatMap((one) => ["--tick", one]),
  ];
  const env = { ...process.env, PYTHONPATH: `${ROOT}/server${path.delimiter}${ROOT}/dev` };
  const house = spawn(`${ROOT}/.venv/bin/python`, arguments_, { cwd: ROOT, env, stdio: ["pipe", "pipe", "inherit"] });
  const ended = new Promise((done) => house.once("exit", done));
  for await (const line of readline.createInterface({ input: house.stdout }))
    if (line.startsWith("http")) return { url: line.trim(), close: () => (house.stdin.end(), ended) };
  throw new Error("The later house did not open; see above.");
}
