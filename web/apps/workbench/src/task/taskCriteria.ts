import { computed, type ComputedRef } from "vue";
import { useRoute, useRouter, type LocationQuery } from "vue-router";
import type { View } from "./taskTypes";

/** What the queue is asked for. It lives in the address, so that back, reload and a sent link all work. */
export interface Criteria {
  view: View;
  skill: string;
  kind: string;
  state: string;
  due: string;
  q: string;
  sort: string;
}

export const VIEWS: View[] = ["mine", "group", "all", "waiting", "closed"];
export const KINDS = ["matter", "complaint", "follow_up", "letter", "report"] as const;
export const STATES = ["open", "claimed", "waiting", "second"] as const;
export const DUES = ["overdue", "today", "week"] as const;
export const SORTS = ["due", "opened", "taxpayer"] as const;
export const SKILLS = [
  "registration",
  "invoice",
  "filing",
  "relief",
  "certificate",
  "licence",
  "assessment",
  "refund",
  "export",
  "international",
  "credit",
  "closing",
  "agents",
  "consultation",
  "hall",
  "complaint",
  "enforcement",
  "insurance",
] as const;

export const NO_CRITERIA: Criteria = { view: "mine", skill: "", kind: "", state: "", due: "", q: "", sort: "due" };
export const FILTERS = ["skill", "kind", "state", "due"] as const;

const KNOWN: Partial<Record<keyof Criteria, readonly string[]>> = {
  view: VIEWS,
  skill: SKILLS,
  kind: KINDS,
  state: [...STATES, "closed"],
  due: DUES,
  sort: SORTS,
};

/** The criteria in the address and a way to change them; the task that is open beside the list stays. */
export function useCriteria(): { criteria: ComputedRef<Criteria>; change: (some: Partial<Criteria>) => void } {
  const route = useRoute();
  const router = useRouter();
  const criteria = computed(() => read(route.query));
  function change(some: Partial<Criteria>): void {
    void router.replace({ path: route.path, query: write({ ...criteria.value, ...some }) });
  }
  return { criteria, change };
}

/** The criteria of an address; what the server would refuse is as if it were not there. */
export function read(query: LocationQuery): Criteria {
  const entries = Object.entries(NO_CRITERIA).map(([name, otherwise]) => {
    const value = query[name];
    const known = KNOWN[name as keyof Criteria];
    const isGood = typeof value === "string" && (!known || known.includes(value));
    return [name, isGood ? value : otherwise];
  });
  return Object.fromEntries(entries) as unknown as Criteria;
}

/** Only what differs from nothing asked. */
export function write(criteria: Criteria): Record<string, string> {
  const told = Object.entries(criteria).filter(([name, value]) => value !== NO_CRITERIA[name as keyof Criteria]);
  return Object.fromEntries(told) as Record<string, string>;
}

/** Whether anything narrows the view. */
export function isNarrowed(criteria: Criteria): boolean {
  return criteria.q !== "" || FILTERS.some((name) => criteria[name] !== "");
}

/** Whether two sets of criteria ask for the same list. */
export function sameCriteria(one: Criteria, other: Criteria): boolean {
  return JSON.stringify(write(one)) === JSON.stringify(write(other));
}
