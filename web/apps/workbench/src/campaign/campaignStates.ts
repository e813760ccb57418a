import { Ban, CircleCheck, Hourglass, PauseCircle, PencilLine, Send, Users } from "@lucide/vue";
import type { Component } from "vue";
import type { Tone } from "../look/lookStates";
import { wordFor } from "../look/lookWords";
import type { CampaignState } from "./campaignCall";

export const STATES: CampaignState[] = ["draft", "review", "running", "paused", "stopped", "finished"];
const FACES: Record<CampaignState, [Tone, Component]> = {
  draft: ["quiet", PencilLine],
  review: ["wait", Users],
  drawing: ["primary", Hourglass],
  running: ["primary", Send],
  paused: ["wait", PauseCircle],
  stopped: ["seal", Ban],
  finished: ["good", CircleCheck],
};

/** How the state of a campaign looks and what it is called. */
export function campaignFace(state: CampaignState): { tone: Tone; icon: Component; word: string } {
  const [tone, icon] = FACES[state];
  return { tone, icon, word: wordFor("campaign_state", state) };
}

/** Whether something may change by itself. */
export function isMoving(state: CampaignState): boolean {
  return state === "drawing" || state === "running" || state === "paused";
}

const WHOLE_BP = 10_000;
const HUNDRED = 100;

/** Ten-thousandths as a percentage: 1 % is 100. */
export function percentText(bp: number): string {
  return `${(bp / HUNDRED).toFixed(bp % HUNDRED ? 2 : 0)}%`;
}

/** A share in ten-thousandths; 0 of nothing. */
export function shareBp(cases: number, of: number): number {
  return of ? Math.round((cases * WHOLE_BP) / of) : 0;
}
