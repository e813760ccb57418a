import { Ban, CalendarClock, CircleCheck, PenLine, Send, Undo2 } from "@lucide/vue";
import type { Face } from "../look/lookStates";
import { t } from "../look/lookWords";
import type { ChangeState } from "./lawDeskTypes";

/** The states in the order in which somebody waits for them. */
export const CHANGE_STATES = ["sent", "draft", "returned", "scheduled", "effective", "withdrawn"] as const;

const FACES: Record<ChangeState, Omit<Face, "word">> = {
  draft: { tone: "quiet", icon: PenLine },
  sent: { tone: "wait", icon: Send },
  returned: { tone: "seal", icon: Undo2 },
  scheduled: { tone: "note", icon: CalendarClock },
  effective: { tone: "good", icon: CircleCheck },
  withdrawn: { tone: "quiet", icon: Ban },
};

/** How a version's state looks and what it is called. */
export function changeFace(state: ChangeState): Face {
  return { ...FACES[state], word: t(`change_state.${state}`) };
}
