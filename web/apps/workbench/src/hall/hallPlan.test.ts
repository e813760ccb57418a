import { expect, it } from "vitest";
import { branchOf } from "./hallBranch";
import type { Plan } from "./hallCall";
import { bodyOf, formOf, isSame, standardOf } from "./hallPlan";

const desk = (name: string, windows: number, places: number | null) => ({
  ...{ desk: name, title: name, title_en: name, windows, planned_windows: 4, places, planned_places: 9, capacity: 9 },
});
const plan: Plan = {
  ...{ office_code: "14403050000", name: "厅", name_en: "Hall", slot_minutes: 30, slots: 4 },
  desks: [desk("tax", 4, null), desk("invoice", 6, 2)],
  hours: [["09:00", "11:00"]],
  planned_hours: [
    ["09:00", "12:00"],
    ["13:30", "17:00"],
  ],
};

it("sends only what differs from the plan of the level", () => {
  expect(bodyOf(formOf(plan), plan)).toEqual({
    windows: { invoice: 6 },
    places: { invoice: 2 },
    hours: [["09:00", "11:00"]],
  });
  expect(bodyOf(standardOf(plan), plan)).toEqual({ windows: {}, places: {}, hours: null });
  expect(isSame(formOf(plan), standardOf(plan))).toBe(false);
});

it("zero is a number of its own: no bookings at this desk", () => {
  const form = formOf(plan);
  form.desks[0]!.places = 0;
  expect(bodyOf(form, plan).places).toEqual({ tax: 0, invoice: 2 });
});

it("knows how the codes of a branch begin, as the server does", () => {
  expect(["14403000000", "14403100000", "14403110000"].map(branchOf)).toEqual(["14403", "1440310", "1440311"]);
});
