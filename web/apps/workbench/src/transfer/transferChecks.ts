import type { WordKey } from "../words/zh";
import type { Order } from "../order/orderOpen";

const SHORTEST_REFERENCE = 4;

type Wrong = Partial<Record<"order" | "amount" | "reference" | "receivedOn", WordKey>>;

/** What is not right yet, field by field; `today` is the server's day. */
export function wrongIn(
  typed: { amount: string; receivedOn: string },
  fen: number | null,
  reference: string,
  order: Order | null,
  today: string,
): Wrong {
  const wrong: Wrong = {};
  if (!order) wrong.order = "transfer.wrong_order";
  if (!typed.amount.trim()) wrong.amount = "transfer.no_amount";
  else if (fen === null || fen <= 0) wrong.amount = "transfer.wrong_amount";
  if (reference.length < SHORTEST_REFERENCE) wrong.reference = "transfer.wrong_reference";
  if (!typed.receivedOn) wrong.receivedOn = "transfer.no_day";
  else if (typed.receivedOn > today) wrong.receivedOn = "transfer.future_day";
  return wrong;
}
