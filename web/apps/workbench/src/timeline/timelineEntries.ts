import { computed, ref, watch, type Ref } from "vue";
import type { Schemas } from "@palmtax/api";
import { usePages } from "../load/loadPages";
import { call } from "../platform/platformClient";
import { byDay } from "./timelineDays";

type Entry = Schemas["TimelineEntry"];

/** A taxpayer's timeline across channels, growing page by page; a channel narrows it, an act done here renews it. */
export function useTimeline(id: Ref<number>, touched: Ref<number>) {
  const channel = ref<string | null>(null);
  const pages = usePages(
    async (cursor) => {
      const query = { channel: channel.value, cursor };
      const page = await call("get", "/api/cases/taxpayers/{taxpayer_id}/timeline", {
        path: { taxpayer_id: id.value },
        query,
      });
      return { items: page.entries, next: page.next_cursor };
    },
    id,
    channel,
  );
  watch(touched, () => void pages.list.reload());
  return { ...pages, channel, days: computed(() => byDay(pages.list.data.value ?? [])) };
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
