"""Applications: registered, changed, reviewed by two officers, put live, suspended at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from palmtax import evidence
from palmtax.base.actor import Actor
from palmtax.base.clock import Clock
from palmtax.base.identifiers import uuid7
from palmtax.partners import errors
from palmtax.partners.actions.ending import end_consents_of
from palmtax.partners.events import ApplicationChanged
from palmtax.partners.model.application import (
    MOST_SECRETS,
    OLD_SECRET_LASTS,
    PartnerApplication,
    State,
    fault_of_origin,
    fault_of_redirect,
    new_client_id,
    new_secret,
)
from palmtax.partners.model.scopes import unknown
from palmtax.partners.store import applications as store
from palmtax.plumbing import faults, outbox
from palmtax.plumbing.database import Tx

SHORTEST_REASON = 4
REGISTRATIONS_A_DAY = 200
"""By developers themselves, all together: a flood fills no table."""
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Particulars:
    """What a developer says of an application; people read name, organisation and purpose before they agree."""

    name: str
    name_en: str
    organisation: str
    uscc: str | None
    email: str
    purpose: str
    purpose_en: str
    redirect_uris: tuple[str, ...]
    scopes: tuple[str, ...]
    frame_origins: tuple[str, ...] = ()


async def register(
    tx: Tx, *, actor: Actor | None, clock: Clock, given: Particulars, request_id: str = ""
) -> tuple[PartnerApplication, str]:
    """A new application in the sandbox, with its first secret, which is readable here and nowhere else.

    By an officer (`actor`) or a developer themselves. Errors: partners.redirect_wrong, partners.origin_wrong,
    partners.scope_unknown, plumbing.too_often (too many developers today).
    """
    _check(given.redirect_uris, given.scopes, given.frame_origins, is_sandboxed=True)
    now = clock.now()
    if actor is None and await store.registered_since(tx, now - _DAY) >= REGISTRATIONS_A_DAY:
        raise faults.TooOften(wait_seconds=3600)
    made = PartnerApplication(
        application_id=uuid7(), client_id=new_client_id(), name=given.name, name_en=given.name_en,
        organisation=given.organisation, uscc=given.uscc, purpose=given.purpose, purpose_en=given.purpose_en,
        redirect_uris=given.redirect_uris, scopes=given.scopes, state="sandbox", state_reason="", checked_by=None,
        made_by=actor.person_id if actor else None, made_at=now, changed_at=now, email=given.email,
        frame_origins=given.frame_origins,
    )  # fmt: skip
    secret = new_secret()
    await store.add(tx, made, secret=secret)
    await _record(tx, actor, clock, "partners.application_registered", made, request_id=request_id)
    return made, secret


def _check(
    redirect_uris: Sequence[str], scopes: Sequence[str], frame_origins: Sequence[str], *, is_sandboxed: bool
) -> None:
    for address in redirect_uris:
        why = fault_of_redirect(address, may_be_loopback=is_sandboxed)
        if why is not None:
            raise errors.RedirectWrong(address=address[:100], why=why)
    for origin in frame_origins:
        why = fault_of_origin(origin, may_be_loopback=is_sandboxed)
        if why is not None:
            raise errors.OriginWrong(origin=origin[:100], why=why)
    if strange := unknown(scopes):
        raise errors.ScopeUnknown(scopes=", ".join(strange)[:200])


async def edit(
    tx: Tx,
    *,
    clock: Clock,
    application_id: UUID,
    redirect_uris: tuple[str, ...],
    scopes: tuple[str, ...],
    frame_origins: tuple[str, ...],
    purpose: str,
    purpose_en: str,
    email: str,
) -> PartnerApplication:
    """Change what an application says of itself, while it is in the sandbox: what officers looked at does not change.

    Errors: partners.application_unknown, partners.state_refused, partners.redirect_wrong, partners.origin_wrong,
    partners.scope_unknown.
    """
    known = await _held(tx, application_id, "sandbox")
    _check(redirect_uris, scopes, frame_origins, is_sandboxed=True)
    changed = replace(
        known, redirect_uris=redirect_uris, scopes=scopes, frame_origins=frame_origins, purpose=purpose,
        purpose_en=purpose_en, email=email,
    )  # fmt: skip
    await store.change(tx, changed, at=clock.now())
    await _record(tx, None, clock, "partners.application_edited", changed)
    return changed


async def send_to_review(tx: Tx, *, actor: Actor | None, clock: Clock, application_id: UUID) -> PartnerApplication:
    """The developer asks to go live; from now on loopback addresses are in the way.

    An officer (`actor`) does so only for what officers registered: a developer alone says when theirs is ready. Errors:
    partners.application_unknown, partners.state_refused, partners.redirect_wrong, partners.origin_wrong,
    partners.developers_own.
    """
    known = await _held(tx, application_id, "sandbox")
    if actor is not None and known.made_by is None:
        raise errors.DevelopersOwn()
    _check(known.redirect_uris, known.scopes, known.frame_origins, is_sandboxed=False)
    return await _moved(tx, actor, clock, known, "review", "", act="partners.application_sent")


async def approve(tx: Tx, *, actor: Actor, clock: Clock, application_id: UUID) -> PartnerApplication:
    """The first officer finds it good, the second puts it live (also after a suspension).

    Tokens and consents of the sandbox end. Errors: partners.application_unknown, partners.state_refused,
    partners.second_officer_needed, partners.redirect_wrong, partners.origin_wrong (a loopback address is still there).
    """
    known = await _held(tx, application_id, "review", "suspended")
    _check(known.redirect_uris, known.scopes, known.frame_origins, is_sandboxed=False)
    if known.checked_by is None:
        checked = replace(known, checked_by=actor.person_id)
        await store.change(tx, checked, at=clock.now())
        await _record(tx, actor, clock, "partners.application_checked", checked)
        return checked
    if known.checked_by == actor.person_id:
        raise errors.SecondOfficerNeeded()
    await end_consents_of(tx, clock=clock, application_id=application_id, reason="sandbox_left", only_sandbox=True)
    return await _moved(tx, actor, clock, known, "live", "", act="partners.application_live")


async def send_back(tx: Tx, *, actor: Actor, clock: Clock, application_id: UUID, reason: str) -> PartnerApplication:
    """Back to the sandbox, with what is to be mended.

    Errors: partners.reason_missing, partners.application_unknown, partners.state_refused.
    """
    said = _said(reason)
    known = await _held(tx, application_id, "review")
    return await _moved(tx, actor, clock, known, "sandbox", said, act="partners.application_returned")


async def suspend(tx: Tx, *, actor: Actor, clock: Clock, application_id: UUID, reason: str) -> PartnerApplication:
    """Off at once, by one officer: no token of it works from the next request on.

    Errors: partners.reason_missing, partners.application_unknown, partners.state_refused.
    """
    said = _said(reason)
    known = await _held(tx, application_id, "sandbox", "review", "live")
    return await _moved(tx, actor, clock, known, "suspended", said, act="partners.application_suspended")


async def rotate_secret(
    tx: Tx, *, actor: Actor | None, clock: Clock, application_id: UUID
) -> tuple[PartnerApplication, str]:
    """A new secret; the newest old one works seven days more, older ones no longer. Readable here and nowhere else.

    Errors: partners.application_unknown.
    """
    known = await _held(tx, application_id, "sandbox", "review", "live", "suspended")
    secret, now = new_secret(), clock.now()
    await store.end_secrets(tx, application_id, keep=MOST_SECRETS - 1, keep_until=now + OLD_SECRET_LASTS, now=now)
    await store.add_secret(tx, application_id, secret, at=now)
    await _record(tx, actor, clock, "partners.secret_rotated", known)
    return known, secret


async def drop_old_secrets(tx: Tx, *, actor: Actor | None, clock: Clock, application_id: UUID) -> None:
    """Only the newest secret works from now on: one has leaked, or the roll-out is done.

    Errors: partners.application_unknown.
    """
    known = await _held(tx, application_id, "sandbox", "review", "live", "suspended")
    await store.end_older_secrets(tx, application_id, now=clock.now())
    await _record(tx, actor, clock, "partners.old_secrets_dropped", known)


def _said(reason: str) -> str:
    said = reason.strip()
    if len(said) < SHORTEST_REASON:
        raise errors.ReasonMissing()
    return said


async def _held(tx: Tx, application_id: UUID, *states: State) -> PartnerApplication:
    known = await store.locked(tx, application_id)
    if known is None:
        raise errors.ApplicationUnknown()
    if known.state not in states:
        raise errors.StateRefused(state=known.state)
    return known


async def _moved(
    tx: Tx, actor: Actor | None, clock: Clock, known: PartnerApplication, state: State, reason: str, *, act: str
) -> PartnerApplication:
    moved = replace(known, state=state, state_reason=reason, checked_by=None, changed_at=clock.now())
    await store.change(tx, moved, at=clock.now())
    await _record(tx, actor, clock, act, moved)
    await outbox.emit(tx, ApplicationChanged(known.application_id, state), actor.request_id if actor else "")
    return moved


async def _record(
    tx: Tx, actor: Actor | None, clock: Clock, act: str, one: PartnerApplication, *, request_id: str = ""
) -> None:
    told: dict[str, Any] = {
        "client_id": one.client_id, "name": one.name, "state": one.state, "reason": one.state_reason,
        "scopes": list(one.scopes), "redirect_uris": list(one.redirect_uris),
        "frame_origins": list(one.frame_origins), "request_id": request_id,
    }  # fmt: skip
    await evidence.append(
        tx, actor=actor, clock=clock, act=act, taxpayer_id=0, subject_id=one.application_id, payload=told,
        summary={"application": one.name, "state": one.state},
    )  # fmt: skip
