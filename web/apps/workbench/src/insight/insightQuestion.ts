import { computed, reactive, ref, watch } from "vue";
import type { ApiError } from "@palmtax/api";
import { asApiError } from "../load/loadResource";
import { pick } from "../look/lookWords";
import { keysByContent } from "../platform/platformKey";
import { houseToday } from "../platform/platformSession";
import { samePlain, type Plain } from "../law-value/lawValuePlain";
import { readTyped, typedOf, type Typed } from "../law-value/lawValueTyped";
import { plainWords } from "../law-value/lawValueWords";
import { readParameters, startStudy } from "./insightCall";
import type { StudiedParameter, Study } from "./insightTypes";

const MOST_LAWS = 4;
const LONGEST_NAME = 80;
/** The same question sent again after a lost answer is the same study. */
const keys = keysByContent();

/** A parameter of the chosen laws; `isOwn` when it belongs to one of them rather than to a rule they read. */
export interface Offered extends StudiedParameter {
  isOwn: boolean;
}

/** The question of a new study while it is being put together. */
export function useQuestion(onStarted: (study: Study) => void) {
  const name = ref("");
  const laws = ref<string[]>([]);
  const on = ref(houseToday());
  const afterOn = ref<string | null>(null);
  const offered = ref<Offered[]>([]);
  const isLoading = ref(false);
  const error = ref<ApiError | null>(null);
  const isSending = ref(false);
  const typed = reactive(new Map<string, Typed>());
  const lawDay = computed(() => afterOn.value ?? on.value);
  let turn = 0;

  async function load(): Promise<void> {
    const mine = ++turn;
    [isLoading.value, error.value] = [true, null];
    try {
      const pages = await Promise.all(laws.value.map((code) => readParameters(code, lawDay.value)));
      if (mine === turn)
        offered.value = merged(
          pages.flatMap((page) => page.parameters),
          laws.value,
        );
    } catch (failure) {
      if (mine === turn) error.value = asApiError(failure);
    } finally {
      if (mine === turn) isLoading.value = false;
    }
  }
  watch([laws, lawDay], () => void load());

  function toggle(code: string): void {
    if (laws.value.includes(code)) laws.value = laws.value.filter((each) => each !== code);
    else if (laws.value.length < MOST_LAWS) laws.value = [...laws.value, code];
  }
  function edit(parameter: StudiedParameter, value = parameter.value): void {
    typed.set(
      parameter.key,
      typedOf(
        parameter.kind,
        value,
        parameter.options.map((option) => option.code),
      ),
    );
  }

  const edited = computed(() =>
    offered.value
      .filter((parameter) => typed.has(parameter.key) && parameter.in_force)
      .map((parameter) => ({ parameter, reading: readTyped(parameter.kind, typed.get(parameter.key) as Typed) })),
  );
  const wrong = computed(() => edited.value.filter(({ reading }) => reading.wrong).length);
  const changed = computed(() =>
    edited.value.flatMap(({ parameter, reading }) =>
      reading.value !== null && !samePlain(parameter.kind, parameter.value, reading.value)
        ? [{ parameter, after: reading.value }]
        : [],
    ),
  );
  const isOtherDay = computed(() => afterOn.value !== null && afterOn.value !== on.value);
  const isReady = computed(
    () =>
      laws.value.length > 0 && wrong.value === 0 && (changed.value.length > 0 || isOtherDay.value) && !isLoading.value,
  );
  const suggested = computed(() => {
    const first = changed.value[0];
    if (!first) return isOtherDay.value ? `${on.value} → ${afterOn.value}` : "";
    const { kind, value } = first.parameter;
    return `${pick(first.parameter, "title")} ${plainWords(kind, value)} → ${plainWords(kind, first.after)}`.slice(
      0,
      LONGEST_NAME,
    );
  });

  async function start(): Promise<void> {
    if (!isReady.value || isSending.value) return;
    [isSending.value, error.value] = [true, null];
    const changes: Record<string, Plain> = Object.fromEntries(
      changed.value.map(({ parameter, after }) => [parameter.key, after]),
    );
    const question = {
      name: name.value.trim() || suggested.value,
      laws: laws.value,
      on: on.value,
      after_on: isOtherDay.value ? afterOn.value : null,
      changes,
    };
    try {
      const study = await startStudy(question, keys.keyFor(question));
      keys.forget();
      onStarted(study);
    } catch (failure) {
      error.value = asApiError(failure);
    } finally {
      isSending.value = false;
    }
  }

  return {
    name,
    laws,
    on,
    afterOn,
    offered,
    isLoading,
    error,
    isSending,
    typed,
    toggle,
    edit,
    wrong,
    changed,
    isOtherDay,
    isReady,
    suggested,
    start,
    load,
  };
}

function merged(parameters: StudiedParameter[], laws: string[]): Offered[] {
  const byKey = new Map(parameters.map((parameter) => [parameter.key, parameter]));
  const all = [...byKey.values()].map((parameter) => ({ ...parameter, isOwn: laws.includes(parameter.law) }));
  return [...all.filter((one) => one.isOwn), ...all.filter((one) => !one.isOwn)];
}
