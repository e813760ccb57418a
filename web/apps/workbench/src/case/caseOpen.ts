import { computed, inject, provide, ref, shallowRef, watch, type ComputedRef, type InjectionKey, type Ref } from "vue";
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

  let renewing: Promise<void> | null = null;
  const version = (): number | undefined => whole.data.value?.case.version;

  /** Whoever is quicker than the renewal after the last act waits for it; the same act pressed twice is done once. */
  async function isFree(): Promise<boolean> {
    if (!isBusy.value) return true;
    if (!renewing) return false;
    const seen = version();
    await renewing.catch(() => undefined);
    return version() === seen && !isBusy.value;
  }

  async function run(work: () => Promise<unknown>, keepTyped = false): Promise<boolean> {
    if (!(await isFree())) return false;
    const mine = id.value;
    clear();
    isBusy.value = true;
    try {
      await work();
      if (!keepTyped) forgetTyped(mine);
      renewing = reload();
      await renewing;
      touched();
      return true;
    } catch (failure) {
      error.value = failure instanceof NotDone ? told(failure.message) : asApiError(failure);
      hasMovedOn.value = MOVED_ON.includes(error.value.problem.code);
      return false;
    } finally {
      [isBusy.value, renewing] = [false, null];
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
