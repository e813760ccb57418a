"""One quarter from invoices to an accepted return."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest
from filing.make import SHOP, a_key, begin, make_invoice, picture, put_invoices, submit
from plumbing.make import make_act

from palmtax import payment
from palmtax.filing import errors
from palmtax.filing.actions import effects
from palmtax.plumbing.effects import Computed


async def test_a_shop_owner_files_a_quarter_without_typing_a_number(owner, database, clock):
    clock.at = clock.at.replace(month=10, day=15)  # Thursday 2026-10-15
    numbers = [make_invoice(n, 6_000_000, on=date(2026, 7 + n % 3, 5)) for n in range(1, 6)]
    await put_invoices(database, clock, SHOP, *numbers, make_invoice(9, 2_000_000, kind="special"))

    home = await owner.ok("GET", "/filing/home")
    # 2026Q2 was never filed: it is overdue and comes first
    assert [home["first"]["period"], home["first"]["state"]] == ["2026Q2", "overdue"]
    [due] = home["waiting"]
    assert (due["period"], due["state"], due["due_on"], due["days_left"]) == ("2026Q3", "open", "2026-10-26", 11)
    assert due["rolled_days"] == 11
    # 300,000 + 20,000: at the threshold, so all is taxed at 1 %: 3,200; urban maintenance 7 % halved 112;
    # education surcharges 3 % and 2 % halved: 48 and 32
    assert due["estimate_fen"] == 339_200

    draft = await begin(owner)
    values = {f["code"]: f["value_fen"] for f in draft["fields"]}
    assert values["ordinary_sales"] == 30_000_000
    assert values["special_sales_reduced"] == 2_000_000
    assert [f["origin"]["count"] for f in draft["fields"][:2]] == [5, 1]
    assert draft["result"]["due_now_fen"] == 339_200
    assert [p for p in draft["problems"] if p["is_blocking"]] == []

    answer = await submit(owner, draft, "journey-key-1")
    assert answer.status_code == 201, answer.text
    filed = answer.json()
    assert (filed["state"], filed["payment_state"], filed["result"]["payable_fen"]) == ("accepted", "unpaid", 339_200)
    assert {c["tax_type_code"]: c["amount_fen"] for c in filed["charges"]} == {
        "vat_small_scale": 320_000,
        "urban_construction": 11_200,
        "education_surcharge": 4_800,
        "local_education_surcharge": 3_200,
    }
    assert len(filed["return_no"]) == 20
    assert filed["return_no"].isdigit()
    assert filed["filed_by_name_masked"] == "陈*满"

    again = await submit(owner, draft, "journey-key-1")
    assert again.status_code == 200
    assert again.json() == filed

    async with database.statement() as tx:
        return_id = UUID(filed["return_id"])
        standing = (await payment.standing(tx, SHOP, [return_id], clock=clock))[return_id]
        assert (standing.open_fen, standing.state) == (339_200, "unpaid")
        acts = [row["act"] for row in await tx.fetch("select act from evidence_entry where act like 'filing.%'")]
        assert acts == ["filing.return_submitted"]

    explained = await owner.ok("GET", f"/filing/returns/{filed['return_id']}/explanation")
    by_code = {line["code"]: line for line in explained["lines"]}
    assert by_code["payable"]["value"] == 339_200
    assert all(line["citations"] for line in explained["lines"])
    assert explained["law_on"] == "2026-09-30"

    home = await owner.ok("GET", "/filing/home")
    states = {o["period"]: o["state"] for o in [home["first"], *home["waiting"]]}
    assert states == {"2026Q2": "overdue", "2026Q3": "unpaid"}
    page = await owner.ok("GET", "/filing/returns")
    assert [r["return_id"] for r in page["returns"]] == [filed["return_id"]]


async def test_every_field_opens_exactly_the_invoices_behind_it(owner, database, clock):
    await put_invoices(
        database, clock, SHOP,
        make_invoice(1, 1_000_000), make_invoice(2, 2_000_000, rate="0.03"), make_invoice(3, 300_000, rate="0"),
        make_invoice(4, 400_000, kind="special"), make_invoice(5, 500_000, kind="special", rate="0.03"),
        make_invoice(6, 600_000, rate="0.05", real_estate=True),
        make_invoice(7, 700_000, rate="0.05", real_estate=True, kind="special"),
        make_invoice(8, 800_000, rate="0.015", real_estate=True),
        make_invoice(10, -250_000, red_of="26440000000000000001"),
        make_invoice(11, 9_999_999, on=date(2026, 6, 30)), make_invoice(12, 9_999_999, on=date(2026, 10, 1)),
    )  # fmt: skip
    draft = await begin(owner)
    shown = {f["code"]: f for f in draft["fields"] if f["invoice_query"]}
    assert {code: f["value_fen"] for code, f in shown.items() if f["value_fen"]} == {
        "ordinary_sales": 3_050_000,
        "special_sales_reduced": 400_000,
        "special_sales_full": 500_000,
        "real_estate_rent": 600_000,
        "real_estate_special_rent": 700_000,
        "housing_rent": 800_000,
    }
    for field in shown.values():
        page = await owner.ok("GET", f"/invoice/invoices?{field['invoice_query']}")
        assert page["amount_fen"] == field["value_fen"], field["code"]
        assert page["count"] == field["origin"]["count"], field["code"]


async def test_submitting_changes_nothing_when_the_amount_is_not_the_one_seen(owner, database, clock):
    await put_invoices(database, clock, SHOP, make_invoice(1, 40_000_000))
    draft = await begin(owner)
    await put_invoices(database, clock, SHOP, make_invoice(2, 1_000_000))
    before = await picture(database)
    answer = await submit(owner, draft)
    assert (answer.status_code, answer.json()["code"]) == (409, "filing.amount_changed")
    assert answer.json()["fields"]["due_now_fen"] > draft["result"]["due_now_fen"]
    assert await picture(database) == before
    fresh = await owner.ok("GET", f"/filing/drafts/{draft['draft_id']}")
    assert (await submit(owner, fresh)).status_code == 201
    assert a_key() != a_key()


async def test_a_quarter_that_a_matter_declared_is_not_filed_again_from_a_draft(owner, database, clock):
    clock.at = clock.at.replace(month=10, day=15)
    await put_invoices(database, clock, SHOP, *[make_invoice(n, 6_000_000, on=date(2026, 8, 5)) for n in range(1, 7)])
    draft = await begin(owner)
    gave = Computed("vat_small_scale_return", date(2026, 9, 30), "v", {}, {"payable": 500}, [], "payable")
    act = make_act(clock, SHOP, computed=gave)
    async with database.transaction() as tx:
        await effects.declare(tx, act=act, law="vat_small_scale_return", period="2026Q3")
    refused = await submit(owner, draft, "declared-key-1")
    assert (refused.status_code, refused.json()["code"]) == (409, "filing.already_declared")
    assert act.application_no in refused.json()["text"]
    async with database.transaction() as tx:
        await effects.void_declaration(tx, act=make_act(clock, SHOP), declaration_no="last")
    assert (await submit(owner, draft, "declared-key-2")).status_code == 201
    async with database.transaction() as tx:
        with pytest.raises(errors.ReturnFiled):
            await effects.declare(
                tx, act=make_act(clock, SHOP, computed=gave), law="vat_small_scale_return", period="2026Q3"
            )
