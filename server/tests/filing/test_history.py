"""Amending, voiding, zero and overdue returns; the history of a period."""

from __future__ import annotations

from datetime import UTC, date, datetime
from uuid import UUID, uuid4

import pytest
from filing.make import (
    NEIGHBOUR,
    OWNER,
    SHOP,
    STRANGER,
    VILLAGE,
    a_key,
    begin,
    make_invoice,
    picture,
    put_invoices,
    sign_in,
    submit,
)

from palmtax import filing, payment


async def file(who, period="2026Q3"):
    answer = await submit(who, await begin(who, period))
    assert answer.status_code == 201, answer.text
    return answer.json()


async def amend(who, filed, value_fen, reason="漏报一笔"):
    draft = await who.ok("POST", f"/filing/returns/{filed['return_id']}/amendment")
    correction = {"field": "ordinary_sales", "value_fen": value_fen, "reason": reason}
    body = {"version": draft["version"], "corrections": [correction]}
    return await who.ok("PATCH", f"/filing/drafts/{draft['draft_id']}", body)


async def pay(database, clock, return_id):
    """Book the payment of everything that is open, as the ledger would."""
    async with database.transaction() as tx:
        number = UUID(return_id)
        standing = (await payment.standing(tx, SHOP, [number], clock=clock))[number]
        entry = uuid4()
        await tx.execute(
            "insert into payment_entry (taxpayer_id, entry_id, kind, obligation_id, return_id, return_no, period,"
            " due_on, cause_key, booked_at) values ($1, $2, 'settlement', $3, $4, 'x', '2026Q3', '2026-10-26', $5, $6)",
            SHOP, entry, standing.obligation_id, number, f"test:{entry}", clock.now(),
        )  # fmt: skip
        for line_no, item in enumerate(standing.items, start=1):
            await tx.execute(
                "insert into payment_line (taxpayer_id, entry_id, obligation_id, line_no, tax_type_code, debit_account,"
                " credit_account, amount_fen) values ($1, $2, $3, $4, $5, 'bank_clearing', 'receivable', $6)",
                SHOP, entry, standing.obligation_id, line_no, item.tax_type_code, item.amount_fen,
            )  # fmt: skip


@pytest.fixture
async def filed(owner, database, clock):
    clock.at = datetime(2026, 10, 15, 4, 0, tzinfo=UTC)  # Thursday, in time
    await put_invoices(database, clock, SHOP, make_invoice(1, 40_000_000))
    return await file(owner)


async def test_an_amendment_replaces_the_return_and_charges_only_the_difference(owner, filed, database, clock):
    draft = await amend(owner, filed, 50_000_000)
    assert (draft["kind"], draft["amends_return_id"]) == ("amendment", filed["return_id"])
    assert draft["result"]["due_now_fen"] == draft["result"]["payable_fen"] == 530_000
    answer = await submit(owner, draft)
    assert answer.status_code == 201, answer.text
    newer = answer.json()
    assert {c["tax_type_code"]: c["amount_fen"] for c in newer["charges"]} == {
        "vat_small_scale": 100_000,
        "urban_construction": 3_500,
        "education_surcharge": 1_500,
        "local_education_surcharge": 1_000,
    }
    assert (newer["kind"], newer["state"], newer["payment_state"]) == ("amendment", "accepted", "unpaid")
    assert newer["result"]["due_now_fen"] == 530_000
    older = await owner.ok("GET", f"/filing/returns/{filed['return_id']}")
    assert (older["state"], older["superseded_by_return_id"]) == ("superseded", newer["return_id"])
    assert (older["may_amend"], older["may_void"], older["result"]["payable_fen"]) == (False, False, 424_000)
    page = await owner.ok("GET", "/filing/returns?period=2026Q3")
    assert [r["return_id"] for r in page["returns"]] == [newer["return_id"], filed["return_id"]]
    async with database.statement() as tx:
        assert (await payment.owed(tx, [SHOP]))[SHOP] == 530_000
        assert await payment.unbalanced(tx) == []


async def test_an_amendment_of_a_paid_return_asks_only_for_the_rest(owner, filed, database, clock):
    await pay(database, clock, filed["return_id"])
    paid = await owner.ok("GET", f"/filing/returns/{filed['return_id']}")
    assert (paid["payment_state"], paid["result"]["due_now_fen"], paid["may_void"]) == ("paid", 0, False)
    draft = await amend(owner, filed, 50_000_000)
    assert (draft["result"]["payable_fen"], draft["result"]["due_now_fen"]) == (530_000, 106_000)
    newer = (await submit(owner, draft)).json()
    assert (newer["payment_state"], newer["result"]["due_now_fen"]) == ("unpaid", 106_000)


async def test_an_amendment_that_lowers_a_paid_return_gives_money_back(owner, filed, database, clock):
    await pay(database, clock, filed["return_id"])
    draft = await amend(owner, filed, 35_000_000)
    assert draft["result"]["due_now_fen"] == 371_000 - 424_000
    newer = (await submit(owner, draft)).json()
    assert (newer["payment_state"], newer["result"]["due_now_fen"]) == ("refund_due", -53_000)
    async with database.statement() as tx:
        assert (await payment.owed(tx, [SHOP]))[SHOP] == -53_000
        told = await tx.fetchval(
            "select count(*) from pgqueuer where convert_from(payload, 'utf8') like '%filing.return_amended%'"
        )
    assert told == 1


async def test_what_the_draft_says_is_due_is_what_the_ledger_asks_for(owner, filed, database, clock):
    clock.at = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)  # Monday, four weeks late
    owner = await sign_in(owner.client, database, clock, OWNER, SHOP)
    for value in (60_000_000, 31_000_000, 30_000_000, 29_999_999, 45_000_001):
        draft = await amend(owner, filed, value)
        answer = await submit(owner, draft)
        assert answer.status_code == 201, answer.text
        filed = answer.json()
        assert filed["result"]["due_now_fen"] == draft["result"]["due_now_fen"], value
        assert filed["result"]["late_fee_fen"] == draft["result"]["late_fee_fen"], value


async def test_a_void_return_opens_the_period_again(owner, filed, database, clock):
    path = f"/filing/returns/{filed['return_id']}"
    key = a_key()
    void = await owner.ok("POST", f"{path}/void", {"reason": "报错所属期"}, key=key)
    assert (void["state"], void["void_reason"], void["payment_state"]) == ("void", "报错所属期", "nothing_due")
    assert await owner.ok("POST", f"{path}/void", {"reason": "报错所属期"}, key=key) == void
    async with database.statement() as tx:
        assert (await payment.owed(tx, [SHOP]))[SHOP] == 0
        assert await payment.unbalanced(tx) == []
    home = await owner.ok("GET", "/filing/home")
    assert {o["period"]: o["state"] for o in [home["first"], *home["waiting"]]} == {
        "2026Q2": "overdue",
        "2026Q3": "open",
    }
    again = await file(owner)
    assert (again["kind"], again["state"], again["amends_return_id"]) == ("original", "accepted", None)
    assert again["return_id"] != filed["return_id"]
    async with database.statement() as tx:
        assert (await payment.owed(tx, [SHOP]))[SHOP] == 424_000


async def test_voiding_an_amendment_uncovers_the_original(owner, filed, database, clock):
    newer = (await submit(owner, await amend(owner, filed, 50_000_000))).json()
    await owner.ok("POST", f"/filing/returns/{newer['return_id']}/void", {"reason": "更正错了"}, key=a_key())
    older = await owner.ok("GET", f"/filing/returns/{filed['return_id']}")
    assert (older["state"], older["superseded_by_return_id"], older["result"]["due_now_fen"]) == (
        "accepted",
        None,
        424_000,
    )
    third = (await submit(owner, await amend(owner, filed, 45_000_000))).json()
    assert third["result"]["due_now_fen"] == 477_000
    async with database.statement() as tx:
        assert (await payment.owed(tx, [SHOP]))[SHOP] == 477_000


async def test_paid_replaced_and_void_returns_cannot_be_voided(owner, filed, database, clock):
    path = f"/filing/returns/{filed['return_id']}"
    await pay(database, clock, filed["return_id"])
    before = await picture(database)
    await owner.refused(409, "filing.already_paid", "POST", f"{path}/void", {"reason": "不想要"}, key=a_key())
    assert await picture(database) == before
    newer = (await submit(owner, await amend(owner, filed, 50_000_000))).json()
    before = await picture(database)
    await owner.refused(409, "filing.not_current", "POST", f"{path}/void", {"reason": "不想要"}, key=a_key())
    await owner.refused(409, "filing.not_current", "POST", f"{path}/amendment")
    await owner.refused(422, "plumbing.malformed", "POST", f"{path}/void", {"reason": "x"}, key=a_key())
    await owner.refused(422, "filing.key_missing", "POST", f"{path}/void", {"reason": "不想要"})
    assert await picture(database) == before
    assert newer["may_void"]


async def test_the_period_is_filed_once_and_the_draft_of_a_void_return_is_done(owner, filed, database, clock):
    body = {"tax_type_code": "vat_small_scale", "period": "2026Q3"}
    refusal = await owner.refused(409, "filing.already_filed", "POST", "/filing/drafts", body)
    assert refusal["fields"]["return_id"] == filed["return_id"]


async def test_a_stale_amendment_draft_cannot_be_submitted_after_a_void(owner, filed, database, clock):
    draft = await amend(owner, filed, 50_000_000)
    await owner.ok("POST", f"/filing/returns/{filed['return_id']}/void", {"reason": "作废"}, key=a_key())
    shown = await owner.ok("GET", f"/filing/drafts/{draft['draft_id']}")
    assert shown["problems"][0]["code"] == "filing.draft_overtaken"
    before = await picture(database)
    answer = await submit(owner, draft)
    assert (answer.status_code, answer.json()["code"]) == (409, "filing.not_ready")
    assert await picture(database) == before
    async with database.statement() as tx:
        assert await filing.drafts_of(tx, SHOP, clock=clock) == []


async def test_a_zero_return_is_accepted_and_charges_nothing(owner, database, clock):
    filed = await file(owner)
    assert (filed["result"]["is_zero"], filed["charges"], filed["payment_state"]) == (True, [], "nothing_due")
    assert filed["may_void"]
    home = await owner.ok("GET", "/filing/home")
    assert [home["first"]["period"], home["waiting"]] == ["2026Q2", []]
    newer = (await submit(owner, await amend(owner, filed, 40_000_000))).json()
    assert (newer["payment_state"], newer["result"]["payable_fen"]) == ("unpaid", 424_000)


async def test_an_overdue_return_carries_its_late_fee_to_the_day(town, client, database, clock):
    owner = await sign_in(client, database, clock, OWNER, VILLAGE)
    await put_invoices(database, clock, VILLAGE, make_invoice(1, 1_000_000_000, on=date(2026, 9, 30)))
    home = await owner.ok("GET", "/filing/home")
    [late] = [o for o in [home["first"], *home["waiting"]] if o["period"] == "2026Q3"]
    # 10,000,000 at 1 % = 100,000; urban 1 % 1,000; education 3,000; local 2,000; 28 days × 0.05 % of each
    assert (late["state"], late["days_left"], late["late_fee_fen"]) == ("overdue", -28, 148_400)
    assert home["first"]["period"] == "2025Q1"
    filed = await file(owner)
    assert (filed["result"]["late_days"], filed["result"]["late_fee_fen"]) == (28, 148_400)
    assert filed["result"]["due_now_fen"] == 10_600_000 + 148_400
    assert {c["tax_type_code"]: c["late_fee_fen"] for c in filed["charges"]} == {
        "vat_small_scale": 140_000,
        "urban_construction": 1_400,
        "education_surcharge": 4_200,
        "local_education_surcharge": 2_800,
    }
    async with database.statement() as tx:
        counts = await filing.overdue_counts(tx, [VILLAGE, SHOP, 999], clock.today())
    assert counts == {VILLAGE: 6, SHOP: 2, 999: 0}


async def test_a_day_that_passed_is_a_day_of_late_fee_and_asks_again(owner, database, clock):
    await put_invoices(database, clock, SHOP, make_invoice(1, 40_000_000))
    draft = await begin(owner)
    clock.move(hours=12)  # midnight in China
    owner = await sign_in(owner.client, database, clock, OWNER, SHOP)
    answer = await submit(owner, draft)
    assert (answer.status_code, answer.json()["code"]) == (409, "filing.amount_changed")
    assert answer.json()["fields"]["due_now_fen"] > draft["result"]["due_now_fen"]


async def test_nobody_elses_return_can_be_seen_amended_or_voided(owner, filed, client, database, clock):
    stranger = await sign_in(client, database, clock, STRANGER, NEIGHBOUR)
    path = f"/filing/returns/{filed['return_id']}"
    before = await picture(database)
    for method, tail, body in (("GET", "", None), ("GET", "/explanation", None), ("POST", "/amendment", None)):
        await stranger.refused(404, "filing.return_unknown", method, path + tail, body)
    await stranger.refused(404, "filing.return_unknown", "POST", f"{path}/void", {"reason": "捣乱"}, key=a_key())
    assert (await stranger.ok("GET", "/filing/returns"))["returns"] == []
    assert await picture(database) == before


async def test_the_explanation_is_the_one_kept_with_the_return(owner, filed, database):
    explained = await owner.ok("GET", f"/filing/returns/{filed['return_id']}/explanation")
    async with database.transaction() as tx:
        row = await tx.fetchrow("select facts, lines, rule_version from filing_return")
    assert explained["lines"] == row["lines"]
    assert explained["rule_version"] == row["rule_version"]
    assert row["facts"]["ordinary_sales"] == 40_000_000


async def test_returns_come_page_by_page(owner, filed, database, clock):
    for value in (41_000_000, 42_000_000, 43_000_000):
        clock.move(minutes=1)
        filed = (await submit(owner, await amend(owner, filed, value))).json()
    seen, cursor = [], ""
    while True:
        page = await owner.ok("GET", f"/filing/returns?limit=3{cursor}")
        seen += [r["result"]["payable_fen"] for r in page["returns"]]
        if page["next_cursor"] is None:
            break
        cursor = f"&cursor={page['next_cursor']}"
    assert seen == [455_800, 445_200, 434_600, 424_000]
    for bad in ("xxx", "AAAA", "%00", "é", "a" * 150):
        await owner.refused(422, "filing.query_malformed", "GET", f"/filing/returns?cursor={bad}")
    await owner.refused(422, "filing.query_malformed", "GET", "/filing/returns?period=2026Q9")


async def test_the_calendar_is_public_and_says_what_is_official(client):
    days = (await client.get("/api/filing/calendar?year=2026")).json()
    quarters = {d["period"]: d for d in days if d["tax_type_code"] == "vat_small_scale" and "Q" in d["period"]}
    assert quarters["2026Q3"]["due_on"] == "2026-10-26"
    assert quarters["2026Q3"]["is_official"] is True
    assert (await client.get("/api/filing/calendar")).json() == days
    assert (await client.get("/api/filing/calendar?year=1")).status_code == 422
