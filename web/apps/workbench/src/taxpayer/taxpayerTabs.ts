import { computed, onBeforeUnmount, onMounted, ref, type ComputedRef, type Ref } from "vue";

export const TABS = ["summary", "returns", "drafts", "orders", "ledger", "timeline"] as const;
export type Tab = (typeof TABS)[number];

/** From this width on the timeline has a column of its own. */
const WIDE = "(min-width: 1320px)";

/** Whether the window is wide enough for three columns. */
export function useWide(): Ref<boolean> {
  const query = window.matchMedia(WIDE);
  const isWide = ref(query.matches);
  const look = (): void => void (isWide.value = query.matches);
  onMounted(() => query.addEventListener("change", look));
  onBeforeUnmount(() => query.removeEventListener("change", look));
  return isWide;
}

/** The tabs to show: the timeline is one of them only when it has no column. */
export function useTabs(isWide: Ref<boolean>): ComputedRef<Tab[]> {
  return computed(() => TABS.filter((tab) => tab !== "timeline" || !isWide.value));
}
