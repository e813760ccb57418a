"""Authorisations: given by the taxpayer with a second factor, accepted or denied by the person named, ended at once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from asyncpg import UniqueViolationError

from palmtax import evidence
from palmtax.base.actor import Actor
from palmtax.base.clock import Clock
from palmtax.base.identifiers import mask_phone, uuid7
from palmtax.identity import errors, events
from palmtax.identity.model.people import NO_END, Authorisation, OwnHat
from palmtax.identity.model.roles import ROLES, beyond, role_name
from palmtax.identity.store import authorisations as store
from palmtax.identity.store import people, sealed
from palmtax.plumbing import outbox
from palmtax.plumbing.database import Tx

LONGEST_YEARS = 3
"""House rule: an authorisation ends after three years at the latest, so that forgotten ones die out."""
_ENDINGS = {"denied": "identity.authorisation_denied", "revoked": "identity.authorisation_revoked"}


async def give(
    tx: Tx,
    *,
    actor: Actor,
    clock: Clock,
    phone: str,
    name: str,
    role_code: str,
    scopes: Sequence[str],
    valid_until: date,
    authorisation_id: UUID | None = None,
) -> Authorisation:
    """Name a person who may act for the taxpayer of the current hat; it waits until that person accepts.

    A matter gives its application's number, so that it is given once; without a name the phone alone decides who
    may accept.

    Errors: identity.role_not_yours, identity.scopes_not_yours, identity.end_date_wrong, identity.self_grant,
    identity.authorisation_exists, identity.hat_unknown.
    """
    hat = await _worn_hat(tx, actor=actor, clock=clock)
    _check_role(hat.role_code, role_code)
    refused = beyond(role_code, frozenset(scopes), frozenset(hat.scopes))
    if refused:
        raise errors.ScopesNotYours(scopes=", ".join(sorted(refused)))
    _check_end(valid_until, hat.valid_until, clock.today())
    phone_hash = sealed.phone_hash(phone)
    if await people.phone_hash_of(tx, actor.person_id) == phone_hash:
        raise errors.SelfGrant()
    made = Authorisation(
        authorisation_id=authorisation_id or uuid7(),
        taxpayer_id=_taxpayer(hat),
        taxpayer_name=hat.title,
        uscc=hat.uscc,
        name=name.strip(),
        phone_masked=mask_phone(phone),
        phone_hash=phone_hash,
        person_id=None,
        role_code=role_code,
        scopes=tuple(sorted(set(scopes))),
        valid_from=clock.today(),
        valid_until=valid_until,
        state="waiting",
        is_from_registration=False,
    )
    now = clock.now()
    await store.end_stale(
        tx,
        taxpayer_id=made.taxpayer_id,
        phone_hash=phone_hash,
        role_code=role_code,
        today=clock.today(),
        now=now,
    )
    try:
        await store.add(tx, made, given_by=actor.person_id, now=now)
    except UniqueViolationError:
        raise errors.AuthorisationExists() from None
    await _record(tx, actor=actor, clock=clock, act="identity.authorisation_given", kept=made)
    await outbox.emit(tx, events.AuthorisationGiven(made.taxpayer_id, made.authorisation_id), actor.request_id)
    return made


def _check_role(own_role: str, role_code: str) -> None:
    if role_code not in ROLES[own_role].appoints:
        zh, en = role_name(role_code)
        raise errors.RoleNotYours(role_name=zh, role_name_en=en)


def _check_end(valid_until: date, own_end: date | None, today: date) -> None:
    longest = date(today.year + LONGEST_YEARS, today.month, min(today.day, 28))
    latest = min(longest, own_end or NO_END)
    if not today <= valid_until <= latest:
        raise errors.EndDateWrong(earliest_on=today.isoformat(), latest_on=latest.isoformat())


def _taxpayer(hat: OwnHat) -> int:
    if hat.taxpayer_id is None:
        raise errors.HatUnknown()
    return hat.taxpayer_id


async def _worn_hat(tx: Tx, *, actor: Actor, clock: Clock) -> OwnHat:
    """The giver's hat as it stands in this transaction."""
    worn = actor.hat.hat_id if actor.hat else None
    for hat in await people.hats(tx, actor.person_id, clock.today()):
        if hat.hat_id == worn:
            return hat
    raise errors.HatUnknown()


async def accept(tx: Tx, *, actor: Actor, clock: Clock, authorisation_id: UUID) -> Authorisation:
    """The person named accepts, and has the hat from now on; accepting again changes nothing.

    Errors: identity.authorisation_unknown, identity.authorisation_settled, identity.real_name_needed,
    identity.name_differs.
    """
    kept = await _own(tx, actor=actor, authorisation_id=authorisation_id)
    state = kept.state_on(clock.today())
    if state == "active":
        return kept
    if state != "waiting":
        raise errors.AuthorisationSettled(state=state)
    person = await people.person(tx, actor.person_id)
    if person is None or not person.is_real_name_checked:
        raise errors.RealNameNeeded()
    if kept.name and person.name != kept.name:
        raise errors.NameDiffers()
    await store.accept(
        tx,
        taxpayer_id=kept.taxpayer_id,
        authorisation_id=authorisation_id,
        person_id=actor.person_id,
        now=clock.now(),
    )
    hat = OwnHat(
        hat_id=authorisation_id,
        kind=ROLES[kept.role_code].kind,
        role_code=kept.role_code,
        taxpayer_id=kept.taxpayer_id,
        office_code=None,
        title=kept.taxpayer_name,
        uscc=kept.uscc,
        scopes=kept.scopes,
        valid_until=None if kept.valid_until == NO_END else kept.valid_until,
    )
    await people.add_hat(tx, person_id=actor.person_id, hat=hat, valid_from=kept.valid_from)
    await _record(tx, actor=actor, clock=clock, act="identity.authorisation_accepted", kept=kept)
    news = events.AuthorisationAccepted(kept.taxpayer_id, authorisation_id, actor.person_id)
    await outbox.emit(tx, news, actor.request_id)
    return await _again(tx, kept)


async def deny(tx: Tx, *, actor: Actor, clock: Clock, authorisation_id: UUID) -> Authorisation:
    """The person named says it is not true (冒用), before or after accepting, also of a link from the registration.

    The hat ends at once and the office is told. Denying again changes nothing.
    Law: 国家税务总局公告2019年第48号. Errors: identity.authorisation_unknown, identity.authorisation_settled.
    """
    kept = await _own(tx, actor=actor, authorisation_id=authorisation_id)
    if kept.state == "denied":
        return kept
    state = kept.state_on(clock.today())
    if state not in ("waiting", "active"):
        raise errors.AuthorisationSettled(state=state)
    await _end(tx, actor=actor, clock=clock, kept=kept, state="denied")
    news = events.AuthorisationDenied(kept.taxpayer_id, authorisation_id, actor.person_id, kept.is_from_registration)
    await outbox.emit(tx, news, actor.request_id)
    return await _again(tx, kept)


async def revoke(tx: Tx, *, actor: Actor, clock: Clock, authorisation_id: UUID) -> Authorisation:
    """The taxpayer ends an authorisation; the hat is gone at the person's next request. Again changes nothing.

    Errors: identity.authorisation_unknown (also of another taxpayer), identity.role_not_yours (a role the hat may not
    appoint, or one from the registration), identity.authorisation_settled.
    """
    hat = await _worn_hat(tx, actor=actor, clock=clock)
    kept = await store.locked(tx, taxpayer_id=_taxpayer(hat), authorisation_id=authorisation_id)
    if kept is None:
        raise errors.AuthorisationUnknown()
    _check_role(hat.role_code, kept.role_code)
    if kept.state == "revoked":
        return kept
    state = kept.state_on(clock.today())
    if state not in ("waiting", "active"):
        raise errors.AuthorisationSettled(state=state)
    await _end(tx, actor=actor, clock=clock, kept=kept, state="revoked")
    await outbox.emit(tx, events.AuthorisationRevoked(kept.taxpayer_id, authorisation_id), actor.request_id)
    return await _again(tx, kept)


async def authorisations(tx: Tx, *, actor: Actor) -> list[tuple[Authorisation, bool]]:
    """Those given to me (true), then those given for the taxpayer of my hat (false) if it may authorise."""
    own_hash = await people.phone_hash_of(tx, actor.person_id)
    if own_hash is None:
        return []
    mine = await store.of_phone(tx, own_hash)
    known = {one.authorisation_id for one in mine}
    given: list[Authorisation] = []
    if actor.taxpayer_id is not None and actor.may("identity.authorise"):
        given = [one for one in await store.of_taxpayer(tx, actor.taxpayer_id) if one.authorisation_id not in known]
    return [(one, True) for one in mine] + [(one, False) for one in given]


async def _own(tx: Tx, *, actor: Actor, authorisation_id: UUID) -> Authorisation:
    own_hash = await people.phone_hash_of(tx, actor.person_id)
    if own_hash is None:
        raise errors.AuthorisationUnknown()
    taxpayer_id = await store.taxpayer_of_own(tx, phone_hash=own_hash, authorisation_id=authorisation_id)
    if taxpayer_id is None:
        raise errors.AuthorisationUnknown()
    kept = await store.locked(tx, taxpayer_id=taxpayer_id, authorisation_id=authorisation_id)
    if kept is None:
        raise errors.AuthorisationUnknown()
    return kept


async def _again(tx: Tx, kept: Authorisation) -> Authorisation:
    found = await store.locked(tx, taxpayer_id=kept.taxpayer_id, authorisation_id=kept.authorisation_id)
    if found is None:
        raise errors.AuthorisationUnknown()
    return found


async def _end(tx: Tx, *, actor: Actor, clock: Clock, kept: Authorisation, state: str) -> None:
    now = clock.now()
    await store.end(
        tx,
        taxpayer_id=kept.taxpayer_id,
        authorisation_id=kept.authorisation_id,
        state=state,
        ended_by=actor.person_id,
        now=now,
    )
    if kept.person_id is not None:
        await people.take_hat(tx, person_id=kept.person_id, hat_id=kept.authorisation_id, now=now)
    await _record(tx, actor=actor, clock=clock, act=_ENDINGS[state], kept=kept)


async def _record(tx: Tx, *, actor: Actor, clock: Clock, act: str, kept: Authorisation) -> None:
    payload: dict[str, Any] = {
        "authorisation_id": str(kept.authorisation_id),
        "taxpayer_id": kept.taxpayer_id,
        "role_code": kept.role_code,
        "scopes": list(kept.scopes),
        "valid_until": kept.valid_until.isoformat(),
        "phone_hash": kept.phone_hash.hex(),
    }
    await evidence.append(
        tx,
        actor=actor,
        clock=clock,
        act=act,
        taxpayer_id=kept.taxpayer_id,
        subject_id=kept.authorisation_id,
        payload=payload,
        summary={"role_code": kept.role_code, "valid_until": kept.valid_until.isoformat()},
    )
