import type { Plan, PlanBody } from "./hallCall";

/** A plan as it is being typed; `places` null: as the windows can do. */
export interface PlanForm {
  desks: { desk: string; windows: number; places: number | null }[];
  hours: [string, string][];
}

export function formOf(plan: Plan): PlanForm {
  return {
    desks: plan.desks.map(({ desk, windows, places }) => ({ desk, windows, places })),
    hours: plan.hours.map(([from, until]) => [from ?? "", until ?? ""]),
  };
}

/** What the hall says itself: only what differs from the plan of its level. Pure. */
export function bodyOf(form: PlanForm, plan: Plan): PlanBody {
  const planned = new Map(plan.desks.map((one) => [one.desk, one.planned_windows]));
  const own = form.desks.filter((one) => one.windows !== planned.get(one.desk));
  return {
    windows: Object.fromEntries(own.map((one) => [one.desk, one.windows])),
    places: Object.fromEntries(form.desks.flatMap(({ desk, places }) => (places === null ? [] : [[desk, places]]))),
    hours: isSame(form.hours, plan.planned_hours) ? null : form.hours,
  };
}

/** The plan of the level: nothing of its own. */
export const standardOf = (plan: Plan): PlanForm => ({
  desks: plan.desks.map((one) => ({ desk: one.desk, windows: one.planned_windows, places: null })),
  hours: plan.planned_hours.map(([from, until]) => [from ?? "", until ?? ""]),
});

export const isSame = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);
