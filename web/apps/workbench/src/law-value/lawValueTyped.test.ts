import { expect, it } from "vitest";
import { isAbove, readSingle, samePlain, type LawKind, type Plain } from "./lawValuePlain";
import { readTyped, typedOf, withoutRow, withRow, type TypedBracket } from "./lawValueTyped";

const SCALE: Plain = [
  { up_to: "36000", rate: "3%", less: "0" },
  { up_to: "144000", rate: "10%", less: "2520" },
  { rate: "45%", less: "181920" },
];

it.each<[LawKind, Plain]>([
  ["money", "60000"],
  ["money", "0.5"],
  ["rate", "3%"],
  ["rate", "0.05‰"],
  ["rate", "5/10000"],
  ["count", 5],
  ["quantity", "140.01"],
  ["day", "2026-01-01"],
  ["yes_no", true],
  ["yes_no", false],
  ["comparison", "at_most"],
  ["per_unit", "0.003"],
  ["rates", { city: "7%", county: "5%" }],
  ["amounts", { small: "16", large: "120.5" }],
  ["counts", { man: 60, woman: 55 }],
  ["quantities", { a: "140.0001" }],
  ["per_units", { coal: "1.52" }],
  ["scale", SCALE],
  [
    "ratio_scale",
    [
      { up_to: "50%", rate: "30%", less: "0%" },
      { rate: "60%", less: "35%" },
    ],
  ],
])("a %s goes through the fields and comes back exactly as it was", (kind, value) => {
  expect(readTyped(kind, typedOf(kind, value))).toEqual({ value, wrong: null });
});

it("reads money as it is pasted, to the fen, without touching the digits", () => {
  expect(readSingle("money", "￥72,000.50 元")).toBe("72000.5");
  expect(readSingle("money", "999999999999999.99")).toBe("999999999999999.99");
  expect(readSingle("money", "0072000.00")).toBe("72000");
  for (const wrong of ["", "abc", "1.234", "-5", "1e5", "5%", "NaN"]) expect(readSingle("money", wrong)).toBeNull();
});

it("takes a rate only when its meaning is certain", () => {
  expect(readSingle("rate", "３％".replace("３", "3"))).toBe("3%");
  expect(readSingle("rate", "0.130%")).toBe("0.13%");
  expect(readSingle("rate", "0.05")).toBe("0.05");
  expect(readSingle("rate", "1/3")).toBe("1/3");
  for (const wrong of ["13", "101%", "1001‰", "3/2", "1/0", "%", "-3%"]) expect(readSingle("rate", wrong)).toBeNull();
});

it("takes whole counts and true days only", () => {
  expect(readSingle("count", "12")).toBe(12);
  expect(readSingle("count", "1.5")).toBeNull();
  expect(readSingle("day", "2028-02-29")).toBe("2028-02-29");
  expect(readSingle("day", "2026-02-29")).toBeNull();
  expect(readSingle("day", "2026/02/01")).toBeNull();
});

it("says which option and which cell of a scale is wrong", () => {
  expect(readTyped("rates", { city: "7", county: "5%" }).wrong).toEqual({ city: "value.wrong_rate" });
  const rows = typedOf("scale", SCALE) as TypedBracket[];
  const falling = rows.map((row, place) => (place === 1 ? { ...row, up_to: "36000" } : row));
  expect(readTyped("scale", falling).wrong).toEqual({ "1.up_to": "value.wrong_rising" });
  const empty = rows.map((row, place) => (place === 2 ? { ...row, rate: "" } : row));
  expect(readTyped("scale", empty).wrong).toEqual({ "2.rate": "value.wrong_rate" });
});

it("knows the same number in another writing, and a table in another order", () => {
  expect(samePlain("rate", "5%", "1/20")).toBe(true);
  expect(samePlain("rate", "0.05", "50‰")).toBe(true);
  expect(samePlain("rate", "5%", "5.01%")).toBe(false);
  expect(samePlain("money", "60000", "60000.00")).toBe(true);
  expect(samePlain("rates", { a: "1%", b: "2%" }, { b: "0.02", a: "1%" })).toBe(true);
  expect(
    samePlain("scale", SCALE, [...(SCALE as object[]).slice(0, 2), { rate: "44%", less: "181920" }] as Plain),
  ).toBe(false);
  expect(isAbove("9007199254740993", "9007199254740992")).toBe(true);
  expect(isAbove("100%", "0.99")).toBe(true);
});

it("puts rows in and takes them out; only the last has no end", () => {
  const rows = typedOf("scale", SCALE) as TypedBracket[];
  const more = withRow(rows, 0);
  expect(more.map((row) => row.up_to)).toEqual(["36000", "", "144000", ""]);
  expect(readTyped("scale", more).wrong).toHaveProperty("1.up_to");
  expect(withRow(rows, 2).map((row) => row.up_to)).toEqual(["36000", "144000", "", ""]);
  const fewer = withoutRow(rows, 2);
  expect(fewer.at(-1)).toEqual({ up_to: "", rate: "10%", less: "2520" });
  expect(readTyped("scale", fewer).value).toEqual([
    { up_to: "36000", rate: "3%", less: "0" },
    { rate: "10%", less: "2520" },
  ]);
  expect(withoutRow(fewer.slice(0, 1), 0)).toHaveLength(1);
});
