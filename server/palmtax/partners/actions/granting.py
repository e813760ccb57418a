"""Tokens: fetched with a code, renewed once each, looked at and given back by the application they belong to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from palmtax import evidence
from palmtax.base.clock import Clock
from palmtax.base.errors import PalmtaxError
from palmtax.partners import errors
from palmtax.partners.model.application import PartnerApplication
from palmtax.partners.model.oauth import (
    ACCESS_LASTS,
    API_PATH,
    CLIENT_ACCESS_LASTS,
    REFRESH_LASTS,
    KeptCode,
    KeptToken,
    Tokens,
    new_access_token,
    new_refresh_token,
    read_scopes,
    verifies,
)
from palmtax.partners.model.scopes import public
from palmtax.partners.store import applications, consents, grants
from palmtax.plumbing.database import Tx


async def believe(tx: Tx, *, clock: Clock, client_id: str, secret: str) -> PartnerApplication:
    """The application behind a client id and one of its secrets.

    Errors: partners.client_not_believed (also when there is no such client: one answer for both).
    """
    if not (client_id and secret) or len(client_id) > 60 or len(secret) > 200:
        raise errors.ClientNotBelieved()
    found = await applications.believed(tx, client_id, secret, clock.now())
    if found is None:
        raise errors.ClientNotBelieved()
    return found


async def grant(
    tx: Tx, *, clock: Clock, application: PartnerApplication, form: Mapping[str, str], issuer: str
) -> Tokens | PalmtaxError:
    """Answer a request at the token endpoint.

    A refusal is returned, not raised, because it may change something that must be kept: a code used twice, or a
    refresh token used twice, ends all tokens of its family. Returned: partners.request_wrong,
    partners.grant_type_unknown, partners.grant_not_taken, partners.scope_too_wide, partners.target_wrong,
    partners.client_may_not.
    """
    if not application.is_on:
        return errors.ClientMayNot()
    if form.get("resource", issuer + API_PATH) != issuer + API_PATH:
        return errors.TargetWrong()
    kind, audience = form.get("grant_type"), issuer + API_PATH
    if kind == "client_credentials":
        return await _in_own_name(tx, clock, application, read_scopes(form.get("scope", "")), audience)
    if kind == "authorization_code":
        return await _by_code(tx, clock, application, form, audience)
    if kind == "refresh_token":
        return await _by_refresh(tx, clock, application, form, audience)
    return errors.GrantTypeUnknown() if kind else errors.RequestWrong(what="grant_type")


async def _in_own_name(
    tx: Tx, clock: Clock, application: PartnerApplication, asked: Sequence[str], audience: str
) -> Tokens | PalmtaxError:
    may = public(application.scopes)
    wide = [code for code in asked if code not in may]
    if wide or not may:
        return errors.ScopeTooWide(scopes=", ".join(wide)[:200] or "scope")
    scopes, now = tuple(asked) or may, clock.now()
    token = new_access_token()
    kept = KeptToken(
        "access",
        application.application_id,
        0,
        None,
        None,
        scopes,
        audience,
        now,
        now + CLIENT_ACCESS_LASTS,
        None,
        None,
    )
    await grants.add_token(tx, token, kept)
    return Tokens(token, int(CLIENT_ACCESS_LASTS.total_seconds()), scopes)


async def _by_code(
    tx: Tx, clock: Clock, application: PartnerApplication, form: Mapping[str, str], audience: str
) -> Tokens | PalmtaxError:
    for name in ("code", "redirect_uri", "code_verifier"):
        if not form.get(name):
            return errors.RequestWrong(what=name)
    now = clock.now()
    kept = await grants.spend_code(tx, form["code"], application.application_id, now)
    if kept is None:
        return errors.GrantNotTaken()
    if kept.used_at is not None:
        await _end_family(tx, clock, kept, "code_reused", application)
        return errors.GrantNotTaken()
    if kept.expires_at <= now or kept.redirect_uri != form["redirect_uri"]:
        return errors.GrantNotTaken()
    if not verifies(form["code_verifier"], kept.challenge):
        return errors.GrantNotTaken()
    until = await _until(tx, kept, application, now)
    if until is None:
        return errors.GrantNotTaken()
    return await _issued(tx, kept, now=now, scopes=kept.scopes, audience=audience, until=until)


async def _by_refresh(
    tx: Tx, clock: Clock, application: PartnerApplication, form: Mapping[str, str], audience: str
) -> Tokens | PalmtaxError:
    if not form.get("refresh_token"):
        return errors.RequestWrong(what="refresh_token")
    now = clock.now()
    kept = await grants.spend_refresh(tx, form["refresh_token"], application.application_id, now)
    if kept is None or kept.consent_id is None or kept.family_id is None:
        return errors.GrantNotTaken()
    if kept.used_at is not None:
        await _end_family(tx, clock, kept, "refresh_reused", application)
        return errors.GrantNotTaken()
    if kept.expires_at <= now or kept.revoked_at is not None:
        return errors.GrantNotTaken()
    until = await _until(tx, kept, application, now)
    if until is None:
        return errors.GrantNotTaken()
    narrowed = read_scopes(form.get("scope", "")) or kept.scopes
    wide = [code for code in narrowed if code not in kept.scopes]
    if wide:
        return errors.ScopeTooWide(scopes=", ".join(wide)[:200])
    return await _issued(tx, kept, now=now, scopes=narrowed, audience=audience, until=until)


async def _until(tx: Tx, of: KeptToken | KeptCode, application: PartnerApplication, now: datetime) -> datetime | None:
    """The end of a consent that still allows something to a family that has not ended; none when it does not."""
    if of.consent_id is None or of.family_id is None:
        return None
    consent = await consents.find(tx, of.taxpayer_id, of.consent_id)
    if consent is None or not consent.lives(now) or consent.is_sandbox != application.is_sandboxed:
        return None
    return consent.until_at if await grants.family_lives(tx, of.taxpayer_id, of.family_id) else None


async def _issued(
    tx: Tx, of: KeptToken | KeptCode, *, now: datetime, scopes: tuple[str, ...], audience: str, until: datetime
) -> Tokens:
    """Both tokens; a narrowed access token leaves the refresh token as wide as it was (RFC 6749 §6)."""
    access, refresh = new_access_token(), new_refresh_token()
    ends = min(now + ACCESS_LASTS, until)
    whose = (of.application_id, of.taxpayer_id, of.consent_id, of.family_id)
    await grants.add_token(tx, access, KeptToken("access", *whose, scopes, audience, now, ends, None, None))
    later = min(now + REFRESH_LASTS, until)
    await grants.add_token(tx, refresh, KeptToken("refresh", *whose, of.scopes, audience, now, later, None, None))
    return Tokens(access, int((ends - now).total_seconds()), scopes, refresh)


async def _end_family(tx: Tx, clock: Clock, of: KeptToken | KeptCode, reason: str, by: PartnerApplication) -> None:
    """Somebody else may hold a copy: everything that came of it ends, and the taxpayer's timeline says so."""
    if of.family_id is None or not await grants.end_family(
        tx, taxpayer_id=of.taxpayer_id, family_id=of.family_id, reason=reason, now=clock.now()
    ):
        return
    await evidence.append(
        tx, actor=None, clock=clock, act="partners.token_reused", taxpayer_id=of.taxpayer_id, subject_id=of.consent_id,
        payload={"family_id": str(of.family_id), "reason": reason, "client_id": by.client_id},
        summary={"application": by.name, "reason": reason},
    )  # fmt: skip


async def revoke(tx: Tx, *, clock: Clock, application: PartnerApplication, token: str) -> None:
    """Give a token back (RFC 7009): a refresh token takes its family along; what is not this application's stays."""
    kept = await grants.token(tx, token)
    if kept is None or kept.application_id != application.application_id:
        return
    now = clock.now()
    await grants.revoke_token(tx, token, now)
    if kept.kind == "refresh" and kept.family_id is not None:
        await grants.end_family(tx, taxpayer_id=kept.taxpayer_id, family_id=kept.family_id, reason="revoked", now=now)
    if kept.consent_id is not None and kept.revoked_at is None:
        await evidence.append(
            tx, actor=None, clock=clock, act="partners.token_revoked", taxpayer_id=kept.taxpayer_id,
            subject_id=kept.consent_id, payload={"kind": kept.kind, "client_id": application.client_id},
            summary={"application": application.name},
        )  # fmt: skip


async def introspect(
    tx: Tx, *, clock: Clock, application: PartnerApplication, token: str, issuer: str
) -> dict[str, object]:
    """What a token of this application allows (RFC 7662); of any other only that it is not active."""
    kept, now = await grants.token(tx, token), clock.now()
    if kept is None or kept.application_id != application.application_id or not application.is_on:
        return {"active": False}
    if kept.expires_at <= now or kept.revoked_at is not None or kept.used_at is not None:
        return {"active": False}
    is_of_person = kept.consent_id is not None and kept.family_id is not None
    if is_of_person and await _until(tx, kept, application, now) is None:
        return {"active": False}
    return {
        "active": True, "scope": " ".join(kept.scopes), "client_id": application.client_id, "iss": issuer,
        "token_type": "Bearer" if kept.kind == "access" else "refresh_token", "aud": kept.audience,
        "iat": int(kept.issued_at.timestamp()), "exp": int(kept.expires_at.timestamp()),
        "sub": str(kept.consent_id or application.client_id),
    }  # fmt: skip
