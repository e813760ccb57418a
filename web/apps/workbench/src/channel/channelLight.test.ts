import { expect, test } from "vitest";
import type { Channel } from "./channelCall";
import { byNeed, shownOf } from "./channelLight";

const channel = (name: string, light: Channel["light"], is_on = true): Channel => ({ name, light, is_on }) as Channel;

test("what needs somebody comes first, what is off last", () => {
  const all = [channel("a", "green"), channel("b", "red", false), channel("c", "amber"), channel("d", "red")];
  expect(byNeed(all).map((one) => one.name)).toEqual(["d", "c", "a", "b"]);
});

test("a channel that is off says so, whatever its light", () => {
  expect(shownOf({ light: "red", is_on: false }).word).toBe("channel.off");
  expect(shownOf({ light: "red", is_on: true }).word).toBe("channel.red");
});
