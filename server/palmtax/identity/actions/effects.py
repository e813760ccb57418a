"""What matters may do with hats and authorisations, and read of the acting person."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from palmtax.base.actor import Actor
from palmtax.base.clock import Clock
from palmtax.identity import errors
from palmtax.identity.actions import authorisations
from palmtax.identity.model.people import Authorisation
from palmtax.identity.model.roles import ROLES, role_name
from palmtax.identity.store import authorisations as store
from palmtax.identity.store import people
from palmtax.plumbing import faults
from palmtax.plumbing.database import Tx
from palmtax.plumbing.effects import Act, Done, Line, Value, effect, reads

LAST = "last_given"
"""Stands for the authorisation that the taxpayer gave last."""
_NAMED = ("person_name", "staff_name", "other_name", "name")
"""Answers that may hold the name of the person authorised."""


@effect("identity.show_hats")
async def show_hats(tx: Tx, *, act: Act) -> Done:
    """The hats that the acting person may put on today."""
    found = await people.hats(tx, act.actor.person_id, act.clock.today())
    lines = []
    for hat in found:
        zh, en = role_name(hat.role_code)
        until, until_en = (hat.valid_until.isoformat(),) * 2 if hat.valid_until else ("长期", "no end")
        lines.append(Line(zh, en, f"{hat.title or '本人'} · {until}", value_en=f"{hat.title or 'Myself'} · {until_en}"))
    return Done({"count": len(found)}, (Line("办税身份", "Identities", len(found), "个", unit_en="in all"), *lines))


def _check_second_factor(act: Act) -> None:
    if not act.actor.second_factor:
        raise faults.SecondFactorNeeded()


@effect("identity.give_authorisation")
async def give_authorisation(
    tx: Tx, *, act: Act, phone: str, role: str, valid_until: date, name: str | None = None
) -> Done:
    """Let a person act for the taxpayer; it waits for that person. Needs a fresh second factor.

    All scopes of the role that the giver has are given. Without a name (here or among the answers), the phone decides.
    Errors: plumbing.second_factor_needed, identity.role_not_yours, identity.end_date_wrong, identity.self_grant,
    identity.authorisation_exists, identity.hat_unknown.
    """
    kept = await store.locked(tx, taxpayer_id=act.taxpayer_id, authorisation_id=act.application_id)
    if kept is None:
        _check_second_factor(act)
        if role not in ROLES:
            raise errors.RoleNotYours(role_name=role, role_name_en=role)
        given = name or next((str(act.answers[one]) for one in _NAMED if act.answers.get(one)), "")
        held = act.actor.hat.scopes if act.actor.hat else frozenset()
        kept = await authorisations.give(
            tx,
            actor=act.actor,
            clock=act.clock,
            phone=phone,
            name=given,
            role_code=role,
            scopes=sorted(ROLES[role].scopes & held),
            valid_until=valid_until,
            authorisation_id=act.application_id,
        )
    return _given(kept)


def _given(kept: Authorisation) -> Done:
    zh, en = role_name(kept.role_code)
    return Done(
        {"authorisation_id": str(kept.authorisation_id), "valid_until": kept.valid_until.isoformat()},
        (
            Line("授权身份", "Role", zh, value_en=en),
            Line("被授权人手机", "Phone", kept.phone_masked),
            Line("有效期至", "Valid until", kept.valid_until.isoformat()),
            Line("授权编号", "Authorisation", str(kept.authorisation_id)),
        ),
    )


@effect("identity.end_authorisation")
async def end_authorisation(tx: Tx, *, act: Act, hat_id: str) -> Done:
    """End an authorisation of the taxpayer at once; ended already is the same. Needs a fresh second factor.

    Errors: plumbing.second_factor_needed, identity.authorisation_unknown, identity.role_not_yours,
    identity.authorisation_settled.
    """
    _check_second_factor(act)
    number = await _number(tx, act, hat_id.strip())
    ended = await authorisations.revoke(tx, actor=act.actor, clock=act.clock, authorisation_id=number)
    zh, en = role_name(ended.role_code)
    return Done(
        {"authorisation_id": str(number), "state": ended.state},
        (Line("解除授权", "Ended", zh, value_en=en), Line("手机", "Phone", ended.phone_masked)),
    )


async def _number(tx: Tx, act: Act, hat_id: str) -> UUID:
    if hat_id == LAST:
        for kept in await store.of_taxpayer(tx, act.taxpayer_id):
            if not kept.is_from_registration:
                return kept.authorisation_id
        raise errors.AuthorisationUnknown()
    try:
        return UUID(hat_id)
    except ValueError:
        raise errors.AuthorisationUnknown() from None


NAMES = {"name": "person_name", "phone": "phone", "resident_id": "resident_id", "hat_count": "number"}


@reads("identity", names=NAMES)
async def read(tx: Tx, *, actor: Actor, clock: Clock, taxpayer_id: int, names: Sequence[str]) -> dict[str, Value]:
    """Name, phone and identity number of the acting person, none where unknown; how many hats. One or two round trips."""
    del taxpayer_id
    found: dict[str, Value] = {}
    if set(names) - {"hat_count"}:
        found |= await people.own_papers(tx, actor.person_id)
    if "hat_count" in names:
        found["hat_count"] = len(await people.hats(tx, actor.person_id, clock.today()))
    return {name: found.get(name) for name in names}
