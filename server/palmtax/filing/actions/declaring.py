"""Declarations: filing what a law gave for an application, correcting and voiding it; each asks payment for its part."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from palmtax import evidence, payment, rules
from palmtax.base.identifiers import uuid7
from palmtax.base.period import Period
from palmtax.filing import errors
from palmtax.filing.actions.submitting import line_of, new_return_no
from palmtax.filing.events import DeclarationCorrected, DeclarationVoided, Declared
from palmtax.filing.model.declarations import CALENDAR, DAYS_TO_PAY, LAST, Declaration, charge_of, plain
from palmtax.filing.store import declarations as store
from palmtax.plumbing import outbox
from palmtax.plumbing.database import Tx
from palmtax.plumbing.effects import Act, Computed
from palmtax.plumbing.together import together
from palmtax.rules import CalendarUnknown


async def declare(tx: Tx, *, act: Act, law: str, period: str | None) -> Declaration:
    """File the computed result of an application, once; what is payable is charged.

    Errors: filing.nothing_computed, filing.query_malformed.
    """
    known = await store.of_application(tx, act.taxpayer_id, act.application_id)
    if known is not None:
        return known
    computed = act.computed
    if computed is None or computed.law != law:
        raise errors.NothingComputed(law=law)
    code = _period_code(period, computed.law_on)
    payable = _payable(computed)
    number = uuid7()
    made = Declaration(
        taxpayer_id=act.taxpayer_id,
        declaration_id=number,
        declaration_no=new_return_no(act.clock),
        kind="original",
        amends_declaration_id=None,
        obligation_id=number,
        law=law,
        law_on=computed.law_on,
        period=code,
        rule_version=computed.version,
        facts=plain(computed.facts),
        outputs=dict(computed.outputs),
        lines=computed.lines,
        payable_code=computed.payable_code,
        payable_fen=payable,
        charged_fen=charge_of(payable),
        due_on=due_on(law, code, computed.law_on, act.clock.today()),
        application_id=act.application_id,
        application_no=act.application_no,
        matter_code=act.matter_code,
        filed_at=act.clock.now(),
        filed_channel=act.actor.channel,
        filed_by=act.actor.person_id,
    )
    news = Declared(made.taxpayer_id, number, made.declaration_no, law, code, payable)
    return await _write(tx, act=act, made=made, news=news)


def computed_of(law: str, *, on: date, facts: dict[str, Any], payable_code: str | None) -> Computed:
    """What a law gives for facts as people write them (amounts in yuan). Errors: those of rules."""
    given = rules.read_plain(law, facts)
    found = rules.assess(law, on=on, facts=given)
    return Computed(
        law, on, found.version, facts, dict(found.outputs), [line_of(one) for one in found.telling_lines], payable_code
    )


def _payable(computed: Computed) -> int:
    found = computed.outputs.get(computed.payable_code or "", 0)
    return 0 if isinstance(found, bool) else found


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


async def correct(tx: Tx, *, act: Act, declaration_no: str, amount_fen: int | None) -> Declaration:
    """Replace a declaration by what the application computed (or says is payable); the difference is charged.

    Errors: filing.declaration_unknown, filing.not_current, filing.payment_running, filing.nothing_computed.
    """
    known = await store.of_application(tx, act.taxpayer_id, act.application_id)
    if known is not None:
        return known
    old = await find(tx, taxpayer_id=act.taxpayer_id, declaration_no=declaration_no)
    standing = await _standing(tx, old, act)
    if standing.state == "paying":
        raise errors.PaymentRunning()
    made = _amended(act, old, amount_fen)
    difference = charge_of(made.payable_fen) - charge_of(old.payable_fen)
    made = replace(made, charged_fen=difference)
    news = DeclarationCorrected(
        made.taxpayer_id,
        made.declaration_id,
        made.declaration_no,
        old.declaration_id,
        old.obligation_id,
        difference,
    )
    return await _write(tx, act=act, made=made, news=news)


def _later(act: Act, old: Declaration) -> Declaration:
    """The next row of a chain, with everything that the chain shares."""
    return replace(
        old,
        declaration_id=uuid7(),
        declaration_no=new_return_no(act.clock),
        amends_declaration_id=old.declaration_id,
        application_id=act.application_id,
        application_no=act.application_no,
        matter_code=act.matter_code,
        filed_at=act.clock.now(),
        filed_channel=act.actor.channel,
        filed_by=act.actor.person_id,
    )


def _amended(act: Act, old: Declaration, amount_fen: int | None) -> Declaration:
    row, computed = replace(_later(act, old), kind="amendment"), act.computed
    if computed is not None and computed.law == old.law:
        return replace(
            row,
            law_on=computed.law_on,
            rule_version=computed.version,
            facts=plain(computed.facts),
            outputs=dict(computed.outputs),
            lines=computed.lines,
            payable_code=computed.payable_code,
            payable_fen=_payable(computed),
        )
    if amount_fen is None:
        raise errors.NothingComputed(law=old.law)
    return replace(row, facts=plain(act.answers), outputs={}, lines=[], payable_code=None, payable_fen=amount_fen)


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
    empty: dict[str, Any] = {}
    made = replace(
        _later(act, old), kind="void", facts=empty, outputs=empty, lines=[], payable_fen=0,
        charged_fen=-charge_of(old.payable_fen),
    )  # fmt: skip
    news = DeclarationVoided(made.taxpayer_id, old.declaration_id, old.obligation_id, old.law, old.period)
    return await _write(tx, act=act, made=made, news=news)


async def _standing(tx: Tx, old: Declaration, act: Act) -> payment.Standing:
    found = await payment.standing(tx, old.taxpayer_id, [old.obligation_id], clock=act.clock)
    return found[old.obligation_id]


async def _write(
    tx: Tx, *, act: Act, made: Declaration, news: Declared | DeclarationCorrected | DeclarationVoided
) -> Declaration:
    """The row first, as the guard; then its charge, the evidence and the news in one statement."""
    if not await store.insert(tx, made):
        first = await store.of_application(tx, act.taxpayer_id, act.application_id)
        if first is None:
            raise errors.NotCurrent()
        return first
    charges = payment.charge_parts(
        taxpayer_id=made.taxpayer_id,
        return_id=made.declaration_id if made.kind == "original" else made.obligation_id,
        return_no=made.declaration_no,
        period=made.period,
        due_on=made.due_on,
        items=[payment.ChargeItem(made.law, made.charged_fen)],
        booked_at=made.filed_at,
        entry_id=made.declaration_id,
        relates_to=made.obligation_id,
        request_id=act.request_id,
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


async def declarations_of_year(tx: Tx, taxpayer_id: int, *, laws: list[str], year: int) -> list[Declaration]:
    """Declarations of some laws that count, for periods of a year. One round trip."""
    return await store.declared(tx, taxpayer_id, laws, year)
