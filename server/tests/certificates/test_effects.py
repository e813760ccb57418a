"""Certificates state what is true, refuse what is not, and anybody may check a code through a matter."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from payment.make import DUE_ON, TAXPAYER, charge, make_officer, make_payer, make_taxpayer, taxes
from plumbing.make import make_act

from palmtax import certificates, payment, registry
from palmtax.certificates import errors
from palmtax.certificates.actions import certifying, effects
from palmtax.filing.actions import effects as filing_effects
from palmtax.payment.actions.orders import open_order
from palmtax.payment.actions.transfers import Arrival, register_transfer
from palmtax.plumbing.effects import EFFECTS, Computed
from palmtax.registry.actions import effects as registry_effects


@pytest.fixture
async def shop(tx):
    await make_taxpayer(tx)
    return tx


def an_act(clock, **answers):
    return make_act(clock, TAXPAYER, answers=answers)


def test_all_of_the_contract_is_there():
    assert {name for name in EFFECTS if name.startswith("certificates.")} == {
        "certificates.certify",
        "certificates.show",
        "certificates.verify",
    }


async def test_nothing_owed_is_certified_and_arrears_are_refused(shop, clock):
    done = await effects.certify(shop, act=an_act(clock), kind="no_arrears")
    assert done.values == {"kind": "no_arrears", "owed_fen": 0, "as_of": "2026-11-23"}
    await charge(shop, taxes(100_000), booked_at=datetime(2026, 10, 20, 2, tzinfo=UTC))
    with pytest.raises(errors.Owes) as refused:
        await effects.certify(shop, act=an_act(clock), kind="no_arrears")
    assert "1,000.00" in refused.value.words()[0]
    assert "1,000.00" in refused.value.words("en")[0]


async def test_what_an_overpaid_return_holds_does_not_hide_another_that_is_open(shop, clock):
    first = await charge(shop, taxes(100_000), booked_at=datetime(2026, 10, 20, 2, tzinfo=UTC))
    await charge(
        shop, taxes(-150_000), booked_at=datetime(2026, 10, 21, 2, tzinfo=UTC), relates_to=first, return_id=first
    )
    await charge(shop, taxes(20_000), booked_at=datetime(2026, 10, 22, 2, tzinfo=UTC))
    assert (await payment.owed(shop, [TAXPAYER]))[TAXPAYER] < 0
    with pytest.raises(errors.Owes):
        await effects.certify(shop, act=an_act(clock), kind="no_arrears")


@pytest.mark.parametrize(
    ("answers", "first", "last"),
    [
        ({}, date(2026, 1, 1), date(2026, 11, 23)),
        ({"year": 2025}, date(2025, 1, 1), date(2025, 12, 31)),
        ({"tax_year": "2025"}, date(2025, 1, 1), date(2025, 12, 31)),
        ({"period": "2026Q3"}, date(2026, 7, 1), date(2026, 9, 30)),
        ({"first_month": "2025-11", "last_month": "2026-10"}, date(2025, 11, 1), date(2026, 10, 31)),
        ({"first_day": date(2026, 2, 3), "last_day": date(2026, 2, 9)}, date(2026, 2, 3), date(2026, 2, 9)),
    ],
)
def test_the_span_is_what_was_asked(clock, answers, first, last):
    assert certifying.span_of(an_act(clock, **answers)) == certifying.Span(first, last)


async def test_what_was_paid_is_certified_with_its_days(shop, clock):
    return_id = await charge(
        shop, taxes(100_000, 3_500), booked_at=datetime(2026, 10, 20, 2, tzinfo=UTC), due_on=DUE_ON
    )
    order = await open_order(
        shop, actor=make_payer(), clock=clock, taxpayer_id=TAXPAYER, return_id=return_id, minutes=100
    )
    arrival = Arrival(TAXPAYER, order.order_id, order.amount_fen, "B1", clock.today())
    await register_transfer(shop, actor=make_officer(), clock=clock, arrival=arrival, idempotency_key="k" * 12)
    done = await effects.certify(shop, act=an_act(clock, year=2026), kind="tax_paid")
    assert done.values == {"kind": "tax_paid", "paid_fen": 104_900, "count": 3}
    before = await effects.certify(shop, act=an_act(clock, year=2025), kind="tax_paid")
    assert before.values["paid_fen"] == 0
    assert (await effects.certify(shop, act=an_act(clock), kind="no_arrears")).values["owed_fen"] == 0


async def test_income_tax_and_insurance_are_told_as_declared(shop, clock):
    for law, fen in (("iit_wage", 1_000), ("iit_labour", 500), ("social_insurance_flexible", 70_000)):
        computed = Computed(law, clock.today(), "v", {}, {"payable": fen}, [], "payable")
        act = replace(an_act(clock), computed=computed)
        await filing_effects.declare(shop, act=act, law=law, period="2026-10")
    act = an_act(clock, first_month="2026-01", last_month="2026-10")
    assert (await effects.certify(shop, act=act, kind="income_record")).values["declared_fen"] == 1_500
    assert (await effects.certify(shop, act=act, kind="insurance")).values["count"] == 1
    early = an_act(clock, first_month="2025-01", last_month="2025-10")
    assert (await effects.certify(shop, act=early, kind="income_record")).values["count"] == 0


async def test_one_thing_or_some_kinds_are_shown_of_what_was_declared(shop, clock):
    for law, fen, subject in (
        ("deed_tax", 20_000, "WQ-1"),
        ("deed_tax", 30_000, "WQ-2"),
        ("iit_wage", 900, ""),
        ("iit_classified", 70, ""),
    ):
        computed = Computed(law, clock.today(), "v", {}, {"payable": fen}, [], "payable")
        act = replace(an_act(clock), computed=computed)
        await filing_effects.declare(shop, act=act, law=law, period="2026-10", subject=[subject] if subject else None)
    act = an_act(clock, year=2027)
    assert (await effects.show(shop, act=act, kind="deed_tax")).values["count"] == 0
    assert (await effects.show(shop, act=act, kind="deed_tax", thing=" wq-2 ")).values["declared_fen"] == 30_000
    act = an_act(clock, year=2026)
    assert (await effects.show(shop, act=act, kind="income_record")).values["declared_fen"] == 970
    shown = await effects.show(shop, act=act, kind="income_record", kinds=["classified"])
    assert (shown.values["count"], shown.values["declared_fen"]) == (1, 70)


async def test_a_record_of_the_register_is_certified_when_there_is_one(shop, clock):
    with pytest.raises(errors.NothingToCertify):
        await effects.certify(shop, act=an_act(clock), kind="export_filing")
    with pytest.raises(errors.KindUnknown):
        await effects.certify(shop, act=an_act(clock), kind="noble_birth")
    kept = await registry_effects.keep_record(shop, act=an_act(clock), kind="export_filing", data={})
    done = await effects.certify(shop, act=an_act(clock), kind="export_filing")
    assert done.values["record_no"] == kept.values["record_no"]
    shown = await effects.certify(shop, act=an_act(clock), kind="registration")
    assert shown.lines[0].value == (await registry.taxpayer(shop, TAXPAYER)).name


async def test_a_code_is_checked_through_a_matter(shop, clock):
    act = an_act(clock)
    issued = await certificates.issue_document(
        shop, act=act, title="无欠税证明", title_en="No arrears", kind="certificate", lines=()
    )
    done = await effects.verify(shop, act=an_act(clock), code=issued.verify_code)
    assert done.values == {"state": "true", "is_true": True}
    assert [line.value for line in done.lines[1:3]] == ["无欠税证明", issued.document_no]
    unknown = await effects.verify(shop, act=an_act(clock), code="nonsense")
    assert (unknown.values["state"], len(unknown.lines)) == ("unknown", 1)
    shown = await effects.show(shop, act=an_act(clock), kind="no_arrears")
    assert shown.lines[-1].value == issued.document_no
