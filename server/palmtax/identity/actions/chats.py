"""Officers in their chats: signing in from one, binding one's own, and the directory that says who is who.

A userid is an officer's by one of two proofs: the government's directory knows it under the phone that the officer signs
in with here, or the officer's own signed-in browser came back from the platform with it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from palmtax.base.actor import Actor
from palmtax.base.clock import Clock
from palmtax.identity import errors
from palmtax.identity.actions import addresses, sessions
from palmtax.identity.actions.officers import officer_hats
from palmtax.identity.adapters import ChatMember
from palmtax.identity.model.addresses import Address, Family
from palmtax.identity.model.tokens import Device, SignedIn
from palmtax.identity.store import addresses as store
from palmtax.identity.store import officers as officer_store
from palmtax.identity.store import people
from palmtax.plumbing.database import Tx


async def sign_in(
    tx: Tx, *, clock: Clock, family: Family, app_id: str, userid: str, device: Device, request_id: str
) -> SignedIn:
    """A session of the officer whose userid it is, as any other sign-in gives it: without a second factor.

    Errors: identity.chat_unbound.
    """
    person_id = await addresses.person_of_address(tx, family, app_id, userid)
    if person_id is None or not await officer_hats(tx, person_id=person_id, clock=clock):
        raise errors.ChatUnbound()
    return await sessions.open_session(
        tx, clock=clock, person_id=person_id, device=device, way=family, request_id=request_id
    )


async def bind(tx: Tx, *, actor: Actor, clock: Clock, family: Family, app_id: str, userid: str) -> None:
    """The userid that came back to this officer's own browser is theirs. Errors: identity.address_taken."""
    if not await officer_hats(tx, person_id=actor.person_id, clock=clock):
        raise errors.ChatUnbound()
    await addresses.bind(
        tx, clock=clock, person_id=actor.person_id, family=family, app_id=app_id, value=userid, proof="oauth",
        actor=actor,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Compared:
    """What a directory says otherwise than we knew: userids to be bound, by person; addresses of people who left."""

    to_bind: tuple[tuple[int, str], ...]
    to_unbind: tuple[Address, ...]


async def compare(tx: Tx, *, clock: Clock, family: Family, app_id: str, members: Sequence[ChatMember]) -> Compared:
    """Compare a whole directory with what is bound. Three round trips, whatever its size.

    Who is no longer in it is to be unbound, however they were bound; who is in it under another phone than the officer's
    is, when the directory was the proof.
    """
    known = await store.of_app(tx, family=family, app_id=app_id)
    phones = await people.people_of_phones(tx, [one.phone for one in members if one.phone])
    working = await officer_store.working(tx, sorted(set(phones.values())), clock.today())
    owner = {one.userid: phones.get(one.phone) for one in members}
    bound = {one.value: one.person_id for one in known}
    to_bind = [
        (person_id, userid)
        for userid, person_id in owner.items()
        if person_id is not None and person_id in working and bound.get(userid) != person_id
    ]
    to_unbind = [one for one in known if one.value not in owner or _is_anothers(one, owner[one.value])]
    return Compared(tuple(to_bind), tuple(to_unbind))


def _is_anothers(one: Address, person_id: int | None) -> bool:
    return one.proof == "directory" and person_id != one.person_id


async def unbind_left(tx: Tx, *, clock: Clock, found: Address) -> None:
    """Somebody left the directory: nothing is sent there, nobody signs in by it."""
    await addresses.unbind(
        tx, clock=clock, person_id=found.person_id, family=found.family, app_id=found.app_id, value=found.value
    )


async def bind_by_directory(tx: Tx, *, clock: Clock, family: Family, app_id: str, person_id: int, userid: str) -> None:
    """The directory knows the userid under the officer's phone; given anew it changes hands."""
    await addresses.bind(
        tx, clock=clock, person_id=person_id, family=family, app_id=app_id, value=userid, proof="directory",
        is_handed_on=True,
    )  # fmt: skip
