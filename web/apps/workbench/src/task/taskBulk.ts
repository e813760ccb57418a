import { computed, ref, shallowRef } from "vue";
import type { ApiError } from "@palmtax/api";
import { asApiError } from "../load/loadResource";
import { assign, claim, decide, giveBack } from "./taskCall";
import type { BulkAct, Line, Outcome, Task } from "./taskTypes";
import { undoOf, type Undo } from "./taskUndo";

/** What was done last, and what takes it back. */
export interface Told {
  act: BulkAct | "undo";
  count: number;
  refused: Line[];
  undo: Undo[];
}

/** Something done with several tasks: looked at first, then done, then perhaps taken back. */
export function useBulk(touched: () => void) {
  const act = ref<BulkAct | null>(null);
  const tasks = shallowRef<Task[]>([]);
  const left = ref(0);
  const personId = ref<number | null>(null);
  const outcome = ref<Outcome>("yes");
  const reason = ref("");
  const lines = shallowRef<Line[] | null>(null);
  const isBusy = ref(false);
  const error = shallowRef<ApiError | null>(null);
  const told = shallowRef<Told | null>(null);

  const isReady = computed(() => {
    if (act.value === "assign") return personId.value !== null;
    return act.value !== "decide" || outcome.value === "yes" || reason.value.trim() !== "";
  });

  function send(isPreview: boolean, what: BulkAct, about: Task[]): Promise<Line[]> {
    if (what === "claim") return claim(about, isPreview);
    if (what === "return") return giveBack(about, isPreview);
    if (what === "assign") return assign(about, personId.value ?? 0, isPreview);
    return decide(about, outcome.value, reason.value.trim(), isPreview);
  }

  async function attempt<T>(work: () => Promise<T>): Promise<T | null> {
    [isBusy.value, error.value] = [true, null];
    try {
      return await work();
    } catch (failure) {
      error.value = asApiError(failure);
      return null;
    } finally {
      isBusy.value = false;
    }
  }

  /** Opens the panel; what needs no further word is looked at right away. */
  function begin(what: BulkAct, about: Task[], person: number | null = null): void {
    const fit = what === "decide" ? about.filter((task) => task.kind === "matter") : about;
    [act.value, tasks.value, left.value] = [what, fit, about.length - fit.length];
    [personId.value, outcome.value, reason.value, lines.value, error.value] = [person, "yes", "", null, null];
    told.value = null;
    if (fit.length && what !== "decide" && isReady.value) void look();
  }

  async function look(): Promise<void> {
    const what = act.value;
    if (!what || !isReady.value || !tasks.value.length) return;
    lines.value = null;
    lines.value = await attempt(() => send(true, what, tasks.value));
  }

  /** Forgets what would happen: something it was asked about has changed. */
  const forget = (): void => void (lines.value = null);
  const cancel = (): void => void ([act.value, lines.value, error.value] = [null, null, null]);

  /** Does it, with those that can be done. */
  async function commit(): Promise<boolean> {
    const what = act.value;
    const ok = new Set((lines.value ?? []).filter((line) => line.ok).map((line) => line.caseId));
    const about = tasks.value.filter((task) => ok.has(task.case_id));
    if (!what || !about.length || isBusy.value) return false;
    return perform(what, about);
  }

  /** Does it at once, without the panel. */
  async function perform(what: BulkAct, about: Task[]): Promise<boolean> {
    const found = await attempt(() => send(false, what, about));
    if (!found) return false;
    const done = new Set(found.filter((line) => line.ok).map((line) => line.caseId));
    told.value = {
      act: what,
      count: done.size,
      refused: found.filter((line) => !line.ok),
      undo: undoOf(what, about, done),
    };
    cancel();
    touched();
    return done.size > 0;
  }

  async function undo(): Promise<void> {
    const steps = told.value?.undo ?? [];
    if (!steps.length || isBusy.value) return;
    const found = await attempt(async () => {
      const all: Line[] = [];
      for (const step of steps) all.push(...(await back(step)));
      return all;
    });
    if (!found) return;
    const count = found.filter((line) => line.ok).length;
    told.value = { act: "undo", count, refused: found.filter((line) => !line.ok), undo: [] };
    touched();
  }

  function back(step: Undo): Promise<Line[]> {
    if (step.act === "assign") return assign(step.tasks, step.personId, false);
    return step.act === "return" ? giveBack(step.tasks, false) : claim(step.tasks, false);
  }

  const dismiss = (): void => void (told.value = null);
  return {
    ...{ act, tasks, left, personId, outcome, reason, lines, isBusy, isReady, error, told },
    ...{ begin, look, forget, cancel, commit, perform, undo, dismiss },
  };
}

export type BulkWork = ReturnType<typeof useBulk>;
