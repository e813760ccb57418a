import type { Schemas } from "@palmtax/api";

/** How the codes of an office and of all below it begin: `00` where a level is not used. */
const branchOf = (code: string): string => code.slice(0, 1) + code.slice(1).replace(/(00)+$/, "");

/** The officer's hat to wear at an office: the nearest that covers it and may decide, else the nearest that covers it. */
export function hatAt(hats: Schemas["HatOut"][], office: string): Schemas["HatOut"] | undefined {
  const covering = hats.filter((hat) => hat.office_code && office.startsWith(branchOf(hat.office_code)));
  const rank = (hat: Schemas["HatOut"]): number =>
    branchOf(hat.office_code ?? "").length + (hat.scopes.includes("cases.decide") ? 100 : 0);
  return covering.sort((one, other) => rank(other) - rank(one))[0];
}
