"""Taking, giving back, assigning and handing over: never twice, and a preview tells the truth."""

from __future__ import annotations

import asyncio
from uuid import uuid4

import pytest
from cases.cases_make import ANNA, BO, CHEF, CITY_CHEF, CLERK, EASTER, HALL, actor, acts, now, opened
from cases.make import EAST, NORTH, NORTH_HALL

from palmtax import cases


def ids(*found):
    return {"case_ids": [str(case.case_id) for case in found]}


async def done_and_refused(who, path, body):
    """The preview, then the deed: they must agree."""
    would = (await who.ok("POST", f"/cases/{path}?preview=true", body))["would"]
    told = await who.ok("POST", f"/cases/{path}", body)
    assert [one["case_id"] for one in would if one["ok"]] == told["done"]
    assert [(one["case_id"], one["why"]) for one in would if not one["ok"]] == [
        (one["case_id"], one["text"]) for one in told["refused"]
    ]
    return told["done"], [one["code"] for one in told["refused"]]


async def test_two_officers_at_the_same_instant(staff, database, clock):
    for _ in range(10):
        case = await opened(database, clock)
        gate = asyncio.Event()

        async def take(who, case=case, gate=gate):
            async with database.transaction() as tx:
                await tx.fetchval("select 1")
                await gate.wait()
                return await _claim(tx, who, clock, case)

        racing = [asyncio.create_task(take(who)) for who in (ANNA, BO, CHEF)]
        await asyncio.sleep(0.02)
        gate.set()
        results = await asyncio.gather(*racing, return_exceptions=True)
        won = [one for one in results if not isinstance(one, Exception)]
        lost = [one for one in results if isinstance(one, Exception)]
        assert len(won) == 1
        assert [type(one) for one in lost] == [cases.AlreadyClaimed] * 2
        after = await now(database, case)
        assert (after.claimed_by, after.version) == (won[0].claimed_by, 2)
        assert all("*" in one.values["name"] for one in lost)
        assert await acts(database, case) == ["case_opened", "case_claimed"]


async def _claim(tx, who, clock, case):
    from palmtax.cases.actions.claiming import hold

    return (await hold(tx, actor=actor(who), clock=clock, case=case))[0]


async def test_bulk_claims_do_what_their_preview_says(officer, database, clock):
    free, taken, about, elsewhere, closed = [
        await opened(database, clock, **more)
        for more in ({}, {}, {"not_for": [ANNA]}, {"taxpayer_id": 9003, "office_code": EAST}, {})
    ]
    async with database.transaction() as tx:
        await _claim(tx, BO, clock, taken)
        await cases.close_case(tx, clock=clock, taxpayer_id=9001, subject_id=closed.subject_id, reason="withdrawn")
    who = await officer(ANNA)
    body = ids(taken, free, about, elsewhere, closed)
    body["case_ids"].append(str(uuid4()))
    before = [await now(database, case) for case in (free, taken, about, elsewhere, closed)]
    await who.ok("POST", "/cases/claims?preview=true", body)
    assert [await now(database, case) for case in (free, taken, about, elsewhere, closed)] == before
    done, refused = await done_and_refused(who, "claims", body)
    assert done == [str(free.case_id)]
    assert refused == [
        "cases.already_claimed", "cases.conflict", "cases.case_unknown", "cases.case_closed", "cases.case_unknown",
    ]  # fmt: skip
    assert (await now(database, free)).claimed_by == ANNA
    # again: what one has, one has
    assert (await done_and_refused(who, "claims", ids(free)))[0] == [str(free.case_id)]
    assert await acts(database, free) == ["case_opened", "case_claimed"]


async def test_a_colleague_is_named_by_a_mask_only(officer, database, clock):
    case = await opened(database, clock)
    async with database.transaction() as tx:
        await _claim(tx, BO, clock, case)
    told = await (await officer(ANNA)).ok("POST", "/cases/claims", ids(case))
    assert str(BO) not in told["refused"][0]["text"]
    assert "*" in told["refused"][0]["text"]


async def test_fields_of_work_are_kept(officer, database, clock):
    chef = await officer(CHEF)
    assert (await chef("PUT", f"/cases/officers/{ANNA}/skills", {"skills": ["refund"]})).status_code == 204
    case, fits = await opened(database, clock), await opened(database, clock, skill="refund")
    who = await officer(ANNA)
    assert await done_and_refused(who, "claims", ids(case, fits)) == ([str(fits.case_id)], ["cases.skill_missing"])
    assert [row["skill"] for row in (await who.ok("GET", "/cases/queue?view=group"))["cases"]] == []
    assert (await chef("PUT", f"/cases/officers/{ANNA}/skills", {"skills": []})).status_code == 204
    assert len((await who.ok("GET", "/cases/queue?view=group"))["cases"]) == 1
    await chef.refused(404, "cases.officer_unknown", "PUT", f"/cases/officers/{EASTER}/skills", {"skills": []})
    await chef.refused(422, "plumbing.malformed", "PUT", f"/cases/officers/{ANNA}/skills", {"skills": ["magic"]})
    await who.refused(403, "plumbing.not_allowed", "PUT", f"/cases/officers/{ANNA}/skills", {"skills": []})


async def test_given_back_by_its_holder_or_a_supervisor(officer, database, clock):
    mine, others, free = [await opened(database, clock) for _ in range(3)]
    async with database.transaction() as tx:
        await _claim(tx, ANNA, clock, mine)
        await _claim(tx, BO, clock, others)
    who = await officer(ANNA)
    assert await done_and_refused(who, "returns", ids(mine, others, free)) == (
        [str(mine.case_id)], ["cases.not_yours", "cases.wrong_state"],
    )  # fmt: skip
    after = await now(database, mine)
    assert (after.state, after.claimed_by, after.claimed_at) == ("open", None, None)
    assert (await done_and_refused(await officer(CHEF), "returns", ids(others)))[0] == [str(others.case_id)]
    assert await acts(database, others) == ["case_opened", "case_claimed", "case_returned"]


async def test_a_supervisor_assigns_within_the_branch(officer, database, clock):
    case, about = await opened(database, clock), await opened(database, clock, not_for=[ANNA])
    hall = await opened(database, clock, office_code=NORTH_HALL)
    east = await opened(database, clock, taxpayer_id=9003, office_code=EAST)
    chef = await officer(CHEF)
    done, refused = await done_and_refused(chef, "assignments", ids(case, about, hall, east) | {"person_id": ANNA})
    assert (done, refused) == (
        [str(case.case_id), str(hall.case_id)], ["cases.conflict", "cases.case_unknown"],
    )  # fmt: skip
    assert ((await now(database, case)).state, (await now(database, case)).claimed_by) == ("claimed", ANNA)
    # a hall's officer does not reach up
    done, refused = await done_and_refused(chef, "assignments", ids(case, hall) | {"person_id": HALL})
    assert (done, refused) == ([str(hall.case_id)], ["cases.officer_unknown"])
    for nobody in (CLERK, EASTER, 1):
        await chef.refused(
            404, "cases.officer_unknown", "POST", "/cases/assignments", ids(case) | {"person_id": nobody}
        )
    await (await officer(ANNA)).refused(
        403, "plumbing.not_allowed", "POST", "/cases/assignments", ids(case) | {"person_id": BO}
    )
    city = await officer(CITY_CHEF)
    assert (await done_and_refused(city, "assignments", ids(east) | {"person_id": EASTER}))[0] == [str(east.case_id)]


async def test_the_first_officer_is_not_assigned_the_second_step(officer, database, clock):
    case = await opened(database, clock, needs_two=True)
    async with database.transaction() as tx:
        await cases.give_opinion(tx, actor=actor(ANNA), clock=clock, case=case, outcome="yes", reason="同意", version=1)
    chef = await officer(CHEF)
    assert await done_and_refused(chef, "assignments", ids(case) | {"person_id": ANNA}) == ([], ["cases.same_officer"])
    assert await done_and_refused(await officer(ANNA), "claims", ids(case)) == ([], ["cases.same_officer"])
    assert (await done_and_refused(chef, "assignments", ids(case) | {"person_id": BO}))[0] == [str(case.case_id)]
    after = await now(database, case)
    assert (after.state, after.claimed_by, after.outcome) == ("second", BO, "yes")
    assert await done_and_refused(chef, "claims", ids(case)) == ([], ["cases.already_claimed"])


async def test_handed_over_to_another_office(officer, database, clock):
    case = await opened(database, clock)
    async with database.transaction() as tx:
        await _claim(tx, ANNA, clock, case)
    body = {"case_id": str(case.case_id), "office_code": EAST, "reason": "注册地已迁移"}
    other = await officer(BO)
    assert await done_and_refused(other, "handovers", body) == ([], ["cases.not_yours"])
    who = await officer(ANNA)
    await who.refused(422, "cases.office_unknown", "POST", "/cases/handovers", body | {"office_code": "19999999999"})
    assert await done_and_refused(who, "handovers", body | {"office_code": NORTH}) == ([], ["cases.office_unknown"])
    assert (await who.ok("POST", "/cases/handovers?preview=true", body))["would"][0]["ok"]
    assert (await who.ok("POST", "/cases/handovers", body))["done"] == [str(case.case_id)]
    after = await now(database, case)
    assert (after.state, after.office_code, after.claimed_by) == ("open", EAST, None)
    await who.refused(404, "cases.case_unknown", "GET", f"/cases/cases/{case.case_id}")
    shown = await (await officer(EASTER)).ok("GET", f"/cases/cases/{case.case_id}")
    assert shown["history"][-1]["note"] == "注册地已迁移"


@pytest.mark.parametrize("body", [{"case_ids": []}, {"case_ids": ["x"]}, {"case_ids": [str(uuid4())] * 201}, {}])
async def test_malformed_bulk_acts_are_refused(officer, body):
    await (await officer(ANNA)).refused(422, "plumbing.malformed", "POST", "/cases/claims", body)
    await (await officer(CLERK)).refused(403, "plumbing.not_allowed", "POST", "/cases/claims", ids())
