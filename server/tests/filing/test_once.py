"""However often it is tapped, from however many phones, whatever is lost: exactly one return."""

from __future__ import annotations

import asyncio

from filing.make import SHOP, a_key, begin, make_invoice, picture, put_invoices, submit

from palmtax import payment


async def counts(database) -> dict[str, int]:
    async with database.statement() as tx:
        tables = ("filing_return", "payment_entry", "evidence_entry where act like 'filing.%'")
        return {name.split()[0]: await tx.fetchval(f"select count(*) from {name}") for name in tables}


async def test_sixteen_taps_at_once_make_one_return(owner, database, clock):
    await put_invoices(database, clock, SHOP, make_invoice(1, 40_000_000))
    draft = await begin(owner)
    key = a_key()
    answers = await asyncio.gather(*(submit(owner, draft, key) for _ in range(16)))
    assert sorted(a.status_code for a in answers) == [200] * 15 + [201]
    assert len({a.json()["return_no"] for a in answers}) == 1
    assert await counts(database) == {"filing_return": 1, "payment_entry": 1, "evidence_entry": 1}
    async with database.statement() as tx:
        assert await payment.unbalanced(tx) == []


async def test_two_phones_with_different_keys_make_one_return(owner, clerk, database, clock):
    await put_invoices(database, clock, SHOP, make_invoice(1, 40_000_000))
    draft = await begin(owner)
    answers = await asyncio.gather(*(submit(who, draft) for who in (owner, clerk) * 6))
    assert sorted(a.status_code for a in answers) == [201] + [409] * 11
    [done] = [a.json() for a in answers if a.status_code == 201]
    for lost in (a.json() for a in answers if a.status_code == 409):
        assert lost["code"] == "filing.already_filed"
        assert lost["fields"]["return_id"] == done["return_id"]
    assert await counts(database) == {"filing_return": 1, "payment_entry": 1, "evidence_entry": 1}


async def test_a_change_and_a_submit_at_once_never_both_win(owner, clerk, database, clock):
    await put_invoices(database, clock, SHOP, make_invoice(1, 40_000_000))
    for period_try in range(8):
        draft = await begin(owner)
        change = {
            "version": draft["version"],
            "corrections": [{"field": "ordinary_sales", "value_fen": 50_000_000, "reason": "现金收入"}],
        }
        patched, submitted = await asyncio.gather(
            clerk("PATCH", f"/filing/drafts/{draft['draft_id']}", change), submit(owner, draft)
        )
        codes = (patched.status_code, submitted.status_code)
        assert codes in {(200, 409), (409, 201)}, (period_try, patched.text, submitted.text)
        if codes == (409, 201):
            assert patched.json()["code"] == "filing.draft_submitted"
            filed = submitted.json()
            assert {f["code"]: f["value_fen"] for f in filed["fields"]}["ordinary_sales"] == 40_000_000
            await owner.ok("POST", f"/filing/returns/{filed['return_id']}/void", {"reason": "再试一次"}, key=a_key())
        else:
            assert submitted.json()["code"] == "filing.draft_changed"
            assert submitted.json()["fields"]["values"]["ordinary_sales"] == 50_000_000
            await owner.ok("DELETE", f"/filing/drafts/{draft['draft_id']}")


async def test_a_key_used_for_something_else_is_refused_and_changes_nothing(owner, database, clock):
    await put_invoices(database, clock, SHOP, make_invoice(1, 40_000_000))
    draft = await begin(owner)
    key = a_key()
    filed = (await submit(owner, draft, key)).json()
    before = await picture(database)
    await owner.refused(
        422, "filing.key_reused", "POST", "/filing/returns",
        {"draft_id": draft["draft_id"], "version": draft["version"], "confirmed_due_now_fen": 1}, key=key,
    )  # fmt: skip
    await owner.refused(
        422, "filing.key_reused", "POST", f"/filing/returns/{filed['return_id']}/void", {"reason": "填错了"}, key=key
    )
    assert await picture(database) == before


async def test_without_a_good_key_nothing_is_submitted(owner, database, clock):
    draft = await begin(owner)
    before = await picture(database)
    body = {"draft_id": draft["draft_id"], "version": 1, "confirmed_due_now_fen": 0}
    for key in (None, "short", "x" * 65, "has space 123", "quote'quote'"):
        headers = {} if key is None else {"idempotency-key": key}
        await owner.refused(422, "filing.key_missing", "POST", "/filing/returns", body, headers=headers)
    assert await picture(database) == before


async def test_an_amendment_and_a_void_at_once_never_both_win(owner, clerk, database, clock):
    await put_invoices(database, clock, SHOP, make_invoice(1, 40_000_000))
    for _ in range(4):
        filed = (await submit(owner, await begin(owner))).json()
        path = f"/filing/returns/{filed['return_id']}"
        draft = await owner.ok("POST", f"{path}/amendment")
        draft = await owner.ok(
            "PATCH", f"/filing/drafts/{draft['draft_id']}",
            {"version": 1, "corrections": [{"field": "ordinary_sales", "value_fen": 45_000_000, "reason": "漏报"}]},
        )  # fmt: skip
        amended, voided = await asyncio.gather(
            submit(owner, draft), clerk("POST", f"{path}/void", {"reason": "不要了"}, key=a_key())
        )
        codes = (amended.status_code, voided.status_code)
        assert codes in {(201, 409), (409, 200)}, (amended.text, voided.text)
        async with database.statement() as tx:
            assert await payment.unbalanced(tx) == []
            owed = (await payment.owed(tx, [SHOP]))[SHOP]
        if codes == (201, 409):
            assert owed == amended.json()["result"]["payable_fen"]
            number = amended.json()["return_id"]
            await owner.ok("POST", f"/filing/returns/{number}/void", {"reason": "清空"}, key=a_key())
            await owner.ok("POST", f"{path}/void", {"reason": "清空"}, key=a_key())
        else:
            assert owed == 0
    async with database.statement() as tx:
        assert (await payment.owed(tx, [SHOP]))[SHOP] == 0
