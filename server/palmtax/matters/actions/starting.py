"""Beginning a matter: the hat, what is already held, one row."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from palmtax.base.actor import Actor
from palmtax.base.clock import Clock
from palmtax.base.identifiers import uuid7
from palmtax.matters.actions import hats, sources
from palmtax.matters.errors import ApplicationUnknown, TooManyDrafts
from palmtax.matters.model import catalogue
from palmtax.matters.model.answers import Answers
from palmtax.matters.model.application import Application, Move, application_number
from palmtax.matters.model.matter import Matter
from palmtax.matters.store import applications
from palmtax.plumbing.database import Tx
from palmtax.plumbing.together import Part, together

MOST_DRAFTS = 200


async def start(
    tx: Tx, *, actor: Actor, clock: Clock, matter_code: str, is_fresh: bool = False, journey_id: UUID | None = None,
    shared: Answers | None = None,
) -> Application:  # fmt: skip
    """A draft of a matter, filled with what the bureau holds; an open one of the same person is continued unless `is_fresh`.

    Errors: matters.matter_unknown, matters.wrong_hat, matters.too_many_drafts.
    """
    matter = catalogue.find_matter(matter_code)
    who = await hats.standing(tx, actor=actor, clock=clock)
    hats.check_hat(matter, who)
    if not is_fresh and journey_id is None:
        known = await applications.open_draft(
            tx, taxpayer_id=who.taxpayer_id, matter_code=matter_code, person_id=actor.person_id
        )
        if known is not None:
            return await readable(tx, taxpayer_id=who.taxpayer_id, application_id=known)
    if (await applications.counts(tx, who.taxpayer_id))["drafts"] >= MOST_DRAFTS:
        raise TooManyDrafts(limit=MOST_DRAFTS)
    made = await _drafted(tx, matter, who, actor, clock, journey_id, shared or {})
    await together(tx, applications.insert_part(made), moved(made, "matters.application_started", actor, clock.now()))
    return made


async def _drafted(
    tx: Tx, matter: Matter, who: hats.Standing, actor: Actor, clock: Clock, journey_id: UUID | None, shared: Answers
) -> Application:
    held = await sources.held(tx, actor=actor, clock=clock, taxpayer_id=who.taxpayer_id, names=matter.sources)
    now, number = clock.now(), uuid7()
    filled = shared | sources.prefilled(matter, held, channel=actor.channel, at=now)
    return Application(
        taxpayer_id=who.taxpayer_id, application_id=number, application_no=application_number(number, clock.today()),
        matter_code=matter.code, catalogue_version=catalogue.version(), state="draft", version=1, category=who.category,
        role_code=who.role_code, office_code=who.office_code, answers=filled, started_by=actor.person_id,
        started_channel=actor.channel, last_channel=actor.channel, started_at=now, updated_at=now, journey_id=journey_id,
    )  # fmt: skip


def moved(one: Application, act: str, actor: Actor | None, at: datetime, note: str = "") -> Part:
    """Something that happened to an application, as a part of one statement."""
    move = Move(
        uuid7(), at, act, actor.channel if actor else "system", actor.person_id if actor else 0,
        bool(actor and actor.is_officer), note,
    )  # fmt: skip
    return applications.move_part(one.taxpayer_id, one.application_id, move)


async def readable(tx: Tx, *, taxpayer_id: int, application_id: UUID) -> Application:
    """The application of this taxpayer. Errors: matters.application_unknown. One round trip."""
    found = await applications.readable_application(tx, taxpayer_id=taxpayer_id, application_id=application_id)
    if found is None:
        raise ApplicationUnknown()
    return found
