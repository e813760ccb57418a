import { Ban, CircleCheck, CircleDashed, Clock } from "@lucide/vue";
import type { Component } from "vue";
import type { Tone } from "../look/lookStates";
import type { WordKey } from "../words/zh";
import type { FeatureRow } from "./featureCall";

/** How the state of a feature is shown; one that waits for a second officer says so. */
export function shownOf(one: Pick<FeatureRow, "state" | "is_reviewed">): { tone: Tone; icon: Component; word: WordKey } {
  if (one.is_reviewed) return { tone: "wait", icon: Clock, word: "feature.reviewed" };
  if (one.state === "listed") return { tone: "good", icon: CircleCheck, word: "feature.listed" };
  if (one.state === "suspended") return { tone: "seal", icon: Ban, word: "feature.suspended" };
  if (one.state === "review") return { tone: "wait", icon: Clock, word: "feature.review" };
  return { tone: "quiet", icon: CircleDashed, word: `feature.${one.state}` };
}
