import { computed, ref } from "vue";
import type { ApiError, Schemas } from "@palmtax/api";
import { asApiError } from "../load/loadResource";
import { call } from "../platform/platformClient";
import { me, takeMe } from "../platform/platformSession";

/** How the codes of an office and of all below it begin: `00` where a level is not used. */
const branchOf = (code: string): string => code.slice(0, 1) + code.slice(1).replace(/(00)+$/, "");

/** The officer's hat to wear at an office: the nearest that covers it and may decide, else the nearest that covers it. */
export function hatAt(hats: Schemas["HatOut"][], office: string): Schemas["HatOut"] | undefined {
  const covering = hats.filter((hat) => hat.office_code && office.startsWith(branchOf(hat.office_code)));
  const rank = (hat: Schemas["HatOut"]): number =>
    branchOf(hat.office_code ?? "").length + (hat.scopes.includes("cases.decide") ? 100 : 0);
  return covering.sort((one, other) => rank(other) - rank(one))[0];
}

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
