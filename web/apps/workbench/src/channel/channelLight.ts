import type { Component } from "vue";
import { CircleAlert, CircleCheck, CircleX, Power } from "@lucide/vue";
import type { Tone } from "../look/lookStates";
import type { WordKey } from "../words/zh";
import type { Channel } from "./channelCall";

/** A channel's state as a chip: what is switched off says so before its light does. */
export interface Shown {
  tone: Tone;
  icon: Component;
  word: WordKey;
}

const LIGHTS: Record<Channel["light"], Shown> = {
  green: { tone: "good", icon: CircleCheck, word: "channel.green" },
  amber: { tone: "wait", icon: CircleAlert, word: "channel.amber" },
  red: { tone: "seal", icon: CircleX, word: "channel.red" },
};
const OFF: Shown = { tone: "quiet", icon: Power, word: "channel.off" };

/** How a channel is shown. */
export function shownOf(channel: Pick<Channel, "light" | "is_on">): Shown {
  return channel.is_on ? LIGHTS[channel.light] : OFF;
}

const RANK: Record<Channel["light"], number> = { red: 0, amber: 1, green: 2 };

/** What needs somebody first: red, then amber, then those that run, those that are off last. */
export function byNeed(channels: Channel[]): Channel[] {
  const rank = (one: Channel): number => (one.is_on ? RANK[one.light] : 3);
  return [...channels].sort((one, other) => rank(one) - rank(other));
}
