"""News from below becomes cases, answers go down again; notes and sentences."""

from __future__ import annotations

from datetime import date
from inspect import signature
from types import SimpleNamespace
from uuid import UUID, uuid4

import pytest
import yaml
from cases.cases_make import ANNA, BO, CHEF, CLERK, EASTER, acts, now, one, opened
from cases.make import CITY, NORTH

from palmtax import cases
from palmtax.cases import listeners
from palmtax.cases.actions import answering
from palmtax.cases.actions.sentences import FOLDER
from palmtax.cases.schemas.desks import Skill

TERM = date(2026, 12, 9)
NEWS = {
    "taxpayer_id": 9001, "category": "attitude", "title": "服务态度投诉", "title_en": "Complaint", "due_on": "2026-12-07",
    "office_code": NORTH, "not_for": [BO],
}  # fmt: skip
HEARD = {
    "complaint": (listeners.complaint_filed, "complaint_id", "complaint"),
    "follow_up": (listeners.bad_rating_given, "rating_id", "complaint"),
    "report": (listeners.report_received, "report_id", "enforcement"),
    "letter": (listeners.letter_received, "letter_id", "consultation"),
}


async def case_of(database, subject):
    async with database.statement() as tx:
        return await cases.case_of_subject(tx, 9001, subject)


@pytest.mark.parametrize("kind", HEARD)
async def test_news_opens_one_case_however_often_it_comes(staff, database, clock, task_context, kind):
    hear, key, skill = HEARD[kind]
    subject = uuid4()
    for _ in range(2):
        await hear(task_context, NEWS | {key: str(subject)})
    case = await case_of(database, subject)
    assert case.title == ("投诉：服务态度投诉" if kind == "complaint" else "服务态度投诉"), "a list says what it is"
    assert (case.kind, case.skill, case.not_for, case.office_code, case.due_on.isoformat(), case.code) == (
        kind, skill, (BO,), NORTH, "2026-12-07", "attitude",
    )  # fmt: skip
    async with database.transaction() as tx:
        await cases.close_case(tx, clock=clock, taxpayer_id=9001, subject_id=subject, reason="done")
    await hear(task_context, NEWS | {key: str(subject)})
    assert (await case_of(database, subject)).case_id == case.case_id
    assert await acts(database, case) == ["case_opened", "case_closed"]


async def test_a_complaint_moves_with_its_days_and_offices(staff, database, clock, task_context):
    news = NEWS | {"complaint_id": str(uuid4())}
    subject = UUID(news["complaint_id"])
    await listeners.complaint_filed(task_context, news)
    await listeners.due_changed(task_context, news | {"due_on": "2026-12-14"})
    assert (await case_of(database, subject)).due_on.isoformat() == "2026-12-14"
    up = news | {"office_code": CITY, "due_on": "2026-12-21", "not_for": [ANNA], "reason": "overdue"}
    for _ in range(2):
        await listeners.complaint_escalated(task_context, up)
    case = await case_of(database, subject)
    assert (case.office_code, case.state, case.not_for, case.version) == (CITY, "open", (ANNA, BO), 3)
    await listeners.complaint_withdrawn(task_context, news)
    assert ((await case_of(database, subject)).state, (await case_of(database, subject)).close_reason) == (
        "closed", "withdrawn",
    )  # fmt: skip
    # looked at once more after it was closed: a new case, once
    again = up | {"due_on": "2027-01-11"}
    for _ in range(2):
        await listeners.complaint_escalated(task_context, again)
    assert (await case_of(database, subject)).state == "open"
    assert (await case_of(database, subject)).case_id != case.case_id


@pytest.fixture
def told(monkeypatch):
    """What went down."""
    calls = []

    async def keep(tx, *, actor, clock, **given):
        calls.append((actor.person_id, given))
        return SimpleNamespace(next_due_on=TERM)

    async def everything(tx, *, actor, clock, taxpayer_id, subject_id):
        return frozenset({"accept", "answer", "forward"})

    for kind in answering.ANSWERS:
        monkeypatch.setitem(answering.ANSWERS, kind, keep)
    for kind in answering.ALLOWED:
        monkeypatch.setitem(answering.ALLOWED, kind, everything)
    monkeypatch.setitem(answering.ACCEPTANCES, "complaint", keep)
    return calls


@pytest.mark.parametrize("kind", HEARD)
async def test_an_answer_goes_down_and_closes(officer, database, clock, told, kind):
    case = await opened(database, clock, kind=kind, skill="complaint")
    who = await officer(ANNA)
    path = f"/cases/cases/{case.case_id}/answer"
    await who.refused(409, "cases.case_changed", "POST", path, {"text": "已处理", "version": 9})
    shown = await who.ok("POST", path, {"text": "已处理", "version": 1})
    assert told == [(ANNA, {"taxpayer_id": 9001, "subject_id": case.subject_id, "text": "已处理"})]
    assert (shown["case"]["state"], shown["may"]) == ("closed", ["note"])
    assert shown["history"][-1]["act_name"] == "答复任务"
    await who.refused(409, "cases.case_closed", "POST", path, {"text": "再答", "version": shown["case"]["version"]})
    assert len(told) == 1


async def test_a_complaint_is_taken_up_or_not(officer, database, clock, told):
    case, other = [await opened(database, clock, kind="complaint", not_for=[BO]) for _ in range(2)]
    who = await officer(ANNA)
    path = f"/cases/cases/{case.case_id}/acceptance"
    shown = await who.ok("POST", path, {"is_accepted": True, "reason": "属于受理范围"})
    assert (shown["case"]["state"], shown["case"]["is_mine"]) == ("claimed", True)
    assert shown["case"]["due_on"] == TERM.isoformat(), "it is due when the complaint is, at once"
    assert {"answer", "accept", "return"} <= set(shown["may"])
    shown = await who.ok("POST", f"/cases/cases/{other.case_id}/acceptance", {"is_accepted": False, "reason": "不属于"})
    assert shown["case"]["state"] == "closed"
    assert [given["is_accepted"] for _, given in told] == [True, False]
    bo = await officer(BO)
    await bo.refused(403, "cases.conflict", "POST", path, {"is_accepted": True, "reason": "x"})
    await bo.refused(403, "cases.conflict", "GET", f"/cases/cases/{case.case_id}")


async def test_matters_are_decided_not_answered(officer, database, clock, told):
    case = await opened(database, clock)
    who = await officer(ANNA)
    path = f"/cases/cases/{case.case_id}"
    await who.refused(409, "cases.nothing_to_answer", "POST", f"{path}/answer", {"text": "x", "version": 1})
    await who.refused(
        409, "cases.nothing_to_answer", "POST", f"{path}/acceptance", {"is_accepted": True, "reason": "x"}
    )
    assert (told, await now(database, case)) == ([], case)
    await (await officer(CLERK)).refused(
        403, "plumbing.not_allowed", "POST", f"{path}/answer", {"text": "x", "version": 1}
    )


async def test_a_note_tells_whom_it_mentions_until_they_look(officer, database, clock):
    case = await opened(database, clock)
    who, bo = await officer(ANNA), await officer(BO)
    path = f"/cases/cases/{case.case_id}"
    note = await who.ok("POST", f"{path}/notes", {"text": "请看一下合同", "mentions": [BO, ANNA, BO]})
    assert (note["mentions"], note["by"], "*" in note["by_name"]) == ([BO], ANNA, True)
    assert (await bo.ok("GET", "/cases/queue?view=group"))["cases"][0]["has_unread_mention"]
    assert (await bo.ok("GET", "/cases/queue"))["counts"]["mentions"] == 1
    assert (await who.ok("GET", "/cases/queue?view=group"))["cases"][0]["has_unread_mention"] is False
    shown = await bo.ok("GET", path)
    assert ([n["text"] for n in shown["notes"]], shown["case"]["has_unread_mention"]) == (["请看一下合同"], True)
    assert (await bo.ok("GET", path))["case"]["has_unread_mention"] is False
    assert (await bo.ok("GET", "/cases/queue"))["counts"]["mentions"] == 0
    assert await acts(database, case) == ["case_opened", "note_written"]
    await who.refused(404, "cases.officer_unknown", "POST", f"{path}/notes", {"text": "x", "mentions": [EASTER]})
    await who.refused(422, "plumbing.malformed", "POST", f"{path}/notes", {"text": "  "})
    await (await officer(EASTER)).refused(404, "cases.case_unknown", "POST", f"{path}/notes", {"text": "x"})
    async with database.statement() as tx:
        assert await tx.fetchval("select count(*) from cases_note") == 1
        assert (await one(tx, case.case_id)) == case


async def test_what_an_officer_may_do_is_offered(officer, database, clock):
    case = await opened(database, clock, needs_two=True)
    path = f"/cases/cases/{case.case_id}"
    assert (await (await officer(ANNA)).ok("GET", path))["may"] == ["claim", "hand_over", "decide", "note"]
    assert (await (await officer(CHEF)).ok("GET", path))["may"] == ["claim", "assign", "hand_over", "decide", "note"]
    assert (await (await officer(CLERK)).ok("GET", path))["may"] == ["note"]


async def test_every_field_of_work_has_its_sentences(officer):
    who = await officer(ANNA)
    for skill in cases.SKILLS:
        told = await who.ok("GET", f"/cases/templates?code={skill}")
        assert told["skill"] == skill
        for use, least in (("yes", 2), ("no", 3), ("supplement", 2)):
            assert len(told[use]) >= least
            for sentence in told[use]:
                assert any("一" <= letter <= "鿿" for letter in sentence["text"])
                assert sentence["text"][-1] in "。：", sentence
                assert not any("一" <= letter <= "鿿" for letter in sentence["text_en"])
    assert (await who.ok("GET", "/cases/templates?code=GSBL-001"))["skill"] == "registration"
    assert {path.stem for path in FOLDER.glob("*.yaml")} == set(cases.SKILLS) == set(Skill.__args__)
    assert all(set(yaml.safe_load(p.read_text("utf-8"))) == {"yes", "no", "supplement"} for p in FOLDER.glob("*.yaml"))


def test_the_doors_below_take_what_they_are_given():
    for kind, door in answering.ANSWERS.items():
        assert list(signature(door).parameters) == ["tx", "actor", "clock", "taxpayer_id", "subject_id", "text"], kind
    for kind, door in answering.ACCEPTANCES.items():
        asked = ["tx", "actor", "clock", "taxpayer_id", "subject_id", "is_accepted", "reason"]
        assert list(signature(door).parameters) == asked, kind
    for kind, door in answering.FORWARDS.items():
        asked = ["tx", "actor", "clock", "taxpayer_id", "subject_id", "office_code", "reason"]
        assert list(signature(door).parameters) == asked, kind
    for kind, door in answering.ALLOWED.items():
        assert list(signature(door).parameters) == ["tx", "actor", "clock", "taxpayer_id", "subject_id"], kind
    assert set(answering.ANSWERS) == set(HEARD)
    assert set(answering.ALLOWED) | set(answering.UNASKED) == {*HEARD, "matter", "service"}
