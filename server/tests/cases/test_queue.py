"""The queue: who sees what, in which order, page by page, and how many there are."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from cases.cases_make import ANNA, BO, CHEF, CITY_CHEF, CLERK, EASTER, HALL, actor, make_case, opened
from cases.make import CITY, EAST, NOBODYS, NORTH, NORTH_HALL, PROVINCE

from palmtax import cases, identity
from palmtax.cases.actions.claiming import hold
from palmtax.cases.model.case import Case, Desk
from palmtax.cases.store import queue
from palmtax.cases.store.cases import COLUMNS
from palmtax.identity.model.tokens import Device

MONDAY = date(2026, 11, 23)


async def titles(who, query=""):
    return [row["title"] for row in (await who.ok("GET", f"/cases/queue?{query}"))["cases"]]


async def filled(database, clock):
    """Nine cases: of several offices, kinds and days; ANNA holds two, one of them waits, BO holds one."""
    days = {"昨天": -1, "今天": 0, "本周": 4, "下周": 9}
    async with database.transaction() as tx:
        for title, by in days.items():
            await make_case(tx, clock, title=title, due_on=MONDAY + timedelta(days=by))
        await make_case(tx, clock, title="所里", office_code=NORTH_HALL, taxpayer_id=9002, skill="refund")
        await make_case(tx, clock, title="东湖", office_code=EAST, taxpayer_id=9003)
        await make_case(tx, clock, title="投诉", kind="complaint", skill="complaint", not_for=[BO])
        mine = await make_case(tx, clock, title="在办", due_on=MONDAY - timedelta(days=3))
        waits = await make_case(tx, clock, title="补正", due_on=MONDAY)
        others = await make_case(tx, clock, title="同事")
        await hold(tx, actor=actor(ANNA), clock=clock, case=mine)
        await cases.wait_for_taxpayer(tx, actor=actor(ANNA), clock=clock, case=waits, until=MONDAY)
        await hold(tx, actor=actor(BO), clock=clock, case=others)


async def test_each_view_shows_its_own(officer, database, clock):
    await filled(database, clock)
    who = await officer(ANNA)
    assert await titles(who) == ["在办"]
    assert await titles(who, "view=waiting") == ["补正"]
    assert await titles(who, "view=group") == ["昨天", "今天", "所里", "投诉", "本周", "下周"]
    assert await titles(who, "view=all") == [
        "在办", "昨天", "今天", "补正", "所里", "投诉", "同事", "本周", "下周",
    ]  # fmt: skip
    assert await titles(who, "view=closed") == []
    assert await titles(await officer(BO), "view=group") == ["昨天", "今天", "所里", "本周", "下周"]
    assert await titles(await officer(HALL), "view=all") == ["所里"]
    assert await titles(await officer(EASTER), "view=all") == ["东湖"]
    assert len(await titles(await officer(CITY_CHEF), "view=all")) == 10


async def test_the_counts_are_of_what_one_can_do(officer, database, clock):
    await filled(database, clock)
    told = (await (await officer(ANNA)).ok("GET", "/cases/queue"))["counts"]
    assert told == {"mine": 1, "group": 6, "waiting": 1, "overdue": 2, "today": 1, "mentions": 0}
    told = (await (await officer(BO)).ok("GET", "/cases/queue"))["counts"]
    assert told == {"mine": 1, "group": 5, "waiting": 0, "overdue": 1, "today": 1, "mentions": 0}
    told = (await (await officer(CITY_CHEF)).ok("GET", "/cases/queue"))["counts"]
    assert (told["mine"], told["group"]) == (0, 7)


async def test_counting_stops_at_a_thousand(staff, database, clock, monkeypatch):
    monkeypatch.setattr(queue, "LARGEST_COUNT", 3)
    await filled(database, clock)
    async with database.statement() as tx:
        told = await queue.counts(tx, desk=Desk(ANNA, NORTH), today=MONDAY)
    assert told == {"mine": 1, "group": 3, "waiting": 1, "overdue": 2, "today": 1}


async def test_filters_narrow_and_search_finds_words_and_taxpayers(officer, database, clock):
    await filled(database, clock)
    who = await officer(ANNA)
    assert await titles(who, "view=all&due=overdue") == ["在办", "昨天"]
    assert await titles(who, "view=all&due=today") == ["今天"]
    assert await titles(who, "view=group&due=week") == ["今天", "所里", "投诉", "本周"]
    assert await titles(who, "view=all&skill=refund") == ["所里"]
    assert await titles(who, "view=all&kind=complaint") == ["投诉"]
    assert await titles(who, "view=all&state=waiting") == ["补正"]
    assert await titles(who, "view=all&state=claimed") == ["在办", "同事"]
    assert await titles(who, "view=all&q=五所书店") == ["所里"]
    assert await titles(who, "view=all&q=投诉") == ["投诉"]
    assert await titles(who, "view=all&q=invoice quota&due=today") == ["今天"]
    assert len(await titles(who, "view=all&q=FPBL-002")) == 9
    assert await titles(who, "view=all&q=%25") == []
    assert await titles(who, "view=all&q=东湖面馆") == []


async def test_a_line_tells_what_an_officer_needs(officer, database, clock):
    await filled(database, clock)
    who = await officer(ANNA)
    [row] = (await who.ok("GET", "/cases/queue"))["cases"]
    assert {k: row[k] for k in ("taxpayer_name", "office_name", "state_name", "days_left", "colour", "is_mine")} == {
        "taxpayer_name": "北山面馆", "office_name": "北山区税务局", "state_name": "办理中", "days_left": -1,
        "colour": "seal", "is_mine": True,
    }  # fmt: skip
    assert row["claimed_by_name"] == "顾**1"
    rows = {r["title"]: r for r in (await who.ok("GET", "/cases/queue?view=all"))["cases"]}
    assert [(rows[t]["colour"], rows[t]["days_left"]) for t in ("今天", "本周", "下周", "补正")] == [
        ("wait", 0), ("good", 4), ("good", 7), ("good", 0),
    ]  # fmt: skip
    assert (rows["今天"]["claimed_by"], rows["今天"]["claimed_by_name"], rows["同事"]["is_mine"]) == (None, None, False)


@pytest.mark.parametrize("sort", ["due", "opened", "taxpayer"])
async def test_pages_hold_each_case_once_in_order(officer, database, clock, sort):
    async with database.transaction() as tx:
        for n in range(23):
            clock.move(seconds=n % 3)
            await make_case(
                tx, clock, title=f"{n}", due_on=MONDAY + timedelta(days=n % 4), taxpayer_id=(9001, 9006)[n % 2]
            )
    who, seen, cursor = await officer(ANNA), [], ""
    while True:
        page = await who.ok("GET", f"/cases/queue?view=group&sort={sort}&limit=5&cursor={cursor}")
        seen += page["cases"]
        cursor = page["next_cursor"]
        if cursor is None:
            break
        assert len(page["cases"]) == 5
        assert page["counts"]["group"] == 23
    assert len({row["case_id"] for row in seen}) == len(seen) == 23
    column = {"due": "due_on", "opened": "opened_at", "taxpayer": "taxpayer_id"}[sort]
    assert [row[column] for row in seen] == sorted(row[column] for row in seen)


async def test_a_mark_that_is_not_ours_is_refused(officer, database, clock):
    for _ in range(2):
        await opened(database, clock)
    who = await officer(ANNA)
    mark = (await who.ok("GET", "/cases/queue?view=group&limit=1"))["next_cursor"]
    for wrong in ("x", "AAAA", mark[:-4], "W10"):
        await who.refused(422, "cases.cursor_wrong", "GET", f"/cases/queue?view=group&cursor={wrong}")
    await who.refused(422, "cases.cursor_wrong", "GET", f"/cases/queue?view=group&sort=opened&cursor={mark}")
    await who.refused(422, "cases.cursor_wrong", "GET", f"/cases/queue?view=closed&cursor={mark}")
    await who.refused(422, "plumbing.malformed", "GET", "/cases/queue?view=everything")
    await who.refused(422, "plumbing.malformed", "GET", "/cases/queue?limit=101")


async def test_closed_cases_come_newest_first(officer, database, clock):
    made = [await opened(database, clock, title=f"{n}") for n in range(3)]
    for case in made:
        clock.move(hours=1)
        async with database.transaction() as tx:
            await cases.give_opinion(
                tx, actor=actor(BO), clock=clock, case=case, outcome="no", reason="不符", version=1
            )
    who = await officer(ANNA)
    first = await who.ok("GET", "/cases/queue?view=closed&limit=2")
    assert [row["title"] for row in first["cases"]] == ["2", "1"]
    assert await titles(who, f"view=closed&cursor={first['next_cursor']}") == ["0"]
    assert [(r["outcome"], r["colour"], r["state_name_en"]) for r in first["cases"]] == [("no", "good", "closed")] * 2


async def test_who_may_not_see_the_queue(desk, officer, client, database, clock):
    answer = await client.get("/api/cases/queue")
    assert answer.status_code == 401
    await opened(database, clock)
    assert await titles(await officer(CLERK), "view=group") == ["数电发票额度调整"]
    async with database.transaction() as tx:
        signed = await identity.open_session(
            tx, clock=clock, person_id=NOBODYS, device=Device("s", "workbench"), way="sms", request_id="t"
        )
    from filing.make import Caller

    nobody = Caller(client, signed.access_token, "workbench")
    told = await nobody.ok("GET", "/cases/queue?view=all")
    assert (told["cases"], set(told["counts"].values())) == ([], {0})


async def test_colleagues_and_what_they_have_in_hand(officer, database, clock):
    await filled(database, clock)
    told = {one["person_id"]: one for one in await (await officer(CHEF)).ok("GET", "/cases/officers")}
    assert set(told) >= {ANNA, BO, CHEF, HALL, CLERK}
    assert EASTER not in told
    assert {k: told[ANNA][k] for k in ("in_hand", "waiting", "overdue", "may_decide", "office_name", "role_name_en")} == {
        "in_hand": 1, "waiting": 1, "overdue": 1, "may_decide": True, "office_name": "北山区税务局",
        "role_name_en": "Case officer",
    }  # fmt: skip
    assert told[CLERK]["may_decide"] is False
    assert "*" in told[BO]["name_masked"]


def generated(number):
    """Cases as a year leaves them: one in twenty open, spread over two hundred offices."""
    start = datetime(2026, 1, 1, tzinfo=UTC)
    offices = [
        f"199{city:02d}{district:02d}{hall:02d}00"
        for city in (3, 4)
        for district in range(10, 20)
        for hall in range(1, 11)
    ]
    for n in range(number):
        is_open, is_free = n % 20 == 0, n % 60 == 0
        opened_at = start + timedelta(minutes=26 * (n % 18000))
        closed_at = None if is_open else opened_at + timedelta(days=2)
        values = {
            "taxpayer_id": 10_000 + n % 5000, "case_id": UUID(int=n + 1), "kind": "matter", "subject_id": uuid4(),
            "code": "X", "title": "t", "title_en": "t", "office_code": offices[(n // 20 * 7) % 200], "skill": "invoice",
            "needs_two": False, "not_for": [], "state": ("open" if is_free else "claimed") if is_open else "closed",
            "version": 1, "claimed_by": None if is_free else 1 + n % 50,
            "opened_at": opened_at, "due_on": MONDAY + timedelta(days=n // 20 % 30 - 5), "priority": 0,
            "closed_at": closed_at, "outcome": None if is_open else "yes",
        }  # fmt: skip
        yield tuple(values.get(name) for name in COLUMNS)


async def test_the_queue_is_read_through_its_indexes(staff, database):
    async with database.transaction() as tx:
        await tx.copy_records_to_table("cases_case", columns=COLUMNS, records=list(generated(20_000)))
    async with database.statement() as tx:
        await tx.execute("analyze cases_case")
        for office, view, sort, index in (
            (NORTH_HALL, "group", "due", "ix_cases_case_free_office"),
            (NORTH, "all", "due", "ix_cases_case_queue_office"),
            (CITY, "all", "due", "ix_cases_case_queue_due"),
            (PROVINCE, "group", "due", "ix_cases_case_free_due"),
            (PROVINCE, "all", "due", "ix_cases_case_queue_due"),
            (NORTH, "mine", "due", "ix_cases_case_queue_holder"),
            (NORTH_HALL, "closed", "due", "ix_cases_case_closed_office"),
            (PROVINCE, "closed", "due", "ix_cases_case_closed_at"),
        ):
            desk = Desk(ANNA, office)
            for after in (None, (MONDAY if view != "closed" else datetime(2026, 6, 1, tzinfo=UTC), UUID(int=9))):
                sql, args = queue.statement(queue.Asked(view), desk, MONDAY, sort, after, 51)
                plan = "\n".join(row[0] for row in await tx.fetch(f"explain {sql}", *args))
                assert index in plan, (office, view, plan)
                assert "Seq Scan" not in plan
        sql, args = queue.counting(Desk(ANNA, NORTH), MONDAY)
        plan = "\n".join(row[0] for row in await tx.fetch(f"explain {sql}", *args))
        assert "Seq Scan" not in plan, plan


def test_every_column_of_a_case_is_read():
    from palmtax.cases.tables import case

    assert set(COLUMNS) == set(case.c.keys())
    assert set(COLUMNS) | {"stand_in"} == set(Case.__dataclass_fields__)
