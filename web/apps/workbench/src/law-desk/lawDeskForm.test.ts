import { expect, it, vi } from "vitest";

vi.mock("../platform/platformSession", () => ({ houseToday: () => "2026-11-23" }));
vi.mock("./lawDeskCall", () => ({}));
const { wrongIn } = await import("./lawDeskForm");

const RIGHT = {
  first_day: "2027-01-01",
  until: null,
  article: "个人所得税法 第六条",
  published: "2026-12-01",
  source: "公报",
  confidence: "law" as const,
  note: "",
  confirm_retroactive: false,
};
const wrong = (some: object) => wrongIn({ ...RIGHT, ...some }, "2026-11-23");

it("lets a complete version through", () => {
  expect(wrong({})).toEqual({});
});

it("names every field that is missing or cannot be", () => {
  expect(wrong({ first_day: "" })).toEqual({ first_day: "desk.wrong_day" });
  expect(wrong({ until: "2026-12-31" })).toEqual({ until: "desk.wrong_until" });
  expect(wrong({ until: "2027-01-01" })).toEqual({});
  expect(wrong({ article: "个人所得税法" })).toEqual({ article: "desk.wrong_article" });
  expect(wrong({ published: "soon", source: " " })).toEqual({
    published: "desk.wrong_day",
    source: "desk.wrong_source",
  });
});

it("wants a word more for days that are over", () => {
  expect(wrong({ first_day: "2026-11-22" })).toEqual({ retroactive: "desk.wrong_retroactive" });
  expect(wrong({ first_day: "2026-11-22", confirm_retroactive: true })).toEqual({});
  expect(wrong({ first_day: "2026-11-23" })).toEqual({});
});
