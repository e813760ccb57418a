import { describe, expect, it } from "vitest";
import { scrolledTo, windowOf } from "./taskWindow";

describe("windowOf", () => {
  it("draws a few dozen of a thousand rows and leaves room for the rest", () => {
    const drawn = windowOf(20_000, 600, 40, 1000);
    expect(drawn.last - drawn.first).toBeLessThan(40);
    expect(drawn.first).toBeLessThanOrEqual(500);
    expect(drawn.last).toBeGreaterThanOrEqual(515);
    expect(drawn.before + (drawn.last - drawn.first) * 40 + drawn.after).toBe(40_000);
  });

  it("draws all of a few, and nothing of nothing", () => {
    expect(windowOf(0, 600, 40, 5)).toEqual({ first: 0, last: 5, before: 0, after: 0 });
    expect(windowOf(0, 600, 40, 0)).toEqual({ first: 0, last: 0, before: 0, after: 0 });
  });

  it("stays within the rows when the list became shorter than it was scrolled", () => {
    const drawn = windowOf(9_000, 600, 40, 10);
    expect(drawn.first).toBe(10);
    expect(drawn.last).toBe(10);
  });
});

it("scrolls only when a row is out of view, below the head that stays", () => {
  expect(scrolledTo(3, 0, 600, 40, 36)).toBe(0);
  expect(scrolledTo(20, 0, 600, 40, 36)).toBe(20 * 40 + 40 + 36 - 600);
  expect(scrolledTo(2, 400, 600, 40, 36)).toBe(80);
});
