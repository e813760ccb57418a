import { expect, it } from "vitest";
import { csvLine, studySheet, yuanCell, type SheetWords } from "./insightSheet";
import type { Study } from "./insightTypes";

it("writes fen as exact yuan, however large", () => {
  expect(yuanCell(-123_456_789_012_345)).toBe("-1234567890123.45");
  expect(yuanCell(5)).toBe("0.05");
  expect(yuanCell(null)).toBe("");
});

it("quotes what needs it and lets no cell run as a formula; a negative amount stays a number", () => {
  expect(csvLine(['a "b", c', 3, "-1.20"])).toBe('"a ""b"", c",3,-1.20');
  expect(csvLine(["=1+1", "@x", "-x", "+1"])).toBe("'=1+1,'@x,'-x,'+1");
});

const GROUP = {
  code: "1",
  name: "第一档",
  name_en: "Tenth 1",
  from_fen: null,
  to_fen: 5,
  rows: 4,
  before_fen: 100,
  after_fen: 50,
  delta_fen: -50,
  winners: 3,
  losers: 0,
  unchanged: 1,
};
const LAW = {
  ...GROUP,
  title: "税",
  deciles: [GROUP],
  industries: [],
  cities: [],
  bands: [],
  histogram: [{ from_fen: -100, to_fen: 0, rows: 3 }],
  cliffs_before: [],
  cliffs_after: [{ at_fen: 1, to_fen: 2, extra_income_fen: 1, extra_burden_fen: 60, marginal: "6000%", is_new: true }],
};
const WORDS: SheetWords = {
  say: (key) => key,
  section: (key) => key,
  name: (source) => source.name,
  title: () => "税",
  invented: "合成人口",
};

it("says first that the people are invented, and holds every part", () => {
  const study = {
    name: "=试算",
    on: "2026-11-23",
    after_on: null,
    changes: [{ key: "a.b", before: "1", after: "2" }],
    result: { laws: [LAW] },
  };
  const lines = studySheet(study as unknown as Study, WORDS).split("\r\n");
  expect(lines[0]).toBe("\uFEFF'=试算");
  expect(lines[1]).toBe("合成人口");
  expect(lines).toContain("第一档,4,1.00,0.50,-0.50,3,0,1");
  expect(lines).toContain(",-1.00,0.00,3");
  expect(lines).toContain(",0.01,0.02,0.01,0.60,6000%");
});
