/** Prints what the build weighs, and fails when the first screen grows beyond its budget. */
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

/** Largest first load (HTML, its scripts and styles), gzipped bytes. */
const FIRST_LOAD_BUDGET = 170_000;

const dist = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../dist");
const assets = fs.readdirSync(path.join(dist, "assets")).map((name) => weigh(path.join("assets", name)));
const html = fs.readFileSync(path.join(dist, "index.html"), "utf8");
const first = assets.filter((asset) => html.includes(asset.name.replaceAll("\\", "/")));

function weigh(name) {
  const bytes = fs.readFileSync(path.join(dist, name));
  return { name, raw: bytes.length, gzip: gzipSync(bytes).length };
}

const kilo = (bytes) => `${(bytes / 1000).toFixed(1)} kB`.padStart(10);
const total = (list) => list.reduce((sum, asset) => sum + asset.gzip, 0);

for (const asset of assets.toSorted((a, b) => b.gzip - a.gzip).slice(0, 14)) {
  console.log(
    `${kilo(asset.raw)} ${kilo(asset.gzip)} gz  ${asset.name}${first.includes(asset) ? "  (first load)" : ""}`,
  );
}
console.log(`First load ${kilo(total(first))} gz, everything ${kilo(total(assets))} gz in ${assets.length} files`);
if (total(first) > FIRST_LOAD_BUDGET) {
  console.error(`The first load is over ${kilo(FIRST_LOAD_BUDGET)}: import it on the route that needs it.`);
  process.exitCode = 1;
}
