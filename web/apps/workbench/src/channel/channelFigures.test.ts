import { expect, test, vi } from "vitest";
import type { Pair, Point } from "./channelCall";
import { againstBefore, failedPercent, heightOf, slowest, spanText, together } from "./channelFigures";

vi.mock("../look/lookWords", async () => {
  const words = (await import("../words/zh")).zh as Record<string, string>;
  const fill = (key: string, values: Record<string, unknown> = {}) =>
    (words[key] ?? "{}").replace(/\{(\w+)\}/g, (_, name: string) => String(values[name]));
  return { t: fill };
});

const sums = { handed: 8, refused: 1, faults: 1, callbacks: 3, late_callbacks: 0, cost_fen: 45 };
const pair = (p95: number | null): Pair =>
  ({ channel: "sms", now: { ...sums, p95, waited_p99: null }, before: { ...sums, p95: null } }) as Pair;

test("a span is said in the unit that fits", () => {
  expect([null, 80, 9999, 30_000, 600_000, 90_000_000].map(spanText)).toEqual([
    "–",
    "80 毫秒",
    "9999 毫秒",
    "30 秒",
    "10 分钟",
    "25 小时",
  ]);
});

test("a number is compared with the period before, also when there was none", () => {
  expect([
    againstBefore(15, 10),
    againstBefore(5, 10),
    againstBefore(10, 10),
    againstBefore(0, 0),
    againstBefore(5, 0),
  ]).toEqual(["比上期多 50%", "比上期少 50%", "与上期相同", "与上期相同", "上期没有"]);
});

test("sums are added, percentiles are not", () => {
  expect(together([pair(1), pair(2)], "now").cost_fen).toBe(90);
  expect(slowest([pair(80), pair(null), pair(200)], "now", "p95")).toBe(200);
  expect(slowest([pair(null)], "now", "p95")).toBeNull();
  expect(failedPercent(sums)).toBe(20);
  expect(failedPercent({ handed: 0, refused: 0, faults: 0 })).toBeNull();
});

test("little is still seen, nothing is not", () => {
  const points = [
    { handed: 1000, failed: 0 },
    { handed: 1, failed: 0 },
  ] as Point[];
  expect([heightOf(1000, points), heightOf(1, points), heightOf(0, points)]).toEqual([100, 1.5, 0]);
});
