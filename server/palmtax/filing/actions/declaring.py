"""Declarations: filing what a law gave for an application, correcting and voiding it; each asks payment for its part."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from palmtax import evidence, payment, rules
from palmtax.base.clock import china_day
from palmtax.base.identifiers import uuid7
from palmtax.base.period import Period
from palmtax.filing import errors
from palmtax.filing.actions.submitting import line_of, new_return_no
from palmtax.filing.events import DeclarationCorrected, DeclarationVoided, Declared
from palmtax.filing.model.declarations import (
    CALENDAR,
    DAYS_TO_PAY,
    LAST,
    SAME_TAX,
    Declaration,
    charges_of,
    difference,
    once_key,
    plain,
)
from palmtax.filing.model.fields import TAX
from palmtax.filing.store import declarations as store
from palmtax.filing.store import returns
from palmtax.plumbing import outbox
from palmtax.plumbing.database import Tx
from palmtax.plumbing.effects import Act, Computed
from palmtax.plumbing.together import together
from palmtax.rules import CalendarUnknown


async def declare(
    tx: Tx, *, act: Act, law: str, also: Sequence[str] = (), period: str | None = None, subject: str = "",
    is_correction: bool = False,
) -> Declaration:  # fmt: skip
    """File the computed result of an application, once; what is payable is charged, also under further laws.

    A tax of a period (of a thing, where `subject` names one) is declared once; a correction books the difference.
    Errors: filing.nothing_computed, filing.query_malformed, filing.already_declared, filing.return_filed,
    filing.payment_running.
    """
    known = await store.of_application(tx, act.taxpayer_id, act.application_id, law)
    if known is not None:
        return known
    found = _results(act.computed, (law, *also))
    code = _period_code(period, found[0].law_on)
    key = once_key(law, code if period or not subject else "", subject)
    last = await store.last_act(tx, act.taxpayer_id, key)
    if last is not None and last.kind != "void":
        if not is_correction:
            raise _already(last)
        return await _correct(tx, act, last, found, keeps_overpaid=False)
    await _check_returns(tx, act.taxpayer_id, law, code)
    number, owed = uuid7(), _owed(found)
    made = Declaration(
        taxpayer_id=act.taxpayer_id,
        declaration_id=number,
        declaration_no=new_return_no(act.clock),
        kind="original",
        amends_declaration_id=None,
        obligation_id=number,
        law=law,
        period=code,
        charges=charges_of(owed),
        charged_fen=sum(charges_of(owed).values()),
        due_on=due_on(law, code, found[0].law_on, act.clock.today()),
        once_key=key,
        sequence=last.sequence + 1 if last else 1,
        application_id=act.application_id,
        application_no=act.application_no,
        matter_code=act.matter_code,
        filed_at=act.clock.now(),
        filed_channel=act.actor.channel,
        filed_by=act.actor.person_id,
        **_computed_columns(found),
    )
    news = Declared(made.taxpayer_id, number, made.declaration_no, law, code, made.payable_fen)
    return await _write(tx, act=act, made=made, news=news, items=made.charges)


def _results(computed: Computed | None, laws: Sequence[str]) -> list[Computed]:
    found = [computed.of(law) if computed else None for law in laws]
    lost = [law for law, one in zip(laws, found, strict=True) if one is None]
    if lost:
        raise errors.NothingComputed(law=lost[0])
    return [one for one in found if one is not None]


def _owed(found: Sequence[Computed]) -> dict[str, int]:
    """What several laws ask for, fen by tax; one that two of them charge is added up."""
    owed: dict[str, int] = {}
    for one in found:
        for tax, fen in one.owed().items():
            owed[tax] = owed.get(tax, 0) + fen
    return owed


def _computed_columns(found: Sequence[Computed]) -> dict[str, Any]:
    """The columns that hold what the laws gave."""
    head, *further = found
    also = [
        {"law": one.law, "law_on": one.law_on.isoformat(), "rule_version": one.version, "facts": plain(one.facts),
         "outputs": dict(one.outputs), "lines": one.lines, "charges": dict(one.charges)}
        for one in further
    ]  # fmt: skip
    return {
        "law_on": head.law_on, "rule_version": head.version, "facts": plain(head.facts), "outputs": dict(head.outputs),
        "lines": head.lines, "also": also, "payable_code": head.payable_code, "payable_fen": sum(_owed(found).values()),
    }  # fmt: skip


def _already(last: Declaration) -> errors.AlreadyDeclared:
    tax, tax_en = payment.tax_name(last.law)
    _, period, subject = last.once_key.split("|", 2)
    return errors.AlreadyDeclared(
        tax=tax, tax_en=tax_en, what=" ".join(filter(None, (period, subject))), declaration_no=last.declaration_no,
        filed_on=china_day(last.filed_at).isoformat(), application_no=last.application_no,
    )  # fmt: skip


async def _check_returns(tx: Tx, taxpayer_id: int, law: str, period: str) -> None:
    """Nothing, unless the return of this tax and period was filed from a draft. One round trip where there are drafts."""
    if SAME_TAX.get(law, law) != TAX:
        return
    history = (await returns.histories(tx, taxpayer_id, TAX, [period])).get(period)
    if history is not None and history.current is not None:
        tax, tax_en = payment.tax_name(TAX)
        raise errors.ReturnFiled(tax=tax, tax_en=tax_en, what=period, return_no=history.current.return_no)


def computed_of(law: str, *, on: date, facts: dict[str, Any], payable_code: str | None) -> Computed:
    """What a law gives for facts as people write them (amounts in yuan). Errors: those of rules."""
    given = rules.read_plain(law, facts)
    found = rules.assess(law, on=on, facts=given)
    return Computed(
        law, on, found.version, facts, dict(found.outputs), [line_of(one) for one in found.telling_lines], payable_code
    )


def _period_code(period: str | None, law_on: date) -> str:
    """The period as it is written; where a matter has none, the month of the event."""
    if not period:
        return Period.containing(law_on, "month").code
    try:
        return Period.parse(period).code
    except ValueError:
        raise errors.QueryMalformed(what=f"period={period[:20]}") from None


def due_on(law: str, period: str, law_on: date, today: date) -> date:
    """The last day to pay: of the period, else so many days after the event, else the house rule from today."""
    tax = CALENDAR.get(law, law)
    try:
        return rules.due_on(tax, period).on
    except CalendarUnknown:
        pass
    try:
        return rules.due_after(tax, law_on).on
    except CalendarUnknown:
        return today + timedelta(days=DAYS_TO_PAY)


async def find(tx: Tx, *, taxpayer_id: int, declaration_no: str) -> Declaration:
    """The declaration that counts under a number, or the newest one for `last`.

    Errors: filing.declaration_unknown, filing.not_current.
    """
    if declaration_no.strip().lower() in {"", LAST}:
        newest = await store.newest(tx, taxpayer_id, 1)
        if not newest:
            raise errors.DeclarationUnknown(declaration_no=declaration_no)
        return newest[0]
    found = await store.by_no(tx, taxpayer_id, declaration_no.strip())
    if found is None:
        raise errors.DeclarationUnknown(declaration_no=declaration_no[:40])
    if not found[1]:
        raise errors.NotCurrent()
    return found[0]


async def correct(
    tx: Tx, *, act: Act, declaration_no: str, amount_fen: int | None, keeps_overpaid: bool = False
) -> Declaration:
    """Replace a declaration by what the application computed (or says is payable); the difference is charged.

    `keeps_overpaid` leaves what was paid too much on the ledger; otherwise it goes back the way it came.
    Errors: filing.declaration_unknown, filing.not_current, filing.payment_running, filing.nothing_computed,
    filing.several_taxes.
    """
    known = await store.of_application(tx, act.taxpayer_id, act.application_id)
    if known is not None:
        return known
    old = await find(tx, taxpayer_id=act.taxpayer_id, declaration_no=declaration_no)
    computed = act.computed.of(old.law) if act.computed else None
    if computed is not None:
        laws = (old.law, *(one["law"] for one in old.also))
        return await _correct(tx, act, old, _results(act.computed, laws), keeps_overpaid=keeps_overpaid)
    if amount_fen is None:
        raise errors.NothingComputed(law=old.law)
    if len(old.charges) > 1 or old.also:
        raise errors.SeveralTaxes(declaration_no=old.declaration_no)
    return await _correct(tx, act, old, amount_fen, keeps_overpaid=keeps_overpaid)


async def _correct(
    tx: Tx, act: Act, old: Declaration, new: Sequence[Computed] | int, *, keeps_overpaid: bool
) -> Declaration:
    """The next row of a chain; what it asks for more or less than the row before is booked."""
    if (await _standing(tx, old, act)).state == "paying":
        raise errors.PaymentRunning()
    if isinstance(new, int):
        tax = next(iter(old.charges), old.law)
        columns: dict[str, Any] = {
            "facts": plain(act.answers), "outputs": {}, "lines": [], "payable_code": None, "payable_fen": new,
        }  # fmt: skip
        charges = charges_of({tax: new})
    else:
        columns, charges = _computed_columns(new), charges_of(_owed(new))
    items = difference(charges, old.charges)
    made = replace(_later(act, old), kind="amendment", charges=charges, charged_fen=sum(items.values()), **columns)
    news = DeclarationCorrected(
        made.taxpayer_id, made.declaration_id, made.declaration_no, old.declaration_id, old.obligation_id,
        made.charged_fen,
    )  # fmt: skip
    return await _write(tx, act=act, made=made, news=news, items=items, keeps_overpaid=keeps_overpaid)


def _later(act: Act, old: Declaration) -> Declaration:
    """The next row of a chain, with everything that the chain shares."""
    return replace(
        old,
        declaration_id=uuid7(),
        declaration_no=new_return_no(act.clock),
        amends_declaration_id=old.declaration_id,
        sequence=old.sequence + 1,
        application_id=act.application_id,
        application_no=act.application_no,
        matter_code=act.matter_code,
        filed_at=act.clock.now(),
        filed_channel=act.actor.channel,
        filed_by=act.actor.person_id,
    )


async def void(tx: Tx, *, act: Act, declaration_no: str) -> Declaration:
    """Take back an unpaid declaration; what it charged is negated. Once for an application.

    Errors: filing.declaration_unknown, filing.not_current, filing.already_paid, filing.payment_running.
    """
    known = await store.of_application(tx, act.taxpayer_id, act.application_id)
    if known is not None:
        return known
    old = await find(tx, taxpayer_id=act.taxpayer_id, declaration_no=declaration_no)
    standing = await _standing(tx, old, act)
    if standing.state == "paying":
        raise errors.PaymentRunning()
    if standing.state not in ("unpaid", "nothing_due"):
        raise errors.AlreadyPaid()
    items = difference({}, old.charges)
    empty: dict[str, Any] = {}
    made = replace(
        _later(act, old), kind="void", facts=empty, outputs=empty, lines=[], also=[], payable_fen=0, charges={},
        charged_fen=sum(items.values()),
    )  # fmt: skip
    news = DeclarationVoided(made.taxpayer_id, old.declaration_id, old.obligation_id, old.law, old.period)
    return await _write(tx, act=act, made=made, news=news, items=items)


async def _standing(tx: Tx, old: Declaration, act: Act) -> payment.Standing:
    found = await payment.standing(tx, old.taxpayer_id, [old.obligation_id], clock=act.clock)
    return found[old.obligation_id]


async def _write(
    tx: Tx, *, act: Act, made: Declaration, news: Declared | DeclarationCorrected | DeclarationVoided,
    items: Mapping[str, int], keeps_overpaid: bool = False,
) -> Declaration:  # fmt: skip
    """The row first, as the guard; then its charge, the evidence and the news in one statement."""
    if not await store.insert(tx, made):
        first = await store.of_application(tx, act.taxpayer_id, act.application_id, made.law)
        if first is not None:
            return first
        last = await store.last_act(tx, act.taxpayer_id, made.once_key)
        if made.kind == "original" and last is not None:
            raise _already(last)
        raise errors.NotCurrent()
    charges = payment.charge_parts(
        taxpayer_id=made.taxpayer_id,
        return_id=made.declaration_id if made.kind == "original" else made.obligation_id,
        return_no=made.declaration_no,
        period=made.period,
        due_on=made.due_on,
        items=[payment.ChargeItem(tax, fen) for tax, fen in items.items()],
        booked_at=made.filed_at,
        entry_id=made.declaration_id,
        relates_to=made.obligation_id,
        request_id=act.request_id,
        keeps_overpaid=keeps_overpaid,
    )
    written = evidence.part(
        actor=act.actor,
        clock=act.clock,
        act=news.name,
        taxpayer_id=made.taxpayer_id,
        subject_id=made.declaration_id,
        payload={
            "declaration_no": made.declaration_no,
            "law": made.law,
            "period": made.period,
            "facts": made.facts,
            "rule_version": made.rule_version,
            "also": made.also,
            "charges": dict(items),
            "charged_fen": made.charged_fen,
            "application_id": made.application_id,
            "amends": made.amends_declaration_id,
        },
        summary={"period": made.period, "return_no": made.declaration_no, "amount_fen": made.charged_fen},
    )
    await together(tx, *charges, written, outbox.part(news, act.request_id))
    return made


async def declarations_of(tx: Tx, taxpayer_id: int, *, limit: int = 50) -> list[Declaration]:
    """Declarations that count, newest first. One round trip."""
    return await store.newest(tx, taxpayer_id, limit)


async def filed_count(tx: Tx, taxpayer_id: int) -> int:
    """How many returns and declarations are on file, amended ones and their amendments each. One round trip."""
    return await store.filed_count(tx, taxpayer_id)


async def declarations_of_year(tx: Tx, taxpayer_id: int, *, laws: list[str], year: int) -> list[Declaration]:
    """Declarations of some laws that count, for periods of a year. One round trip."""
    return await store.declared(tx, taxpayer_id, laws, year)
