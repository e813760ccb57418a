"""What a person wishes to be told, and how."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from palmtax import evidence
from palmtax.base.actor import Actor
from palmtax.base.clock import Clock
from palmtax.messaging.errors import ChoiceUnknown
from palmtax.messaging.model.messages import Preference, at_first, choices, completed
from palmtax.messaging.store import wishes as store
from palmtax.plumbing.database import Tx
from palmtax.plumbing.effects import Act, Done, Line, effect


async def preference_of(tx: Tx, *, taxpayer_id: int, person_id: int) -> Preference:
    """What this person chose; everything, in the inbox, when they never chose. One round trip."""
    return await store.preference(tx, taxpayer_id, person_id) or at_first()


async def set_preferences(
    tx: Tx,
    *,
    actor: Actor,
    clock: Clock,
    taxpayer_id: int,
    topics: Sequence[str],
    ways: Sequence[str],
    application_id: UUID | None = None,
) -> Preference:
    """Keep what this person wishes; topics and ways that cannot be left out are put back in.

    Codes and titles of the list are both understood. Errors: messaging.choice_unknown.
    """
    wish = Preference(completed("topics", _codes("topics", topics)), completed("ways", _codes("ways", ways)))
    person = {"taxpayer_id": taxpayer_id, "person_id": actor.person_id}
    if await store.keep_preference(tx, **person, wish=wish, at=clock.now(), application_id=application_id):
        await evidence.append(
            tx,
            actor=actor,
            clock=clock,
            act="messaging.preferences_set",
            taxpayer_id=taxpayer_id,
            subject_id=application_id,
            payload={"topics": list(wish.topics), "ways": list(wish.ways)},
        )
    return await preference_of(tx, **person)


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
