"""A complaint from filing to closing, with its clocks, and who may not touch it."""

from __future__ import annotations

import asyncio
from datetime import date

import pytest
from complaints.make import AIDE, ANN, BEA, CHIEF, CITY, OFFICE, STRANGER, complain, officer
from filing.make import SHOP
from messaging.make import make_actor

from palmtax import complaints, rules
from palmtax.complaints.errors import (
    ApproverNeeded,
    ChangedMeanwhile,
    ExtensionRefused,
    FactsMissing,
    HandlerInvolved,
    ReasonMissing,
    SecondInvestigatorNeeded,
    StateWrong,
)

MONDAY = date(2026, 11, 23)


async def do(database, verb, person, one, clock, **more):
    async with database.transaction() as tx:
        return await verb(
            tx,
            actor=officer(person),
            clock=clock,
            taxpayer_id=one.shown_taxpayer_id,
            subject_id=one.complaint_id,
            **more,
        )


async def accept(database, one, clock, person=ANN):
    return await do(database, complaints.decide_acceptance, person, one, clock, is_accepted=True, reason="")


async def now(database, one):
    """How it stands; sessions end when the clock moves by days, so not over HTTP."""
    async with database.transaction() as tx:
        return await complaints.readable_complaint(
            tx, actor=make_actor(), taxpayer_id=SHOP, complaint_id=one.complaint_id
        )


async def inbox(owner):
    return [m["template"] for m in (await owner.ok("GET", "/messaging/messages"))["messages"]]


async def test_from_filing_to_an_answer_that_contents(owner, database, clock, told, acts):
    one = await complain(database, clock)
    assert (one.state, one.accept_by_on, one.category, one.sub_kind) == (
        "filed",
        date(2026, 11, 24),
        "conduct",
        "attitude",
    )
    name, data = (await told())[0]
    assert name == "complaints.complaint_filed"
    assert data == {
        "taxpayer_id": SHOP, "complaint_id": str(one.complaint_id), "category": "conduct", "title": "服务态度不好",
        "title_en": "Unfriendly or rude", "due_on": "2026-11-24", "office_code": OFFICE, "not_for": [],
    }  # fmt: skip
    one = await accept(database, one, clock)
    assert (one.state, one.due_on) == ("accepted", rules.add_working_days(MONDAY, 5))
    await do(database, complaints.answer, BEA, one, clock, text="已核实，向您道歉并整改")
    shown = await owner.ok("GET", f"/complaints/complaints/{one.complaint_id}")
    assert (shown["state"], shown["answer"], shown["may_say_satisfied"]) == ("answered", "已核实，向您道歉并整改", True)
    assert [s["act"].split(".")[1] for s in shown["steps"]] == [
        "complaint_filed",
        "complaint_accepted",
        "complaint_answered",
    ]
    body = {"is_satisfied": True, "text": "谢谢"}
    closed = await owner.ok("POST", f"/complaints/complaints/{one.complaint_id}/satisfaction", body)
    assert (closed["state"], closed["is_satisfied"]) == ("closed", True)
    assert await owner.ok("POST", f"/complaints/complaints/{one.complaint_id}/satisfaction", body) == closed
    assert await inbox(owner) == ["complaint_answered", "complaint_accepted", "complaint_filed"]
    assert [act.split(".")[1] for act, *_ in await acts() if act.startswith("complaints.")] == [
        "complaint_filed", "complaint_accepted", "complaint_answered", "satisfaction_given",
    ]  # fmt: skip


async def test_refusing_needs_a_reason_and_is_told(owner, database, clock):
    one = await complain(database, clock)
    with pytest.raises(ReasonMissing):
        await do(database, complaints.decide_acceptance, ANN, one, clock, is_accepted=False, reason=" ")
    one = await do(database, complaints.decide_acceptance, ANN, one, clock, is_accepted=False, reason="已进入复议程序")
    assert one.state == "refused"
    with pytest.raises(StateWrong):
        await accept(database, one, clock)
    assert (await inbox(owner))[0] == "complaint_refused"


async def test_what_nobody_decides_counts_as_accepted_for_a_real_name(owner, database, clock, sweep, told):
    real = await complain(database, clock)
    nameless = await complain(database, clock, is_real_name=False)
    await sweep()
    clock.move(days=1)
    await sweep()
    assert [name for name, _ in await told()] == ["complaints.complaint_filed"] * 2, "the last day is not over yet"
    clock.move(days=1)
    await sweep()
    await sweep()
    shown = await now(database, real)
    assert (shown.state, shown.is_accepted_by_time, shown.due_on) == ("accepted", True, date(2026, 12, 1))
    assert (await now(database, nameless)).state == "filed"
    assert [name.split(".")[1] for name, _ in (await told())[2:]] == ["due_changed", "complaint_escalated"]
    assert (await told())[-1][1]["office_code"] == CITY


async def test_overdue_goes_to_the_office_above_once(owner, database, clock, sweep, told):
    one = await complain(database, clock)
    await accept(database, one, clock)
    clock.move(days=8)
    for _ in range(3):
        await sweep()
    raised = [data for name, data in await told() if name == "complaints.complaint_escalated"]
    assert [(data["office_code"], data["reason"]) for data in raised] == [(CITY, "overdue")]
    await do(database, complaints.answer, CHIEF, one, clock, text="由市局答复")


async def test_whoever_is_meant_must_not_touch_it(owner, desk, database, clock, told):
    one = await complain(database, clock, about="罗科长", handled_by=[ANN])
    assert one.not_for == (ANN, BEA)
    assert (await told())[0][1]["not_for"] == [ANN, BEA]
    for person in (ANN, BEA):
        for verb, more in (
            (complaints.decide_acceptance, {"is_accepted": True, "reason": ""}), (complaints.answer, {"text": "没有的事"}),
            (complaints.investigate, {"colleague_ids": [CHIEF]}),
        ):  # fmt: skip
            with pytest.raises(HandlerInvolved):
                await do(database, verb, person, one, clock, **more)
        who = await desk(person)
        await who.refused(403, "complaints.handler_involved", "GET", f"/complaints/desk/complaints/{one.complaint_id}")
        assert (await who.ok("GET", "/complaints/desk/complaints"))["complaints"] == []
    one = await accept(database, one, clock, person=CHIEF)
    with pytest.raises(HandlerInvolved):
        await do(database, complaints.investigate, CHIEF, one, clock, colleague_ids=[BEA])


async def test_one_person_alone_does_not_answer(owner, desk, database, clock):
    one = await accept(database, await complain(database, clock), clock)
    with pytest.raises(SecondInvestigatorNeeded):
        await do(database, complaints.answer, ANN, one, clock, text="一个人答复")
    ann = await desk(ANN)
    path = f"/complaints/desk/complaints/{one.complaint_id}/investigation"
    await ann.refused(409, "complaints.second_investigator_needed", "POST", path, {"colleague_ids": [ANN]})
    shown = await ann.ok("POST", path, {"colleague_ids": [BEA]})
    assert (shown["state"], shown["investigators"]) == ("investigating", [ANN, BEA])
    with pytest.raises(ReasonMissing):
        await do(database, complaints.answer, ANN, one, clock, text="  ")
    answered = await do(database, complaints.answer, ANN, one, clock, text="两人调查后答复")
    assert answered.state == "answered"
    assert await do(database, complaints.answer, ANN, one, clock, text="两人调查后答复") == answered


async def test_more_time_once_by_a_second_person_and_told(owner, desk, database, clock, told):
    one = await accept(database, await complain(database, clock, category="late"), clock)
    assert one.due_on == rules.add_working_days(MONDAY, 10)
    ann, bea = await desk(ANN), await desk(BEA)
    path = f"/complaints/desk/complaints/{one.complaint_id}/extension"
    await ann.refused(409, "complaints.extension_refused", "POST", path, {"days": 11, "reason": "调录音"})
    await ann.ok("POST", path, {"days": 10, "reason": "调录音"})
    await ann.refused(409, "complaints.extension_refused", "POST", path, {"days": 5, "reason": "再要"})
    await ann.refused(403, "complaints.approver_needed", "POST", f"{path}/decision", {"is_agreed": True})
    shown = await bea.ok("POST", f"{path}/decision", {"is_agreed": True})
    assert shown["due_on"] == rules.add_working_days(MONDAY, 20).isoformat()
    await bea.refused(409, "complaints.state_wrong", "POST", f"{path}/decision", {"is_agreed": True})
    await ann.refused(409, "complaints.extension_refused", "POST", path, {"days": 1, "reason": "又要"})
    assert (await inbox(owner))[0] == "complaint_extended"
    assert (await told())[-1][0] == "complaints.due_changed"
    mine = await owner.ok("GET", f"/complaints/complaints/{one.complaint_id}")
    assert mine["extended_days"] == 10
    assert "complaints.extension_asked" not in [s["act"] for s in mine["steps"]], "what officers ask one another"


async def test_more_time_that_was_refused_may_be_asked_again(owner, database, clock):
    one = await accept(database, await complain(database, clock), clock)
    await do(database, complaints.ask_extension, ANN, one, clock, days=3, reason="调录音")
    with pytest.raises(ApproverNeeded):
        await do(database, complaints.decide_extension, ANN, one, clock, is_agreed=True)
    assert (await do(database, complaints.decide_extension, BEA, one, clock, is_agreed=False)).due_on == one.due_on
    await do(database, complaints.ask_extension, ANN, one, clock, days=2, reason="录音已申请")
    clock.move(days=30)
    other = await accept(database, await complain(database, clock), clock)
    clock.move(days=30)
    with pytest.raises(ExtensionRefused):
        await do(database, complaints.ask_extension, ANN, other, clock, days=2, reason="已经晚了")


async def test_an_answer_that_does_not_content_goes_up_once(owner, database, clock, told):
    one = await accept(database, await complain(database, clock), clock)
    await do(database, complaints.answer, BEA, one, clock, text="没有问题")
    path = f"/complaints/complaints/{one.complaint_id}/satisfaction"
    again = await owner.ok("POST", path, {"is_satisfied": False, "text": "没说到点上"})
    assert (again["state"], again["due_on"]) == ("accepted", rules.add_working_days(MONDAY, 5).isoformat())
    name, data = (await told())[-1]
    assert (name, data["office_code"], data["reason"]) == ("complaints.complaint_escalated", CITY, "unsatisfied")
    assert data["not_for"] == [ANN, BEA], "who answered before does not answer again"
    with pytest.raises(HandlerInvolved):
        await do(database, complaints.answer, BEA, one, clock, text="还是没有问题")
    await do(database, complaints.investigate, CHIEF, one, clock, colleague_ids=[AIDE])
    await do(database, complaints.answer, CHIEF, one, clock, text="市局复核：确有不当")
    closed = await owner.ok("POST", path, {"is_satisfied": False})
    assert (closed["state"], closed["is_satisfied"]) == ("closed", False)
    assert (await inbox(owner)).count("complaint_answered") == 2


async def test_silence_after_an_answer_closes_it(owner, database, clock, sweep):
    one = await accept(database, await complain(database, clock), clock)
    await do(database, complaints.answer, BEA, one, clock, text="已答复")
    clock.move(days=13)
    await sweep()
    assert (await now(database, one)).state == "answered"
    clock.move(days=2)
    await sweep()
    assert (await now(database, one)).state == "closed"


async def test_taking_it_back_ends_it_for_everybody(owner, database, clock, told):
    one = await complain(database, clock)
    path = f"/complaints/complaints/{one.complaint_id}/withdrawal"
    first = await owner.ok("POST", path, {"reason": "已经解决"})
    assert await owner.ok("POST", path, {"reason": "再来一次"}) == first
    assert [name for name, _ in await told()].count("complaints.complaint_withdrawn") == 1
    with pytest.raises(StateWrong):
        await accept(database, one, clock)


async def test_an_anonymous_complaint_shows_nobody(owner, desk, database, clock, told, acts):
    one = await complain(database, clock, is_real_name=False)
    assert (await told())[0][1]["taxpayer_id"] == 0
    assert ("complaints.complaint_filed", 0, 0) in await acts()
    assert not [a for a in await acts() if a[0].startswith("complaints.") and a[1:] != (0, 0)]
    shown = await (await desk(ANN)).ok("GET", f"/complaints/desk/complaints/{one.complaint_id}")
    assert shown["taxpayer_id"] == 0
    assert str(SHOP) not in str(shown)
    await accept(database, one, clock)
    await do(database, complaints.answer, BEA, one, clock, text="已整改")
    assert (await inbox(owner))[0] == "complaint_answered"
    async with database.transaction() as tx:
        assert await complaints.complaints_of(tx, actor=make_actor(999), taxpayer_id=SHOP) == [], (
            "a colleague of the shop"
        )


async def test_officers_see_their_branch_only(owner, desk, database, clock):
    one = await complain(database, clock)
    for person, seen in ((ANN, True), (CHIEF, True), (STRANGER, False)):
        who = await desk(person)
        answer = await who("GET", f"/complaints/desk/complaints/{one.complaint_id}")
        assert answer.status_code == (200 if seen else 404)
        assert bool((await who.ok("GET", "/complaints/desk/complaints"))["complaints"]) is seen
    await owner.refused(403, "plumbing.not_allowed", "GET", "/complaints/desk/complaints")


async def test_one_application_files_one_complaint_however_often(owner, database, clock, told):
    from palmtax.base.identifiers import uuid7

    application = uuid7()
    made = await asyncio.gather(
        *(complain(database, clock, application_id=application) for _ in range(10)), return_exceptions=True
    )
    assert len({one.complaint_id for one in made}) == 1
    assert [name for name, _ in await told()] == ["complaints.complaint_filed"]
    with pytest.raises(FactsMissing):
        await complain(database, clock, facts="差")


async def test_of_two_officers_at_once_one_wins(owner, database, clock, told):
    one = await complain(database, clock)
    results = await asyncio.gather(
        accept(database, one, clock), do(database, complaints.decide_acceptance, BEA, one, clock, is_accepted=False, reason="不属实"),
        return_exceptions=True,
    )  # fmt: skip
    assert len([r for r in results if isinstance(r, (ChangedMeanwhile, StateWrong))]) == 1
    shown = await owner.ok("GET", f"/complaints/complaints/{one.complaint_id}")
    assert shown["state"] in {"accepted", "refused"}
    assert len(await inbox(owner)) == 2


async def test_numbers_of_an_office(owner, desk, database, clock):
    one = await accept(database, await complain(database, clock), clock)
    await do(database, complaints.answer, BEA, one, clock, text="已答复")
    await complain(database, clock, category="rights")
    numbers = await (await desk(CHIEF)).ok("GET", "/complaints/desk/statistics")
    assert [(c["category"], c["state"], c["n"], c["answered"], c["in_time"]) for c in numbers["complaints"]] == [
        ("conduct", "answered", 1, 1, 1), ("rights", "filed", 1, 0, 0),
    ]  # fmt: skip
    nothing = await (await desk(STRANGER)).ok("GET", "/complaints/desk/statistics")
    assert nothing["complaints"] == []
    bad = {"first": "0001-01-01", "last": "9999-12-31"}
    await (await desk(CHIEF)).refused(422, "plumbing.malformed", "GET", "/complaints/desk/statistics", params=bad)
