import { computed, shallowRef, watch, type ComputedRef, type ShallowRef, type WatchSource } from "vue";
import { ApiError } from "@palmtax/api";

/** Something fetched: the data, and where the fetching stands. */
export interface Resource<T> {
  data: ShallowRef<T | null>;
  error: ShallowRef<ApiError | null>;
  isLoading: ComputedRef<boolean>;
  /** Fetches again and keeps what is shown until the answer is there. */
  reload: () => Promise<void>;
}

/**
 * Fetches now and whenever what it depends on changes.
 * On a change the old data goes at once: one taxpayer's figures never stand under another's name.
 */
export function useResource<T>(load: () => Promise<T>, ...dependsOn: WatchSource[]): Resource<T> {
  const data = shallowRef<T | null>(null);
  const error = shallowRef<ApiError | null>(null);
  const running = shallowRef(0);
  let latest = 0;

  async function reload(): Promise<void> {
    const turn = ++latest;
    running.value = turn;
    try {
      const found = await load();
      if (turn === latest) [data.value, error.value] = [found, null];
    } catch (failure) {
      if (turn === latest) error.value = asApiError(failure);
    } finally {
      if (turn === latest) running.value = 0;
    }
  }

  watch(
    dependsOn,
    () => {
      data.value = null;
      void reload();
    },
    { immediate: true },
  );
  return { data, error, isLoading: computed(() => running.value !== 0), reload };
}

/** Any failure as an ApiError, so that every screen can word it. */
export function asApiError(failure: unknown): ApiError {
  if (failure instanceof ApiError) return failure;
  console.error(failure);
  return new ApiError(-1, { code: "workbench.fault", text: "", hint: "", fields: {}, trace_id: "" });
}
