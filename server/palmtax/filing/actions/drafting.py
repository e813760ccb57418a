"""Beginning, correcting and discarding drafts; beginning an amendment."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import asyncpg

from palmtax import registry
from palmtax.base.actor import Actor
from palmtax.base.clock import Clock
from palmtax.base.identifiers import uuid7
from palmtax.base.period import Period
from palmtax.filing import errors
from palmtax.filing.actions.loading import Loaded, readable_draft
from palmtax.filing.model.fields import ASKED_BY_CODE, COMPUTED_BY_CODE, TAX
from palmtax.filing.model.history import History
from palmtax.filing.model.obligations import periods_owed, window
from palmtax.filing.model.returns import Return
from palmtax.filing.schemas import Correction
from palmtax.filing.store import drafts, returns
from palmtax.plumbing.database import Tx
from palmtax.plumbing.together import Engine


async def start_draft(
    tx: Tx, *, actor: Actor, clock: Clock, taxpayer_id: int, period_code: str, engine: Engine = "postgres"
) -> Loaded:
    """Begin the draft of a period, or find the one that was begun on whatever channel.

    Errors: filing.not_small_scale, filing.wrong_period, filing.period_not_begun, filing.period_out_of_reach,
    filing.already_filed.
    """
    taxpayer = await registry.taxpayer(tx, taxpayer_id)
    period = _owed_period(taxpayer, period_code, clock)
    history = (await returns.histories(tx, taxpayer_id, TAX, [period.code])).get(period.code, History([]))
    if history.current is not None:
        raise already_filed(period.code, history)
    return await _begin(tx, actor, clock, taxpayer_id, period, history, None, {}, engine)


def already_filed(period: str, history: History) -> errors.AlreadyFiled:
    """The refusal that names the return which counts."""
    current = history.current or history.entries[-1]
    return errors.AlreadyFiled(period=period, return_no=current.return_no, return_id=str(current.return_id))


def _owed_period(taxpayer: registry.Taxpayer, code: str, clock: Clock) -> Period:
    if taxpayer.vat_kind != "small_scale":
        raise errors.NotSmallScale()
    try:
        period = Period.parse(code)
    except ValueError:
        raise errors.QueryMalformed(what=code) from None
    if period.kind != taxpayer.filing_period:
        expected, expected_en = ("季度", "quarter") if taxpayer.filing_period == "quarter" else ("月", "month")
        raise errors.WrongPeriod(expected=expected, expected_en=expected_en, period=code)
    owed = periods_owed(period.kind, taxpayer.registered_on, clock.today())
    if period.first_day > clock.today():
        raise errors.PeriodNotBegun(period=code)
    if period not in owed:
        raise errors.PeriodBeforeRegistration(period=code, first=owed[0].code)
    return period


async def _begin(
    tx: Tx,
    actor: Actor,
    clock: Clock,
    taxpayer_id: int,
    period: Period,
    history: History,
    amends_return_id: UUID | None,
    corrections: dict[str, Any],
    engine: Engine,
) -> Loaded:
    draft_id = await drafts.begin(
        tx,
        taxpayer_id,
        uuid7(),
        tax_type_code=TAX,
        period=period.code,
        sequence=history.next_sequence,
        amends_return_id=amends_return_id,
        window=window(period),
        corrections=corrections,
        channel=actor.channel,
        by=actor.person_id,
        at=clock.now(),
    )
    return await readable_draft(tx, taxpayer_id=taxpayer_id, draft_id=draft_id, clock=clock, engine=engine)


async def change_draft(
    tx: Tx,
    *,
    actor: Actor,
    clock: Clock,
    taxpayer_id: int,
    draft_id: UUID,
    version: int,
    corrections: Sequence[Correction],
    engine: Engine = "postgres",
) -> Loaded:
    """Put corrections on top of the version the person saw; the prefilled values stay beside them.

    Errors: filing.draft_unknown, filing.draft_submitted, filing.draft_changed (with the newer values),
    filing.field_unknown, filing.field_computed, filing.reason_missing, filing.value_negative.
    """
    loaded = await readable_draft(tx, taxpayer_id=taxpayer_id, draft_id=draft_id, clock=clock, engine=engine)
    _may_be_changed(loaded, version)
    wanted = dict(loaded.draft.corrections)
    for correction in corrections:
        _correct(wanted, correction, loaded, actor, clock)
    try:
        done = await drafts.change(tx, taxpayer_id, draft_id, version, wanted, actor.channel, clock.now())
    except asyncpg.ForeignKeyViolationError:
        raise errors.DraftSubmitted() from None
    after = await readable_draft(tx, taxpayer_id=taxpayer_id, draft_id=draft_id, clock=clock, engine=engine)
    if not done:
        raise changed(after)
    return after


def changed(loaded: Loaded) -> errors.DraftChanged:
    """The refusal that carries what is there now."""
    return errors.DraftChanged(
        version=loaded.draft.version, values=loaded.values, last_channel=loaded.draft.last_channel
    )


def _may_be_changed(loaded: Loaded, version: int) -> None:
    if loaded.history.of_draft(loaded.draft.draft_id) is not None:
        raise errors.DraftSubmitted()
    if loaded.draft.version != version:
        raise changed(loaded)


def _correct(
    wanted: dict[str, dict[str, Any]], correction: Correction, loaded: Loaded, actor: Actor, clock: Clock
) -> None:
    if correction.field in COMPUTED_BY_CODE:
        computed = COMPUTED_BY_CODE[correction.field]
        raise errors.FieldComputed(field=computed.code, label=computed.label, label_en=computed.label_en)
    field = ASKED_BY_CODE.get(correction.field)
    if field is None:
        raise errors.FieldUnknown(field=correction.field)
    shown = next(f for f in loaded.working.fields if f.code == field.code)
    if correction.value_fen is None or correction.value_fen == shown.prefilled_fen:
        wanted.pop(field.code, None)
        return
    if correction.value_fen < 0:
        raise errors.ValueNegative(field=field.code, label=field.label, label_en=field.label_en)
    reason = (correction.reason or "").strip()
    if not reason:
        raise errors.ReasonMissing(field=field.code, label=field.label, label_en=field.label_en)
    wanted[field.code] = {
        "value_fen": correction.value_fen,
        "reason": reason,
        "prefilled_fen": shown.prefilled_fen,
        "at": clock.now().isoformat(),
        "by": actor.person_id,
        "channel": actor.channel,
    }


async def discard_draft(tx: Tx, *, taxpayer_id: int, draft_id: UUID) -> None:
    """Throw a draft away with its corrections. Errors: filing.draft_unknown, filing.draft_submitted."""
    try:
        gone = await drafts.discard(tx, taxpayer_id, draft_id)
    except asyncpg.ForeignKeyViolationError:
        raise errors.DraftSubmitted() from None
    if not gone:
        raise errors.DraftUnknown()


async def start_amendment(
    tx: Tx, *, actor: Actor, clock: Clock, taxpayer_id: int, return_id: UUID, engine: Engine = "postgres"
) -> Loaded:
    """Begin the amendment of the return that counts, or find the one that was begun; its corrections are carried over.

    Errors: filing.return_unknown, filing.not_current.
    """
    filed = await returns.readable_return(tx, taxpayer_id, return_id)
    if filed is None:
        raise errors.ReturnUnknown()
    if filed.history.current is None or filed.history.current.return_id != return_id:
        raise errors.NotCurrent()
    period = Period.parse(filed.period)
    carried = _carried(filed, actor, clock)
    return await _begin(tx, actor, clock, taxpayer_id, period, filed.history, return_id, carried, engine)


def _carried(filed: Return, actor: Actor, clock: Clock) -> dict[str, Any]:
    return {
        field["code"]: {
            "value_fen": field["value_fen"],
            "reason": field["reason"],
            "prefilled_fen": field["prefilled_fen"],
            "at": clock.now().isoformat(),
            "by": actor.person_id,
            "channel": actor.channel,
        }
        for field in filed.fields
        if field["is_corrected"]
    }
