import {
  computed,
  inject,
  nextTick,
  provide,
  ref,
  shallowRef,
  watch,
  type ComputedRef,
  type InjectionKey,
  type Ref,
} from "vue";
import { ApiError } from "@palmtax/api";
import { useEvery } from "../load/loadEvery";
import { asApiError, useResource, type Resource } from "../load/loadResource";
import { NotDone, readCase, readDesk } from "./caseCall";
import { isByClock } from "./caseClock";
import { forgetTyped, typedFor, type Typed } from "./caseTyped";
import type { Desk, Whole } from "./caseTypes";

const POLL_MS = 20_000;
/** Refusals that mean: somebody was quicker, look again. */
const MOVED_ON = ["cases.case_changed", "cases.wrong_state", "cases.case_closed", "cases.already_claimed"];

/** The case that is open: what is known of it, what is typed for it, and acting on it. */
export interface OpenCase {
  id: ComputedRef<string>;
  whole: Resource<Whole>;
  desk: Resource<Desk | null>;
  typed: ComputedRef<Typed>;
  isBusy: Ref<boolean>;
  error: Ref<ApiError | null>;
  hasMovedOn: Ref<boolean>;
  wasLookedAgain: Ref<boolean>;
  /** Grows whenever the subject may have changed: who shows it reads it again. */
  turn: Ref<number>;
  run: (work: () => Promise<unknown>, keepTyped?: boolean) => Promise<boolean>;
  lookAgain: () => Promise<void>;
}

const KEY: InjectionKey<OpenCase> = Symbol("case");

/** Opens a case for everything below; `touched` is told after every act. */
export function provideCase(id: ComputedRef<string>, touched: () => void): OpenCase {
  const whole = useResource(() => readCase(id.value), id);
  const subject = computed(() => {
    const row = whole.data.value?.case;
    return row?.kind === "matter" ? row.subject_id : null;
  });
  const desk = useResource<Desk | null>(async () => (subject.value ? readDesk(subject.value) : null), subject);
  const typed = computed(() => typedFor(id.value));
  const isBusy = ref(false);
  const error = shallowRef<ApiError | null>(null);
  const hasMovedOn = ref(false);
  const wasLookedAgain = ref(false);
  const turn = ref(0);
  const clear = (): void => void ([error.value, hasMovedOn.value, wasLookedAgain.value] = [null, false, false]);
  watch([id, () => typed.value.act], clear);

  async function reload(): Promise<void> {
    turn.value += 1;
    await Promise.all([whole.reload(), subject.value ? desk.reload() : null]);
  }

  async function lookAgain(): Promise<void> {
    clear();
    await reload();
    wasLookedAgain.value = typed.value.act !== null;
    touched();
  }

  let isQueued = false;
  let under: { act: Typed["act"]; done: Promise<boolean> } | null = null;
  const version = (): number => whole.data.value?.case.version ?? 0;

  /**
   * Whether an act may begin. Who sends a form while another act is under way waits until that is done and shown; the same
   * form sent twice is sent once, and so is nothing that somebody else has changed meanwhile (one act is one version).
   */
  async function isFree(): Promise<boolean> {
    if (!under) return true;
    const [mine, act, seen] = [id.value, typed.value.act, version()];
    if (act === null || act === under.act || isQueued) return false;
    isQueued = true;
    await under.done;
    await nextTick();
    isQueued = false;
    return !under && id.value === mine && typed.value.act === act && version() <= seen + 1;
  }

  /** Does an act, then shows what is true now; `work` is called when its turn has come, so it reads the version then. */
  async function run(work: () => Promise<unknown>, keepTyped = false): Promise<boolean> {
    if (!(await isFree())) return false;
    under = { act: typed.value.act, done: done(work, keepTyped) };
    const isDone = await under.done;
    under = null;
    return isDone;
  }

  async function done(work: () => Promise<unknown>, keepTyped: boolean): Promise<boolean> {
    const mine = id.value;
    clear();
    isBusy.value = true;
    try {
      await work();
      if (!keepTyped) forgetTyped(mine);
      await reload();
      touched();
      return true;
    } catch (failure) {
      error.value = failure instanceof NotDone ? told(failure.message) : asApiError(failure);
      hasMovedOn.value = MOVED_ON.includes(error.value.problem.code);
      return false;
    } finally {
      isBusy.value = false;
    }
  }

  // While somebody writes, news is told and not pushed under their hands.
  useEvery(POLL_MS, () => void renew());
  async function renew(): Promise<void> {
    const before = whole.data.value;
    if (!before || isBusy.value) return;
    const now = await readCase(id.value).catch(() => null);
    if (!now || now.case.case_id !== id.value) return;
    if (!typed.value.act && !isSame(before, now)) return reload();
    if (!isByClock(before, now)) return void (hasMovedOn.value = true);
    // Another day, or more urgent: it is taken over and said, and what is typed stays good.
    wasLookedAgain.value ||= typed.value.act !== null && now.case.version > before.case.version;
    whole.data.value = now;
  }

  const open = { id, whole, desk, typed, isBusy, error, hasMovedOn, wasLookedAgain, turn, run, lookAgain };
  provide(KEY, open);
  return open;
}

function isSame(before: Whole, now: Whole): boolean {
  return before.case.version === now.case.version && before.may.join() === now.may.join();
}

function told(text: string): ApiError {
  return new ApiError(409, { code: "cases.not_done", text, hint: "", fields: {}, trace_id: "" });
}

/** The case that is open. */
export function useCase(): OpenCase {
  const open = inject(KEY);
  if (!open) throw new Error("No case is open here: call provideCase above.");
  return open;
}
