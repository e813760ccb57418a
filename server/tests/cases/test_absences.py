"""An absent officer's cases are in the hands of who stands in; nothing new lands on an empty desk."""

from __future__ import annotations

from datetime import timedelta

import pytest
from cases.cases_make import ANNA, BO, CHEF, CITY_CHEF, CLERK, EASTER, HALL, actor, now, one, opened

from palmtax import cases
from palmtax.cases.actions.claiming import hold


def days(clock, first=0, last=3):
    today = clock.today()
    return {
        "from_on": (today + timedelta(days=first)).isoformat(), "until_on": (today + timedelta(days=last)).isoformat(),
    }  # fmt: skip


async def away(who, clock, substitute, **more):
    return await who.ok("POST", "/cases/absences", {**days(clock), "substitute_id": substitute, **more})


async def mine(who):
    return [row["case_id"] for row in (await who.ok("GET", "/cases/queue"))["cases"]]


async def test_the_substitute_sees_and_decides_while_the_holder_is_away(officer, database, clock):
    case = await opened(database, clock)
    async with database.transaction() as tx:
        held, _ = await hold(tx, actor=actor(ANNA), clock=clock, case=case)
    anna, bo = await officer(ANNA), await officer(BO)
    assert await mine(bo) == []
    async with database.transaction() as tx:
        with pytest.raises(cases.AlreadyClaimed):
            await cases.give_opinion(
                tx, actor=actor(BO), clock=clock, case=held, outcome="yes", reason="同意", version=held.version
            )
    made = await away(anna, clock, BO)
    assert (made["is_mine"], "*" in made["substitute_name_masked"]) == (True, True)
    assert await mine(bo) == [str(case.case_id)] == await mine(anna)
    shown = await bo.ok("GET", f"/cases/cases/{case.case_id}")
    assert (shown["case"]["is_mine"], "decide" in shown["may"], "return" in shown["may"]) == (True, True, True)
    assert "*" in shown["stand_in_name"]
    async with database.transaction() as tx:
        seen = await cases.readable_case(tx, actor=actor(BO), taxpayer_id=9001, subject_id=case.subject_id, clock=clock)
        assert cases.may_decide(actor(BO), seen)
        assert not cases.may_decide(actor(CHEF), seen)
        done = await cases.give_opinion(
            tx, actor=actor(BO), clock=clock, case=held, outcome="yes", reason="同意", version=held.version
        )
    assert (done.state, done.first_by, done.claimed_by) == ("closed", BO, ANNA)
    last = (await bo.ok("GET", f"/cases/cases/{case.case_id}"))["history"][-1]
    assert "*" in last["for_name"]


async def test_when_the_days_are_over_all_is_as_before(officer, database, clock):
    case = await opened(database, clock)
    async with database.transaction() as tx:
        await hold(tx, actor=actor(ANNA), clock=clock, case=case)
    anna, bo = await officer(ANNA), await officer(BO)
    made = await away(anna, clock, BO)
    assert len(await anna.ok("GET", "/cases/absences")) == 1
    assert (await anna("DELETE", f"/cases/absences/{made['absence_id']}")).status_code == 204
    assert await mine(bo) == []
    await away(anna, clock, BO)
    clock.move(days=3)
    bo = await officer(BO)
    assert await mine(bo) == [str(case.case_id)]
    clock.move(days=1)
    bo = await officer(BO)
    assert await mine(bo) == []
    assert await bo.ok("GET", "/cases/absences") == []


async def test_what_is_assigned_to_an_absent_officer_goes_to_who_stands_in(officer, database, clock):
    first, second, about = [await opened(database, clock, not_for=n) for n in ([], [], [CHEF])]
    chef = await officer(CHEF)
    await away(chef, clock, BO, person_id=ANNA)
    body = {"case_ids": [str(first.case_id)], "person_id": ANNA}
    assert (await chef.ok("POST", "/cases/assignments", body))["done"] == [str(first.case_id)]
    assert (await now(database, first)).claimed_by == BO
    # BO goes away too: CHEF stands in for both, but not for what concerns CHEF
    await away(await officer(BO), clock, CHEF)
    body = {"case_ids": [str(second.case_id), str(about.case_id)], "person_id": ANNA}
    told = await chef.ok("POST", "/cases/assignments", body)
    assert (told["done"], [r["code"] for r in told["refused"]]) == ([str(second.case_id)], ["cases.conflict"])
    assert (await now(database, second)).claimed_by == CHEF
    assert set(await mine(chef)) == {str(first.case_id), str(second.case_id)}
    # and CHEF: nobody is left
    await away(chef, clock, ANNA)
    for who in (ANNA, BO, CHEF):
        await (await officer(CITY_CHEF)).refused(
            409, "cases.officer_absent", "POST", "/cases/assignments", body | {"person_id": who}
        )


async def test_who_confirms_for_an_absent_colleague_is_still_another_person(database, clock, officer):
    case = await opened(database, clock, needs_two=True)
    async with database.transaction() as tx:
        second = await cases.give_opinion(
            tx, actor=actor(BO), clock=clock, case=case, outcome="yes", reason="同意", version=1
        )
        held, _ = await hold(tx, actor=actor(ANNA), clock=clock, case=second)
    await away(await officer(ANNA), clock, BO)
    async with database.transaction() as tx:
        with pytest.raises(cases.SameOfficer):
            await cases.confirm_opinion(
                tx, actor=actor(BO), clock=clock, case=held, is_agreed=True, reason="", version=held.version
            )
        assert await one(tx, case.case_id) == held


async def test_absences_that_cannot_be(officer, clock):
    anna, chef = await officer(ANNA), await officer(CHEF)
    post = ("POST", "/cases/absences")
    for wrong in (
        {"substitute_id": ANNA}, {**days(clock, 3, 2), "substitute_id": BO}, {**days(clock, -9, -1), "substitute_id": BO},
    ):  # fmt: skip
        await anna.refused(422, "cases.absence_wrong", *post, {**days(clock), **wrong})
    for stranger in (EASTER, CLERK, 1):
        await anna.refused(404, "cases.officer_unknown", *post, {**days(clock), "substitute_id": stranger})
    await anna.refused(403, "plumbing.not_allowed", *post, {**days(clock), "substitute_id": BO, "person_id": HALL})
    await chef.refused(404, "cases.officer_unknown", *post, {**days(clock), "substitute_id": BO, "person_id": EASTER})
    made = await away(anna, clock, BO)
    await anna.refused(409, "cases.absence_overlaps", *post, {**days(clock, 3, 9), "substitute_id": BO})
    await away(anna, clock, BO, **days(clock, 4, 9))
    path = f"/cases/absences/{made['absence_id']}"
    await chef.refused(404, "cases.absence_unknown", "DELETE", path)
    await (await officer(BO)).refused(403, "plumbing.not_allowed", "DELETE", f"{path}?person_id={ANNA}")
    await chef.refused(404, "cases.absence_unknown", "DELETE", f"{path}?person_id={EASTER}")
    assert (await chef("DELETE", f"{path}?person_id={ANNA}")).status_code == 204
    await anna.refused(404, "cases.absence_unknown", "DELETE", path)
    told = {o["person_id"]: (o["is_absent"], o["substitute_id"]) for o in await chef.ok("GET", "/cases/officers")}
    assert told[ANNA] == (False, None)
