import { computed, shallowRef, watch, type Ref } from "vue";
import type { ApiError } from "@palmtax/api";
import { useEvery } from "../load/loadEvery";
import { asApiError, type Resource } from "../load/loadResource";
import { readQueue } from "./taskCall";
import type { Criteria } from "./taskCriteria";
import { appended, merged, type Rows } from "./taskMerge";
import type { Counts, QueuePage, Task } from "./taskTypes";

const PAGE = 50;
const LARGEST_PAGE = 100;
const POLL_MS = 15_000;

const rowsOf = (page: QueuePage): Rows => ({ tasks: page.cases, next: page.next_cursor });

/** The queue that meets the criteria: grows while it is scrolled, renews itself while it is looked at. */
export function useQueue(criteria: Ref<Criteria>) {
  const rows = shallowRef<Rows | null>(null);
  const counts = shallowRef<Counts | null>(null);
  const error = shallowRef<ApiError | null>(null);
  const running = shallowRef(0);
  let latest = 0;

  async function ask(cursor: string | null, limit: number, put: (page: Rows) => Rows): Promise<void> {
    const turn = ++latest;
    running.value = turn;
    try {
      const page = await readQueue(criteria.value, cursor, limit);
      if (turn !== latest) return;
      [rows.value, counts.value, error.value] = [put(rowsOf(page)), page.counts, null];
    } catch (failure) {
      if (turn === latest) error.value = asApiError(failure);
    } finally {
      if (turn === latest) running.value = 0;
    }
  }

  /** Reads the first rows afresh and keeps what is shown until they are there. */
  const reload = (): Promise<void> => {
    const shown = rows.value?.tasks.length ?? 0;
    return ask(null, Math.min(Math.max(shown, PAGE), LARGEST_PAGE), (fresh) =>
      rows.value ? merged(rows.value, fresh) : fresh,
    );
  };
  const isLoading = computed(() => running.value !== 0);
  const hasMore = computed(() => rows.value !== null && rows.value.next !== null);
  function more(): void {
    const now = rows.value;
    if (!now?.next || isLoading.value) return;
    void ask(now.next, PAGE, (page) => appended(rows.value ?? now, page));
  }

  watch(
    () => JSON.stringify(criteria.value),
    () => {
      rows.value = null;
      void reload();
    },
    { immediate: true },
  );
  useEvery(POLL_MS, () => void (!isLoading.value && reload()));

  const tasks = computed<Task[]>(() => rows.value?.tasks ?? []);
  const data = computed(() => rows.value?.tasks ?? null);
  const list: Resource<Task[]> = { data, error, isLoading, reload };
  return { list, tasks, counts, hasMore, more, reload };
}
