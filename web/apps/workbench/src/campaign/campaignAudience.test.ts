import { expect, test } from "vitest";
import { allowed, completed, freshCondition } from "./campaignAudience";
import type { Audience, Tag } from "./campaignCall";

const tag = (code: string, purposes: string[], shape = "choice"): Tag =>
  ({
    code,
    purposes,
    shape,
    compares: shape === "months" ? ["at_least", "at_most"] : ["is", "is_not"],
    options: [{ code: "a", title: "", title_en: "" }],
  }) as unknown as Tag;
const audience: Audience = {
  match: "all",
  groups: [
    {
      match: "any",
      conditions: [
        { tag: "kind", compare: "is", values: ["a"] },
        { tag: "owes", compare: "is", values: [] },
      ],
    },
    { match: "all", conditions: [{ tag: "owes", compare: "is", values: ["yes"] }] },
  ],
};

test("what is not complete is not asked of the server", () => {
  expect(completed(audience).groups?.map((group) => group.conditions.map((one) => one.tag))).toEqual([
    ["kind"],
    ["owes"],
  ]);
  expect(completed({ match: "any", groups: [{ match: "all", conditions: [] }] })).toEqual({ match: "any", groups: [] });
});

test("another purpose drops the conditions it does not allow", () => {
  const left = allowed(audience, [tag("kind", ["promotion", "survey"]), tag("owes", ["promotion"])], "survey");
  expect(left.groups?.map((group) => group.conditions.map((one) => one.tag))).toEqual([["kind"]]);
});

test("a fresh condition is of the tag's shape", () => {
  expect(freshCondition(tag("registered", [], "months"))).toEqual({
    tag: "registered",
    compare: "at_least",
    values: ["12"],
  });
  expect(freshCondition(tag("kind", []))).toEqual({ tag: "kind", compare: "is", values: ["a"] });
});
