/** A crowd of people who press the same button at once: signed in by dev/demo/crowd.py, each with a client of their own. */
import { execFile } from "node:child_process";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { given, url } from "./place.js";

const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../../..");
const PATIENT = 20;
const PAUSE_MS = 150;
const MOST_BYTES = 8 << 20;

/** So many new people of the house: phone, name, and `ask`, which asks again while the house is too busy (503). */
export async function gather(count) {
  const env = { ...process.env, PYTHONPATH: `${ROOT}/server${path.delimiter}${ROOT}/dev` };
  const command = ["-m", "demo.crowd", given("PALMTAX_HOUSE_FOLDER"), String(count)];
  const made = await promisify(execFile)(`${ROOT}/.venv/bin/python`, command, {
    cwd: ROOT,
    env,
    maxBuffer: MOST_BYTES,
  });
  return JSON.parse(made.stdout).map(({ phone, name, token }) => ({ phone, name, ask: asking(token) }));
}

function asking(token) {
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/json", "x-channel": "h5" };
  return async (where, method = "GET", body = undefined) => {
    for (let tries = 0; ; tries += 1) {
      const answer = await fetch(url + where, { method, headers, body: body && JSON.stringify(body) }).catch(
        () => null,
      );
      if (answer && answer.status !== 503) return { status: answer.status, body: await answer.json() };
      if (tries === PATIENT) throw new Error(`${where}: no answer`);
      await new Promise((wake) => setTimeout(wake, PAUSE_MS));
    }
  };
}

/** Does `work` for everybody, so many at a time. */
export async function atOnce(people, most, work) {
  const left = [...people.entries()];
  const found = [];
  const hand = async () => {
    for (let next = left.shift(); next; next = left.shift()) found[next[0]] = await work(next[1], next[0]);
  };
  await Promise.all(Array.from({ length: most }, hand));
  return found;
}
