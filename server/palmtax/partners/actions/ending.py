"""Consents end: taken back by a person, replaced, or with their application. At once: tokens look at the consent."""

from __future__ import annotations

from uuid import UUID

from palmtax import evidence
from palmtax.base.actor import Actor
from palmtax.base.clock import Clock
from palmtax.partners.events import ConsentEnded
from palmtax.partners.model.consent import Consent
from palmtax.partners.store import consents
from palmtax.plumbing import outbox
from palmtax.plumbing.database import Tx

AT_ONCE = 1000
"""Consents of one application that end in one transaction; sandboxes hold fewer."""


async def end_consent(tx: Tx, *, actor: Actor | None, clock: Clock, one: Consent, reason: str) -> None:
    """End one consent; ending an ended one changes nothing."""
    person_id = actor.person_id if actor else None
    done = await consents.end(
        tx, taxpayer_id=one.taxpayer_id, consent_id=one.consent_id, reason=reason, ended_by=person_id, now=clock.now()
    )
    if not done:
        return
    await evidence.append(
        tx, actor=actor, clock=clock, act="partners.consent_ended", taxpayer_id=one.taxpayer_id,
        subject_id=one.consent_id,
        payload={"application_id": str(one.application_id), "consent_id": str(one.consent_id), "reason": reason},
        summary={"reason": reason},
    )  # fmt: skip
    news = ConsentEnded(one.taxpayer_id, one.consent_id, one.application_id, reason)
    await outbox.emit(tx, news, actor.request_id if actor else "")


async def end_consents_of(
    tx: Tx, *, clock: Clock, application_id: UUID, reason: str, only_sandbox: bool = False
) -> None:
    """End the open consents of an application."""
    for one in await consents.open_of_application(tx, application_id, AT_ONCE):
        if one.is_sandbox or not only_sandbox:
            await end_consent(tx, actor=None, clock=clock, one=one, reason=reason)
