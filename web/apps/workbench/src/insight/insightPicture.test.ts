import { expect, it } from "vitest";
import { line, marks, nearest, onto, share } from "./insightPicture";

it("maps both ends of a span onto both ends of the picture, also when it is empty", () => {
  const y = onto([-50, 150], [200, 0]);
  expect([y(-50), y(0), y(150)]).toEqual([200, 150, 0]);
  expect(onto([7, 7], [10, 90])(7)).toBe(10);
});

it("marks an axis at round numbers inside it", () => {
  expect(marks(0, 100, 5)).toEqual([0, 20, 40, 60, 80, 100]);
  expect(marks(-37, 81, 4)).toEqual([0, 50]);
  expect(marks(0, 150_000_000, 5)).toEqual([0, 50_000_000, 100_000_000, 150_000_000]);
  expect(marks(5, 5, 4)).toEqual([5]);
});

it("draws a line and never loses a small bar", () => {
  expect(
    line([
      [0, 1],
      [2.26, 3],
    ]),
  ).toBe("M0.0 1.0L2.3 3.0");
  expect([share(0, 9), share(1, 1_000_000), share(-9, 9), share(3, 0)]).toEqual([0, 0.6, 100, 0.6]);
});

it("finds the nearest point", () => {
  expect(nearest([1, 5, 9], (point) => point, 6)).toBe(5);
  expect(nearest([], (point: number) => point, 6)).toBeNull();
});
