import { inject, provide, type ComputedRef, type InjectionKey, type Ref } from "vue";
import type { Schemas } from "@palmtax/api";
import type { Resource } from "../load/loadResource";

/** The taxpayer that is open: whose sections these are, and the file that heads them. */
export interface OpenTaxpayer {
  id: ComputedRef<number>;
  file: Resource<Schemas["TaxpayerFile"]>;
  /** Counts the acts done here, for whatever shows acts. */
  touched: Ref<number>;
}

const KEY: InjectionKey<OpenTaxpayer> = Symbol("taxpayer");

/** Says which taxpayer is open to everything below. */
export function provideTaxpayer(open: OpenTaxpayer): void {
  provide(KEY, open);
}

/** The taxpayer that is open. */
export function useTaxpayer(): OpenTaxpayer {
  const open = inject(KEY);
  if (!open) throw new Error("No taxpayer is open here: call provideTaxpayer above.");
  return open;
}
