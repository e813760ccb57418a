"""Drafts: begun on one channel and continued on another, corrected with reasons, never stale, never another's."""

from __future__ import annotations

from datetime import UTC, date, datetime
from uuid import uuid4

import pytest
from filing.make import (
    CLERK,
    GENERAL,
    MONTHLY,
    NEIGHBOUR,
    OWNER,
    SHOP,
    STRANGER,
    VIEWER,
    a_key,
    begin,
    make_invoice,
    picture,
    put_invoices,
    sign_in,
    submit,
)

from palmtax import filing, invoice

CASH = {"field": "ordinary_sales", "value_fen": 12_000_000, "reason": "9月有现金收入未开票"}


def field(draft, code):
    return next(f for f in draft["fields"] if f["code"] == code)


def codes(draft):
    return {p["code"]: p["is_blocking"] for p in draft["problems"]}


async def correct(who, draft, *corrections):
    body = {"version": draft["version"], "corrections": list(corrections)}
    return await who.ok("PATCH", f"/filing/drafts/{draft['draft_id']}", body)


async def test_a_draft_begun_on_the_phone_goes_on_in_the_browser(owner, clerk, database, clock):
    await put_invoices(database, clock, SHOP, make_invoice(1, 10_000_000))
    draft = await begin(owner)
    assert (draft["version"], draft["started_channel"], draft["last_channel"]) == (1, "miniprogram", "miniprogram")
    changed = await correct(owner, draft, CASH)
    found = await begin(clerk)
    assert found == changed
    again = await correct(clerk, found, {"field": "special_sales_full", "value_fen": 500, "reason": "补"})
    assert (again["version"], again["started_channel"], again["last_channel"]) == (3, "miniprogram", "h5")
    async with database.statement() as tx:
        [seen] = await filing.drafts_of(tx, SHOP, clock=clock)
    assert seen.model_dump(mode="json") == again


async def test_a_correction_keeps_the_original_beside_it_and_can_be_taken_back(owner, database, clock):
    await put_invoices(database, clock, SHOP, make_invoice(1, 13_200_000))
    draft = await begin(owner)
    changed = await correct(owner, draft, CASH)
    shown = field(changed, "ordinary_sales")
    assert (shown["value_fen"], shown["prefilled_fen"], shown["is_corrected"]) == (12_000_000, 13_200_000, True)
    assert (shown["origin"]["kind"], shown["reason"]) == ("person", CASH["reason"])
    [warning] = [p for p in changed["problems"] if p["code"] == "filing.below_invoices"]
    assert (warning["field"], warning["is_blocking"]) == ("ordinary_sales", False)
    assert (warning["text"], warning["hint"]) == (
        "金额比发票合计少 12,000.00 元", "可以直接改用发票合计，或说明原因后继续",
    )  # fmt: skip
    back = await correct(owner, changed, {"field": "ordinary_sales", "value_fen": None})
    assert {k: v for k, v in back.items() if k not in ("version", "updated_at")} == {
        k: v for k, v in draft.items() if k not in ("version", "updated_at")
    }


async def test_new_invoices_refresh_what_was_prefilled_and_leave_the_correction(owner, database, clock):
    await put_invoices(database, clock, SHOP, make_invoice(1, 11_000_000))
    draft = await correct(owner, await begin(owner), CASH)
    await put_invoices(database, clock, SHOP, make_invoice(2, 5_000_000), make_invoice(3, 700, kind="special"))
    now = await owner.ok("GET", f"/filing/drafts/{draft['draft_id']}")
    shown = field(now, "ordinary_sales")
    assert (shown["value_fen"], shown["prefilled_fen"]) == (12_000_000, 16_000_000)
    assert field(now, "special_sales_reduced")["value_fen"] == 700
    assert codes(now) == {"filing.below_invoices": False, "filing.invoices_moved": False}


async def test_the_second_phone_is_shown_the_newer_values(owner, clerk, database, clock):
    draft = await begin(owner)
    await correct(owner, draft, CASH)
    before = await picture(database)
    stale = {"version": 1, "corrections": [{"field": "ordinary_sales", "value_fen": 1, "reason": "旧手机"}]}
    refusal = await clerk.refused(409, "filing.draft_changed", "PATCH", f"/filing/drafts/{draft['draft_id']}", stale)
    assert refusal["fields"]["version"] == 2
    assert refusal["fields"]["values"]["ordinary_sales"] == 12_000_000
    assert refusal["fields"]["last_channel"] == "miniprogram"
    body = {"draft_id": draft["draft_id"], "version": 1, "confirmed_due_now_fen": 0}
    await clerk.refused(409, "filing.draft_changed", "POST", "/filing/returns", body, key=a_key())
    assert await picture(database) == before


@pytest.mark.parametrize(
    ("correction", "status", "code"),
    [
        ({"field": "nothing", "value_fen": 1, "reason": "x"}, 422, "filing.field_unknown"),
        ({"field": "vat_payable", "value_fen": 1, "reason": "x"}, 409, "filing.field_computed"),
        ({"field": "ordinary_sales", "value_fen": 1}, 422, "filing.reason_missing"),
        ({"field": "ordinary_sales", "value_fen": 1, "reason": "  "}, 422, "filing.reason_missing"),
        ({"field": "ordinary_sales", "value_fen": -1, "reason": "x"}, 422, "filing.value_negative"),
        ({"field": "ordinary_sales", "value_fen": 2**53, "reason": "x"}, 422, "plumbing.malformed"),
        ({"field": "ordinary_sales", "value_fen": 1.5, "reason": "x"}, 422, "plumbing.malformed"),
        ({"field": "ordinary_sales", "value_fen": "1", "reason": "x"}, 422, "plumbing.malformed"),
        ({"field": "ordinary_sales", "value_fen": 1, "reason": "a\x00b"}, 422, "plumbing.malformed"),
    ],
)
async def test_a_correction_that_cannot_be_is_refused_and_changes_nothing(owner, database, correction, status, code):
    draft = await begin(owner)
    before = await picture(database)
    body = {"version": 1, "corrections": [correction]}
    await owner.refused(status, code, "PATCH", f"/filing/drafts/{draft['draft_id']}", body)
    assert await picture(database) == before


async def test_a_draft_can_be_looked_at_before_the_period_ends_but_not_submitted(owner, database, clock):
    await put_invoices(database, clock, SHOP, make_invoice(1, 1_000_000, on=date(2026, 11, 2)))
    draft = await begin(owner, "2026Q4")
    assert codes(draft) == {"filing.not_open": True}
    before = await picture(database)
    answer = await submit(owner, draft)
    assert (answer.status_code, answer.json()["code"]) == (409, "filing.not_ready")
    assert answer.json()["fields"]["problems"] == ["filing.not_open"]
    assert "2027-01-01" in answer.json()["text"]
    assert await picture(database) == before
    clock.at = datetime(2027, 1, 4, 4, 0, tzinfo=UTC)  # Monday
    owner = await sign_in(owner.client, database, clock, OWNER, SHOP)
    assert (await submit(owner, draft)).status_code == 201


@pytest.mark.parametrize(
    ("period", "status", "code"),
    [
        ("2027Q1", 409, "filing.period_not_begun"),
        ("2026Q1", 409, "filing.period_out_of_reach"),
        ("2026-09", 409, "filing.wrong_period"),
        ("2026Q5", 422, "plumbing.malformed"),
        ("2026", 422, "plumbing.malformed"),
        ("2026-13", 422, "filing.query_malformed"),
        ("0000Q1", 422, "filing.query_malformed"),
    ],
)
async def test_a_period_that_is_not_owed_has_no_draft(owner, database, period, status, code):
    before = await picture(database)
    body = {"tax_type_code": "vat_small_scale", "period": period}
    await owner.refused(status, code, "POST", "/filing/drafts", body)
    assert await picture(database) == before


async def test_a_general_taxpayer_cannot_use_this_return_and_sees_a_quiet_home(town, client, database, clock):
    who = await sign_in(client, database, clock, OWNER, GENERAL)
    body = {"tax_type_code": "vat_small_scale", "period": "2026Q3"}
    await who.refused(409, "filing.not_small_scale", "POST", "/filing/drafts", body)
    home = await who.ok("GET", "/filing/home")
    assert (home["first"], home["waiting"], home["next_quiet"]) == (None, [], None)


async def test_red_letters_beyond_the_sales_block_and_say_the_way_on(owner, database, clock):
    await put_invoices(
        database, clock, SHOP, make_invoice(1, 1_000_000), make_invoice(2, -1_500_000, red_of="26440000000000000001")
    )
    draft = await begin(owner)
    assert field(draft, "ordinary_sales")["value_fen"] == -500_000
    assert codes(draft) == {"filing.net_sales_negative": True}
    [problem] = draft["problems"]
    assert "5,000.00" in problem["text"]
    assert (await submit(owner, draft)).json()["code"] == "filing.not_ready"
    draft = await correct(owner, draft, {"field": "ordinary_sales", "value_fen": 0, "reason": "多出部分下期冲减"})
    assert codes(draft) == {}
    assert (await submit(owner, draft)).status_code == 201


async def test_more_than_five_million_in_twelve_months_is_told_and_can_be_filed(owner, database, clock):
    await put_invoices(
        database, clock, SHOP,
        make_invoice(1, 499_999_999, on=date(2025, 10, 1)), make_invoice(2, 1, on=date(2026, 7, 1)),
        make_invoice(3, 99_999_999_999, on=date(2025, 9, 30)),
    )  # fmt: skip
    assert codes(await begin(owner)) == {}
    await put_invoices(database, clock, SHOP, make_invoice(4, 1, on=date(2026, 9, 30)))
    draft = await begin(owner)
    assert codes(draft) == {"filing.over_small_scale_limit": False}
    assert (await submit(owner, draft)).status_code == 201


async def test_rates_of_general_taxpayers_block(owner, database, clock):
    await put_invoices(
        database, clock, SHOP, make_invoice(1, 1_000_000, rate="0.13"), make_invoice(2, 100, rate="0.06")
    )
    draft = await begin(owner)
    assert codes(draft) == {"filing.unsupported_rate": True}
    assert "13%、6%" in draft["problems"][0]["text"].replace("6%、13%", "13%、6%")


async def test_sums_beyond_what_the_wire_holds_are_refused_in_words(owner, database, clock):
    huge = 2**53 - 1
    await put_invoices(database, clock, SHOP, *(make_invoice(n, huge, rate="0") for n in range(1, 4)))
    body = {"tax_type_code": "vat_small_scale", "period": "2026Q3"}
    await owner.refused(409, "filing.amount_too_large", "POST", "/filing/drafts", body)
    home = await owner.ok("GET", "/filing/home")
    assert {o["period"]: o["estimate_fen"] for o in [home["first"], *home["waiting"]]} == {"2026Q2": 0, "2026Q3": None}
    await owner.refused(409, "invoice.sum_too_large", "GET", "/invoice/invoices")


async def test_a_month_has_its_own_threshold(town, client, database, clock):
    who = await sign_in(client, database, clock, OWNER, MONTHLY)
    await put_invoices(
        database, clock, MONTHLY,
        make_invoice(1, 9_999_999, on=date(2026, 9, 30)), make_invoice(2, 10_000_000, on=date(2026, 10, 31)),
    )  # fmt: skip
    september, october = await begin(who, "2026-09"), await begin(who, "2026-10")
    assert (september["result"]["is_exempt"], september["result"]["payable_fen"]) == (True, 0)
    assert (october["result"]["is_exempt"], october["result"]["vat_fen"]) == (False, 100_000)
    assert october["due_on"] == "2026-11-16"


async def test_nobody_elses_draft_can_be_seen_changed_discarded_or_submitted(owner, client, database, clock):
    draft = await begin(owner)
    stranger = await sign_in(client, database, clock, STRANGER, NEIGHBOUR)
    before = await picture(database)
    path = f"/filing/drafts/{draft['draft_id']}"
    body = {"draft_id": draft["draft_id"], "version": 1, "confirmed_due_now_fen": 0}
    change = {"version": 1, "corrections": [CASH]}
    await stranger.refused(404, "filing.draft_unknown", "GET", path)
    await stranger.refused(404, "filing.draft_unknown", "GET", f"{path}/explanation")
    await stranger.refused(404, "filing.draft_unknown", "PATCH", path, change)
    await stranger.refused(404, "filing.draft_unknown", "DELETE", path)
    await stranger.refused(404, "filing.draft_unknown", "POST", "/filing/returns", body, key=a_key())
    await owner.refused(404, "filing.draft_unknown", "GET", f"/filing/drafts/{uuid4()}")
    assert await picture(database) == before


async def test_a_hat_without_the_right_may_not_file(town, client, database, clock):
    viewer = await sign_in(client, database, clock, VIEWER, SHOP)
    clerk = await sign_in(client, database, clock, CLERK, SHOP)
    draft = await begin(clerk)
    before = await picture(database)
    body = {"draft_id": draft["draft_id"], "version": 1, "confirmed_due_now_fen": 0}
    await viewer.refused(403, "plumbing.not_allowed", "POST", "/filing/returns", body, key=a_key())
    await viewer.refused(
        403,
        "plumbing.not_allowed",
        "PATCH",
        f"/filing/drafts/{draft['draft_id']}",
        {"version": 1, "corrections": [CASH]},
    )
    answer = await client.post("/api/filing/returns", json=body, headers={"idempotency-key": a_key()})
    assert answer.status_code == 401
    assert await picture(database) == before


async def test_discarding_drops_the_corrections_and_a_submitted_draft_stays(owner, database, clock):
    draft = await correct(owner, await begin(owner), CASH)
    await owner.ok("DELETE", f"/filing/drafts/{draft['draft_id']}")
    await owner.refused(404, "filing.draft_unknown", "DELETE", f"/filing/drafts/{draft['draft_id']}")
    fresh = await begin(owner)
    assert field(fresh, "ordinary_sales")["is_corrected"] is False
    assert (await submit(owner, fresh)).status_code == 201
    before = await picture(database)
    path = f"/filing/drafts/{fresh['draft_id']}"
    await owner.refused(409, "filing.draft_submitted", "DELETE", path)
    await owner.refused(409, "filing.draft_submitted", "PATCH", path, {"version": 1, "corrections": [CASH]})
    assert await picture(database) == before


async def test_a_void_invoice_counts_nowhere(owner, database, clock):
    await put_invoices(database, clock, SHOP, make_invoice(1, 1_000_000), make_invoice(2, 2_000_000))
    async with database.transaction() as tx:
        await tx.execute("update invoice_invoice set is_void = true where invoice_no = '26440000000000000002'")
        sums = await invoice.sums(tx, SHOP, date(2026, 7, 1), date(2026, 9, 30))
    assert [s.amount_fen for s in sums] == [1_000_000]
    assert field(await begin(owner), "ordinary_sales")["value_fen"] == 1_000_000
