import { expect, it } from "vitest";
import type { Board } from "./boardCall";
import { byUrgency, fieldsOf, partsOf, sumsOf } from "./boardLoad";

const officer = (person_id: number, in_hand: number, overdue: number, due_soon: number) =>
  ({ person_id, in_hand, overdue, due_soon, waiting: 1 }) as Board["officers"][number];
const skill = (name: string, in_all: number, overdue: number) => ({
  ...{ skill: name, in_all, overdue, due_soon: 1, unclaimed: 2, marked: 0 },
});
const decided = (name: string, all: number, passed: number) => ({
  ...{ skill: name, decided: all, passed, in_time: passed },
});

it("cuts what somebody holds into parts that add up, each task once", () => {
  expect(partsOf(officer(1, 5, 1, 2))).toEqual({ late: 1, soon: 2, rest: 2, waiting: 1 });
});

it("puts who has most that is late, then soon due, first", () => {
  const all = [officer(1, 9, 0, 0), officer(2, 2, 1, 0), officer(3, 3, 1, 1), officer(4, 1, 0, 1)];
  expect(byUrgency(all).map((one) => one.person_id)).toEqual([3, 2, 4, 1]);
});

it("shows a field that has only decisions, and one that has none, and sums them", () => {
  const board = {
    ...{ officers: [], ages: [] },
    skills: [skill("invoice", 4, 0), skill("refund", 2, 1)],
    decided: [decided("invoice", 3, 2), decided("export", 1, 1)],
  } as Board;
  expect(fieldsOf(board).map((one) => [one.skill, one.in_all, one.decided])).toEqual([
    ["refund", 2, 0],
    ["invoice", 4, 3],
    ["export", 0, 1],
  ]);
  expect(sumsOf(board)).toEqual({
    ...{ inAll: 6, overdue: 1, dueSoon: 2, unclaimed: 4, marked: 0, decided: 4, passed: 3, inTime: 3 },
  });
});
