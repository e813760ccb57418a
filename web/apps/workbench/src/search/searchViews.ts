import { computed, ref, watch, type ComputedRef, type Ref } from "vue";
import type { Schemas } from "@palmtax/api";
import { asApiError, useResource } from "../load/loadResource";
import { call } from "../platform/platformClient";
import { keep, readKept } from "../platform/platformStorage";
import { knownColumns, USUAL_COLUMNS, type Column } from "./searchColumns";
import { FILTERS, NO_CRITERIA, sameCriteria, type Criteria } from "./searchCriteria";

type View = Schemas["SavedView"];

/** The columns shown, kept in this browser. */
export function useColumns(): Ref<Column[]> {
  const columns = ref<Column[]>(knownColumns(readKept<string[]>("columns") ?? USUAL_COLUMNS));
  watch(columns, (now) => keep("columns", now));
  return columns;
}

/** An officer's saved views: filters, order and columns under a name, kept by the server. */
export function useViews(
  criteria: ComputedRef<Criteria>,
  columns: Ref<Column[]>,
  change: (some: Partial<Criteria>) => void,
) {
  const views = useResource(async () => (await call("get", "/api/cases/views")).filter((view) => !view.filters.of));
  const problem = ref<string | null>(null);
  const current = computed(
    () => views.data.value?.find((view) => sameCriteria(criteriaOf(view), criteria.value)) ?? null,
  );

  async function save(name: string): Promise<boolean> {
    const body = { ...bodyOf(criteria.value, columns.value), name };
    const same = views.data.value?.find((view) => view.name === name);
    return attempt(() =>
      same
        ? call("put", "/api/cases/views/{view_id}", { path: { view_id: same.view_id }, body })
        : call("post", "/api/cases/views", { body }),
    );
  }

  const remove = (view: View): Promise<boolean> =>
    attempt(() => call("delete", "/api/cases/views/{view_id}", { path: { view_id: view.view_id } }));

  async function attempt(work: () => Promise<unknown>): Promise<boolean> {
    problem.value = null;
    try {
      await work();
      await views.reload();
      return true;
    } catch (failure) {
      problem.value = asApiError(failure).problem.text || "?";
      return false;
    }
  }

  function open(view: View): void {
    if (view.columns.length) columns.value = knownColumns(view.columns);
    change(criteriaOf(view));
  }

  return { views, current, problem, save, remove, open };
}

function criteriaOf(view: View): Criteria {
  const filters = Object.fromEntries(FILTERS.map((name) => [name, view.filters[name] ?? ""]));
  return { ...NO_CRITERIA, ...filters, q: view.query, sort: view.sort || NO_CRITERIA.sort };
}

function bodyOf(criteria: Criteria, columns: Column[]): Omit<Schemas["SavedViewIn"], "name"> {
  const filters = Object.fromEntries(FILTERS.filter((name) => criteria[name]).map((name) => [name, criteria[name]]));
  return { query: criteria.q, filters, columns, sort: criteria.sort };
}
