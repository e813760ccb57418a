"""Matters show hats, give and end authorisations with a second factor, and read the acting person's papers."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from identity.make import BOSS, CLERK, NAMES, OTHER_SHOP, PHONES, SHOP, make_people, resident_id
from plumbing.make import make_act

from palmtax import evidence
from palmtax.base.actor import Actor, Hat
from palmtax.base.identifiers import uuid7
from palmtax.identity import errors
from palmtax.identity.actions import authorisations, effects
from palmtax.identity.store import people
from palmtax.plumbing import faults
from palmtax.plumbing.effects import EFFECTS, read_sources

UNTIL = date(2027, 11, 22)


@pytest.fixture
async def town(tx, clock):
    await make_people(tx, clock)
    return tx


async def boss(tx, clock, person_id=BOSS, taxpayer_id=SHOP):
    hats = await people.hats(tx, person_id, clock.today())
    worn = next(hat for hat in hats if hat.taxpayer_id == taxpayer_id)
    hat = Hat(worn.hat_id, worn.kind, worn.role_code, taxpayer_id, None, frozenset(worn.scopes))
    return Actor(person_id, uuid7(), hat, "miniprogram", "test", second_factor=True)


def test_all_of_the_contract_is_there():
    names = {"show_hats", "give_authorisation", "end_authorisation"}
    assert {name for name in EFFECTS if name.startswith("identity.")} == {f"identity.{name}" for name in names}


async def test_hats_are_shown_and_papers_read(town, clock):
    actor = await boss(town, clock)
    shown = await effects.show_hats(town, act=make_act(clock, SHOP, actor=actor))
    assert shown.values == {"count": 2}
    names = [f"identity.{name}" for name in ("name", "phone", "resident_id", "hat_count")]
    found = await read_sources(town, actor=actor, clock=clock, taxpayer_id=SHOP, sources=names)
    assert list(found.values()) == [NAMES[BOSS], PHONES[BOSS], resident_id(BOSS), 2]


async def test_an_authorisation_is_given_once_and_accepted(town, clock):
    act = make_act(clock, SHOP, actor=await boss(town, clock), answers={"person_name": NAMES[CLERK]})
    first = await effects.give_authorisation(town, act=act, phone=PHONES[CLERK], role="tax_clerk", valid_until=UNTIL)
    assert first == await effects.give_authorisation(
        town, act=act, phone=PHONES[CLERK], role="tax_clerk", valid_until=UNTIL
    )
    clerk = Actor(CLERK, uuid7(), None, "miniprogram", "test")
    await authorisations.accept(town, actor=clerk, clock=clock, authorisation_id=act.application_id)
    assert len(await people.hats(town, CLERK, clock.today())) == 2
    ending = make_act(clock, SHOP, actor=act.actor)
    for _ in range(2):
        done = await effects.end_authorisation(town, act=ending, hat_id=str(act.application_id))
        assert done.values["state"] == "revoked"
    assert len(await people.hats(town, CLERK, clock.today())) == 1
    acts = [entry.act for entry in await evidence.timeline(town, taxpayer_id=SHOP)]
    assert acts == [
        "identity.authorisation_revoked",
        "identity.authorisation_accepted",
        "identity.authorisation_given",
    ]


async def test_the_last_given_may_be_ended_without_its_number(town, clock):
    actor = await boss(town, clock)
    given = make_act(clock, SHOP, actor=actor)
    await effects.give_authorisation(town, act=given, phone="15400000021", role="agent", valid_until=UNTIL)
    done = await effects.end_authorisation(town, act=make_act(clock, SHOP, actor=actor), hat_id="last_given")
    assert done.values["authorisation_id"] == str(given.application_id)
    again = await effects.end_authorisation(town, act=make_act(clock, SHOP, actor=actor), hat_id="last_given")
    assert again == done


async def test_without_a_name_the_phone_decides(town, clock):
    act = make_act(clock, SHOP, actor=await boss(town, clock))
    await effects.give_authorisation(town, act=act, phone=PHONES[CLERK], role="tax_clerk", valid_until=UNTIL)
    clerk = Actor(CLERK, uuid7(), None, "miniprogram", "test")
    kept = await authorisations.accept(town, actor=clerk, clock=clock, authorisation_id=act.application_id)
    assert kept.state == "active"


async def test_refusals_change_nothing(town, clock):
    actor = await boss(town, clock)
    act = make_act(clock, SHOP, actor=actor)
    asked = {"phone": "15400000021", "role": "tax_clerk", "valid_until": UNTIL}
    with pytest.raises(faults.SecondFactorNeeded):
        await effects.give_authorisation(town, act=replace(act, actor=replace(actor, second_factor=False)), **asked)
    with pytest.raises(faults.SecondFactorNeeded):
        await effects.end_authorisation(town, act=replace(act, actor=replace(actor, second_factor=False)), hat_id="x")
    with pytest.raises(errors.RoleNotYours):
        await effects.give_authorisation(town, act=act, **(asked | {"role": "emperor"}))
    with pytest.raises(errors.EndDateWrong):
        await effects.give_authorisation(town, act=act, **(asked | {"valid_until": date(2026, 1, 1)}))
    for number in ("not a number", "last_given"):
        with pytest.raises(errors.AuthorisationUnknown):
            await effects.end_authorisation(town, act=act, hat_id=number)
    with pytest.raises(errors.AuthorisationUnknown):
        await effects.end_authorisation(town, act=make_act(clock, OTHER_SHOP, actor=actor), hat_id=str(uuid7()))
    assert await evidence.timeline(town, taxpayer_id=SHOP) == []
