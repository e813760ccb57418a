"""Filing while money moves: an order on its way holds amendments and voids; afterwards both know of each other."""

from __future__ import annotations

from filing.make import SHOP, a_key, begin, make_invoice, picture, put_invoices, submit


async def test_a_return_that_is_being_paid_is_not_amended_nor_voided(owner, database, clock):
    await put_invoices(database, clock, SHOP, make_invoice(1, 40_000_000))
    filed = (await submit(owner, await begin(owner))).json()
    path = f"/filing/returns/{filed['return_id']}"
    draft = await owner.ok("POST", f"{path}/amendment")
    order = await owner.ok("POST", "/payment/orders", {"return_id": filed["return_id"]})
    assert order["amount_fen"] == filed["result"]["due_now_fen"]
    async with database.transaction() as tx:
        await tx.execute("update payment_order set state = 'paying', way = 'wechat'")
    shown = await owner.ok("GET", path)
    assert (shown["payment_state"], shown["may_amend"], shown["may_void"]) == ("paying", False, False)
    assert shown["order_id"] == order["order_id"]
    home = await owner.ok("GET", "/filing/home")
    assert {o["period"]: (o["state"], o["order_id"]) for o in [home["first"], *home["waiting"]]}["2026Q3"] == (
        "unpaid",
        order["order_id"],
    )
    before = await picture(database)
    await owner.refused(409, "filing.payment_running", "POST", f"{path}/void", {"reason": "不要了"}, key=a_key())
    answer = await submit(owner, draft)
    assert (answer.status_code, answer.json()["code"]) == (409, "filing.payment_running"), answer.text
    assert await picture(database) == before
