"""What matters may file and show, and read of returns and declarations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

from palmtax import payment, registry, rules
from palmtax.base.actor import Actor
from palmtax.base.clock import CHINA, Clock, china_day
from palmtax.base.period import Period
from palmtax.filing.actions import declaring
from palmtax.filing.actions.home import overdue_counts
from palmtax.filing.actions.showing import returns_of
from palmtax.filing.actions.submitting import void_return
from palmtax.filing.errors import DeclarationUnknown
from palmtax.filing.model.declarations import Declaration
from palmtax.filing.model.fields import TAX
from palmtax.filing.store import declarations as store
from palmtax.filing.store import returns
from palmtax.plumbing.database import Tx
from palmtax.plumbing.effects import Act, Done, Line, Value, effect, reads

SHOWN = 50
DAYS_AHEAD = 100
"""How far the calendar of a matter looks."""


def _done(made: Declaration) -> Done:
    name, name_en = payment.tax_name(made.law)
    lines: tuple[Line, ...] = (
        Line("申报编号", "Declaration no.", made.declaration_no),
        Line("税（费）种", "Tax or fee", f"{name} {name_en}"),
        Line("所属期", "Period", made.period),
        Line("应缴金额", "Payable", max(made.payable_fen, 0), "fen"),
        Line("缴款期限", "Pay by", made.due_on.isoformat()),
    )
    refundable = max(-made.payable_fen, 0)
    if refundable:
        lines += (Line("可退金额", "Refundable", refundable, "fen"),)
    values: dict[str, str | int | bool] = {
        "declaration_no": made.declaration_no,
        "declaration_id": str(made.declaration_id),
        "payable_fen": max(made.payable_fen, 0),
        "refundable_fen": refundable,
        "due_on": made.due_on.isoformat(),
    }
    return Done(values, lines)


@effect("filing.declare")
async def declare(
    tx: Tx,
    *,
    act: Act,
    law: str,
    period: str | None = None,
    facts: dict[str, Any] | None = None,
    payable: str | None = None,
) -> Done:
    """File what the law gave for the application; what is payable is charged.

    `facts` and `payable` are for what must exist before an example: they are computed here, as of today.
    Errors: filing.nothing_computed, filing.query_malformed.
    """
    if act.computed is None and facts is not None:
        found = declaring.computed_of(law, on=act.clock.today(), facts=facts, payable_code=payable)
        act = replace(act, computed=found)
    return _done(await declaring.declare(tx, act=act, law=law, period=period))


@effect("filing.correct_declaration")
async def correct_declaration(tx: Tx, *, act: Act, declaration_no: str, amount_fen: int | None = None) -> Done:
    """Replace a declaration by what the application computed, or by the amount it says is payable.

    Errors: filing.declaration_unknown, filing.not_current, filing.payment_running, filing.nothing_computed.
    """
    made = await declaring.correct(tx, act=act, declaration_no=declaration_no, amount_fen=amount_fen)
    done = _done(made)
    values = done.values | {"difference_fen": made.charged_fen}
    return Done(values, (*done.lines, Line("比原来多（少）", "More (less) than before", made.charged_fen, "fen")))


@effect("filing.void_declaration")
async def void_declaration(tx: Tx, *, act: Act, declaration_no: str) -> Done:
    """Take back an unpaid declaration, or an unpaid return of that number.

    Errors: filing.declaration_unknown, filing.not_current, filing.already_paid, filing.payment_running.
    """
    try:
        made = await declaring.void(tx, act=act, declaration_no=declaration_no)
    except DeclarationUnknown:
        filed = await returns.by_no(tx, act.taxpayer_id, declaration_no.strip())
        if filed is None:
            raise
        key = f"matter:{act.application_id}"
        await void_return(
            tx, actor=act.actor, clock=act.clock, taxpayer_id=act.taxpayer_id, return_id=filed.return_id,
            idempotency_key=key, reason=f"{act.title} {act.application_no}",
        )  # fmt: skip
        return _voided(declaration_no, filed.period)
    return _voided(made.declaration_no, made.period)


def _voided(number: str, period: str) -> Done:
    return Done(
        {"declaration_no": number, "is_void": True},
        (Line("作废编号", "Void no.", number), Line("所属期", "Period", period)),
    )


@effect("filing.show_returns")
async def show_returns(tx: Tx, *, act: Act, first_day: date | None = None, last_day: date | None = None) -> Done:
    """Returns and declarations that count and were filed in these days, newest first; at most 50 of each."""
    first, last = first_day or date(2000, 1, 1), last_day or act.clock.today()
    begin = datetime.combine(first, time(), CHINA)
    end = datetime.combine(last + timedelta(days=1), time(), CHINA)
    declared = await store.between(tx, act.taxpayer_id, begin, end, SHOWN)
    filed, _ = await returns_of(tx, act.taxpayer_id, limit=SHOWN)
    found = [(one.filed_at, one.law, one.period, one.payable_fen) for one in declared]
    found += [
        (one.filed_at, one.tax_type_code, one.period, sum(one.taxes.values()))
        for one in filed
        if begin <= one.filed_at < end and one.history.state_of(one.return_id) == "accepted"
    ]
    found.sort(key=lambda row: row[0], reverse=True)
    return Done({"count": len(found)}, (Line("份数", "Filed", len(found)), *map(_shown, found)))


def _shown(row: tuple[datetime, str, str, int]) -> Line:
    at, law, period, payable = row
    name, name_en = payment.tax_name(law)
    on = china_day(at).isoformat()
    return Line(f"{on} {name} {period}", f"{on} {name_en} {period}", payable, "fen")


@effect("filing.show_calendar")
async def show_calendar(tx: Tx, *, act: Act) -> Done:
    """The deadlines of the next hundred days."""
    del tx
    today = act.clock.today()
    until = today + timedelta(days=DAYS_AHEAD)
    every = [*rules.whole_calendar(today.year), *rules.whole_calendar(today.year + 1)]
    ahead = sorted((one for one in every if today <= one.due.on <= until), key=lambda one: one.due.on)
    lines = [
        Line(
            f"{one.tax_name} {one.period.label()}",
            f"{one.tax_name_en} {one.period.label('en')}",
            one.due.on.isoformat(),
        )
        for one in ahead
    ]
    return Done({"count": len(lines)}, tuple(lines))


NAMES = {
    "overdue_count": "number",
    "last_return_no": "certificate_no",
    "last_period": "period",
    "returns": "number",
    "next_due_on": "date",
}


@reads("filing", names=NAMES)
async def read(tx: Tx, *, actor: Actor, clock: Clock, taxpayer_id: int, names: Sequence[str]) -> dict[str, Value]:
    """Counts, the newest number and the next last day; one round trip, three more for what is overdue and next."""
    del actor
    found: dict[str, Value] = {}
    if {"last_return_no", "last_period", "returns"} & set(names):
        number, period, count = await store.last_and_count(tx, taxpayer_id)
        found |= {"last_return_no": number, "last_period": period, "returns": count}
    if "overdue_count" in names:
        found["overdue_count"] = (await overdue_counts(tx, [taxpayer_id], clock.today())).get(taxpayer_id, 0)
    if "next_due_on" in names:
        found["next_due_on"] = await _next_due_on(tx, taxpayer_id, clock.today())
    return {name: found[name] for name in names}


async def _next_due_on(tx: Tx, taxpayer_id: int, today: date) -> date | None:
    """The last day of the first VAT return that is not filed and not late; none for who files none."""
    known = (await registry.taxpayers(tx, [taxpayer_id])).get(taxpayer_id)
    if known is None or known.vat_kind == "none":
        return None
    tax = TAX if known.vat_kind == "small_scale" else "vat_general"
    running = Period.containing(today, known.filing_period if tax == TAX else "month")
    filed = (await returns.filed_periods(tx, [taxpayer_id], TAX)).get(taxpayer_id, set())
    for period in (running.previous(), running):
        last = rules.due_on(tax, period).on
        if period.code not in filed and last >= today:
            return last
    return None
