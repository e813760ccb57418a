"""Submitting and voiding: one statement writes the return, its charges, the evidence and the news, or nothing at all.

The guards are constraints, so that any number of taps, phones and killed servers leave exactly one return: the
idempotency key, the place in the period's history, and the foreign key to the draft's version. Whoever loses a race
reads again and is told.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

import asyncpg

from palmtax import evidence, payment
from palmtax.base.actor import Actor
from palmtax.base.clock import Clock
from palmtax.base.identifiers import uuid7
from palmtax.base.money import show_yuan
from palmtax.filing import errors
from palmtax.filing.actions.drafting import already_filed, changed
from palmtax.filing.actions.loading import Loaded, load, standing_of
from palmtax.filing.events import ReturnAmended, ReturnSubmitted, ReturnVoided
from palmtax.filing.model.returns import Return
from palmtax.filing.schemas import SubmitIn
from palmtax.filing.store import returns
from palmtax.plumbing import faults, outbox
from palmtax.plumbing.database import Tx
from palmtax.plumbing.together import Engine, Part, together
from palmtax.rules import ExplainedLine

TRIES = 4
"""How often a lost race is read again before the person is asked to try later."""


async def submit_return(
    tx: Tx,
    *,
    actor: Actor,
    clock: Clock,
    taxpayer_id: int,
    idempotency_key: str,
    asked: SubmitIn,
    engine: Engine = "postgres",
) -> tuple[Return, Loaded | None]:
    """Accept the return the person saw; without a `Loaded` it is the answer to the same request again.

    Errors: filing.key_reused, filing.draft_unknown, filing.already_filed, filing.draft_changed, filing.not_ready,
    filing.amount_changed, filing.payment_running, filing.already_declared. Two round trips (three for an amendment), the last one writes.
    """
    hashed = evidence.digest_of({"act": "submit", **asked.model_dump(mode="json")})
    for _ in range(TRIES):
        loaded, before = await load(
            tx,
            taxpayer_id=taxpayer_id,
            draft_id=asked.draft_id,
            clock=clock,
            key=idempotency_key,
            person_id=actor.person_id,
            engine=engine,
        )
        if before is not None:
            return _same_request(before, hashed), None
        if loaded is None:
            raise errors.DraftUnknown()
        _check(loaded, asked)
        filed = _return_of(loaded, actor, clock, idempotency_key, hashed)
        news = _news(filed)
        if await _write(tx, filed, loaded.draft.version, actor, clock, news, engine):
            return filed, loaded
    raise faults.Busy()


def _same_request(before: Return, hashed: bytes) -> Return:
    if before.request_hash != hashed:
        raise errors.KeyReused()
    return before


def _check(loaded: Loaded, asked: SubmitIn) -> None:
    draft, working = loaded.draft, loaded.working
    if loaded.history.of_draft(draft.draft_id) is not None and loaded.history.current is None:
        raise errors.DraftSubmitted()
    if loaded.history.next_sequence > draft.sequence and loaded.history.current is not None:
        raise already_filed(draft.period, loaded.history)
    if loaded.declared is not None:
        tax, tax_en = payment.tax_name(draft.tax_type_code)
        raise errors.AlreadyDeclared(
            tax=tax, tax_en=tax_en, what=draft.period, filed_on=loaded.declared["filed_on"],
            declaration_no=loaded.declared["declaration_no"], application_no=loaded.declared["application_no"],
        )  # fmt: skip
    if draft.version != asked.version:
        raise changed(loaded)
    blocking = [problem for problem in working.problems if problem.is_blocking]
    if blocking:
        first = blocking[0]
        raise errors.NotReady(
            first=first.text,
            first_en=first.text_en,
            first_hint=first.hint,
            first_hint_en=first.hint_en,
            problems=[problem.code for problem in blocking],
        )
    if loaded.standing is not None and loaded.standing.state == "paying":
        raise errors.PaymentRunning()
    now_fen = working.result.due_now_fen
    if now_fen != asked.confirmed_due_now_fen:
        raise errors.AmountChanged(
            seen=show_yuan(asked.confirmed_due_now_fen), now=show_yuan(now_fen), due_now_fen=now_fen
        )


def _return_of(loaded: Loaded, actor: Actor, clock: Clock, key: str, hashed: bytes) -> Return:
    draft, working = loaded.draft, loaded.working
    return_id, now = uuid7(), clock.now()
    amended = next((e for e in loaded.history.entries if e.return_id == draft.amends_return_id), None)
    return Return(
        taxpayer_id=draft.taxpayer_id,
        return_id=return_id,
        return_no=new_return_no(clock),
        tax_type_code=draft.tax_type_code,
        period=draft.period,
        sequence=draft.sequence,
        kind=draft.kind,
        draft_id=draft.draft_id,
        amends_return_id=draft.amends_return_id,
        obligation_id=amended.obligation_id if amended else return_id,
        idempotency_key=key,
        request_hash=hashed,
        filed_at=now,
        filed_channel=actor.channel,
        filed_by=actor.person_id,
        due_on=working.due.on,
        law_on=working.period.last_day,
        rule_version=working.assessment.version,
        facts=working.facts,
        fields=[field.model_dump() for field in working.fields],
        result=working.result.model_dump(),
        lines=[line_of(line) for line in working.assessment.telling_lines],
        taxes=working.taxes,
        charges=working.charges,
        void_reason=None,
        history=loaded.history,
    )


def new_return_no(clock: Clock) -> str:
    """Twenty digits for paper: the Beijing day and twelve random ones; nothing can be read from them but the day."""
    return f"{clock.today():%Y%m%d}{secrets.randbelow(10**12):012d}"


def line_of(line: ExplainedLine) -> dict[str, Any]:
    """A line of the explanation as it is kept with the return."""
    return {
        "code": line.code,
        "label": line.label,
        "label_en": line.label_en,
        "formula": line.formula,
        "formula_en": line.formula_en,
        "value": line.value,
        "unit": line.unit,
        "is_output": line.is_output,
        "citations": [
            {
                "title": c.title,
                "article": c.article,
                "paraphrase": c.paraphrase,
                "source": c.source,
                "confidence": c.confidence,
            }
            for c in line.citations
        ],
    }


def _news(filed: Return) -> ReturnSubmitted | ReturnAmended:
    payable = sum(filed.taxes.values())
    if filed.amends_return_id is None:
        return ReturnSubmitted(
            filed.taxpayer_id, filed.return_id, filed.return_no, filed.tax_type_code, filed.period, payable
        )
    return ReturnAmended(
        filed.taxpayer_id,
        filed.return_id,
        filed.return_no,
        filed.amends_return_id,
        filed.obligation_id,
        filed.tax_type_code,
        filed.period,
        payable,
        sum(filed.charges.values()),
    )


async def _write(
    tx: Tx,
    filed: Return,
    draft_version: int | None,
    actor: Actor,
    clock: Clock,
    news: ReturnSubmitted | ReturnAmended | ReturnVoided,
    engine: Engine,
) -> bool:
    """Write the row and all that belongs to it in one statement; false when a race was lost and nothing written."""
    parts = [
        returns.insert_part(filed, draft_version),
        *_charge_parts(filed, filed.charges, actor),
        evidence.part(
            actor=actor,
            clock=clock,
            act=news.name,
            taxpayer_id=filed.taxpayer_id,
            subject_id=filed.return_id if filed.kind != "void" else filed.amends_return_id,
            payload={
                "return_no": filed.return_no,
                "period": filed.period,
                "kind": filed.kind,
                "draft_id": filed.draft_id,
                "draft_version": draft_version,
                "facts": filed.facts,
                "charges": filed.charges,
                "rule_version": filed.rule_version,
                "void_reason": filed.void_reason,
            },
            summary={"period": filed.period, "return_no": filed.return_no, "amount_fen": sum(filed.charges.values())},
        ),
        outbox.part(news, actor.request_id),
    ]
    try:
        if tx.is_in_transaction():
            # lint: sessions: in the sharded form only a savepoint lets the loser of a race read again
            async with tx.transaction():
                await together(tx, *parts, engine=engine)
        else:
            await together(tx, *parts, engine=engine)
    except (asyncpg.UniqueViolationError, asyncpg.ForeignKeyViolationError):
        return False
    return True


def _charge_parts(filed: Return, charges: Mapping[str, int], actor: Actor) -> list[Part]:
    return payment.charge_parts(
        taxpayer_id=filed.taxpayer_id,
        return_id=filed.return_id if filed.kind != "void" or not filed.amends_return_id else filed.amends_return_id,
        return_no=filed.return_no,
        period=filed.period,
        due_on=filed.due_on,
        items=[payment.ChargeItem(tax, amount) for tax, amount in charges.items()],
        booked_at=filed.filed_at,
        entry_id=filed.return_id,
        relates_to=filed.obligation_id,
        request_id=actor.request_id,
    )


async def void_return(
    tx: Tx,
    *,
    actor: Actor,
    clock: Clock,
    taxpayer_id: int,
    return_id: UUID,
    idempotency_key: str,
    reason: str,
    engine: Engine = "postgres",
) -> tuple[Return, bool]:
    """Take back an unpaid return: the voided return as it is now, and whether this request did it.

    Errors: filing.key_reused, filing.return_unknown, filing.not_current, filing.already_paid, filing.payment_running.
    """
    hashed = evidence.digest_of({"act": "void", "return_id": return_id, "reason": reason})
    for _ in range(TRIES):
        before = await returns.by_key(tx, taxpayer_id, idempotency_key)
        if before is not None:
            _same_request(before, hashed)
            return await _readable(tx, taxpayer_id, return_id), False
        filed = await _readable(tx, taxpayer_id, return_id)
        await _check_void(tx, filed, clock)
        void = _void_of(filed, actor, clock, idempotency_key, hashed, reason)
        news = ReturnVoided(taxpayer_id, return_id, filed.tax_type_code, filed.period)
        if await _write(tx, void, None, actor, clock, news, engine):
            return await _readable(tx, taxpayer_id, return_id), True
    raise faults.Busy()


async def _readable(tx: Tx, taxpayer_id: int, return_id: UUID) -> Return:
    filed = await returns.readable_return(tx, taxpayer_id, return_id)
    if filed is None:
        raise errors.ReturnUnknown()
    return filed


async def _check_void(tx: Tx, filed: Return, clock: Clock) -> None:
    current = filed.history.current
    if current is None or current.return_id != filed.return_id:
        raise errors.NotCurrent()
    chain = filed.history.chain(filed.obligation_id)
    standing = await standing_of(tx, filed.taxpayer_id, chain, clock)
    if standing.state == "paying":
        raise errors.PaymentRunning()
    if standing.state not in ("unpaid", "nothing_due"):
        raise errors.AlreadyPaid()


def _void_of(filed: Return, actor: Actor, clock: Clock, key: str, hashed: bytes, reason: str) -> Return:
    return replace(
        filed,
        return_id=uuid7(),
        return_no=new_return_no(clock),
        sequence=filed.history.next_sequence,
        kind="void",
        draft_id=None,
        amends_return_id=filed.return_id,
        idempotency_key=key,
        request_hash=hashed,
        filed_at=clock.now(),
        filed_channel=actor.channel,
        filed_by=actor.person_id,
        fields=[],
        result={},
        lines=[],
        facts={},
        taxes={},
        charges={tax: -amount for tax, amount in filed.charges.items()},
        void_reason=reason,
    )
