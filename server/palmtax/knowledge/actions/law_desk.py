"""Versions of numbers of the law: draft, send, approve by another officer, return, withdraw. Nothing is overwritten.

Each act is one row more, with its evidence in the same transaction; who is second at the same place is refused.
What takes time (the trial) is done between transactions.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from datetime import date
from typing import Any, Protocol
from uuid import UUID

from palmtax import evidence, rules
from palmtax.base.actor import Actor
from palmtax.base.clock import Clock
from palmtax.base.identifiers import uuid7
from palmtax.knowledge import errors
from palmtax.knowledge.actions.enacting import enact_approved
from palmtax.knowledge.actions.law_library import readable_parameter
from palmtax.knowledge.actions.trials import trial_of
from palmtax.knowledge.events import LawChanged
from palmtax.knowledge.model.law_desk import STATES, Act, ActName, Change
from palmtax.knowledge.model.law_values import malformed, read_value
from palmtax.knowledge.schemas.law_desk import ChangeDraft, ChangeEdit
from palmtax.knowledge.store import law_desk as store
from palmtax.plumbing import faults, outbox
from palmtax.plumbing.database import Tx

NO_TAXPAYER = 0
"""Evidence of the law lies under no taxpayer."""
_RECORDS: Mapping[ActName, str] = {
    "drafted": "knowledge.change_drafted",
    "edited": "knowledge.change_edited",
    "sent": "knowledge.change_sent",
    "returned": "knowledge.change_returned",
    "approved": "knowledge.change_approved",
    "withdrawn": "knowledge.change_withdrawn",
}


class Transaction(Protocol):
    """Opens a transaction of its own each time it is called."""

    def __call__(self) -> AbstractAsyncContextManager[Tx]:
        """The transaction; committed at the end of the block."""
        ...


async def readable_change(tx: Tx, change_id: UUID) -> Change:
    """One version. One round trip. Errors: knowledge.change_unknown."""
    found = await store.change(tx, change_id)
    if found is None:
        raise errors.ChangeUnknown()
    return found


async def changes(
    tx: Tx, *, state: str | None, today: date, cursor: UUID | None, limit: int
) -> tuple[list[Change], UUID | None]:
    """A page of versions, newest first, and where the next begins. Two round trips."""
    found = await store.page(tx, state=state, today=today, before=cursor, limit=limit)
    return found[:limit], found[limit - 1].change_id if len(found) > limit else None


def body_of(key: str, given: ChangeEdit, today: date) -> dict[str, Any]:
    """The version as it is kept: every value in the law's own plain form, every field checked.

    Errors: knowledge.parameter_unknown, knowledge.change_malformed, knowledge.change_overlaps_past.
    """
    parameter = readable_parameter(key)
    if given.published > today:
        raise malformed("公布日", "published", "不能晚于今天", "it is later than today")
    try:
        rules.find_article(given.article)
    except rules.LawError:
        raise malformed(
            "依据", "article", "法规库中没有这一条，写作“标题 条款”", "no such article in the library of statutes"
        ) from None
    fields = given.model_dump(exclude={"key", "confirm_retroactive"})
    read = read_value(parameter, {"law": fields.pop("article"), **fields})
    if given.first_day < today and not given.confirm_retroactive:
        raise errors.ChangeOverlapsPast(first_day=given.first_day)
    kept = given.model_dump(mode="json", exclude={"key"})
    return {**kept, "value": rules.plain_number(parameter.kind, read.value)}


async def draft(
    tx: Tx, *, actor: Actor, clock: Clock, given: ChangeDraft, idempotency_key: str | None = None
) -> Change:
    """Begin a version; the same key with the same content gives the same version again. A few round trips.

    Errors: those of `body_of`, knowledge.key_reused.
    """
    body = body_of(given.key, given, clock.today())
    hashed = evidence.digest_of({"act": "draft", **given.model_dump(mode="json")})
    now = clock.now()
    first = Act(1, "drafted", actor.person_id, now, None, body, None)
    made = Change(uuid7(), given.key, actor.person_id, now, hashed, (first,))
    if not await store.insert_change(tx, made, idempotency_key):
        before = await store.by_key(tx, actor.person_id, idempotency_key or "")
        if before is None or before.request_hash != hashed:
            raise errors.DraftKeyReused()
        return before
    await _record(tx, actor, clock, made, first)
    return made


async def edit(tx: Tx, *, actor: Actor, clock: Clock, change_id: UUID, given: ChangeEdit) -> Change:
    """Change one's own version while it is a draft or was returned.

    Errors: those of `body_of`, knowledge.change_unknown, knowledge.change_not_yours, knowledge.change_state.
    """
    change = await _locked(tx, change_id)
    _own(change, actor)
    _in_state(change, clock, "draft", "returned")
    body = body_of(change.key, given, clock.today())
    return await _act(tx, actor, clock, change, "edited", body=body)


async def send(transaction: Transaction, *, actor: Actor, clock: Clock, change_id: UUID, seen: int | None) -> Change:
    """Hand one's own version to another officer, once its trial finds no fault.

    Errors: knowledge.change_unknown, change_not_yours, change_state, change_moved, change_overlaps_past, change_has_faults.
    """
    async with transaction() as tx:
        before = await readable_change(tx, change_id)
    _own(before, actor)
    await _sound(before, clock, "draft", "returned")
    async with transaction() as tx:
        change = await _same(tx, before, seen)
        return await _act(tx, actor, clock, change, "sent")


async def approve(transaction: Transaction, *, actor: Actor, clock: Clock, change_id: UUID, seen: int | None) -> Change:
    """Agree to another officer's version: it counts from its first day, everywhere, and the news is told.

    Errors: knowledge.change_unknown, same_officer, change_state, change_moved, change_overlaps_past, change_has_faults.
    """
    async with transaction() as tx:
        before = await readable_change(tx, change_id)
    _other(before, actor)
    trial = await _sound(before, clock, "sent")
    async with transaction() as tx:
        change = await _same(tx, before, seen)
        done = await _act(tx, actor, clock, change, "approved", body=change.body, trial=trial)
        await outbox.emit(tx, _news(done, is_withdrawn=False), actor.request_id)
    async with transaction() as tx:
        await enact_approved(tx)
    return done


async def send_back(tx: Tx, *, actor: Actor, clock: Clock, change_id: UUID, reason: str, seen: int | None) -> Change:
    """Give another officer's version back with the reason.

    Errors: knowledge.change_unknown, knowledge.same_officer, knowledge.change_state, knowledge.change_moved.
    """
    change = await _locked(tx, change_id)
    _other(change, actor)
    _in_state(change, clock, "sent")
    _unmoved(change, seen)
    return await _act(tx, actor, clock, change, "returned", reason=reason)


async def withdraw(
    transaction: Transaction, *, actor: Actor, clock: Clock, change_id: UUID, reason: str, seen: int | None
) -> Change:
    """Take a version back: one's own before the approval; an approved one, by who may approve, before its first day.

    Errors: knowledge.change_unknown, change_not_yours, change_state, change_in_force, change_moved, plumbing.not_allowed.
    """
    async with transaction() as tx:
        change = await _locked(tx, change_id)
        state = change.state(clock.today())
        if state == "effective":
            raise errors.ChangeInForce()
        _in_state(change, clock, "draft", "sent", "returned", "scheduled")
        if state != "scheduled":
            _own(change, actor)
        scope = "law.approve" if state == "scheduled" else "law.draft"
        if not actor.may(scope):
            raise faults.NotAllowed(scope=scope)
        _unmoved(change, seen)
        done = await _act(tx, actor, clock, change, "withdrawn", reason=reason)
        if state == "scheduled":
            await outbox.emit(tx, _news(done, is_withdrawn=True), actor.request_id)
    if state == "scheduled":
        async with transaction() as tx:
            await enact_approved(tx)
    return done


async def _locked(tx: Tx, change_id: UUID) -> Change:
    await store.one_at_a_time(tx, change_id)
    return await readable_change(tx, change_id)


async def _same(tx: Tx, before: Change, seen: int | None) -> Change:
    """The version again, under the lock: nothing may have happened since it was tried."""
    change = await _locked(tx, before.change_id)
    if change.last.act != before.last.act:
        raise _wrong_state(change, change.last.at.date())
    if len(change.acts) != len(before.acts):
        raise errors.ChangeMoved()
    _unmoved(change, seen)
    return change


def _unmoved(change: Change, seen: int | None) -> None:
    if seen is not None and seen != len(change.acts):
        raise errors.ChangeMoved()


def _own(change: Change, actor: Actor) -> None:
    if change.drafted_by != actor.person_id:
        raise errors.ChangeNotYours()


def _other(change: Change, actor: Actor) -> None:
    if change.drafted_by == actor.person_id:
        raise errors.SameOfficer()


def _in_state(change: Change, clock: Clock, *states: str) -> None:
    if change.state(clock.today()) not in states:
        raise _wrong_state(change, clock.today())


def _wrong_state(change: Change, today: date) -> errors.ChangeStateWrong:
    state = change.state(today)
    zh, en = STATES[state]
    return errors.ChangeStateWrong(state=state, state_zh=zh, state_en=en)


async def _sound(change: Change, clock: Clock, *states: str) -> Mapping[str, Any]:
    """The trial of a version that is where the act begins, meant as it is, and without a fault."""
    _in_state(change, clock, *states)
    if change.is_retroactive(clock.today()) and not change.body["confirm_retroactive"]:
        raise errors.ChangeOverlapsPast(first_day=change.first_day)
    trial = await trial_of(change, clock.today())
    if trial["faults"]:
        zh, en = trial["faults"][0]
        raise errors.ChangeHasFaults(count=len(trial["faults"]), first=zh, first_en=en)
    return trial


async def _act(
    tx: Tx,
    actor: Actor,
    clock: Clock,
    change: Change,
    name: ActName,
    *,
    reason: str | None = None,
    body: Mapping[str, Any] | None = None,
    trial: Mapping[str, Any] | None = None,
) -> Change:
    act = Act(len(change.acts) + 1, name, actor.person_id, clock.now(), reason, body, trial)
    done = Change(
        change.change_id, change.key, change.drafted_by, change.drafted_at, change.request_hash, (*change.acts, act)
    )
    await _record(tx, actor, clock, done, act)
    return done


async def _record(tx: Tx, actor: Actor, clock: Clock, change: Change, act: Act) -> None:
    """The act and its evidence. Two round trips."""
    await store.insert_act(tx, change.change_id, uuid7(), act)
    await evidence.append(
        tx,
        actor=actor,
        clock=clock,
        act=_RECORDS[act.act],
        taxpayer_id=NO_TAXPAYER,
        subject_id=change.change_id,
        payload={"key": change.key, "sequence": act.sequence, "body": dict(change.body), "reason": act.reason},
        summary={"key": change.key, "first_day": change.body["first_day"]},
    )


def _news(change: Change, *, is_withdrawn: bool) -> LawChanged:
    until = change.body["until"]
    return LawChanged(
        change.change_id,
        change.key,
        change.key.partition(".")[0],
        change.first_day,
        date.fromisoformat(until) if until else None,
        is_withdrawn,
    )
