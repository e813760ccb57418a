import { computed, ref, shallowRef } from "vue";
import type { ApiError } from "@palmtax/api";
import { asApiError } from "../load/loadResource";
import * as kiosk from "./kioskCall";
import { printPdf } from "./kioskPrinter";

/** A paper that was chosen, and how many copies are still wanted. */
export interface Chosen {
  paper: kiosk.Paper;
  copies: number;
}

/** Where the printing stands: on its way, people asked what came out, something wrong, all done. */
export type Step = "idle" | "sending" | "asking" | "counting" | "stopped" | "done";

/**
 * The chosen papers one after the other. What did not come out stays chosen; a print has one number for all its tries, so
 * nothing is counted twice.
 */
export function usePrinting(refused: (error: ApiError) => void) {
  const queue = ref<Chosen[]>([]);
  const step = ref<Step>("idle");
  const trouble = ref<kiosk.Outcome | "">("");
  const error = shallowRef<ApiError | null>(null);
  const whole = ref(0);
  const current = computed(() => queue.value[0] ?? null);
  const place = computed(() => whole.value - queue.value.length + 1);
  let print = "";
  let said: { result: kiosk.Outcome; printed: number } | null = null;

  async function begin(chosen: Chosen[]): Promise<void> {
    queue.value = chosen.map((one) => ({ ...one }));
    whole.value = chosen.length;
    await next();
  }

  async function next(): Promise<void> {
    print = kiosk.newPrint();
    await send();
  }

  /** Sends the first paper; the same number again when no answer came. */
  async function send(): Promise<void> {
    const one = current.value;
    if (!one) return void (step.value = "done");
    await guarded("sending", async () => {
      const pdf = await kiosk.readPdf(one.paper);
      await kiosk.startPrint(print, one.paper, one.copies);
      await printPdf(pdf, one.copies);
      step.value = "asking";
    });
  }

  /** What people say came out; `printed` of several. */
  async function answer(result: kiosk.Outcome, printed = 0): Promise<void> {
    if (result !== "done" && (current.value?.copies ?? 1) > 1 && step.value === "asking") {
      trouble.value = result;
      step.value = "counting";
      return;
    }
    said = { result, printed };
    await tell();
  }

  async function tell(): Promise<void> {
    const [one, told] = [current.value, said];
    if (!one || !told) return;
    await guarded("sending", async () => {
      await kiosk.tellPrint(print, told.result, told.printed);
      said = null;
      if (told.result === "done") {
        queue.value = queue.value.slice(1);
        return next();
      }
      one.copies -= told.printed;
      trouble.value = told.result;
      step.value = "stopped";
    });
  }

  /** Once more: what was said and not heard is said again, else the paper goes to the printer anew. */
  async function again(): Promise<void> {
    trouble.value = "";
    if (said) return tell();
    return error.value?.isOffline ? send() : next();
  }

  async function guarded(during: Step, work: () => Promise<void>): Promise<void> {
    [step.value, error.value] = [during, null];
    try {
      await work();
    } catch (failure) {
      error.value = asApiError(failure);
      step.value = "stopped";
      refused(error.value);
    }
  }

  return { queue, step, trouble, error, whole, place, current, begin, answer, again };
}
