import { computed, ref, watch, type ComputedRef, type Ref } from "vue";
import type { Answer } from "@palmtax/api";
import { asApiError, useResource } from "../load/loadResource";
import { call } from "../platform/platformClient";
import { keep, readKept } from "../platform/platformStorage";
import { knownColumns, USUAL_COLUMNS, type Column } from "./taskColumns";
import { NO_CRITERIA, read, sameCriteria, write, type Criteria } from "./taskCriteria";

export type SavedView = Answer<"/api/cases/views", "get">[number];

/** Marks a saved view as one of tasks: the taxpayer table keeps its own in the same place. */
const OF = "tasks";

/** The columns shown, kept in this browser. */
export function useColumns(): Ref<Column[]> {
  const columns = ref<Column[]>(knownColumns(readKept<string[]>("task-columns") ?? USUAL_COLUMNS));
  watch(columns, (now) => keep("task-columns", now));
  return columns;
}

/** An officer's saved views of tasks, kept by the server. */
export function useViews(
  criteria: ComputedRef<Criteria>,
  columns: Ref<Column[]>,
  change: (some: Partial<Criteria>) => void,
) {
  const views = useResource(async () =>
    (await call("get", "/api/cases/views")).filter((view) => view.filters.of === OF),
  );
  const problem = ref<string | null>(null);
  const current = computed(
    () => views.data.value?.find((view) => sameCriteria(criteriaOf(view), criteria.value)) ?? null,
  );

  function save(name: string): Promise<boolean> {
    const body = { ...bodyOf(criteria.value, columns.value), name };
    const same = views.data.value?.find((view) => view.name === name);
    return attempt(() =>
      same
        ? call("put", "/api/cases/views/{view_id}", { path: { view_id: same.view_id }, body })
        : call("post", "/api/cases/views", { body }),
    );
  }

  const remove = (view: SavedView): Promise<boolean> =>
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

  function open(view: SavedView): void {
    if (view.columns.length) columns.value = knownColumns(view.columns);
    change(criteriaOf(view));
  }
  return { views, current, problem, save, remove, open };
}

/** The criteria a saved view stands for. */
export function criteriaOf(view: Pick<SavedView, "filters" | "query" | "sort">): Criteria {
  return { ...NO_CRITERIA, ...read({ ...view.filters, q: view.query, sort: view.sort }) };
}

/** How criteria and columns are kept. */
export function bodyOf(criteria: Criteria, columns: Column[]) {
  const { q, sort, ...filters } = criteria;
  const told = write({ ...NO_CRITERIA, ...filters });
  return { query: q, filters: { of: OF, view: criteria.view, ...told }, columns, sort };
}
