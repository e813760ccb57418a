"""What matters ask of payment: what is open and late, refunds to be sent by the treasury, later days to pay."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from palmtax import evidence
from palmtax.base.clock import Clock, china_day, day_begins
from palmtax.base.identifiers import uuid7
from palmtax.payment.actions.orders import orders_of
from palmtax.payment.errors import DeferralWrong, NothingToRefund
from palmtax.payment.model import LATE_FEE, WITHOUT_LATE_FEE, OpenItem, PaidTax, late_fee_fen, order_number
from palmtax.payment.store import asked as store
from palmtax.plumbing.database import Tx
from palmtax.plumbing.effects import Act

_GRANTED = {"deferral": "payment.deferral_granted", "instalments": "payment.instalments_granted"}
LONGEST_MONTHS = {"deferral": 3, "instalments": 24}
"""税收征收管理法 第三十一条: a deferral of three months at most. Instalments: a house rule."""
MOST_ORDERS = 1_000


async def open_items(tx: Tx, taxpayer_id: int) -> list[OpenItem]:
    """What each tax of each obligation leaves open, negative where overpaid, the oldest first. One round trip."""
    return await store.open_items(tx, taxpayer_id)


def owed_of(items: Sequence[OpenItem]) -> int:
    """What is owed, fen: obligations that are open; one that is overpaid pays no other."""
    by_obligation: dict[Any, int] = {}
    for item in items:
        by_obligation[item.obligation_id] = by_obligation.get(item.obligation_id, 0) + item.open
    return sum(fen for fen in by_obligation.values() if fen > 0)


def late_fee_of(items: Sequence[OpenItem], today: date) -> int:
    """The late fee that paying everything today would add, fen (征管法 第三十二条)."""
    late = (item for item in items if item.open > 0 and item.tax_type_code not in WITHOUT_LATE_FEE)
    return sum(late_fee_fen(item.open, item.due_on, today) for item in late)


async def overpaid_fen(tx: Tx, taxpayer_id: int, items: Sequence[OpenItem]) -> int:
    """What the ledger holds for the taxpayer, fen: overpaid obligations and what is on its way back. One round trip."""
    by_obligation: dict[Any, int] = {}
    for item in items:
        by_obligation[item.obligation_id] = by_obligation.get(item.obligation_id, 0) + item.open
    return -sum(fen for fen in by_obligation.values() if fen < 0) + await store.held_fen(tx, taxpayer_id)


async def paid_taxes(tx: Tx, taxpayer_id: int, first_day: date, last_day: date) -> list[PaidTax]:
    """What was paid of each tax in these days, less what was given back of it, by day. One round trip."""
    found = []
    for order in reversed(await orders_of(tx, taxpayer_id, limit=MOST_ORDERS)):
        if order.state != "paid" or order.paid_at is None or not first_day <= china_day(order.paid_at) <= last_day:
            continue
        back: dict[str, int] = {}
        for refund in order.refunds:
            for code, fen in refund.items:
                back[code] = back.get(code, 0) + fen
        on = china_day(order.paid_at)
        for item in order.items:
            rest = item.amount_fen - back.get(item.tax_type_code, 0)
            if rest > 0:
                found.append(PaidTax(item.tax_type_code, order.period, on, rest))
            if item.late_fee_fen:
                found.append(PaidTax(LATE_FEE, order.period, on, item.late_fee_fen))
    return found


async def paid_in_year_fen(tx: Tx, taxpayer_id: int, year: int) -> int:
    """What orders paid in a year, late fees included, fen. One round trip."""
    first, last = (day_begins(date(one, 1, 1)) for one in (year, year + 1))
    return await store.paid_fen(tx, taxpayer_id, first, last)


async def ask_refund(tx: Tx, *, act: Act, amount_fen: int, account_no: str, reason: str) -> Any:
    """An approved refund waits for the treasury, once for an application; no money moves.

    What the ledger holds for the taxpayer stands with it. Errors: payment.nothing_to_refund.
    """
    known = await store.request_of(tx, act.taxpayer_id, act.application_id)
    if known is not None:
        return known
    if amount_fen <= 0:
        raise NothingToRefund
    items = await store.open_items(tx, act.taxpayer_id)
    overpaid = await overpaid_fen(tx, act.taxpayer_id, items)
    number, at = uuid7(), act.clock.now()
    linked = next((item.obligation_id for item in items if item.open < 0), None)
    is_new = await store.add_request(
        tx, act.taxpayer_id, number, request_no=f"TS{order_number(number, act.clock.today())[2:]}",
        amount_fen=amount_fen, account_no=account_no, reason=reason, overpaid_fen=overpaid, obligation_id=linked,
        at=at, application_id=act.application_id, application_no=act.application_no,
    )  # fmt: skip
    if is_new:
        facts = {"amount_fen": amount_fen, "reason": reason, "overpaid_fen": overpaid}
        await _record(tx, act=act, name="payment.refund_requested", facts=facts)
    return await store.request_of(tx, act.taxpayer_id, act.application_id)


def latest_day(kind: str, clock: Clock) -> date:
    """The last day a deferral of this kind may end."""
    today = clock.today()
    month = today.year * 12 + today.month - 1 + LONGEST_MONTHS[kind]
    return date(month // 12, month % 12 + 1, min(today.day, 28))


async def defer(tx: Tx, *, act: Act, kind: str, amount_fen: int, until: date, instalments: int = 1) -> Any:
    """A later day to pay, or instalments, once for an application. Recorded only: late fees are booked as before.

    Errors: payment.deferral_wrong.
    """
    known = await store.deferral_of(tx, act.taxpayer_id, act.application_id, kind)
    if known is not None:
        return known
    today, latest = act.clock.today(), latest_day(kind, act.clock)
    if amount_fen <= 0 or not today <= until <= latest or (kind == "instalments" and instalments < 2):
        raise DeferralWrong(latest_on=latest.isoformat())
    is_new = await store.add_deferral(
        tx, act.taxpayer_id, uuid7(), kind=kind, amount_fen=amount_fen, from_on=today, until_on=until,
        instalments=instalments, at=act.clock.now(), application_id=act.application_id,
        application_no=act.application_no,
    )  # fmt: skip
    if is_new:
        facts = {"amount_fen": amount_fen, "valid_until": until, "instalments": instalments}
        await _record(tx, act=act, name=_GRANTED[kind], facts=facts)
    return await store.deferral_of(tx, act.taxpayer_id, act.application_id, kind)


async def _record(tx: Tx, *, act: Act, name: str, facts: dict[str, Any]) -> None:
    until = facts.get("valid_until")
    await evidence.append(
        tx,
        actor=act.actor,
        clock=act.clock,
        act=name,
        taxpayer_id=act.taxpayer_id,
        subject_id=act.application_id,
        payload={**facts, "application_id": act.application_id},
        summary={"amount_fen": facts["amount_fen"], "application_no": act.application_no}
        | ({"valid_until": until.isoformat()} if until else {}),
    )
