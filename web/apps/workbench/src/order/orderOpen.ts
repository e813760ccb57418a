import type { Schemas } from "@palmtax/api";

/** Whether money for the order can still arrive. */
export function isOpenOrder(order: Schemas["OrderOut"]): boolean {
  return order.state === "created" || order.state === "paying";
}
