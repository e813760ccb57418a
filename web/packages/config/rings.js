/** Ring check: fails when files of the front ends import each other in a circle, and shows the circle. */
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

const ENDINGS = ["", ".ts", ".vue", ".js", ".d.ts", "/index.ts", "/index.js"];
const IMPORT = /(?:^|[^\w.])(import|export)\s+(type\s+)?(?:[^"';]*?\sfrom\s*)?["'](\.[^"']+)["']/g;

/** Circles among the files under `root`, each as a list of paths relative to it; type-only imports do not count. */
export function findRings(root) {
  const files = walk(root);
  const known = new Set(files);
  const graph = new Map(files.map((file) => [file, importsOf(file, known)]));
  const state = new Map();
  const rings = [];
  const trail = [];

  function visit(file) {
    state.set(file, "open");
    trail.push(file);
    for (const next of graph.get(file)) {
      if (state.get(next) === "open") rings.push([...trail.slice(trail.indexOf(next)), next]);
      else if (!state.has(next)) visit(next);
    }
    trail.pop();
    state.set(file, "done");
  }

  for (const file of files) if (!state.has(file)) visit(file);
  return rings.map((ring) => ring.map((file) => path.relative(root, file)));
}

function walk(folder) {
  return fs.readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (["node_modules", "dist", "unpackage", ".git"].includes(entry.name) || entry.isSymbolicLink()) return [];
    const full = path.join(folder, entry.name);
    if (entry.isDirectory()) return walk(full);
    return /\.(ts|vue|js|mjs)$/.test(entry.name) ? [full] : [];
  });
}

function importsOf(file, known) {
  const source = fs.readFileSync(file, "utf8");
  const found = new Set();
  for (const [, , typeOnly, target] of source.matchAll(IMPORT)) {
    if (typeOnly) continue;
    const base = path.resolve(path.dirname(file), target);
    const hit = ENDINGS.map((ending) => base + ending).find((candidate) => known.has(candidate));
    if (hit) found.add(hit);
  }
  return found;
}

function main() {
  const root = path.resolve(process.argv[2] ?? ".");
  const rings = findRings(root);
  for (const ring of rings)
    console.error(`Ring: ${ring.join(" → ")}\n  Move what both need into a third file below them.`);
  if (rings.length) process.exitCode = 1;
  else console.log("No rings.");
}

if (process.argv[1] === fileURLToPath(import.meta.url)) main();
