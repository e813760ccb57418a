import { computed, ref } from "vue";
import type { ApiError, Schemas } from "@palmtax/api";
import { asApiError } from "../load/loadResource";
import { call } from "../platform/platformClient";
import { me, takeMe } from "../platform/platformSession";

/** The hats I have, officers' first, and putting one on. */
export function useHats(onChosen: () => void) {
  const error = ref<ApiError | null>(null);
  const putting = ref<string | null>(null);
  const officer = computed(() => (me.value?.hats ?? []).filter((hat) => hat.kind === "officer"));
  const others = computed(() => (me.value?.hats ?? []).filter((hat) => hat.kind !== "officer"));

  async function putOn(hat: Schemas["HatOut"]): Promise<void> {
    [putting.value, error.value] = [hat.hat_id, null];
    try {
      takeMe(await call("post", "/api/identity/hat", { body: { hat_id: hat.hat_id } }));
      onChosen();
    } catch (failure) {
      error.value = asApiError(failure);
    } finally {
      putting.value = null;
    }
  }

  return { officer, others, error, putting, putOn };
}
