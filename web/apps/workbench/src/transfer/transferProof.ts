import { ref } from "vue";
import type { ApiError } from "@palmtax/api";
import { asApiError } from "../load/loadResource";
import { call } from "../platform/platformClient";

/** Proving once more who one is: a code to one's own phone, then the code. */
export function useProof(onProved: () => void) {
  const phone = ref("");
  const code = ref("");
  const isSent = ref(false);
  const isBusy = ref(false);
  const error = ref<ApiError | null>(null);

  async function attempt(work: () => Promise<void>): Promise<void> {
    if (isBusy.value) return;
    [isBusy.value, error.value] = [true, null];
    await work().catch((failure: unknown) => (error.value = asApiError(failure)));
    isBusy.value = false;
  }

  const sendCode = () =>
    attempt(async () => {
      await call("post", "/api/identity/sms-codes", { body: { phone: phone.value, purpose: "second_factor" } });
      isSent.value = true;
    });

  const prove = () =>
    attempt(async () => {
      await call("post", "/api/identity/second-factor", { body: { code: code.value } });
      onProved();
    });

  return { phone, code, isSent, isBusy, error, sendCode, prove };
}
