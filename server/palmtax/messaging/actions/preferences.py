"""What a person wishes to be told and how, and what they agreed to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import time
from uuid import UUID

from palmtax import evidence
from palmtax.base.actor import Actor
from palmtax.base.clock import Clock
from palmtax.messaging.errors import ChoiceUnknown, NoticeChanged
from palmtax.messaging.model.messages import ConsentGiven, Preference, at_first, choices, completed
from palmtax.messaging.model.sending import Quiet, sending
from palmtax.messaging.model.templates import Language
from palmtax.messaging.store import wishes as store
from palmtax.plumbing.database import Tx
from palmtax.plumbing.effects import Act, Done, Line, effect

NO_SESSION = UUID(int=0)
"""The session of what a person said outside."""


async def preference_of(tx: Tx, *, taxpayer_id: int, person_id: int) -> Preference:
    """What this person chose; everything, by the ways that cost nothing, when they never chose. One round trip."""
    return (await store.preferences(tx, taxpayer_id, [person_id])).get(person_id) or at_first()


@dataclass(frozen=True, slots=True)
class Reading:
    """How a person likes to read: what is none stays as it was. `quiet` is two hours of the China day, or empty for none."""

    language: Language | None = None
    is_elder: bool | None = None
    quiet: tuple[time, time] | tuple[()] | None = None


async def set_preferences(
    tx: Tx,
    *,
    actor: Actor,
    clock: Clock,
    taxpayer_id: int,
    topics: Sequence[str],
    ways: Sequence[str],
    reading: Reading = Reading(),
    application_id: UUID | None = None,
) -> Preference:
    """Keep what this person wishes; topics and ways that cannot be left out are put back in.

    Codes and titles of the list are both understood. Errors: messaging.choice_unknown.
    """
    person = {"taxpayer_id": taxpayer_id, "person_id": actor.person_id}
    before = await preference_of(tx, **person)
    wish = replace(
        before,
        topics=completed("topics", _codes("topics", topics)),
        ways=completed("ways", _codes("ways", ways)),
        language=reading.language or before.language,
        is_elder=before.is_elder if reading.is_elder is None else reading.is_elder,
        quiet=before.quiet if reading.quiet is None else Quiet(*reading.quiet) if reading.quiet else None,
    )
    if await store.keep_preference(tx, **person, wish=wish, at=clock.now(), application_id=application_id):
        await evidence.append(
            tx,
            actor=actor,
            clock=clock,
            act="messaging.preferences_set",
            taxpayer_id=taxpayer_id,
            subject_id=application_id,
            payload={
                "topics": list(wish.topics),
                "ways": list(wish.ways),
                "language": wish.language,
                "is_elder": wish.is_elder,
                "quiet": [wish.quiet.start.isoformat(), wish.quiet.end.isoformat()] if wish.quiet else [],
            },
        )
    return await preference_of(tx, **person)


async def consents_of(tx: Tx, *, taxpayer_id: int, person_id: int) -> list[ConsentGiven]:
    """What this person agreed to and took back, the last word first. One round trip."""
    return await store.consent_history(tx, taxpayer_id, person_id)


async def decide_consent(
    tx: Tx, *, actor: Actor, clock: Clock, taxpayer_id: int, purpose: str, is_given: bool, notice: str
) -> None:
    """Agree to messages of a purpose, having read this version of the notice, or take it back; evidence each time.

    Taking back costs nothing else (个人信息保护法 第十五条、第十六条). Errors: messaging.choice_unknown,
    messaging.notice_changed.
    """
    known = sending().consents
    if purpose not in known:
        raise ChoiceUnknown(choice=purpose[:40], known="、".join(known))
    if is_given and notice != known[purpose].notice:
        raise NoticeChanged()
    given = ConsentGiven(purpose, is_given, notice or known[purpose].notice, "screen", clock.now())
    await _keep_consent(tx, actor=actor, clock=clock, taxpayer_id=taxpayer_id, given=given)


async def unsubscribe(
    tx: Tx, clock: Clock, taxpayer_id: int, person_id: int, purpose: str, request_id: str = ""
) -> None:
    """A person said in a channel (退订, a link in a mail) that they want no more of a purpose. Unknown ones do nothing."""
    if purpose in sending().consents:
        actor = Actor(person_id, NO_SESSION, None, "system", request_id)
        given = ConsentGiven(purpose, False, sending().consents[purpose].notice, "channel", clock.now())
        await _keep_consent(tx, actor=actor, clock=clock, taxpayer_id=taxpayer_id, given=given)


async def _keep_consent(tx: Tx, *, actor: Actor, clock: Clock, taxpayer_id: int, given: ConsentGiven) -> None:
    if not await store.add_consent(tx, taxpayer_id=taxpayer_id, person_id=actor.person_id, given=given):
        return
    await evidence.append(
        tx,
        actor=actor,
        clock=clock,
        act="messaging.consent_decided",
        taxpayer_id=taxpayer_id,
        subject_id=None,
        payload={
            "person_id": actor.person_id,
            "purpose": given.purpose,
            "is_given": given.is_given,
            "notice": given.notice,
            "proof": given.proof,
        },
        summary={"purpose": given.purpose, "is_given": given.is_given},
    )


def _codes(what: str, chosen: Sequence[str]) -> list[str]:
    named = {one.title: one.code for one in choices(what).values()} | {code: code for code in choices(what)}
    for one in chosen:
        if one not in named:
            raise ChoiceUnknown(choice=one[:40], known="、".join(choices(what)))
    return [named[one] for one in chosen]


@effect("messaging.set_preferences")
async def set_preferences_effect(tx: Tx, *, act: Act, topics: list[str], channels: list[str]) -> Done:
    """接收偏好: which topics, in which ways; the same application again changes nothing."""
    wish = await set_preferences(
        tx,
        actor=act.actor,
        clock=act.clock,
        taxpayer_id=act.taxpayer_id,
        topics=topics,
        ways=channels,
        application_id=act.application_id,
    )
    topics_shown = "、".join(choices("topics")[one].title for one in wish.topics)
    ways_shown = "、".join(choices("ways")[one].title for one in wish.ways)
    return Done(
        {"topics": ",".join(wish.topics), "channels": ",".join(wish.ways)},
        (Line("接收的内容", "Told about", topics_shown), Line("接收的方式", "Told by", ways_shown)),
    )
