import { computed, ref, watch, type Ref } from "vue";
import type { Schemas } from "@palmtax/api";
import { useResource, type Resource } from "../load/loadResource";
import { call } from "../platform/platformClient";
import type { Criteria } from "./searchCriteria";

/** Lines of one page. */
export const PAGE = 50;

/** A page of taxpayers and the way to the next and back. */
export interface Hits {
  page: Resource<Schemas["TaxpayerHitPage"]>;
  pageNumber: Ref<number>;
  hasNext: Ref<boolean>;
  next: () => boolean;
  previous: () => boolean;
}

/** The taxpayers that meet the criteria, page by page; the cursors gone through are the way back. */
export function useHits(criteria: Ref<Criteria>): Hits {
  const trail = ref<string[]>([]);
  const wanted = computed(() => JSON.stringify(criteria.value));
  watch(wanted, () => (trail.value = []), { flush: "sync" });

  const page = useResource(() => ask(criteria.value, trail.value.at(-1)), wanted, trail);
  const nextCursor = computed(() => page.data.value?.next_cursor ?? null);

  function next(): boolean {
    if (nextCursor.value === null) return false;
    trail.value = [...trail.value, nextCursor.value];
    return true;
  }

  function previous(): boolean {
    if (!trail.value.length) return false;
    trail.value = trail.value.slice(0, -1);
    return true;
  }

  const pageNumber = computed(() => trail.value.length + 1);
  return { page, pageNumber, hasNext: computed(() => nextCursor.value !== null), next, previous };
}

function ask(criteria: Criteria, cursor: string | undefined): Promise<Schemas["TaxpayerHitPage"]> {
  return call("get", "/api/cases/taxpayers", {
    query: {
      q: criteria.q || undefined,
      vat_kind: criteria.vat_kind || undefined,
      status: criteria.status || undefined,
      owed: criteria.owed === "true" || undefined,
      sort: criteria.sort,
      cursor,
      limit: PAGE,
    },
  });
}
