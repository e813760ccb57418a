import { expect, it } from "vitest";
import { ordered } from "./insightGroups";
import type { Group } from "./insightTypes";

const group = (code: string, delta_fen: number, losers: number, rows: number) =>
  ({ code, delta_fen, losers, rows }) as Group;
const ALL = [group("a", -900, 5, 10), group("b", 50, 6, 100), group("c", 1000, 0, 0)];
const codes = (groups: Group[]) => groups.map((each) => each.code).join("");

it("orders changes by their size, whichever way they go", () => {
  expect(codes(ordered(ALL, { by: "delta_fen", isDown: true }))).toBe("cab");
  expect(codes(ordered(ALL, { by: "delta_fen", isDown: false }))).toBe("bac");
});

it("orders those who lose by their part of the group, and leaves all as they came without an order", () => {
  expect(codes(ordered(ALL, { by: "losers", isDown: true }))).toBe("abc");
  expect(ordered(ALL, null)).toBe(ALL);
});
