import { computed, reactive, ref, type Ref } from "vue";
import type { ApiError, Schemas } from "@palmtax/api";
import { typedFen } from "@palmtax/ui";
import { asApiError } from "../load/loadResource";
import { call } from "../platform/platformClient";
import { houseToday } from "../platform/platformSession";
import type { Order } from "../order/orderOpen";
import { wrongIn } from "./transferChecks";
import { forgetKey, keyFor } from "./transferKey";

export type Step = "form" | "confirm" | "done";

/** How much of the reference the officer types a second time. */
export const REPEATED = 4;

/** Registering a bank transfer: what is typed, what is checked, the second confirmation, the sending. */
export function useTransfer(taxpayerId: Ref<number>, order: Ref<Order | null>) {
  const typed = reactive({ amount: "", reference: "", receivedOn: "", repeated: "" });
  const step = ref<Step>("form");
  const hasTried = ref(false);
  const isSending = ref(false);
  const error = ref<ApiError | null>(null);
  const registered = ref<Order | null>(null);

  const fen = computed(() => typedFen(typed.amount));
  const reference = computed(() => typed.reference.replace(/\s/g, ""));
  const wrong = computed(() => wrongIn(typed, fen.value, reference.value, order.value, houseToday()));
  const isRight = computed(() => Object.keys(wrong.value).length === 0);
  const differs = computed(() => order.value !== null && fen.value !== null && fen.value !== order.value.amount_fen);
  const isRepeated = computed(() => typed.repeated.trim() === reference.value.slice(-REPEATED));

  function check(): void {
    hasTried.value = true;
    error.value = null;
    if (isRight.value) step.value = "confirm";
  }

  function goBack(): void {
    typed.repeated = "";
    [step.value, error.value] = ["form", null];
  }

  async function send(): Promise<boolean> {
    if (!isRight.value || !isRepeated.value || isSending.value) return false;
    const body = contentOf(
      taxpayerId.value,
      order.value as Order,
      fen.value as number,
      reference.value,
      typed.receivedOn,
    );
    [isSending.value, error.value] = [true, null];
    try {
      registered.value = await call("post", "/api/payment/transfers", {
        body,
        headers: { "Idempotency-Key": keyFor(body) },
      });
      forgetKey();
      step.value = "done";
      return true;
    } catch (failure) {
      error.value = asApiError(failure);
      return false;
    } finally {
      isSending.value = false;
    }
  }

  function startAgain(): void {
    Object.assign(typed, { amount: "", reference: "", receivedOn: "", repeated: "" });
    [step.value, hasTried.value, error.value, registered.value] = ["form", false, null, null];
  }

  return {
    typed,
    step,
    hasTried,
    isSending,
    error,
    registered,
    fen,
    reference,
    wrong,
    differs,
    isRepeated,
    check,
    goBack,
    send,
    startAgain,
  };
}

function contentOf(
  taxpayer_id: number,
  order: Order,
  amount_fen: number,
  bank_reference: string,
  received_on: string,
): Schemas["TransferIn"] {
  return { taxpayer_id, order_id: order.order_id, amount_fen, bank_reference, received_on };
}
