import { onBeforeUnmount, ref, watch, type Ref } from "vue";
import type { ApiError } from "@palmtax/api";
import { asApiError, useResource, type Resource } from "../load/loadResource";
import { cancelStudy, readStudy } from "./insightCall";
import { isUnderWay } from "./insightStates";
import type { Study } from "./insightTypes";

const POLL_MS = 1000;

/** A study, asked for again every second while it is under way, and the way to stop it. */
export function useStudy(id: Ref<string>): {
  study: Resource<Study>;
  isCancelling: Ref<boolean>;
  cancelError: Ref<ApiError | null>;
  cancel: () => Promise<void>;
} {
  const study = useResource(() => readStudy(id.value), id);
  const isCancelling = ref(false);
  const cancelError = ref<ApiError | null>(null);
  let timer = 0;

  watch(
    [study.data, study.error],
    ([now, error]) => {
      window.clearTimeout(timer);
      // A lost connection is no reason to stop looking: the study goes on without us.
      if (now && isUnderWay(now.state))
        timer = window.setTimeout(() => void study.reload(), error ? POLL_MS * 3 : POLL_MS);
    },
    { immediate: true },
  );
  onBeforeUnmount(() => window.clearTimeout(timer));

  async function cancel(): Promise<void> {
    if (isCancelling.value) return;
    [isCancelling.value, cancelError.value] = [true, null];
    try {
      study.data.value = await cancelStudy(id.value);
    } catch (failure) {
      cancelError.value = asApiError(failure);
      await study.reload();
    } finally {
      isCancelling.value = false;
    }
  }
  return { study, isCancelling, cancelError, cancel };
}
