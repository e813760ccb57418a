import { expect, it } from "vitest";
import { stepsOf, waitsFor } from "./caseSteps";
import type { CaseRow, May, Whole } from "./caseTypes";

const row = (more: Partial<CaseRow>) => ({ state: "claimed", claimed_by: 1, is_mine: true, ...more }) as CaseRow;
const names = (of: CaseRow, may: May[]) => stepsOf(of, may).map((step) => step.act);
const waits = (of: CaseRow, may: May[]) => waitsFor({ case: of, may } as Whole);

it("offers what the server allows, taking it first when nobody has it", () => {
  const free = row({ state: "open", claimed_by: null, is_mine: false });
  expect(names(free, ["claim", "decide", "hand_over", "note"])).toEqual([
    "claim",
    "yes",
    "no",
    "supplement",
    "hand_over",
  ]);
  expect(
    stepsOf(free, ["claim", "decide"])
      .filter((step) => step.isMain)
      .map((step) => step.act),
  ).toEqual(["claim"]);
});

it("offers only the review to the second officer, and only the next when it is closed", () => {
  expect(names(row({ state: "second", claimed_by: null }), ["confirm", "note"])).toEqual(["confirm"]);
  expect(names(row({ state: "closed" }), ["note"])).toEqual(["next"]);
});

it("puts first what a complaint needs next", () => {
  const main = (may: May[]) => stepsOf(row({}), may).filter((step) => step.isMain);
  expect(main(["accept", "hand_over"]).map((step) => step.act)).toEqual(["accept"]);
  expect(main(["investigate", "ask_time"]).map((step) => step.act)).toEqual(["investigate"]);
  expect(main(["investigate", "answer", "ask_time"]).map((step) => step.act)).toEqual(["answer"]);
  expect(names(row({ is_mine: false, claimed_by: 9 }), ["decide_time", "note"])).toEqual(["decide_time"]);
  expect(waits(row({ is_mine: false, claimed_by: 9 }), ["decide_time", "note"])).toBe("");
});

it("says why there is nothing to decide", () => {
  expect(waits(row({}), ["decide", "note"])).toBe("");
  expect(waits(row({ state: "closed" }), ["note"])).toBe("closed_now");
  expect(waits(row({ state: "waiting" }), ["note"])).toBe("waits_taxpayer");
  expect(waits(row({ state: "second" }), ["note"])).toBe("waits_second");
  expect(waits(row({ is_mine: false, claimed_by: 9 }), ["note"])).toBe("waits_other");
});
