"""A case from its opening to its end: one officer, two officers, the taxpayer asked in between."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

import pytest
from cases.cases_make import (
    ANNA,
    BO,
    CHEF,
    CLERK,
    EASTER,
    HALL,
    SHOP,
    actor,
    acts,
    make_case,
    now,
    one,
    opened,
)  # fmt: skip
from cases.make import NORTH_HALL

from palmtax import cases
from palmtax.cases.store import cases as store
from palmtax.cases.store import notes
from palmtax.plumbing.faults import NotAllowed

pytestmark = pytest.mark.usefixtures("staff")


def opinion(tx, clock, case, who=ANNA, outcome="yes", version=None, reason="同意"):
    return cases.give_opinion(
        tx, actor=actor(who), clock=clock, case=case, outcome=outcome, reason=reason, version=version or case.version
    )


def confirm(tx, clock, case, who=BO, agreed=True, version=None):
    return cases.confirm_opinion(
        tx, actor=actor(who), clock=clock, case=case, is_agreed=agreed, reason="复核", version=version or case.version
    )


async def test_a_second_opening_is_the_same_case_until_it_is_closed(tx, clock):
    subject = uuid4()
    first = await make_case(tx, clock, subject_id=subject)
    assert (first.state, first.version, first.claimed_by) == ("open", 1, None)
    assert (await make_case(tx, clock, subject_id=subject, title="别的")).case_id == first.case_id
    assert (await make_case(tx, clock, subject_id=subject, kind="complaint")).case_id != first.case_id
    await opinion(tx, clock, first)
    again = await make_case(tx, clock, subject_id=subject)
    assert again.case_id != first.case_id
    clock.move(seconds=1)
    last = await make_case(tx, clock, subject_id=subject, kind="report")
    assert (await cases.case_of_subject(tx, SHOP, subject)).case_id == last.case_id


async def test_one_officer_takes_decides_and_closes(database, clock):
    case = await opened(database, clock)
    async with database.transaction() as tx:
        done = await opinion(tx, clock, case, outcome="no", reason="合同不符")
    assert (done.state, done.outcome, done.reason, done.first_by, done.claimed_by, done.close_reason) == (
        "closed", "no", "合同不符", ANNA, ANNA, "decided",
    )  # fmt: skip
    assert (done.version, done.escalates_on, done.closed_at) == (3, None, clock.now())
    assert await acts(database, case) == ["case_opened", "case_claimed", "opinion_given"]
    async with database.statement() as tx:
        assert [(m.version, m.act, m.person_id, m.state) for m in await store.moves(tx, case)] == [
            (1, "open", None, "open"), (2, "claim", ANNA, "claimed"), (3, "opinion", ANNA, "closed"),
        ]  # fmt: skip


async def test_two_officers_are_two_people(database, clock):
    case = await opened(database, clock, needs_two=True)
    async with database.transaction() as tx:
        second = await opinion(tx, clock, case)
    assert (second.state, second.outcome, second.claimed_by, second.first_by) == ("second", "yes", None, ANNA)
    assert not cases.may_decide(actor(ANNA), second)
    assert cases.may_decide(actor(BO), second)
    async with database.transaction() as tx:
        with pytest.raises(cases.SameOfficer):
            await confirm(tx, clock, second, who=ANNA)
        with pytest.raises(cases.WrongState):
            await opinion(tx, clock, second, who=BO)
    assert await now(database, case) == second
    async with database.transaction() as tx:
        done = await confirm(tx, clock, second, who=CHEF)
    assert (done.state, done.outcome, done.first_by, done.second_by) == ("closed", "yes", ANNA, CHEF)
    assert (await acts(database, case))[-2:] == ["case_claimed", "opinion_confirmed"]


async def test_an_opinion_sent_back_is_the_first_officers_again_with_the_reason_as_a_note(database, clock):
    case = await opened(database, clock, needs_two=True)
    async with database.transaction() as tx:
        second = await opinion(tx, clock, case)
        back = await confirm(tx, clock, second, agreed=False)
    assert (back.state, back.claimed_by, back.first_by, back.outcome, back.reason) == (
        "claimed", ANNA, None, None, None,
    )  # fmt: skip
    async with database.statement() as tx:
        [note] = await notes.notes(tx, back)
        assert (note.person_id, note.text, note.mentions) == (BO, "复核", (ANNA,))
        assert await notes.unread(tx, ANNA) == 1
    async with database.transaction() as tx:
        with pytest.raises(cases.NotSecond):
            await confirm(tx, clock, back)
        with pytest.raises(cases.AlreadyClaimed):
            await opinion(tx, clock, back, who=BO)
        again = await opinion(tx, clock, back, outcome="no")
    assert (again.state, again.outcome) == ("second", "no")


async def test_who_saw_an_older_version_is_told_and_nothing_changes(database, clock):
    case = await opened(database, clock)
    async with database.transaction() as tx:
        with pytest.raises(cases.CaseChanged) as told:
            await opinion(tx, clock, case, version=7)
    assert told.value.values == {"current_version": 1}
    async with database.transaction() as tx:
        await opinion(tx, clock, case)
        with pytest.raises(cases.CaseClosed):
            await opinion(tx, clock, await one(tx, case.case_id), who=BO)
    async with database.transaction() as tx:  # with the old case in hand
        with pytest.raises(cases.CaseClosed):
            await opinion(tx, clock, case, who=BO)


async def test_the_clock_stops_while_the_taxpayer_answers(database, clock):
    case = await opened(database, clock, due_on=date(2026, 11, 27))  # Friday; today is Monday
    async with database.transaction() as tx:
        waiting = await cases.wait_for_taxpayer(tx, actor=actor(ANNA), clock=clock, case=case, until=date(2026, 12, 7))
    assert (waiting.state, waiting.days_kept, waiting.claimed_by, waiting.waits_until_on) == (
        "waiting", 4, ANNA, date(2026, 12, 7),
    )  # fmt: skip
    clock.move(days=10)
    assert (waiting.days_left(clock.today()), waiting.is_late(clock.today()), waiting.colour(clock.today())) == (
        4, False, "good",
    )  # fmt: skip
    async with database.transaction() as tx:
        with pytest.raises(cases.WrongState):
            await opinion(tx, clock, waiting)
        on = await cases.go_on(tx, clock=clock, taxpayer_id=SHOP, subject_id=case.subject_id, due_on=date(2026, 12, 9))
        same = await cases.go_on(tx, clock=clock, taxpayer_id=SHOP, subject_id=case.subject_id, due_on=date(2027, 1, 1))
    assert on == same
    assert (on.state, on.claimed_by, on.due_on, on.days_kept, on.escalates_on) == (
        "claimed", ANNA, date(2026, 12, 9), None, date(2026, 12, 10),
    )  # fmt: skip
    assert (await acts(database, case))[-2:] == ["case_waiting", "case_resumed"]


async def test_a_withdrawn_subject_ends_its_case_once(database, clock):
    case = await opened(database, clock)
    for _ in range(2):
        async with database.transaction() as tx:
            closed = await cases.close_case(
                tx, clock=clock, taxpayer_id=SHOP, subject_id=case.subject_id, reason="withdrawn"
            )
    assert (closed.state, closed.close_reason, closed.outcome, closed.version) == ("closed", "withdrawn", None, 2)
    assert await acts(database, case) == ["case_opened", "case_closed"]
    async with database.transaction() as tx:
        assert await cases.close_case(tx, clock=clock, taxpayer_id=SHOP, subject_id=uuid4(), reason="withdrawn") is None
        assert await cases.go_on(tx, clock=clock, taxpayer_id=1, subject_id=uuid4(), due_on=clock.today()) is None


@pytest.mark.parametrize("find", ["readable", "search"])
async def test_a_case_is_read_by_its_office_and_those_above_and_never_by_whom_it_concerns(tx, clock, find):
    case = await make_case(tx, clock, office_code=NORTH_HALL, not_for=[BO])

    def read(who, subject=case.subject_id):
        if find == "readable":
            return cases.readable_case(tx, actor=actor(who), taxpayer_id=SHOP, subject_id=subject)
        return cases.find_subject(tx, actor=actor(who), subject_id=subject)

    for who in (HALL, ANNA, CHEF):
        assert (await read(who)).case_id == case.case_id
    with pytest.raises(cases.CaseUnknown):
        await read(EASTER)
    with pytest.raises(cases.CaseUnknown):
        await read(ANNA, uuid4())
    with pytest.raises(cases.Conflict):
        await read(BO)


async def test_only_officers_who_may_decide_do(tx, clock):
    case = await make_case(tx, clock, not_for=[BO])
    with pytest.raises(NotAllowed):
        await opinion(tx, clock, case, who=CLERK)
    with pytest.raises(cases.Conflict):
        await opinion(tx, clock, case, who=BO)
    with pytest.raises(cases.CaseUnknown):
        await opinion(tx, clock, case, who=EASTER)
    assert [cases.may_decide(actor(who), case) for who in (ANNA, BO, CHEF, HALL, EASTER, CLERK)] == [
        True, False, True, False, False, False,
    ]  # fmt: skip
    assert await one(tx, case.case_id) == case
