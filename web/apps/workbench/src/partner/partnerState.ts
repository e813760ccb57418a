import { Ban, CircleCheck, CircleDashed, Clock } from "@lucide/vue";
import type { Component } from "vue";
import type { Tone } from "../look/lookStates";
import { t } from "../look/lookWords";
import type { WordKey } from "../words/zh";
import type { Partner, PartnerRow } from "./partnerCall";

/** A state with its shape, tone and word. */
export interface ShownState {
  tone: Tone;
  icon: Component;
  word: WordKey;
}

/** How the state of an application is shown; one that waits for a second officer says so. */
export function shownOf(one: Pick<PartnerRow, "state" | "is_checked">): ShownState {
  if (one.is_checked) return { tone: "wait", icon: Clock, word: "partner.checked" };
  if (one.state === "live") return { tone: "good", icon: CircleCheck, word: "partner.live" };
  if (one.state === "suspended") return { tone: "seal", icon: Ban, word: "partner.suspended" };
  if (one.state === "review") return { tone: "wait", icon: Clock, word: "partner.review" };
  return { tone: "quiet", icon: CircleDashed, word: "partner.sandbox" };
}

/** How a webhook address does, in words. */
export function hookWords(one: Partner["endpoints"][number]): string {
  if (one.state === "disabled") return t("partner.hook_disabled", { error: one.last_error });
  return one.failures ? t("partner.hook_failing", { count: one.failures, error: one.last_error }) : t("partner.hook_on");
}
