"""Who is behind a call to `/open/v1`: application, consent and person as they stand now, never as a token once said."""

from __future__ import annotations

from dataclasses import dataclass, replace
from uuid import UUID

from palmtax import evidence, identity
from palmtax.base.actor import Actor
from palmtax.base.clock import Clock
from palmtax.partners import errors
from palmtax.partners.model.application import PartnerApplication
from palmtax.partners.model.consent import Consent, Partner
from palmtax.partners.model.oauth import API_PATH
from palmtax.partners.store import applications, consents, grants
from palmtax.plumbing.database import Tx


async def resolve_partner(tx: Tx, *, clock: Clock, access_token: str, issuer: str, request_id: str) -> Partner:
    """The partner behind an access token. Five round trips at most, so that everything taken back works at once.

    Features that take partners' tokens elsewhere (embedded pages, city features) call this, then look at `scopes`.
    Errors: partners.token_not_taken (unknown, over, taken back, hat gone, application off or of the other world).
    """
    kept = await grants.token(tx, access_token)
    if kept is None or kept.kind != "access" or kept.expires_at <= clock.now() or kept.revoked_at is not None:
        raise errors.TokenNotTaken()
    if kept.audience != issuer + API_PATH:
        raise errors.TokenNotTaken()
    if kept.consent_id is None:
        application = await applications.find(tx, kept.application_id)
        if application is None or not application.is_on:
            raise errors.TokenNotTaken()
        return Partner(application, frozenset(kept.scopes) & frozenset(application.scopes))
    if kept.family_id is None:
        raise errors.TokenNotTaken()
    found = await standing(
        tx, clock=clock, application_id=kept.application_id, taxpayer_id=kept.taxpayer_id, consent_id=kept.consent_id,
        family_id=kept.family_id, request_id=request_id,
    )  # fmt: skip
    if found is None:
        raise errors.TokenNotTaken()
    scopes = frozenset(kept.scopes) & frozenset(found.application.scopes) & frozenset(found.consent.scopes)
    return Partner(found.application, scopes, found.consent, replace(found.actor, channel="api"), kept.family_id)


@dataclass(frozen=True, slots=True)
class Standing:
    """What stands behind a token of a person, as it is now."""

    application: PartnerApplication
    consent: Consent
    actor: Actor


async def standing(
    tx: Tx,
    *,
    clock: Clock,
    application_id: UUID,
    taxpayer_id: int,
    consent_id: UUID,
    family_id: UUID,
    request_id: str,
) -> Standing | None:
    """Application, consent and person; none when any of them has ended. Four round trips at most."""
    application = await applications.find(tx, application_id)
    if application is None or not application.is_on:
        return None
    if not await grants.family_lives(tx, taxpayer_id, family_id):
        return None
    consent = await consents.find(tx, taxpayer_id, consent_id)
    if consent is None or not consent.lives(clock.now()) or consent.is_sandbox != application.is_sandboxed:
        return None
    actor = await identity.acting_for(
        tx, clock=clock, person_id=consent.person_id, taxpayer_id=taxpayer_id, request_id=request_id,
        hat_id=consent.hat_id,
    )  # fmt: skip
    return Standing(application, consent, actor) if actor is not None else None


async def record_reading(tx: Tx, *, clock: Clock, partner: Partner, what: str) -> None:
    """The person can see who read what of theirs, when and what for. Public data belongs to nobody: nothing is kept."""
    if partner.consent is None:
        return
    one = partner.application
    await evidence.append(
        tx, actor=partner.actor, clock=clock, act="partners.data_read", taxpayer_id=partner.consent.taxpayer_id,
        subject_id=partner.consent.consent_id,
        payload={"client_id": one.client_id, "what": what, "purpose": one.purpose},
        summary={"application": one.name, "what": what},
    )  # fmt: skip
