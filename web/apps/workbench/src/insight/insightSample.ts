import { ref, type Ref } from "vue";
import { usePages, type Pages } from "../load/loadPages";
import { readRows } from "./insightCall";
import type { SampleRow } from "./insightTypes";

export interface SampleFilter {
  order: "loss" | "gain" | "row";
  change: string;
  decile: string;
  city: string;
  industry: string;
  band: string;
}

/** Pages of a walk through the population may be empty; as many are turned before the officer is asked. */
const MOST_EMPTY_PAGES = 5;

/** Whether anything narrows the rows. */
export function isAnyFilter(filter: SampleFilter): boolean {
  return [filter.change, filter.decile, filter.city, filter.industry, filter.band].some((each) => each !== "");
}

/** The rows of a study that a filter lets through; `scanned` tells how many were looked at. */
export function useSample(
  studyId: string,
  law: string,
  filter: SampleFilter,
): Pages<SampleRow> & { scanned: Ref<number> } {
  const scanned = ref(0);
  const pages = usePages(
    async (cursor) => {
      if (cursor === null) scanned.value = 0;
      const given = Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== ""));
      let next = cursor;
      for (let turned = 0; turned < MOST_EMPTY_PAGES; turned += 1) {
        const page = await readRows(studyId, { ...given, order: filter.order, law, cursor: next });
        scanned.value += page.scanned;
        next = page.next_cursor;
        if (page.rows.length || next === null) return { items: page.rows, next };
      }
      return { items: [], next };
    },
    () => ({ ...filter }),
  );
  return { ...pages, scanned };
}
