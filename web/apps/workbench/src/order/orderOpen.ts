import type { Answer } from "@palmtax/api";

/** A payment order of a taxpayer, as the officer sees it. */
export type Order = Answer<"/api/cases/taxpayers/{taxpayer_id}/orders", "get">[number];

/** Whether money for the order can still arrive. */
export function isOpenOrder(order: Order): boolean {
  return order.state === "created" || order.state === "paying";
}
