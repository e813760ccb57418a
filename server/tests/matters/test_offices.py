"""Which office a natural person deals with: that of a business, of the place, or the one chosen once and kept."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

from matters.make import OFFICE, PROVINCE, filled, submitted

from palmtax import identity
from palmtax.base.actor import Actor, Hat
from palmtax.base.identifiers import make_resident_id
from palmtax.matters.actions import hats
from palmtax.matters.model.catalogue import catalogue

MATTERS = catalogue()


async def test_a_person_without_a_business_deals_with_the_office_of_their_place(town, database, clock):
    """Division 990305 has an office here; where a place has none, that of the city or province above it stands in."""
    offices = {"990305": OFFICE, "990399": PROVINCE, "110101": PROVINCE}
    for number, (division, office) in enumerate(offices.items(), 700):
        person = identity.NewPerson(
            number, "林知夏", f"15411100{number}", make_resident_id(division, date(1990, 3, 12), number)
        )
        own = Hat(uuid4(), "self", "self", None, None, frozenset())
        async with database.transaction() as tx:
            await identity.load_people(tx, clock=clock, people=[person], hats=[])
            found = await hats.standing(tx, actor=Actor(number, uuid4(), own, "h5", "test"), clock=clock)
        assert (found.category, found.office_code) == ("natural_person", office), division


async def test_an_office_chosen_once_is_that_of_later_matters_and_gets_the_case(town, database):
    who = await town.person("natural_person", "self")
    shown = await who.ok("POST", "/matters/applications", {"matter_code": "SFGL-007", "fresh": True})
    here = f"/matters/applications/{shown['application_id']}"
    assert shown["office_code"] == OFFICE
    wrong = await who("PATCH", here, {"version": shown["version"], "answers": {}, "office_code": "19988880000"})
    assert (wrong.status_code, wrong.json()["code"]) == (422, "matters.office_unknown")
    shown = await who.ok("PATCH", here, {"version": shown["version"], "answers": {}, "office_code": PROVINCE})
    assert (shown["office_code"], shown["office_name"]) == (PROVINCE, "云省税务局")
    later = await who.ok("POST", "/matters/applications", {"matter_code": "SFGL-007", "fresh": True})
    assert later["office_code"] == PROVINCE
    matter = MATTERS["SFGL-007"]
    example = next(one for one in matter.examples if one.decision == "no")
    sent = await submitted(who, await filled(town, who, matter, example))
    async with database.statement() as tx:
        assert (
            await tx.fetchval("select office_code from cases_case where subject_id = $1", sent["application_id"])
            == PROVINCE
        )


async def test_a_business_does_not_choose_its_office(town):
    who = await town.person("small_scale", "legal_rep")
    shown = await who.ok("POST", "/matters/applications", {"matter_code": "SBNS-002", "fresh": True})
    here = f"/matters/applications/{shown['application_id']}"
    shown = await who.ok("PATCH", here, {"version": shown["version"], "answers": {}, "office_code": PROVINCE})
    assert shown["office_code"] == OFFICE
