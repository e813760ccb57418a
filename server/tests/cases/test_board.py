"""The supervisor's board is exact; and what the clock does with what is late."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from cases.cases_make import ANNA, BO, CHEF, CITY_CHEF, actor, acts, make_case, now, opened
from cases.make import EAST

from palmtax import cases
from palmtax.cases.actions.claiming import hold
from palmtax.cases.model.case import AGES, age_of, opened_within
from palmtax.cases.tasks import sweep


async def decide(database, clock, outcome, **more):
    async with database.transaction() as tx:
        case = await make_case(tx, clock, **more)
        await cases.give_opinion(
            tx, actor=actor(ANNA), clock=clock, case=case, outcome=outcome, reason="同意", version=1
        )


async def test_the_numbers_are_exact(officer, database, clock):
    today = clock.today()
    clock.move(days=-14)  # Monday 2026-11-09: ten working days ago
    async with database.transaction() as tx:
        for _ in range(3):
            await make_case(tx, clock, due_on=today - timedelta(days=1))
        held = await make_case(tx, clock, due_on=today - timedelta(days=1), skill="refund")
        await hold(tx, actor=actor(ANNA), clock=clock, case=held)
    clock.move(days=12)  # Saturday
    async with database.transaction() as tx:
        late = await make_case(tx, clock, due_on=today)
        waits = await make_case(tx, clock, due_on=today - timedelta(days=2))
        await cases.wait_for_taxpayer(tx, actor=actor(BO), clock=clock, case=waits, until=today)
        await make_case(tx, clock, taxpayer_id=9003, office_code=EAST, due_on=today + timedelta(days=9))
    clock.move(days=2)
    for outcome in ("yes", "yes", "no"):
        await decide(database, clock, outcome)
    await decide(database, clock, "yes", skill="refund", due_on=today - timedelta(days=5))
    async with database.transaction() as tx:
        await cases.close_case(tx, clock=clock, taxpayer_id=late.taxpayer_id, subject_id=late.subject_id, reason="x")
        await make_case(tx, clock)
    told = await (await officer(CHEF)).ok("GET", "/cases/board")
    assert told["skills"] == [
        {"skill": "invoice", "in_all": 5, "unclaimed": 4, "overdue": 3, "due_soon": 0, "marked": 0},
        {"skill": "refund", "in_all": 1, "unclaimed": 0, "overdue": 1, "due_soon": 0, "marked": 0},
    ]
    assert told["decided"] == [
        {"skill": "invoice", "decided": 3, "passed": 2, "in_time": 3},
        {"skill": "refund", "decided": 1, "passed": 1, "in_time": 0},
    ]
    assert [(a["from_days"], a["number"]) for a in told["ages"]] == [(0, 2), (2, 0), (4, 0), (6, 4), (11, 0), (21, 0)]
    load = {o["person_id"]: (o["in_hand"], o["waiting"], o["overdue"], o["due_soon"]) for o in told["officers"]}
    assert (load[ANNA], load[BO]) == ((1, 0, 1, 0), (0, 1, 0, 0))
    done = {o["person_id"]: (o["decided"], o["passed"], o["in_time"], o["ages"]) for o in told["officers"]}
    assert done[ANNA] == (4, 3, 3, [0, 0, 0, 1, 0, 0])
    assert done[BO] == (0, 0, 0, [1, 0, 0, 0, 0, 0])
    city = await (await officer(CITY_CHEF)).ok("GET", "/cases/board")
    assert city["skills"][0]["in_all"] == 6
    await (await officer(ANNA)).refused(403, "plumbing.not_allowed", "GET", "/cases/board")
    clock.move(days=31)
    assert (await (await officer(CHEF)).ok("GET", "/cases/board"))["decided"] == []


async def test_every_number_of_the_board_opens_a_queue_with_as_many(officer, database, clock):
    today = clock.today()
    clock.move(days=-35)
    for days, skill in ((20, "invoice"), (34, "refund"), (36, "refund"), (37, "invoice"), (38, "invoice")):
        async with database.transaction() as tx:
            case = await make_case(tx, clock, skill=skill, due_on=clock.today() + timedelta(days=days))
            if skill == "invoice":
                await hold(tx, actor=actor(ANNA), clock=clock, case=case)
    clock.move(days=33)
    for outcome in ("yes", "no", "yes"):
        await decide(database, clock, outcome)
    await decide(database, clock, "yes", due_on=today - timedelta(days=9))
    async with database.transaction() as tx:
        await hold(tx, actor=actor(BO), clock=clock, case=await make_case(tx, clock, due_on=today + timedelta(days=2)))
    clock.move(days=2)
    chef = await officer(CHEF)
    told = await chef.ok("GET", "/cases/board")

    async def many(query: str) -> int:
        found = await chef.ok("GET", f"/cases/queue?limit=100&{query}")
        assert found["next_cursor"] is None
        return len(found["cases"])

    for one in told["officers"]:
        person = f"person={one['person_id']}"
        assert one["in_hand"] == await many(f"view=all&{person}") - await many(f"view=all&state=waiting&{person}")
        assert one["overdue"] == await many(f"view=all&due=overdue&{person}")
        assert one["due_soon"] == await many(f"view=all&due=soon&{person}")
        assert one["ages"] == [await many(f"view=all&age={age}&{person}") for age in range(6)]
        for name, decided in (("decided", "any"), ("passed", "yes"), ("in_time", "in_time")):
            assert one[name] == await many(f"view=closed&decided={decided}&{person}")
    for one in told["skills"]:
        skill = f"skill={one['skill']}"
        assert one["in_all"] == await many(f"view=all&{skill}")
        assert one["unclaimed"] == await many(f"view=all&person=0&{skill}")
        assert one["overdue"] == await many(f"view=all&due=overdue&{skill}")
        assert one["due_soon"] == await many(f"view=all&due=soon&{skill}")
        assert one["marked"] == await many(f"view=all&marked=true&{skill}")
    assert [age["number"] for age in told["ages"]] == [await many(f"view=all&age={age}") for age in range(6)]
    anna = next(one for one in told["officers"] if one["person_id"] == ANNA)
    assert (anna["in_hand"], anna["overdue"], anna["due_soon"]) == (3, 1, 1), "Thursday is the third working day"
    assert (anna["decided"], anna["passed"], anna["in_time"]) == (4, 3, 3)
    assert sum(one["in_hand"] for one in told["officers"]) == 4
    assert await many("view=closed&decided=any") == 4
    clock.move(days=31)
    chef = await officer(CHEF)
    assert await many("view=closed&decided=any") == 0


def test_ages_and_the_days_they_were_opened_on_fit_together_over_holidays():
    for today in (date(2026, 11, 23), date(2026, 10, 8), date(2026, 2, 24), date(2026, 11, 29)):
        for place in range(len(AGES)):
            first, last = opened_within(place, today)
            for days in range(80):
                day = today - timedelta(days=days)
                is_within = (first is None or first <= day) and (last is None or day <= last)
                assert is_within == (age_of(day, today) == place), (today, place, day)


async def news(database):
    async with database.statement() as tx:
        rows = await tx.fetch("select convert_from(payload, 'UTF8')::jsonb as p from pgqueuer order by id")
    return [
        (row["p"]["event"], row["p"]["data"]["case_id"])
        for row in rows
        if row["p"].get("event", "").startswith("cases.case_") and row["p"]["event"] != "cases.case_moved"
    ]


async def test_what_is_late_goes_up_step_by_step_and_each_step_once(staff, database, clock, task_context):
    case = await opened(database, clock, due_on=date(2026, 11, 25))  # Wednesday; opened on Monday: a term of two days
    clock.move(days=2)
    await sweep(task_context, {})
    assert (await now(database, case)).priority == 0
    clock.move(days=1)
    for _ in range(2):
        await sweep(task_context, {})
    late = await now(database, case)
    assert (late.priority, late.overdue_at, late.escalates_on) == (1, clock.now(), date(2026, 11, 28))
    assert await news(database) == [("cases.case_overdue", str(case.case_id))]
    clock.move(days=1)
    await sweep(task_context, {})
    assert (await now(database, case)).priority == 1
    clock.move(days=1)
    for _ in range(2):
        await sweep(task_context, {})
    marked = await now(database, case)
    assert (marked.priority, marked.escalates_on, marked.version) == (2, None, 3)
    assert await news(database) == [
        ("cases.case_overdue", str(case.case_id)), ("cases.case_marked", str(case.case_id)),
    ]  # fmt: skip
    assert await acts(database, case) == ["case_opened", "case_overdue", "case_marked"]


async def test_what_waits_or_is_closed_is_left_alone(staff, database, clock, task_context):
    waits, done = await opened(database, clock), await opened(database, clock)
    async with database.transaction() as tx:
        await cases.wait_for_taxpayer(tx, actor=actor(ANNA), clock=clock, case=waits, until=clock.today())
        await cases.close_case(tx, clock=clock, taxpayer_id=9001, subject_id=done.subject_id, reason="withdrawn")
    clock.move(days=30)
    await sweep(task_context, {})
    assert [(await now(database, one)).priority for one in (waits, done)] == [0, 0]
    assert await news(database) == []


@pytest.mark.parametrize("number", [201])
async def test_a_backlog_is_worked_off_in_batches(staff, database, clock, task_context, number):
    async with database.transaction() as tx:
        for _ in range(number):
            await make_case(tx, clock)
    clock.move(days=5)
    await sweep(task_context, {})
    async with database.statement() as tx:
        assert await tx.fetchval("select count(*) from cases_case where priority = 1") == number
