import { expect, test } from "vitest";
import type { Schemas } from "@palmtax/api";
import { hatAt } from "./hatNearest";

const hat = (office_code: string | null, ...scopes: string[]): Schemas["HatOut"] =>
  ({ hat_id: `${office_code}${scopes}`, office_code, scopes }) as Schemas["HatOut"];

test("the nearest hat that covers the office and may decide is worn", () => {
  const [city, district] = [hat("19901000000", "cases.decide"), hat("19901010000", "cases.decide")];
  expect(hatAt([city, district], "19901010000")).toBe(district);
  expect(hatAt([city, district], "19901020000")).toBe(city);
  expect(hatAt([hat("19901010000"), city], "19901010000")).toBe(city);
});

test("no hat covers an office elsewhere, and a zero may be a digit", () => {
  expect(hatAt([hat("19901010000", "cases.decide"), hat(null)], "19902000000")).toBeUndefined();
  expect(hatAt([hat("14403100000", "cases.decide")], "14403110000")).toBeUndefined();
});
