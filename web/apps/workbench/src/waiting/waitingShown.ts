import type { Component } from "vue";
import { CircleCheck, DoorOpen, Gauge, Hourglass } from "@lucide/vue";
import type { Tone } from "../look/lookStates";
import type { WordKey } from "../words/zh";
import type { Room } from "./waitingCall";

/** A room's state as a chip: what was decided by an officer says so before what was measured. */
export interface Shown {
  tone: Tone;
  icon: Component;
  word: WordKey;
}

export function shownOf(room: Pick<Room, "mode" | "is_waiting">): Shown {
  if (room.mode === "open") return { tone: "good", icon: DoorOpen, word: "waiting.forced_open" };
  if (room.mode === "own_rate") return { tone: "seal", icon: Gauge, word: "waiting.slowed" };
  if (room.is_waiting) return { tone: "wait", icon: Hourglass, word: "waiting.in_line" };
  return { tone: "quiet", icon: CircleCheck, word: "waiting.no_line" };
}

/** Minutes as a person is told them, "3–5"; none while nobody waits. */
export function minutesOf(room: Pick<Room, "low_seconds" | "high_seconds">): string | null {
  if (room.low_seconds === null || room.high_seconds === null) return null;
  return `${Math.floor(room.low_seconds / 60)}–${Math.ceil(room.high_seconds / 60)}`;
}
