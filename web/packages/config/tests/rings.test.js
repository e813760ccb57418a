import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import test from "node:test";
import { findRings } from "../rings.js";

function folderWith(files) {
  const root = fs.mkdtempSync(path.join(os.tmpdir(), "rings-"));
  for (const [name, text] of Object.entries(files)) {
    fs.mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
    fs.writeFileSync(path.join(root, name), text);
  }
  return root;
}

test("a circle through three files is found and shown", () => {
  const root = folderWith({
    "a.ts": 'import { b } from "./b";',
    "b.ts": 'export { c } from "./sub/c.vue";',
    "sub/c.vue": '<script setup>\nimport { a } from "../a";\n</script>',
  });
  assert.deepEqual(findRings(root), [["a.ts", "b.ts", "sub/c.vue", "a.ts"]]);
});

test("a diamond and a type-only way back are no circle", () => {
  const root = folderWith({
    "a.ts": 'import "./b";\nimport "./c";',
    "b.ts": 'import "./d";',
    "c.ts": 'import "./d";',
    "d.ts": 'import type { A } from "./a";',
  });
  assert.deepEqual(findRings(root), []);
});
