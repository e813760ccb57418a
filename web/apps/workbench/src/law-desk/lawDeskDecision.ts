import { ref, type Ref } from "vue";
import type { ApiError } from "@palmtax/api";
import { asApiError } from "../load/loadResource";
import { approveChange, returnChange, sendChange, withdrawChange } from "./lawDeskCall";
import type { Change } from "./lawDeskTypes";

export type Step = "send" | "approve" | "return" | "withdraw";

/** What an officer does with a version; approving may first ask for a second proof of identity. */
export function useDecision(change: Ref<Change | null>) {
  /** The step that is being confirmed. */
  const asked = ref<Step | null>(null);
  const reason = ref("");
  const isBusy = ref(false);
  const isProofNeeded = ref(false);
  const error = ref<ApiError | null>(null);

  function ask(step: Step | null): void {
    [asked.value, reason.value, error.value, isProofNeeded.value] = [step, "", null, false];
  }
  const needsReason = (step: Step): boolean => step === "return" || step === "withdraw";

  function perform(step: Step, now: Change): Promise<Change> {
    const why = reason.value.trim();
    if (step === "send") return sendChange(now);
    if (step === "approve") return approveChange(now);
    return step === "return" ? returnChange(now, why) : withdrawChange(now, why);
  }

  async function act(): Promise<void> {
    const [step, now] = [asked.value, change.value];
    if (!step || !now || isBusy.value || (needsReason(step) && !reason.value.trim())) return;
    [isBusy.value, error.value, isProofNeeded.value] = [true, null, false];
    try {
      change.value = await perform(step, now);
      asked.value = null;
    } catch (failure) {
      const found = asApiError(failure);
      if (found.problem.code === "plumbing.second_factor_needed") isProofNeeded.value = true;
      else error.value = found;
    } finally {
      isBusy.value = false;
    }
  }
  return { asked, reason, isBusy, isProofNeeded, error, ask, act, needsReason };
}
