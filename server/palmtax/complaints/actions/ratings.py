"""好差评: one rating for each service act; whoever is not content is called."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from palmtax import evidence, messaging, rules
from palmtax.base.actor import Actor
from palmtax.base.clock import Clock
from palmtax.base.identifiers import uuid7
from palmtax.complaints.actions.recording import wrong_state
from palmtax.complaints.errors import (
    AlreadyRated,
    ChoiceUnknown,
    HandlerInvolved,
    RatingUnknown,
    ReasonMissing,
)
from palmtax.complaints.events import BadRatingGiven
from palmtax.complaints.model.kinds import days_of, is_bad, levels, tags
from palmtax.complaints.model.rating import Rating
from palmtax.complaints.store import ratings as store
from palmtax.plumbing import outbox
from palmtax.plumbing.database import Tx


async def rate_service(
    tx: Tx,
    *,
    actor: Actor,
    clock: Clock,
    taxpayer_id: int,
    subject_kind: str,
    subject_id: UUID,
    title: str,
    title_en: str,
    office_code: str,
    stars: int,
    tags: Sequence[str] = (),
    text: str = "",
    handled_by: Sequence[int] = (),
    application_id: UUID | None = None,
) -> Rating:
    """Rate one service act with one to five stars (国办发〔2019〕51号); the same rating again gives the first.

    One or two stars are bad: somebody who did not handle it calls within a working day and answers within fifteen.
    Errors: complaints.already_rated, complaints.choice_unknown.
    """
    chosen = _tags(tags)
    if stars not in levels():
        raise ChoiceUnknown(choice=str(stars), known="、".join(str(one) for one in sorted(levels())))
    today, bad = clock.today(), is_bad(stars)
    made = Rating(
        taxpayer_id=taxpayer_id,
        rating_id=uuid7(),
        subject_kind=subject_kind,
        subject_id=subject_id,
        title=title,
        title_en=title_en,
        stars=stars,
        tags=chosen,
        text=text.strip(),
        person_id=actor.person_id,
        office_code=office_code,
        not_for=tuple(sorted(set(handled_by))),
        state="follow_up" if bad else "noted",
        rated_at=clock.now(),
        contact_by_on=rules.add_working_days(today, days_of("contact_days", today)) if bad else None,
        feedback_by_on=rules.add_working_days(today, days_of("feedback_days", today)) if bad else None,
        application_id=application_id,
    )
    if await store.insert(tx, made):
        await _announce(tx, actor, clock, made)
        return made
    first = await store.of_subject(tx, taxpayer_id, subject_kind, subject_id)
    if first is None or (first.stars, first.tags, first.text) != (made.stars, made.tags, made.text):
        raise AlreadyRated()
    return first


def _tags(chosen: Sequence[str]) -> tuple[str, ...]:
    named = {one.title: one.code for one in tags().values()} | {code: code for code in tags()}
    for one in chosen:
        if one not in named:
            raise ChoiceUnknown(choice=one[:40], known="、".join(tags()))
    return tuple(dict.fromkeys(named[one] for one in chosen))


async def _announce(tx: Tx, actor: Actor, clock: Clock, made: Rating) -> None:
    await evidence.append(
        tx,
        actor=actor,
        clock=clock,
        act="complaints.rating_given",
        taxpayer_id=made.taxpayer_id,
        subject_id=made.subject_id,
        payload={"stars": made.stars, "tags": list(made.tags), "text": made.text},
        summary={"stars": made.stars},
    )
    if made.contact_by_on is None:
        return
    due_on = made.contact_by_on.isoformat()
    level = levels()[made.stars]
    event = BadRatingGiven(
        made.taxpayer_id,
        made.rating_id,
        f"stars_{made.stars}",
        f"{level.title}：{made.title}",
        f"{level.title_en}: {made.title_en}",
        due_on,
        made.office_code,
        made.not_for,
    )
    await outbox.emit(tx, event, actor.request_id)
    await _tell(tx, clock, made, "rating_follow_up", {"due_on": due_on})


async def _tell(tx: Tx, clock: Clock, rating: Rating, template: str, values: dict[str, str | int]) -> None:
    await messaging.tell(
        tx,
        clock=clock,
        taxpayer_id=rating.taxpayer_id,
        template=template,
        values={"title": rating.title, "title_en": rating.title_en, **values},
        subject_kind="rating",
        subject_id=rating.rating_id,
        key=f"{template}:{rating.rating_id}",
    )


async def readable_rating(tx: Tx, *, actor: Actor, taxpayer_id: int, rating_id: UUID) -> Rating:
    """The rating, for an officer whom it does not concern. Errors: complaints.rating_unknown, handler_involved."""
    found = await store.rating(tx, taxpayer_id, rating_id)
    if found is None:
        raise RatingUnknown()
    if actor.person_id in {*found.not_for, found.person_id}:
        raise HandlerInvolved()
    return found


async def acts_on_rating(tx: Tx, *, actor: Actor, clock: Clock, taxpayer_id: int, subject_id: UUID) -> frozenset[str]:
    """What this officer may do with a rating now: call, answer. One round trip."""
    del clock
    found = await store.rating(tx, taxpayer_id, subject_id)
    if found is None or actor.person_id in {*found.not_for, found.person_id}:
        return frozenset()
    acts = {"follow_up": {"contact", "answer", "forward"}, "contacted": {"answer", "forward"}}.get(found.state, set())
    return frozenset(acts if actor.may("complaints.handle") else acts - {"contact"})


async def forward_rating(
    tx: Tx, *, actor: Actor, clock: Clock, taxpayer_id: int, subject_id: UUID, office_code: str, reason: str
) -> tuple[int, ...]:
    """Another office follows it up. Gives those whom it concerns. Errors: as `readable_rating`."""
    found = await readable_rating(tx, actor=actor, taxpayer_id=taxpayer_id, rating_id=subject_id)
    await store.forward(tx, taxpayer_id, subject_id, office_code)
    await evidence.append(
        tx,
        actor=actor,
        clock=clock,
        act="complaints.rating_forwarded",
        taxpayer_id=taxpayer_id,
        subject_id=subject_id,
        payload={"from_office": found.office_code, "to_office": office_code, "reason": reason.strip()},
    )
    return found.not_for


async def contact(tx: Tx, *, actor: Actor, clock: Clock, taxpayer_id: int, subject_id: UUID, note: str) -> Rating:
    """Somebody called who gave a bad rating; a second call changes nothing. Errors: as `readable_rating`."""
    found = await readable_rating(tx, actor=actor, taxpayer_id=taxpayer_id, rating_id=subject_id)
    after = await store.contact(tx, taxpayer_id, subject_id, clock.now())
    if after is None:
        return found
    await evidence.append(
        tx,
        actor=actor,
        clock=clock,
        act="complaints.rating_contacted",
        taxpayer_id=taxpayer_id,
        subject_id=subject_id,
        payload={"note": note.strip()},
    )
    return after


async def answer_rating(tx: Tx, *, actor: Actor, clock: Clock, taxpayer_id: int, subject_id: UUID, text: str) -> Rating:
    """What came of a bad rating; the person is told. The answer is also the call when nobody called before.

    Errors: complaints.rating_unknown, handler_involved, reason_missing, state_wrong.
    """
    found = await readable_rating(tx, actor=actor, taxpayer_id=taxpayer_id, rating_id=subject_id)
    if not text.strip():
        raise ReasonMissing()
    after = await store.answer(tx, taxpayer_id, subject_id, text.strip(), clock.now())
    if after is None:
        if found.answer == text.strip():
            return found
        raise wrong_state(found.state)
    await evidence.append(
        tx,
        actor=actor,
        clock=clock,
        act="complaints.rating_answered",
        taxpayer_id=taxpayer_id,
        subject_id=subject_id,
        payload={"answer": after.answer},
    )
    await _tell(tx, clock, after, "rating_answered", {"answer": after.answer})
    return after
