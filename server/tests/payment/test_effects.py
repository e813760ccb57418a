"""Matters show what is owed and paid, ask the treasury for refunds and grant later days; no money moves here."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from payment.make import DUE_ON, TAXPAYER, charge, make_taxpayer, taxes
from plumbing.make import make_act

from palmtax import evidence, payment
from palmtax.payment import errors
from palmtax.payment.actions import effects
from palmtax.payment.store import ledger
from palmtax.plumbing.effects import EFFECTS, read_sources

BOOKED = datetime(2026, 10, 20, 2, tzinfo=UTC)


@pytest.fixture
async def shop(tx):
    await make_taxpayer(tx)
    return tx


async def acts(tx):
    return [entry.act for entry in await evidence.timeline(tx, taxpayer_id=TAXPAYER)]


async def sources(tx, clock):
    names = ("owed_fen", "late_fee_fen", "open_count", "overpaid_fen", "paid_fen")
    found = await read_sources(
        tx, actor=None, clock=clock, taxpayer_id=TAXPAYER, sources=[f"payment.{name}" for name in names]
    )
    return list(found.values())


def test_all_of_the_contract_is_there():
    names = {"show_owed", "show_payments", "ask_refund", "grant_deferral", "grant_instalments", "charge_fine"}
    assert {name for name in EFFECTS if name.startswith("payment.")} == {f"payment.{name}" for name in names}


async def test_what_is_owed_is_shown_with_its_late_fee(shop, clock):
    assert await sources(shop, clock) == [0, 0, 0, 0, 0]
    await charge(shop, taxes(100_000, 3_500), booked_at=BOOKED, due_on=DUE_ON)
    late = payment.late_fee_fen(100_000, DUE_ON, clock.today()) + payment.late_fee_fen(3_500, DUE_ON, clock.today())
    shown = await effects.show_owed(shop, act=make_act(clock, TAXPAYER))
    assert shown.values == {"owed_fen": 103_500, "late_fee_fen": late, "open_count": 2}
    assert [line.value for line in shown.lines] == [103_500, late, 3_500, 100_000]
    assert await sources(shop, clock) == [103_500, late, 2, 0, 0]
    paid = await effects.show_payments(shop, act=make_act(clock, TAXPAYER), year=2026)
    assert paid.values == {"count": 0, "paid_fen": 0}


async def test_a_refund_waits_for_the_treasury_and_moves_no_money(shop, clock):
    first = await charge(shop, taxes(100_000), booked_at=BOOKED)
    await charge(shop, taxes(-130_000), booked_at=BOOKED, relates_to=first, return_id=first)
    before = await shop.fetchval("select count(*) from payment_line")
    act = make_act(clock, TAXPAYER)
    done = await effects.ask_refund(
        shop, act=act, amount_fen=30_000, account_no="6222020000000000000", reason="paid_twice"
    )
    again = await effects.ask_refund(shop, act=act, amount_fen=1, account_no="x", reason="y")
    assert done == again
    assert (done.values["amount_fen"], done.values["state"]) == (30_000, "waiting_for_treasury")
    row = await shop.fetchrow("select obligation_id, overpaid_fen, bank_card_sealed from payment_refund_request")
    assert (row["obligation_id"].int, row["overpaid_fen"]) == (first.int, 30_000)
    assert b"6222" not in row["bank_card_sealed"]
    assert await shop.fetchval("select count(*) from payment_line") == before
    assert await ledger.unbalanced(shop) == []
    assert await sources(shop, clock) == [0, 0, 0, 30_000, 0]
    assert await acts(shop) == ["payment.refund_requested"]
    with pytest.raises(errors.NothingToRefund):
        await effects.ask_refund(shop, act=make_act(clock, TAXPAYER), amount_fen=0, reason="x")


async def test_a_deferral_is_recorded_once_and_ends_within_three_months(shop, clock):
    act = make_act(clock, TAXPAYER)
    done = await effects.grant_deferral(shop, act=act, amount_fen=50_000, until=date(2027, 2, 20))
    assert done == await effects.grant_deferral(shop, act=act, amount_fen=1, until=date(2026, 12, 1))
    assert done.values == {"amount_fen": 50_000, "until_on": "2027-02-20"}
    for fen, until in ((50_000, date(2027, 3, 1)), (50_000, date(2026, 11, 22)), (0, date(2026, 12, 1))):
        with pytest.raises(errors.DeferralWrong):
            await effects.grant_deferral(shop, act=make_act(clock, TAXPAYER), amount_fen=fen, until=until)
    parts = await effects.grant_instalments(
        shop, act=make_act(clock, TAXPAYER), amount_fen=90_000, until=date(2027, 10, 1), instalments=10
    )
    assert parts.values["instalments"] == 10
    with pytest.raises(errors.DeferralWrong):
        await effects.grant_instalments(
            shop, act=make_act(clock, TAXPAYER), amount_fen=90_000, until=date(2027, 10, 1), instalments=1
        )
    assert await acts(shop) == ["payment.instalments_granted", "payment.deferral_granted"]
    assert await shop.fetchval("select count(*) from payment_deferral") == 2


async def test_a_fine_is_charged_once_for_a_decision_and_bears_no_late_fee(shop, clock):
    for _ in range(2):
        act = make_act(clock, TAXPAYER)
        done = await effects.charge_fine(shop, act=act, amount_fen=20_000, decision_no="云山税简罚〔2026〕18号")
        assert done.values["fine_fen"] == 20_000
    assert done.values["pay_by"] == (clock.today() + timedelta(days=15)).isoformat()
    clock.move(days=90)
    assert await sources(shop, clock) == [20_000, 0, 1, 0, 0]
    number = UUID(str(done.values["fine_id"]))
    standing = (await payment.standing(shop, TAXPAYER, [number], clock=clock))[number]
    assert (standing.due_now_fen, standing.state) == (20_000, "unpaid")
    assert await acts(shop) == ["payment.fine_charged"]
    assert await ledger.unbalanced(shop) == []


@pytest.mark.parametrize(
    ("amount_fen", "least", "most"), [(0, 0, 200_000), (200_001, 0, 200_000), (9, 10, 20), (None, 0, 5)]
)
async def test_a_fine_beyond_the_law_is_refused(shop, clock, amount_fen, least, most):
    with pytest.raises(errors.FineOutside):
        await effects.charge_fine(
            shop, act=make_act(clock, TAXPAYER), amount_fen=amount_fen, least_fen=least, most_fen=most
        )
    assert await sources(shop, clock) == [0, 0, 0, 0, 0]
