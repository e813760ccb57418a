import assert from "node:assert/strict";
import path from "node:path";
import test from "node:test";
import { fileURLToPath } from "node:url";
import { ESLint } from "eslint";

const web = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../../..");
const eslint = new ESLint({ cwd: web });

async function rulesBroken(filePath, text) {
  const [result] = await eslint.lintText(text, { filePath: path.join(web, filePath) });
  return result.messages.map((message) => message.ruleId);
}

const bad = [
  [
    "money added in a script",
    "apps/workbench/src/order/orderSum.ts",
    "export const f = (o: { amount_fen: number }) => o.amount_fen + 1;\n",
    "no-restricted-syntax",
  ],
  [
    "money scaled in a template",
    "apps/workbench/src/order/OrderRow.vue",
    '<script setup lang="ts">\ndefineProps<{ o: { amount_fen: number } }>();\n</script>\n<template><b>{{ o.amount_fen / 100 }}</b></template>\n',
    "vue/no-restricted-syntax",
  ],
  [
    "fetch in a page",
    "apps/workbench/src/order/orderLoad.ts",
    "export const go = () => fetch('/api/x');\n",
    "no-restricted-globals",
  ],
  [
    "wx.request in a page",
    "apps/mobile/src/pages/pay.ts",
    "export const go = () => wx.request({});\n",
    "no-restricted-properties",
  ],
  [
    "api reaching for text",
    "packages/api/src/words.ts",
    "import { t } from '@palmtax/text';\nexport const a = t;\n",
    "no-restricted-imports",
  ],
  [
    "one app reaching into the other",
    "apps/workbench/src/order/orderShare.ts",
    "import { x } from '../../../mobile/src/x';\nexport const a = x;\n",
    "no-restricted-imports",
  ],
  [
    "flow reaching for an app",
    "packages/flow/screens.ts",
    "import { x } from '../../apps/mobile/src/x';\nexport const a = x;\n",
    "no-restricted-imports",
  ],
  [
    "a file without its folder's name",
    "apps/workbench/src/order/List.ts",
    "export const a = 1;\n",
    "house/prefixed-name",
  ],
  [
    "a file too long",
    "apps/workbench/src/order/orderLong.ts",
    `export const a = 1;\n${"// line\n".repeat(260)}`,
    "max-lines",
  ],
];

for (const [what, file, text, rule] of bad) {
  test(`${what} is refused`, async () => {
    assert.ok((await rulesBroken(file, text)).includes(rule));
  });
}

const good = [
  [
    "comparing fen",
    "apps/workbench/src/order/orderSame.ts",
    "export const f = (o: { amount_fen: number }, typed: number) => o.amount_fen === typed;\n",
  ],
  ["fetch in the transport", "packages/api/src/transport.ts", "export const go = () => fetch('/api/x');\n"],
  [
    "an app using packages",
    "apps/workbench/src/order/orderUse.ts",
    "import { amountText } from '@palmtax/ui';\nexport const a = amountText;\n",
  ],
];

for (const [what, file, text] of good) {
  test(`${what} is allowed`, async () => {
    assert.deepEqual(await rulesBroken(file, text), []);
  });
}
