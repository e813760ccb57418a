import { computed, reactive, ref } from "vue";
import type { ApiError } from "@palmtax/api";
import { asApiError } from "../load/loadResource";
import { keysByContent } from "../platform/platformKey";
import { houseToday } from "../platform/platformSession";
import type { WordKey } from "../words/zh";
import { samePlain, type LawKind, type Plain } from "../law-value/lawValuePlain";
import { readTyped, typedOf, type Typed } from "../law-value/lawValueTyped";
import type { LawOption } from "../law-value/lawValueWords";
import { draftChange, editChange } from "./lawDeskCall";
import type { Change, ChangeIn, Confidence } from "./lawDeskTypes";

export interface FormSubject {
  key: string;
  kind: LawKind;
  options: LawOption[];
  /** What the new version is compared with. */
  before: Plain | null;
}

/** The same draft sent again after a lost answer stays one draft. */
const keys = keysByContent();
const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** What is wrong with the dates and texts of a version, by field. */
export function wrongIn(given: Omit<ChangeIn, "value">, today: string): Record<string, WordKey> {
  const wrong: Record<string, WordKey> = {};
  if (!DAY.test(given.first_day)) wrong.first_day = "desk.wrong_day";
  if (given.until !== null && (!DAY.test(given.until) || given.until < given.first_day))
    wrong.until = "desk.wrong_until";
  if (!DAY.test(given.published)) wrong.published = "desk.wrong_day";
  if (!/\S \S/.test(given.article.trim())) wrong.article = "desk.wrong_article";
  if (given.source.trim() === "") wrong.source = "desk.wrong_source";
  if (DAY.test(given.first_day) && given.first_day < today && !given.confirm_retroactive)
    wrong.retroactive = "desk.wrong_retroactive";
  return wrong;
}

/** A version of a number while it is being written; `existing` when it is a draft already. */
export function useForm(subject: FormSubject, existing: Change | null, onSaved: (change: Change) => void) {
  const value = ref<Typed>(
    typedOf(
      subject.kind,
      existing?.value ?? subject.before,
      subject.options.map((option) => option.code),
    ),
  );
  const given = reactive({
    first_day: existing?.first_day ?? "",
    until: existing?.until ?? "",
    article: existing?.article ?? "",
    published: existing?.published ?? "",
    source: existing?.source ?? "",
    confidence: (existing?.confidence ?? "law") as Confidence,
    note: existing?.note ?? "",
    confirm_retroactive: existing?.confirm_retroactive ?? false,
  });
  const hasTried = ref(false);
  const isSending = ref(false);
  const error = ref<ApiError | null>(null);
  const reading = computed(() => readTyped(subject.kind, value.value));
  const isSame = computed(
    () => reading.value.value !== null && samePlain(subject.kind, subject.before, reading.value.value),
  );
  const isPast = computed(() => DAY.test(given.first_day) && given.first_day < houseToday());
  const texts = computed(() => ({
    ...given,
    until: given.until || null,
    article: given.article.trim(),
    source: given.source.trim(),
    note: given.note.trim(),
    confirm_retroactive: isPast.value && given.confirm_retroactive,
  }));
  const wrong = computed(() => wrongIn(texts.value, houseToday()));

  async function save(): Promise<void> {
    hasTried.value = true;
    if (isSending.value || reading.value.value === null || Object.keys(wrong.value).length) return;
    [isSending.value, error.value] = [true, null];
    const body: ChangeIn = { ...texts.value, value: reading.value.value };
    try {
      const saved = existing
        ? await editChange(existing.change_id, body)
        : await draftChange({ ...body, key: subject.key }, keys.keyFor([subject.key, body]));
      keys.forget();
      onSaved(saved);
    } catch (failure) {
      error.value = asApiError(failure);
    } finally {
      isSending.value = false;
    }
  }
  return { value, given, reading, wrong, isSame, isPast, hasTried, isSending, error, save };
}
