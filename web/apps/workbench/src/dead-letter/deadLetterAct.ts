import { ref, shallowRef, type Ref, type ShallowRef } from "vue";
import { asApiError } from "../load/loadResource";
import { t } from "../look/lookWords";
import type { DeadLetter } from "./deadLetterCall";

/** Doing one thing with many letters: each by itself, so that one that cannot be done holds up no other. */
export function useDealing(after: () => void): {
  isBusy: Ref<boolean>;
  told: ShallowRef<string[]>;
  each: (letters: DeadLetter[], work: (letter: DeadLetter) => Promise<unknown>, word: Word) => Promise<boolean>;
  once: (work: () => Promise<number>, word: Word) => Promise<boolean>;
} {
  const isBusy = ref(false);
  const told = shallowRef<string[]>([]);

  async function run(work: () => Promise<string[]>): Promise<boolean> {
    if (isBusy.value) return false;
    isBusy.value = true;
    told.value = [];
    const words = await work();
    isBusy.value = false;
    told.value = words;
    after();
    return words.length === 1;
  }

  const each = (letters: DeadLetter[], work: (letter: DeadLetter) => Promise<unknown>, word: Word): Promise<boolean> =>
    run(async () => {
      const reasons: string[] = [];
      for (const letter of letters) await work(letter).catch((failure) => reasons.push(reasonOf(failure)));
      const count = letters.length - reasons.length;
      const not = reasons.length ? [t("dead.failed", { count: reasons.length, why: [...new Set(reasons)].join("；") })] : [];
      return [...(count ? [t(word, { count })] : []), ...not];
    });
  const once = (work: () => Promise<number>, word: Word): Promise<boolean> =>
    run(() =>
      work().then(
        (count) => [t(word, { count })],
        (failure) => ["", reasonOf(failure)],
      ),
    );
  return { isBusy, told, each, once };
}

type Word = "dead.resent" | "dead.given_up";
const reasonOf = (failure: unknown): string => asApiError(failure).problem.text || t("problem.server");
