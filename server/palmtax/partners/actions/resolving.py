"""Who is behind a call to `/open/v1`: application, consent and person as they stand now, never as a token once said."""

from __future__ import annotations

from dataclasses import replace

from palmtax import evidence, identity
from palmtax.base.clock import Clock
from palmtax.partners import errors
from palmtax.partners.model.consent import Consent, Partner
from palmtax.partners.model.oauth import API_PATH, KeptToken
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
    application = await applications.find(tx, kept.application_id)
    if application is None or not application.is_on or kept.audience != issuer + API_PATH:
        raise errors.TokenNotTaken()
    scopes = frozenset(kept.scopes) & frozenset(application.scopes)
    if kept.consent_id is None:
        return Partner(application, scopes)
    consent = await _living(tx, clock, kept)
    if consent is None or consent.is_sandbox != application.is_sandboxed:
        raise errors.TokenNotTaken()
    actor = await identity.acting_for(
        tx, clock=clock, person_id=consent.person_id, taxpayer_id=consent.taxpayer_id, request_id=request_id,
        hat_id=consent.hat_id,
    )  # fmt: skip
    if actor is None:
        raise errors.TokenNotTaken()
    return Partner(application, scopes & frozenset(consent.scopes), consent, replace(actor, channel="api"))


async def _living(tx: Tx, clock: Clock, kept: KeptToken) -> Consent | None:
    if kept.consent_id is None or kept.family_id is None:
        return None
    if not await grants.family_lives(tx, kept.taxpayer_id, kept.family_id):
        return None
    consent = await consents.find(tx, kept.taxpayer_id, kept.consent_id)
    return consent if consent is not None and consent.lives(clock.now()) else None


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
