"""Consents: given under a hat that carries the rights itself, for a while, and taken back whenever the person likes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from palmtax import evidence
from palmtax.base.actor import Actor, Hat
from palmtax.base.clock import Clock
from palmtax.base.identifiers import uuid7
from palmtax.partners import errors
from palmtax.partners.actions.ending import end_consent
from palmtax.partners.events import ConsentGiven
from palmtax.partners.model.application import PartnerApplication
from palmtax.partners.model.consent import Consent
from palmtax.partners.model.oauth import CODE_LASTS, KeptCode, new_code
from palmtax.partners.model.scopes import partner_scopes
from palmtax.partners.store import applications, consents, grants
from palmtax.plumbing import faults, outbox
from palmtax.plumbing.database import Tx

SHOWN = 200


async def consent_with_code(
    tx: Tx,
    *,
    actor: Actor,
    clock: Clock,
    application: PartnerApplication,
    scopes: Sequence[str],
    until_at: datetime,
    redirect_uri: str,
    challenge: str,
) -> str:
    """A consent of the person under the hat they wear, and the code that fetches its first tokens, once, in 60 seconds.

    An earlier consent of the same person, hat and application ends. Errors: partners.hat_unfit, partners.sandbox_apart,
    partners.client_may_not, plumbing.hat_needed, plumbing.second_factor_needed (for scopes that act).
    """
    if any(partner_scopes()[code].is_act for code in scopes) and not actor.second_factor:
        raise faults.SecondFactorNeeded()
    consent = await give_consent(
        tx, actor=actor, clock=clock, application=application, scopes=scopes, until_at=until_at
    )
    return await code_of_consent(
        tx, clock=clock, consent=consent, scopes=scopes, redirect_uri=redirect_uri, challenge=challenge
    )


async def give_consent(
    tx: Tx,
    *,
    actor: Actor,
    clock: Clock,
    application: PartnerApplication,
    scopes: Sequence[str],
    until_at: datetime,
) -> Consent:
    """The consent alone. Errors: as `consent_with_code`."""
    if not application.is_on:
        raise errors.ClientMayNot()
    hat, taxpayer_id = _hat(actor, scopes)
    is_invented = await consents.is_invented(tx, taxpayer_id)
    if is_invented != application.is_sandboxed:
        raise errors.SandboxApart()
    consent = Consent(
        taxpayer_id=taxpayer_id, consent_id=uuid7(), application_id=application.application_id,
        person_id=actor.person_id, hat_id=hat.hat_id,
        scopes=tuple(scopes), is_sandbox=is_invented, given_at=clock.now(), until_at=until_at, ended_at=None,
        end_reason=None,
    )  # fmt: skip
    await _replace(tx, actor=actor, clock=clock, by=consent)
    await consents.add(tx, consent)
    await evidence.append(
        tx, actor=actor, clock=clock, act="partners.consent_given", taxpayer_id=taxpayer_id,
        subject_id=consent.consent_id,
        payload={
            "application_id": str(application.application_id), "scopes": list(scopes), "until": until_at.isoformat(),
            "purpose": application.purpose, "hat_id": str(hat.hat_id),
        },
        summary={"application": application.name, "scopes": list(scopes), "until_on": until_at.date().isoformat()},
    )  # fmt: skip
    news = ConsentGiven(taxpayer_id, consent.consent_id, application.application_id)
    await outbox.emit(tx, news, actor.request_id)
    return consent


async def code_of_consent(
    tx: Tx, *, clock: Clock, consent: Consent, scopes: Sequence[str], redirect_uri: str, challenge: str
) -> str:
    """A code for some of what a living consent allows, once, in 60 seconds; a family of tokens begins with it."""
    family_id, code, now = uuid7(), new_code(), clock.now()
    await grants.add_family(
        tx, taxpayer_id=consent.taxpayer_id, family_id=family_id, consent_id=consent.consent_id, now=now
    )
    kept = KeptCode(
        application_id=consent.application_id, taxpayer_id=consent.taxpayer_id, consent_id=consent.consent_id,
        family_id=family_id, redirect_uri=redirect_uri, scopes=tuple(scopes), challenge=challenge,
        expires_at=now + CODE_LASTS, used_at=None,
    )  # fmt: skip
    await grants.add_code(tx, code, kept)
    return code


def _hat(actor: Actor, scopes: Sequence[str]) -> tuple[Hat, int]:
    """The hat and its taxpayer, when it may itself do what is asked: nobody gives away what they do not have."""
    if actor.hat is None or actor.taxpayer_id is None or actor.is_officer:
        raise faults.HatNeeded()
    lacking = [code for code in scopes if not actor.may(partner_scopes()[code].needs or "")]
    if lacking:
        raise errors.HatUnfit(scopes=", ".join(lacking))
    return actor.hat, actor.taxpayer_id


async def _replace(tx: Tx, *, actor: Actor, clock: Clock, by: Consent) -> None:
    for one in await consents.open_ones(
        tx, taxpayer_id=by.taxpayer_id, person_id=by.person_id, application_id=by.application_id
    ):
        await end_consent(tx, actor=actor, clock=clock, one=one, reason="replaced")


async def consents_of(tx: Tx, *, actor: Actor) -> list[tuple[Consent, PartnerApplication]]:
    """What the person allowed over all hats; for who may authorise, also what others allowed for the taxpayer of the hat."""
    found = {one.consent_id: one for one in await consents.of_person(tx, actor.person_id, SHOWN)}
    if actor.taxpayer_id is not None and actor.may("identity.authorise"):
        found |= {one.consent_id: one for one in await consents.of_taxpayer(tx, actor.taxpayer_id, SHOWN)}
    known = await applications.several(tx, sorted({one.application_id for one in found.values()}))
    newest = sorted(found.values(), key=lambda one: one.given_at, reverse=True)
    return [(one, known[one.application_id]) for one in newest]


async def readable_consent(tx: Tx, *, actor: Actor, consent_id: UUID) -> Consent:
    """One of those. Errors: partners.consent_unknown."""
    for one, _ in await consents_of(tx, actor=actor):
        if one.consent_id == consent_id:
            return one
    raise errors.ConsentUnknown()


async def take_back(tx: Tx, *, actor: Actor, clock: Clock, consent_id: UUID) -> Consent:
    """End a consent; no token of it works from the next request on. Again changes nothing.

    Errors: partners.consent_unknown.
    """
    one = await readable_consent(tx, actor=actor, consent_id=consent_id)
    await end_consent(tx, actor=actor, clock=clock, one=one, reason="taken_back")
    return await readable_consent(tx, actor=actor, consent_id=consent_id)


async def readings_of(tx: Tx, *, actor: Actor, consent_id: UUID, limit: int = 100) -> list[evidence.Entry]:
    """What was read or prepared under a consent, and when, newest first. Errors: partners.consent_unknown."""
    one = await readable_consent(tx, actor=actor, consent_id=consent_id)
    return await evidence.of_subjects(tx, taxpayer_id=one.taxpayer_id, subject_ids=[consent_id], limit=limit)
