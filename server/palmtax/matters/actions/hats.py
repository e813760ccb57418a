"""Whether this hat may do this matter, and whose matter it is then."""

from __future__ import annotations

from dataclasses import dataclass

from palmtax import identity, registry
from palmtax.base.actor import Actor
from palmtax.base.clock import Clock
from palmtax.matters.errors import WrongHat
from palmtax.matters.model.matter import CATEGORIES, Matter
from palmtax.plumbing.database import Tx
from palmtax.plumbing.faults import HatNeeded


@dataclass(frozen=True, slots=True)
class Standing:
    """Who asks, as the catalogue knows them."""

    taxpayer_id: int
    category: str
    role_code: str
    office_code: str


def category_of(taxpayer: registry.Taxpayer) -> str:
    """The category of a taxpayer."""
    if taxpayer.kind == "natural_person":
        return "natural_person"
    if taxpayer.kind == "individual_business":
        return "individual_business"
    return "general" if taxpayer.vat_kind == "general" else "small_scale"


async def standing(tx: Tx, *, actor: Actor, clock: Clock) -> Standing:
    """The taxpayer behind the hat; a natural person's own file is opened at the first matter. One or two round trips.

    Errors: plumbing.hat_needed.
    """
    if actor.hat is None or actor.is_officer or actor.taxpayer_id is None:
        raise HatNeeded()
    if actor.hat.kind == "self":
        taxpayer_id = actor.taxpayer_id
        try:
            found = await registry.taxpayer(tx, taxpayer_id)
        except registry.TaxpayerUnknown:
            await _open_own_file(tx, actor, clock)
            found = await registry.taxpayer(tx, taxpayer_id)
    else:
        found = await registry.taxpayer(tx, actor.taxpayer_id)
    return Standing(found.taxpayer_id, category_of(found), actor.hat.role_code, found.office_code)


async def _open_own_file(tx: Tx, actor: Actor, clock: Clock) -> None:
    known = await identity.people(tx, [actor.person_id])
    name = known[actor.person_id].name_masked if actor.person_id in known else "*"
    own = await registry.taxpayers(tx, await identity.businesses_of(tx, actor.person_id, clock.today()))
    # who has a business deals with its office, everybody else with that of their place, until they choose another
    office = min((one.office_code for one in own.values()), default="")
    if not office:
        region = await identity.home_region(tx, actor.person_id)
        office = await registry.office_of_region(tx, region) or await registry.top_office(tx)
    await registry.ensure_natural_person(
        tx, clock=clock, person_id=actor.person_id, name_masked=name, office_code=office
    )


def check_hat(matter: Matter, who: Standing) -> None:
    """Nothing, when the hat may do the matter. Errors: matters.wrong_hat."""
    if not matter.may(who.category, who.role_code):
        raise refusal(matter)


def refusal(matter: Matter) -> WrongHat:
    """The refusal, with the hats that may."""
    zh, en = who_words(matter)
    return WrongHat(title=matter.title, title_en=matter.title_en, who=zh, who_en=en)


def who_words(matter: Matter) -> tuple[str, str]:
    """Who may do a matter, in words: categories and roles."""
    categories = [CATEGORIES[who] for who in matter.who]
    roles = [identity.role_name(role) for role in matter.roles]
    zh = "、".join(name for name, _ in categories) + "（" + "、".join(name for name, _ in roles) + "）"
    en = ", ".join(name for _, name in categories) + " (" + ", ".join(name for _, name in roles) + ")"
    return zh, en
