import { expect, it, vi } from "vitest";
import { en } from "../words/en";
import { zh } from "../words/zh";
import { explained, FIELDS, shownOf } from "./processExplain";
import type { Matter } from "./processTypes";

vi.mock("../look/lookWords", async () => {
  const words = (await import("../words/zh")).zh as Record<string, string>;
  const fill = (key: string, values: Record<string, unknown>) =>
    (words[key] ?? "{}").replace(/\{(\w+)\}/g, (_, name: string) => String(values[name]));
  return { t: fill, pick: (source: Record<string, string>, name: string) => source[name] };
});

const matter = {
  ...{ title: "一件事", title_en: "A matter", started: 8, submitted: 6, finished: 5, approved: 4, dropped: 1 },
  ...{ supplemented: 2, asked_though_held: 3, median_fill_minutes: 9, median_decide_hours: 7 },
  ...{ finish_per_mille: 750, drop_per_mille: 125, supplement_per_mille: 333, stars_tenths: null },
} as unknown as Matter;

it("explains every number with what it was made from, and leaves no blank", () => {
  for (const field of FIELDS) expect(explained(matter, field)).not.toMatch(/\{|undefined/);
  expect(explained(matter, "supplement_per_mille")).toMatch(/33\.3%.*6.*2/);
  expect(shownOf(matter, "stars_tenths")).toBe("—");
});

it("has the same blanks in both languages", () => {
  const blanks = (text: string) => [...new Set(text.match(/\{\w+\}/g) ?? [])].sort();
  for (const field of FIELDS) {
    const key = `process.explain_${field}` as keyof typeof zh;
    expect(blanks(en[key])).toEqual(blanks(zh[key]));
  }
});
