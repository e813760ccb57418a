"""Addresses of people: bound with a proof, given up, refused by the platform."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from uuid import UUID

from palmtax import evidence
from palmtax.base.actor import Actor
from palmtax.base.clock import Clock
from palmtax.base.identifiers import uuid7
from palmtax.identity import errors
from palmtax.identity.model.addresses import Address, Family, Proof, Reader, written
from palmtax.identity.store import addresses as store
from palmtax.identity.store import sealed
from palmtax.plumbing.database import Tx

NO_TAXPAYER = 0
"""Evidence of acts that belong to a person and to no taxpayer."""
_HOUSE = UUID(int=0)
"""The session of acts that the house does on a platform's word."""


async def addresses(tx: Tx, person_ids: Sequence[int], families: Sequence[Family] | None = None) -> list[Address]:
    """Where these people can be reached, in the clear, the address proved last first. One round trip."""
    return await store.addresses(tx, person_ids, families)


async def person_of_address(
    tx: Tx, family: Family, app_id: str, value: str, *, unionid: str | None = None
) -> int | None:
    """Whose address it is; a WeChat user not yet seen in this app is known by `unionid`. One or two round trips."""
    known = await store.owner(tx, family=family, app_id=app_id, value=written(family, value))
    if known is None and unionid:
        known = await store.owner_of_union(tx, unionid)
    return known


async def readers(tx: Tx, *, taxpayer_id: int, clock: Clock) -> list[Reader]:
    """Who may read today what this taxpayer is told. One round trip."""
    return await store.readers(tx, taxpayer_id, clock.today())


async def bind(
    tx: Tx,
    *,
    clock: Clock,
    person_id: int,
    family: Family,
    app_id: str,
    value: str,
    proof: Proof,
    unionid: str | None = None,
    actor: Actor | None = None,
    request_id: str = "",
    is_handed_on: bool = False,
) -> None:
    """An address is this person's, as `proof` shows; proved again it counts as reachable and as the latest.

    `is_handed_on`: what was another's becomes this one's (a shared browser, a userid given anew); otherwise it is
    refused. Without an actor the house acts on a platform's word. Evidence `identity.address_bound` when it is new.
    Four to seven round trips. Errors: identity.address_taken.
    """
    if family == "phone":
        raise ValueError("a phone is bound by signing in with it")
    plain = written(family, value)
    now = clock.now()
    owner = await store.claim(tx, family=family, app_id=app_id, value=plain, person_id=person_id, now=now)
    if owner != person_id:
        if not is_handed_on:
            raise errors.AddressTaken()
        await store.hand_on(tx, family=family, app_id=app_id, value=plain, person_id=person_id, now=now)
    is_new = await store.keep(
        tx,
        person_id=person_id,
        address_id=uuid7(),
        family=family,
        app_id=app_id,
        value=plain,
        unionid=unionid,
        proof=proof,
        now=now,
    )
    is_other = unionid and await store.claim_union(tx, unionid=unionid, person_id=person_id) != person_id
    if is_new and is_other:
        raise errors.AddressTaken()
    if is_new:
        known = {"family": family, "app_id": app_id, "value": plain}
        told = {"proof": proof, "was_of_other": owner != person_id}
        await _record(
            tx,
            clock,
            actor or _house(person_id, request_id),
            act="identity.address_bound",
            person_id=person_id,
            known=known,
            told=told,
        )


def _house(person_id: int, request_id: str) -> Actor:
    return Actor(person_id, _HOUSE, None, "system", request_id)


async def _record(
    tx: Tx,
    clock: Clock,
    actor: Actor,
    *,
    act: str,
    person_id: int,
    known: Mapping[str, str],
    told: Mapping[str, object],
) -> None:
    await evidence.append(
        tx,
        actor=actor,
        clock=clock,
        act=act,
        taxpayer_id=NO_TAXPAYER,
        subject_id=actor.session_id,
        payload={
            "person_id": person_id,
            "address": sealed.address_hash(known["family"], known["app_id"], known["value"]).hex(),
            **told,
        },
        summary={"family": known["family"], "app_id": known["app_id"]},
    )


def subscription(endpoint: str, p256dh: str, auth: str) -> str:
    """A push subscription in the one spelling in which it is bound and found."""
    known = {"endpoint": endpoint, "keys": {"auth": auth, "p256dh": p256dh}}
    return json.dumps(known, separators=(",", ":"), sort_keys=True)


async def unbind(
    tx: Tx,
    *,
    clock: Clock,
    person_id: int,
    family: Family,
    app_id: str,
    value: str,
    actor: Actor | None = None,
    request_id: str = "",
) -> bool:
    """The address is no longer this person's (they said so, or unfollowed); false when it was not. Evidence once."""
    plain = written(family, value)
    for found in await store.addresses(tx, [person_id], [family]):
        if (found.app_id, found.value) == (app_id, plain) and found.address_id is not None:
            return await _unbind(tx, clock, actor or _house(person_id, request_id), found)
    return False


async def _unbind(tx: Tx, clock: Clock, actor: Actor, found: Address) -> bool:
    known = {"family": found.family, "app_id": found.app_id, "value": found.value}
    gone = await store.forget(tx, person_id=found.person_id, found=found)
    if gone:
        await _record(tx, clock, actor, act="identity.address_unbound", person_id=found.person_id, known=known, told={})
    return gone


async def unbind_mine(tx: Tx, *, actor: Actor, clock: Clock, address_id: UUID) -> None:
    """Give up one of one's own addresses. Errors: identity.address_unknown, identity.phone_stays."""
    for found in await store.addresses(tx, [actor.person_id], None):
        if found.address_id == address_id:
            if found.family == "phone":
                raise errors.PhoneStays()
            await _unbind(tx, clock, actor, found)
            return
    raise errors.AddressUnknown()


async def unreachable(
    tx: Tx, *, clock: Clock, person_id: int, family: Family, app_id: str, value: str, code: str
) -> None:
    """The platform refuses this address for good (43101, 43004, empty number…): nobody writes there until proved again.

    One round trip; twice is once, the first code stays.
    """
    plain = written(family, value)
    await store.mark_refused(
        tx,
        person_id=person_id,
        address_id=uuid7(),
        family=family,
        app_id=app_id,
        value=plain,
        code=code or "?",
        now=clock.now(),
    )


async def reachable(tx: Tx, *, person_id: int, family: Family, app_id: str, value: str) -> None:
    """The platform takes it again: subscribed anew, a letter answered. One round trip."""
    await store.mark_reachable(tx, person_id=person_id, family=family, app_id=app_id, value=written(family, value))
