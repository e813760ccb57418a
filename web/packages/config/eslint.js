/**
 * The walls of the front ends as an ESLint flat config. Each message says what to do instead.
 * Floors: apps → flow → ui · api · text → config.
 */
import js from "@eslint/js";
import globals from "globals";
import tseslint from "typescript-eslint";
import vue from "eslint-plugin-vue";
import vueParser from "vue-eslint-parser";
import house from "./rules.js";

const LARGEST_FILE = 250;
const LARGEST_TEST = 400;

const FEN = "/(_fen|Fen)$/";
const MONEY_SUM =
  "Money is added up by the server (the API answers sums). Show it with the Money component; compare whole fen with ===.";

/** Arithmetic with something called …_fen or …Fen, on either side. */
const moneySums = ["left", "right"].flatMap((side) => [
  { selector: `BinaryExpression[operator=/^[-+*\\/%]$/][${side}.property.name=${FEN}]`, message: MONEY_SUM },
  { selector: `BinaryExpression[operator=/^[-+*\\/%]$/][${side}.name=${FEN}]`, message: MONEY_SUM },
  { selector: `AssignmentExpression[operator=/^[-+*\\/%]=$/][${side}.property.name=${FEN}]`, message: MONEY_SUM },
  { selector: `AssignmentExpression[operator=/^[-+*\\/%]=$/][${side}.name=${FEN}]`, message: MONEY_SUM },
]);

const CALL_BY_CLIENT =
  "Call the server through the client of @palmtax/api (call('get', '/api/…')); only a transport in platform/ may send.";

const sending = [
  ...["wx", "uni"].flatMap((host) =>
    ["request", "uploadFile", "downloadFile"].map((verb) => ({
      object: host,
      property: verb,
      message: CALL_BY_CLIENT,
    })),
  ),
  { object: "window", property: "fetch", message: CALL_BY_CLIENT },
  { object: "navigator", property: "sendBeacon", message: CALL_BY_CLIENT },
];

const sendingGlobals = ["fetch", "XMLHttpRequest", "WebSocket", "EventSource"].map((name) => ({
  name,
  message: CALL_BY_CLIENT,
}));

/** Folders of one floor, and what they may not reach for. */
function floor(files, forbidden, message) {
  return { files, rules: { "no-restricted-imports": ["error", { patterns: [{ group: forbidden, message }] }] } };
}

const floors = [
  floor(
    ["packages/{ui,api,text}/**"],
    ["@palmtax/*", "!@palmtax/config", "**/apps/**", "**/packages/**"],
    "ui, api and text stand on one floor and know only config: let the app (or flow) bring them together and pass values in.",
  ),
  floor(
    ["packages/flow/**"],
    ["**/apps/**", "@palmtax/workbench", "@palmtax/mobile"],
    "flow stands below the apps: give it what it needs as a parameter or a slot.",
  ),
  floor(
    ["packages/config/**"],
    ["@palmtax/*", "**/apps/**"],
    "config is the ground floor and imports nothing of ours.",
  ),
  floor(
    ["apps/workbench/**"],
    ["**/apps/mobile/**", "**/mobile/src/**", "**/packages/**", "@palmtax/*/src/*"],
    "Apps do not know each other, and use packages by name (@palmtax/ui): move what both need into a package.",
  ),
  floor(
    ["apps/mobile/**"],
    ["**/apps/workbench/**", "**/workbench/src/**"],
    "Apps do not know each other: move what both need into a package.",
  ),
];

export default tseslint.config(
  {
    ignores: [
      "**/dist/**",
      "**/node_modules/**",
      "**/schema.d.ts",
      "**/unpackage/**",
      "**/*.min.js",
      "**/static/**",
      "**/.build/**",
      "**/uni_modules/**",
    ],
  },
  js.configs.recommended,
  ...tseslint.configs.recommended,
  ...vue.configs["flat/recommended"],
  {
    files: ["**/*.vue"],
    languageOptions: {
      parser: vueParser,
      parserOptions: { parser: tseslint.parser, extraFileExtensions: [".vue"], sourceType: "module" },
    },
  },
  {
    files: ["**/*.{ts,js,vue,mjs}"],
    plugins: { house },
    languageOptions: { globals: { ...globals.browser, ...globals.es2022, uni: "readonly", wx: "readonly" } },
    rules: {
      "max-lines": ["error", { max: LARGEST_FILE, skipBlankLines: false, skipComments: false }],
      "no-restricted-globals": ["error", ...sendingGlobals],
      "no-restricted-properties": ["error", ...sending],
      "no-restricted-syntax": ["error", ...moneySums],
      "vue/no-restricted-syntax": ["error", ...moneySums],
      "no-undef": "off", // the compiler knows better
      "@typescript-eslint/no-unused-vars": ["error", { ignoreRestSiblings: true }],
      eqeqeq: ["error", "always", { null: "ignore" }],
      "vue/multi-word-component-names": "off", // the folder's prefix makes names of two words
      // Layout belongs to prettier.
      "vue/max-attributes-per-line": "off",
      "vue/singleline-html-element-content-newline": "off",
      "vue/multiline-html-element-content-newline": "off",
      "vue/html-indent": "off",
      "vue/html-closing-bracket-newline": "off",
      "vue/html-self-closing": "off",
      "vue/first-attribute-linebreak": "off",
      "vue/block-order": ["error", { order: ["script", "template", "style"] }],
      "vue/no-v-html": "error",
    },
  },
  {
    files: ["apps/workbench/src/*/**/*.{ts,vue}"],
    ignores: ["apps/workbench/src/words/**"],
    rules: { "house/prefixed-name": "error" },
  },
  {
    // Where requests really leave, and what runs under Node.
    files: ["packages/api/src/transport.ts", "**/platform/**"],
    rules: { "no-restricted-globals": "off", "no-restricted-properties": "off" },
  },
  {
    files: ["**/tests/**", "**/scripts/**", "packages/config/**", "**/*.config.{js,ts}", "packages/mp-harness/**"],
    languageOptions: { globals: globals.node },
    rules: {
      "max-lines": ["error", LARGEST_TEST],
      "no-restricted-globals": "off",
      "no-restricted-properties": "off",
      "no-restricted-syntax": "off",
    },
  },
  {
    files: ["**/*.cjs"],
    languageOptions: { sourceType: "commonjs", globals: { ...globals.node, ...globals.browser } },
    rules: { "@typescript-eslint/no-require-imports": "off", "no-redeclare": ["error", { builtinGlobals: false }] },
  },
  ...floors,
);
