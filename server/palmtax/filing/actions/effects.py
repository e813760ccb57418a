"""What matters may file and show, and read of returns and declarations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from palmtax import payment, registry, rules
from palmtax.base.actor import Actor
from palmtax.base.clock import Clock, china_day, day_begins
from palmtax.base.period import Period
from palmtax.filing.actions import declaring
from palmtax.filing.actions.home import overdue_counts
from palmtax.filing.actions.showing import returns_of
from palmtax.filing.actions.submitting import void_return
from palmtax.filing.errors import DeclarationUnknown
from palmtax.filing.model.declarations import CALENDAR, Declaration, subject_of
from palmtax.filing.model.fields import TAX
from palmtax.filing.model.obligations import concerns
from palmtax.filing.store import declarations as store
from palmtax.filing.store import returns
from palmtax.plumbing.database import Tx
from palmtax.plumbing.effects import Act, Done, Line, Value, effect, reads

SHOWN = 50
MOST_KNOWN = 500
"""Declarations that are looked through for what a taxpayer files."""
DAYS_AHEAD = 100
"""How far the calendar of a matter looks."""
_OVERPAID = {
    False: ("原路退回，不用另外申请", "goes back the way it came, nothing more to do"),
    True: ("留在账上，可抵欠税或另行申请退税", "stays on your account: set off arrears, or ask for it back later"),
}


def _done(made: Declaration) -> Done:
    name, name_en = payment.tax_name(made.law)
    period = Period.parse(made.period)
    several = [
        Line(f"其中：{zh}", f"Of it: {en}", fen, "fen")
        for (zh, en), fen in ((payment.tax_name(tax), fen) for tax, fen in made.charges.items())
    ]
    payable = sum(made.charges.values())
    lines: tuple[Line, ...] = (
        Line("申报编号", "Declaration no.", made.declaration_no),
        Line("税（费）种", "Tax or fee", name, value_en=name_en),
        Line("所属期", "Period", period.label(), value_en=period.label("en")),
        Line("应缴金额", "Payable", payable, "fen"),
        *(several if len(several) > 1 else ()),
        Line("缴款期限", "Pay by", made.due_on.isoformat()),
    )
    refundable = max(-made.payable_fen, 0)
    if refundable:
        lines += (Line("可退金额", "Refundable", refundable, "fen"),)
    values: dict[str, str | int | bool] = {
        "declaration_no": made.declaration_no,
        "declaration_id": str(made.declaration_id),
        "payable_fen": payable,
        "refundable_fen": refundable,
        "due_on": made.due_on.isoformat(),
    }
    if made.kind == "amendment":
        values["difference_fen"] = made.charged_fen
        lines += (Line("比原来多（少）", "More (less) than before", made.charged_fen, "fen"),)
    return Done(values, lines)


@effect("filing.declare")
async def declare(
    tx: Tx,
    *,
    act: Act,
    law: str,
    also: list[str] | None = None,
    period: str | None = None,
    subject: list[Any] | None = None,
    corrects: bool | None = None,
    facts: dict[str, Any] | None = None,
    payable: str | None = None,
) -> Done:
    """File what the law gave for the application; what is payable is charged, once for a period and a thing.

    `also` names further laws of the same return, `subject` the thing that is taxed once (a contract, a car, a home);
    `corrects` replaces what was declared of it before by the difference. `facts` and `payable` are for what must exist
    before an example: they are computed here, as of today.
    Errors: filing.nothing_computed, filing.query_malformed, filing.already_declared, filing.return_filed,
    filing.payment_running.
    """
    if act.computed is None and facts is not None:
        found = declaring.computed_of(law, on=act.clock.today(), facts=facts, payable_code=payable)
        act = replace(act, computed=found)
    made = await declaring.declare(
        tx, act=act, law=law, also=also or (), period=period,
        subject=subject_of(subject or ()),
        is_correction=bool(corrects),
    )  # fmt: skip
    return _done(made)


@effect("filing.correct_declaration")
async def correct_declaration(
    tx: Tx, *, act: Act, declaration_no: str, amount_fen: int | None = None, overpaid: str | None = None
) -> Done:
    """Replace a declaration by what the application computed, or by the amount it says is payable.

    What was paid too much goes back the way it came; with `overpaid` = `offset` it stays on the ledger.
    Errors: filing.declaration_unknown, filing.not_current, filing.payment_running, filing.nothing_computed,
    filing.several_taxes.
    """
    keeps = overpaid == "offset"
    made = await declaring.correct(
        tx, act=act, declaration_no=declaration_no, amount_fen=amount_fen, keeps_overpaid=keeps
    )
    done = _done(made)
    if made.charged_fen >= 0:
        return done
    zh, en = _OVERPAID[keeps]
    return Done(done.values, (*done.lines, Line("已多缴的部分", "What was paid too much", zh, value_en=en)))


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
    begin = day_begins(first)
    end = day_begins(last + timedelta(days=1))
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
    """The taxpayer's deadlines of the next hundred days, without what is declared already. Three round trips."""
    today = act.clock.today()
    until = today + timedelta(days=DAYS_AHEAD)
    who = await registry.taxpayer(tx, act.taxpayer_id)
    known = await store.newest(tx, act.taxpayer_id, MOST_KNOWN)
    filed = (await returns.filed_periods(tx, [act.taxpayer_id], TAX)).get(act.taxpayer_id, set())
    done = {(CALENDAR.get(one.law, one.law), one.period) for one in known} | {(TAX, period) for period in filed}
    declared = {tax for tax, _ in done}
    every = [*rules.whole_calendar(today.year), *rules.whole_calendar(today.year + 1)]
    ahead = [
        one
        for one in sorted(every, key=lambda one: one.due.on)
        if today <= one.due.on <= until
        and (one.tax_type_code, one.period.code) not in done
        and concerns(
            one.tax_type_code, one.period, kind=who.kind, vat_kind=who.vat_kind, filing_period=who.filing_period,
            declared=declared,
        )
    ]  # fmt: skip
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
