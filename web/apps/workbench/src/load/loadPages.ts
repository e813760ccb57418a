import { computed, shallowRef, watch, type ComputedRef, type WatchSource } from "vue";
import type { ApiError } from "@palmtax/api";
import { asApiError, type Resource } from "./loadResource";

/** One page of a list and the way to the next. */
export interface Page<T> {
  items: T[];
  next: string | null;
}

/** A list that grows page by page. */
export interface Pages<T> {
  list: Resource<T[]>;
  hasMore: ComputedRef<boolean>;
  more: () => void;
}

/** Fetches the first page now and whenever what it depends on changes; `more` adds the next one. */
export function usePages<T>(
  fetchPage: (cursor: string | null) => Promise<Page<T>>,
  ...dependsOn: WatchSource[]
): Pages<T> {
  const data = shallowRef<T[] | null>(null);
  const error = shallowRef<ApiError | null>(null);
  const cursor = shallowRef<string | null>(null);
  const running = shallowRef(0);
  let latest = 0;

  async function add(from: string | null): Promise<void> {
    const turn = ++latest;
    running.value = turn;
    try {
      const page = await fetchPage(from);
      if (turn !== latest) return;
      data.value = from === null ? page.items : [...(data.value ?? []), ...page.items];
      [cursor.value, error.value] = [page.next, null];
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
      void add(null);
    },
    { immediate: true },
  );

  const isLoading = computed(() => running.value !== 0);
  const hasMore = computed(() => cursor.value !== null);
  const more = (): void => void (hasMore.value && !isLoading.value && add(cursor.value));
  return { list: { data, error, isLoading, reload: () => add(null) }, hasMore, more };
}
