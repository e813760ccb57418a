"""Working on a draft: save, discard, restore. A draft is the taxpayer's own paper, so nothing of it is evidence yet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from palmtax import registry
from palmtax.base.actor import Actor
from palmtax.base.clock import Clock
from palmtax.matters.actions.starting import moved, readable
from palmtax.matters.errors import AnswerRefused, OfficeUnknown, StateRefused, VersionConflict
from palmtax.matters.model import answers, catalogue, states
from palmtax.matters.model.application import Application
from palmtax.matters.store import applications, steps
from palmtax.plumbing.database import Tx
from palmtax.plumbing.together import together


async def save(
    tx: Tx, *, actor: Actor, clock: Clock, taxpayer_id: int, application_id: UUID, version: int,
    changes: Mapping[str, Any], spent_ms: Mapping[str, int], office_code: str | None,
) -> Application:  # fmt: skip
    """Keep changed answers of a draft or of a supplement. All or nothing.

    Errors: matters.application_unknown, matters.state_refused, matters.version_conflict, matters.answer_refused.
    """
    one = await readable(tx, taxpayer_id=taxpayer_id, application_id=application_id)
    if one.state not in states.EDITABLE:
        raise state_refused(one)
    if one.version != version:
        raise VersionConflict(current_version=one.version)
    matter = catalogue.find_matter(one.matter_code)
    kept, wrong = answers.accepted(matter, one.answers, changes, channel=actor.channel, at=clock.now())
    if wrong:
        raise AnswerRefused(first=wrong[0].text, first_en=wrong[0].text_en, problems=[one.as_dict() for one in wrong])
    office = await _office(tx, one, office_code, actor, clock)
    changed = replace(one, answers=kept, last_channel=actor.channel, updated_at=clock.now(), office_code=office)
    written = await together(
        tx,
        applications.answers_part(changed, version),
        *steps.parts(one, spent_ms=spent_ms, changes=changes, at=clock.now()),
    )
    if not written[0]:
        raise VersionConflict(current_version=version + 1)
    return replace(changed, version=version + 1)


async def _office(tx: Tx, one: Application, asked: str | None, actor: Actor, clock: Clock) -> str:
    """A natural person chooses the office, for this matter and those that follow; a business has its own.

    An agent chooses for the one matter only. What was handed in stays where it is.
    """
    if asked in (None, one.office_code) or one.category != "natural_person" or one.state != "draft":
        return one.office_code
    if await registry.office(tx, asked) is None:
        raise OfficeUnknown()
    if actor.hat is not None and actor.hat.kind == "self":
        await registry.choose_office(tx, actor=actor, clock=clock, taxpayer_id=one.taxpayer_id, office_code=asked)
    return asked


def state_refused(one: Application) -> StateRefused:
    """The refusal of an act that the state does not allow."""
    zh, en = states.STATES[one.state]
    return StateRefused(state=zh, state_en=en)


async def discard(tx: Tx, *, actor: Actor, clock: Clock, taxpayer_id: int, application_id: UUID) -> Application:
    """Throw a draft away; it can be restored for 30 days."""
    return await _turned(tx, actor, clock, taxpayer_id, application_id, "draft", "discarded")


async def restore(tx: Tx, *, actor: Actor, clock: Clock, taxpayer_id: int, application_id: UUID) -> Application:
    """Take a discarded draft back. Errors: matters.state_refused after 30 days."""
    one = await readable(tx, taxpayer_id=taxpayer_id, application_id=application_id)
    if one.updated_at < clock.now() - timedelta(days=states.RESTORE_DAYS):
        raise state_refused(one)
    return await _turned(tx, actor, clock, taxpayer_id, application_id, "discarded", "draft")


async def _turned(
    tx: Tx, actor: Actor, clock: Clock, taxpayer_id: int, application_id: UUID, before: str, after: states.State
) -> Application:
    one = await readable(tx, taxpayer_id=taxpayer_id, application_id=application_id)
    if one.state != before:
        raise state_refused(one)
    changed = replace(one, state=after, version=one.version + 1, updated_at=clock.now(), last_channel=actor.channel)
    written = await together(
        tx,
        applications.update_part(changed, one.version),
        moved(one, f"matters.application_{_ACTS[after]}", actor, clock.now()),
    )
    if not written[0]:
        raise VersionConflict(current_version=one.version + 1)
    return changed


_ACTS = {"discarded": "discarded", "draft": "restored"}
