import { describe, expect, it } from "vitest";
import type { Order } from "../order/orderOpen";
import { wrongIn } from "./transferChecks";

const order = { order_id: "o", amount_fen: 123450 } as Order;
const TODAY = "2026-10-21";
const right = { amount: "1,234.50", receivedOn: "2020-01-02" };

describe("wrongIn", () => {
  it("finds nothing wrong in a full form", () => {
    expect(wrongIn(right, 123450, "ABCD", order, TODAY)).toEqual({});
  });

  it("takes money that came today", () => {
    expect(wrongIn({ ...right, receivedOn: TODAY }, 123450, "ABCD", order, TODAY)).toEqual({});
  });

  it.each([
    ["amount", { ...right, amount: "" }, null, "ABCD", order, "transfer.no_amount"],
    ["amount", { ...right, amount: "1.234" }, null, "ABCD", order, "transfer.wrong_amount"],
    ["amount", { ...right, amount: "0" }, 0, "ABCD", order, "transfer.wrong_amount"],
    ["reference", right, 123450, "ABC", order, "transfer.wrong_reference"],
    ["receivedOn", { ...right, receivedOn: "2026-10-22" }, 123450, "ABCD", order, "transfer.future_day"],
    ["order", right, 123450, "ABCD", null, "transfer.wrong_order"],
  ] as const)("says what is wrong with %s", (field, typed, fen, reference, of, words) => {
    expect(wrongIn(typed, fen, reference, of, TODAY)).toMatchObject({ [field]: words });
  });
});
