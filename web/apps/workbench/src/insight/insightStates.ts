import { Ban, CircleAlert, CircleCheck, Clock, LoaderCircle } from "@lucide/vue";
import type { Face } from "../look/lookStates";
import { t } from "../look/lookWords";
import type { StudyState } from "./insightTypes";

export const STATES = ["queued", "running", "done", "failed", "cancelled"] as const;

const FACES: Record<StudyState, Omit<Face, "word">> = {
  queued: { tone: "wait", icon: Clock },
  running: { tone: "primary", icon: LoaderCircle },
  done: { tone: "good", icon: CircleCheck },
  failed: { tone: "seal", icon: CircleAlert },
  cancelled: { tone: "quiet", icon: Ban },
};

/** How a study's state looks and what it is called. */
export function studyFace(state: StudyState): Face {
  return { ...FACES[state], word: t(`study_state.${state}`) };
}

/** Whether a study still changes by itself. */
export function isUnderWay(state: StudyState): boolean {
  return state === "queued" || state === "running";
}
