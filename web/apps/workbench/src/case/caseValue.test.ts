import { describe, expect, it } from "vitest";
import { shownOf } from "./caseValue";
import type { Ask } from "./caseTypes";

const options = [
  { value: "raise", label: "长期调高", label_en: "For good", help: "", help_en: "" },
  { value: "once", label: "只调本月", label_en: "Once", help: "", help_en: "" },
];
const ask = (type: string, value: unknown, more: Partial<Ask> = {}) => ({
  ...{ type, value, options: [], unit: "", unit_en: "" },
  ...more,
});

describe("shownOf", () => {
  it("shows amounts as fen, also zero", () => {
    expect(shownOf(ask("amount", 0), "zh")).toEqual({ as: "fen", fen: 0 });
  });

  it("shows options by their names in the reader's language", () => {
    expect(shownOf(ask("choice", "raise", { options }), "en")).toEqual({ as: "text", text: "For good" });
    expect(shownOf(ask("choices", ["raise", "once"], { options }), "zh")).toEqual({
      as: "text",
      text: "长期调高、只调本月",
    });
  });

  it("shows days, periods, yes and no, units, and what an option of old is called", () => {
    expect(shownOf(ask("date", "2026-12-15"), "zh")).toEqual({ as: "day", day: "2026-12-15" });
    expect(shownOf(ask("period", "2026Q3"), "zh")).toMatchObject({ text: expect.stringContaining("三季度") });
    expect(shownOf(ask("yes_no", false), "zh")).toEqual({ as: "yes_no", isYes: false });
    expect(shownOf(ask("number", 3, { unit: "人", unit_en: "people" }), "en")).toMatchObject({ text: "3 people" });
    expect(shownOf(ask("choice", "gone", { options }), "zh")).toMatchObject({ text: "gone" });
  });

  it("says when there is no answer", () => {
    for (const value of [null, undefined, "", []]) expect(shownOf(ask("text", value), "zh")).toEqual({ as: "nothing" });
  });

  it("gives tables as they are", () => {
    expect(shownOf(ask("rows", [{ buyer: "甲" }]), "zh")).toEqual({ as: "rows", rows: [{ buyer: "甲" }] });
  });
});
