import { computed, type ComputedRef } from "vue";
import { useRoute, useRouter, type LocationQuery } from "vue-router";

/** What the list is asked for. It lives in the address, so that back, reload and a sent link all work. */
export interface Criteria {
  q: string;
  vat_kind: string;
  status: string;
  /** "true": only those who owe. */
  owed: string;
  sort: string;
}

export const NO_CRITERIA: Criteria = { q: "", vat_kind: "", status: "", owed: "", sort: "name" };

/** The filters of the criteria, without words and order. */
export const FILTERS = ["vat_kind", "status", "owed"] as const;

/** The criteria in the address and a way to change them; the page that is open beside the list stays. */
export function useCriteria(): { criteria: ComputedRef<Criteria>; change: (some: Partial<Criteria>) => void } {
  const route = useRoute();
  const router = useRouter();
  const criteria = computed(() => read(route.query));

  function change(some: Partial<Criteria>): void {
    void router.replace({ path: route.path, query: write({ ...criteria.value, ...some }) });
  }

  return { criteria, change };
}

function read(query: LocationQuery): Criteria {
  const entries = Object.entries(NO_CRITERIA).map(([name, otherwise]) => {
    const value = query[name];
    return [name, typeof value === "string" ? value : otherwise];
  });
  return Object.fromEntries(entries) as unknown as Criteria;
}

function write(criteria: Criteria): Record<string, string> {
  const told = Object.entries(criteria).filter(([name, value]) => value !== NO_CRITERIA[name as keyof Criteria]);
  return Object.fromEntries(told) as Record<string, string>;
}

/** Whether two sets of criteria ask for the same list. */
export function sameCriteria(one: Criteria, other: Criteria): boolean {
  return JSON.stringify(write(one)) === JSON.stringify(write(other));
}
