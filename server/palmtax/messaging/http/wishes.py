"""Routes of what a person wishes and agrees to."""

from __future__ import annotations

from datetime import time

from palmtax.messaging.actions import preferences
from palmtax.messaging.actions.preferences import Reading
from palmtax.messaging.model.sending import hour_of, sending
from palmtax.messaging.schemas import (
    ConsentIn,
    ConsentOut,
    PreferenceIn,
    PreferenceOut,
    shape_consents,
    shape_preference,
)
from palmtax.plumbing.edge import Edge, Router, may

router = Router(prefix="/api/messaging", tags=["messaging"])


@router.get("/preferences")
async def read_preferences(edge: Edge = may("messaging.read")) -> PreferenceOut:
    """What this person wishes to be told about this taxpayer."""
    async with edge.statement() as tx:
        wish = await preferences.preference_of(tx, taxpayer_id=edge.taxpayer_id, person_id=edge.actor.person_id)
    return shape_preference(wish)


@router.put("/preferences")
async def set_preferences(
    given: PreferenceIn, edge: Edge = may("messaging.read", records="messaging.preferences_set")
) -> PreferenceOut:
    """Choose topics and ways, language, plain words and quiet hours. Errors: messaging.choice_unknown."""
    quiet: tuple[time, time] | tuple[()] | None = () if given.no_quiet else None
    if given.quiet is not None and not given.no_quiet:
        quiet = (hour_of(given.quiet.start), hour_of(given.quiet.end))
    async with edge.transaction() as tx:
        wish = await preferences.set_preferences(
            tx,
            actor=edge.actor,
            clock=edge.clock,
            taxpayer_id=edge.taxpayer_id,
            topics=given.topics,
            ways=given.ways,
            reading=Reading(given.language, given.is_elder, quiet),
        )
    return shape_preference(wish)


async def _consents(edge: Edge) -> list[ConsentOut]:
    async with edge.statement() as tx:
        history = await preferences.consents_of(tx, taxpayer_id=edge.taxpayer_id, person_id=edge.actor.person_id)
    return shape_consents(sending().consents, history)


@router.get("/consents")
async def list_consents(edge: Edge = may("messaging.read")) -> list[ConsentOut]:
    """The purposes that need my consent, and whether I gave it."""
    return await _consents(edge)


@router.put("/consents/{purpose}")
async def decide_consent(
    purpose: str, given: ConsentIn, edge: Edge = may("messaging.read", records="messaging.consent_decided")
) -> list[ConsentOut]:
    """Agree to messages of a purpose, or take it back. Errors: messaging.choice_unknown, messaging.notice_changed."""
    async with edge.transaction() as tx:
        await preferences.decide_consent(
            tx,
            actor=edge.actor,
            clock=edge.clock,
            taxpayer_id=edge.taxpayer_id,
            purpose=purpose,
            is_given=given.is_given,
            notice=given.notice,
        )
    return await _consents(edge)
