import { expect, it, vi } from "vitest";
import { isNarrowed, NO_CRITERIA, read, sameCriteria, write } from "./taskCriteria";

vi.mock("vue-router", () => ({ useRoute: vi.fn(), useRouter: vi.fn() }));

it("reads an address and takes nothing the server would refuse", () => {
  const found = read({ view: "group", due: "someday", skill: "invoice", q: "茶坊", sort: "colour", limit: "9" });
  expect(found).toEqual({ ...NO_CRITERIA, view: "group", skill: "invoice", q: "茶坊" });
});

it("writes only what differs, and reads the same back", () => {
  const asked = { ...NO_CRITERIA, view: "all" as const, state: "second" };
  expect(write(asked)).toEqual({ view: "all", state: "second" });
  expect(sameCriteria(read(write(asked)), asked)).toBe(true);
});

it("knows whether a view is narrowed", () => {
  expect(isNarrowed({ ...NO_CRITERIA, view: "all", sort: "opened" })).toBe(false);
  expect(isNarrowed({ ...NO_CRITERIA, due: "today" })).toBe(true);
});
