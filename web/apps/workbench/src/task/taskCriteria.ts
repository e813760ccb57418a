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
  /** Who holds it, or decided it; "0" for nobody. */
  person: string;
  /** A place among the ages of the board. */
  age: string;
  marked: string;
  /** Decided over the last thirty days, as the board counts. */
  decided: string;
  q: string;
  sort: string;
}

export const VIEWS: View[] = ["mine", "group", "all", "waiting", "closed"];
export const KINDS = ["matter", "complaint", "follow_up", "letter", "report", "service"] as const;
export const STATES = ["open", "claimed", "waiting", "second"] as const;
export const DUES = ["overdue", "today", "soon", "week"] as const;
/** Working days since arrival in which the board counts, as the server has them. */
export const AGES = ["0", "1", "2", "3", "4", "5"] as const;
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

export const NO_CRITERIA: Criteria = {
  ...{ view: "mine", skill: "", kind: "", state: "", due: "" },
  ...{ person: "", age: "", marked: "", decided: "", q: "", sort: "due" },
};
export const FILTERS = ["skill", "kind", "state", "due", "person", "age", "marked", "decided"] as const;
/** Filters that only the board sets; they are shown as chips to be taken away. */
export const OF_BOARD = ["person", "age", "marked", "decided"] as const;

const KNOWN: Partial<Record<keyof Criteria, readonly string[]>> = {
  view: VIEWS,
  skill: SKILLS,
  kind: KINDS,
  state: [...STATES, "closed"],
  due: DUES,
  age: AGES,
  marked: ["true"],
  decided: ["any", "yes", "in_time"],
  sort: SORTS,
};
const IS_PERSON = /^\d{1,18}$/;

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
    const isPerson = name !== "person" || (typeof value === "string" && IS_PERSON.test(value));
    return [name, isGood && isPerson ? value : otherwise];
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
