import { computed, ref, shallowRef, watch, type Ref } from "vue";
import type { ApiError, Schemas } from "@palmtax/api";
import { asApiError, type Resource } from "../load/loadResource";
import { call } from "../platform/platformClient";
import { byDay } from "./timelineDays";

type Entry = Schemas["TimelineEntry"];

/** A taxpayer's timeline across channels, growing page by page; a channel narrows it. */
export function useTimeline(id: Ref<number>, touched: Ref<number>) {
  const channel = ref<string | null>(null);
  const data = shallowRef<Entry[] | null>(null);
  const error = shallowRef<ApiError | null>(null);
  const cursor = ref<string | null>(null);
  const isLoading = ref(false);
  let turn = 0;

  async function fetchPage(from: string | null): Promise<void> {
    const mine = ++turn;
    isLoading.value = true;
    try {
      const page = await call("get", "/api/cases/taxpayers/{taxpayer_id}/timeline", {
        path: { taxpayer_id: id.value },
        query: { channel: channel.value, cursor: from },
      });
      if (mine !== turn) return;
      data.value = from ? [...(data.value ?? []), ...page.entries] : page.entries;
      [cursor.value, error.value] = [page.next_cursor, null];
    } catch (failure) {
      if (mine === turn) error.value = asApiError(failure);
    }
    if (mine === turn) isLoading.value = false;
  }

  watch(
    [id, channel],
    () => {
      data.value = null;
      void fetchPage(null);
    },
    { immediate: true },
  );

  watch(touched, () => void fetchPage(null));

  const resource: Resource<Entry[]> = {
    data,
    error,
    isLoading: computed(() => isLoading.value),
    reload: () => fetchPage(null),
  };
  const days = computed(() => byDay(data.value ?? []));
  const more = (): void => void (cursor.value !== null && !isLoading.value && fetchPage(cursor.value));
  return { resource, days, channel, hasMore: computed(() => cursor.value !== null), more };
}

/** The route of what an act was about; null when the workbench has no page for it. */
export function subjectRoute(entry: Entry, id: number) {
  const params = { id };
  if (entry.subject_kind === "return" && entry.subject_id)
    return { name: "return", params: { id, returnId: entry.subject_id } };
  if (entry.subject_kind === "draft") return { name: "drafts", params };
  if (entry.subject_kind === "order") return { name: "orders", params };
  return null;
}
