"""Who people are: the real-name check, and what other domains may ask about people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from palmtax import evidence
from palmtax.base.actor import Actor
from palmtax.base.clock import Clock, SystemClock
from palmtax.base.identifiers import BadIdentifier, check_resident_id
from palmtax.identity import errors
from palmtax.identity.actions.sessions import NO_TAXPAYER
from palmtax.identity.model.people import Contact, NewHat, NewPerson, Person
from palmtax.identity.store import addresses, loading
from palmtax.identity.store import people as store
from palmtax.plumbing.database import Tx
from palmtax.plumbing.together import Part

_CLOCK = SystemClock()


def well_formed_resident_id(text: str) -> str:
    """The number in its plain form. Errors: identity.resident_id_malformed."""
    try:
        return check_resident_id(text)
    except BadIdentifier:
        raise errors.ResidentIdMalformed() from None


async def home_region(tx: Tx, person_id: int) -> str:
    """The administrative division that a person's identity number begins with; empty when it is not known.

    It is where the person was first registered: a first guess for the tax office, which the person may change.
    """
    papers = await store.own_papers(tx, person_id)
    return (papers.get("resident_id") or "")[:6]


async def may_check_real_name(tx: Tx, *, actor: Actor, name: str, resident_id: str) -> bool:
    """Whether the register must be asked; False when this very name and number were already checked.

    Errors: identity.real_name_done when the person was checked under another name or number.
    """
    person = await store.person(tx, actor.person_id)
    if person is None or not person.is_real_name_checked:
        return True
    if person.name == name and await store.holds_resident_id(tx, person_id=actor.person_id, resident_id=resident_id):
        return False
    raise errors.RealNameDone()


async def keep_real_name(tx: Tx, *, actor: Actor, clock: Clock, name: str, resident_id: str) -> None:
    """Write down a name the register has confirmed; evidence `identity.real_name_checked`.

    Errors: identity.resident_id_taken, identity.real_name_done.
    """
    owner = await store.claim_resident_id(tx, person_id=actor.person_id, resident_id=resident_id)
    if owner != actor.person_id:
        raise errors.ResidentIdTaken()
    done = await store.set_real_name(tx, person_id=actor.person_id, name=name, resident_id=resident_id, now=clock.now())
    if not done:
        raise errors.RealNameDone()
    await evidence.append(
        tx,
        actor=actor,
        clock=clock,
        act="identity.real_name_checked",
        taxpayer_id=NO_TAXPAYER,
        subject_id=actor.session_id,
        payload={"person_id": actor.person_id},
    )


async def people(tx: Tx, person_ids: Sequence[int]) -> dict[int, Person]:
    """Several people by id; unknown ids are left out. One round trip."""
    return await store.people(tx, person_ids)


def people_part(person_ids: Sequence[int]) -> Part:
    """Several people as a reading part of the caller's one statement; `people_of_part` reads the answer."""
    return store.people_part(person_ids)


def people_of_part(rows: Sequence[Mapping[str, Any]]) -> dict[int, Person]:
    """What `people_part` answered, by id."""
    return store.people_of_rows(rows)


async def contacts(tx: Tx, taxpayer_id: int, *, clock: Clock = _CLOCK) -> list[Contact]:
    """Who may act for a taxpayer today, the legal representative first; masked. One round trip."""
    return await store.contacts(tx, [taxpayer_id], clock.today())


async def first_contacts(tx: Tx, taxpayer_ids: Sequence[int], *, clock: Clock = _CLOCK) -> dict[int, Contact]:
    """The person to call for each of several taxpayers; masked. One round trip."""
    found: dict[int, Contact] = {}
    for contact in await store.contacts(tx, taxpayer_ids, clock.today()):
        found.setdefault(contact.taxpayer_id, contact)
    return found


async def taxpayers_of_phone(tx: Tx, mask: str, *, clock: Clock = _CLOCK) -> list[int]:
    """Taxpayers for whom somebody with a phone of this mask (138****5678) may act today. One round trip."""
    return await store.taxpayers_of_phone(tx, mask, clock.today())


async def retitle_hats(tx: Tx, *, taxpayer_id: int, title: str) -> None:
    """The taxpayer has a new name: it stands on the hats of those who act for it. One round trip."""
    await store.retitle_hats(tx, taxpayer_id=taxpayer_id, title=title)


async def openid(tx: Tx, person_id: int, app_id: str) -> str | None:
    """The WeChat user of a person in one mini program: the one they signed in with last. One round trip."""
    for found in await addresses.addresses(tx, [person_id], ["wechat_mini"]):
        if found.app_id == app_id:
            return found.value
    return None


async def businesses_of(tx: Tx, person_id: int, today: date) -> list[int]:
    """The taxpayers a person acts for as one of their own people (not as an agent). One round trip."""
    hats = await store.hats(tx, person_id, today)
    return [hat.taxpayer_id for hat in hats if hat.kind == "enterprise" and hat.taxpayer_id is not None]


async def hat_titles(tx: Tx, *, clock: Clock, person_id: int) -> dict[UUID, str]:
    """What the hats of a person are called today, by hat. One round trip."""
    return {hat.hat_id: hat.title for hat in await store.hats(tx, person_id, clock.today())}


async def load_people(tx: Tx, *, clock: Clock, people: Sequence[NewPerson], hats: Sequence[NewHat]) -> None:
    """Load people and hats from a register, through COPY; hats of enterprises and agents become authorisations too.

    Every hat's person must be in the same call. UniqueViolationError when a phone, number or person exists.
    """
    await loading.load(tx, people=people, hats=hats, now=clock.now())
