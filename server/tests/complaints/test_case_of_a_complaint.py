"""A complaint and the case about it: what officers may do follows the complaint, and the clock refuses nobody's act."""

from __future__ import annotations

import pytest
from complaints.make import AIDE, ANN, BEA, CHIEF, CITY, ELSEWHERE, OFFICE, complain, make_act, officer

from palmtax import cases, rules
from palmtax.cases.actions.moves import step
from palmtax.cases.actions.opening import set_due
from palmtax.cases.tasks import sweep as escalate
from palmtax.complaints.actions import reports
from palmtax.complaints.actions.effects import report_violation
from palmtax.complaints.errors import ReportAnonymous
from palmtax.complaints.model.complaint import OPEN, acts_open_to
from palmtax.plumbing.worker import drain


@pytest.fixture
def heard(task_context):
    """The worker has done what was to be done."""

    async def run() -> None:
        await drain(task_context)

    return run


@pytest.fixture
async def filed(owner, database, clock, heard):
    """A complaint, and the case about it."""
    one = await complain(database, clock, category="late")
    await heard()
    return one, await case_of(database, one)


async def case_of(database, one):
    async with database.statement() as tx:
        return await cases.case_of_subject(tx, one.shown_taxpayer_id, one.complaint_id)


def on_complaint(may):
    return [act for act in may if act not in {"claim", "return", "assign", "note"}]


async def accepted(who, case):
    body = {"is_accepted": True, "reason": "属于受理范围"}
    return await who.ok("POST", f"/cases/cases/{case.case_id}/acceptance", body)


async def test_what_may_be_done_with_the_case_follows_the_complaint(filed, desk, owner, heard):
    one, case = filed
    ann, bea = await desk(ANN), await desk(BEA)
    path = f"/cases/cases/{case.case_id}"
    assert on_complaint((await ann.ok("GET", path))["may"]) == ["hand_over", "accept"]
    assert on_complaint((await accepted(ann, case))["may"]) == ["hand_over", "investigate", "ask_time"]
    complaint = f"/complaints/desk/complaints/{one.complaint_id}"
    await ann.ok("POST", f"{complaint}/investigation", {"colleague_ids": [BEA]})
    assert on_complaint((await ann.ok("GET", path))["may"]) == ["hand_over", "investigate", "answer", "ask_time"]
    await ann.ok("POST", f"{complaint}/extension", {"days": 3, "reason": "调录音"})
    assert on_complaint((await ann.ok("GET", path))["may"]) == ["hand_over", "investigate", "answer"]
    assert on_complaint((await bea.ok("GET", path))["may"]) == ["decide_time"], "who did not ask, and holds nothing"
    await bea.ok("POST", f"{complaint}/extension/decision", {"is_agreed": True})
    assert on_complaint((await bea.ok("GET", path))["may"]) == []
    await heard()
    shown = await ann.ok("GET", path)
    closed = await ann.ok("POST", f"{path}/answer", {"text": "已核实", "version": shown["case"]["version"]})
    assert (closed["case"]["state"], closed["may"]) == ("closed", ["note"])


async def test_the_case_is_due_when_the_complaint_is_and_the_news_of_it_changes_nothing(filed, desk, heard, database):
    _, case = filed
    shown = await accepted(await desk(ANN), case)
    assert shown["case"]["due_on"] == rules.add_working_days(case.opened_at.date(), 10).isoformat()
    await heard()
    assert (await case_of(database, filed[0])).version == shown["case"]["version"]


async def test_an_act_written_before_the_clock_changed_the_case_stands(
    filed, desk, heard, clock, task_context, database
):
    one, case = filed
    ann = await desk(ANN)
    await accepted(ann, case)
    await ann.ok("POST", f"/complaints/desk/complaints/{one.complaint_id}/investigation", {"colleague_ids": [BEA]})
    read = await case_of(database, one)
    await ann.ok("POST", f"/complaints/desk/complaints/{one.complaint_id}/extension", {"days": 3, "reason": "调录音"})
    bea = await desk(BEA)
    await bea.ok("POST", f"/complaints/desk/complaints/{one.complaint_id}/extension/decision", {"is_agreed": True})
    await heard()
    clock.move(days=30)
    await escalate(task_context, {})
    now = await case_of(database, one)
    assert (now.version - read.version, now.priority) == (2, 1), "another day, then overdue"
    body = {"text": "已核实", "version": read.version}
    closed = await (await desk(ANN)).ok("POST", f"/cases/cases/{case.case_id}/answer", body)
    assert closed["case"]["state"] == "closed"
    assert [step["act"] for step in closed["history"]][-3:] == ["due", "overdue", "answer"]


async def test_a_step_stands_when_the_clock_was_quicker_by_a_moment(filed, database, clock):
    _, case = filed
    due_on = rules.add_working_days(case.due_on, 5)
    async with database.transaction() as tx:
        await set_due(tx, clock=clock, taxpayer_id=case.taxpayer_id, subject_id=case.subject_id, due_on=due_on)
    async with database.transaction() as tx:
        values = {"state": "closed", "closed_at": clock.now(), "close_reason": "answered"}
        after = await step(tx, actor=officer(ANN), clock=clock, case=case, act="answer", values=values)
        assert (after.version, after.due_on) == (case.version + 2, due_on)
    async with database.transaction() as tx:
        with pytest.raises(cases.CaseChanged):
            await step(tx, actor=officer(BEA), clock=clock, case=case, act="answer", values={"due_on": due_on})


async def test_an_act_written_before_a_colleague_did_something_is_refused(filed, desk):
    one, case = filed
    ann = await desk(ANN)
    shown = await accepted(ann, case)
    version = shown["case"]["version"]
    await ann.ok("POST", f"/complaints/desk/complaints/{one.complaint_id}/investigation", {"colleague_ids": [BEA]})
    await ann.ok("POST", "/cases/returns", {"case_ids": [str(case.case_id)]})
    path, body = f"/cases/cases/{case.case_id}/answer", {"text": "已核实"}
    told = await (await desk(BEA)).refused(409, "cases.case_changed", "POST", path, body | {"version": version})
    assert told["fields"]["current_version"] == version + 1
    await ann.refused(409, "cases.case_changed", "POST", path, body | {"version": version + 9})


async def test_late_goes_up_marked_and_who_answers_there_reads_it(
    filed, desk, database, clock, sweep, heard, task_context
):
    one, case = filed
    await accepted(await desk(ANN), case)
    clock.move(days=20)
    await sweep()
    await heard()
    for _ in range(2):
        await escalate(task_context, {})
    up = await case_of(database, one)
    assert (up.case_id, up.office_code, up.state, up.claimed_by, up.priority) == (case.case_id, CITY, "open", None, 2)
    assert up.overdue_at is not None, "told as overdue too, once"
    assert up.escalates_on is None
    chief = await desk(CHIEF)
    path = f"/cases/cases/{case.case_id}"
    shown = await chief.ok("GET", path)
    assert {"claim", "answer"} <= set(shown["may"]), "the one below and the one above are two"
    assert (await chief.ok("GET", "/cases/queue?view=group"))["cases"][0]["case_id"] == str(case.case_id)
    steps = (await chief.ok("GET", f"/complaints/desk/complaints/{one.complaint_id}"))["steps"]
    assert [(s["act_name"], s["is_by_clock"], bool(s["by_name"])) for s in steps][-1] == (
        "逾期未答复，上一级机关接手", True, False,
    )  # fmt: skip


async def test_passed_on_it_is_read_where_it_is_and_not_by_those_it_concerns_there(owner, desk, database, clock, heard):
    one = await complain(database, clock, facts="白露在三号窗口说话难听，让我来回跑")
    await heard()
    case = await case_of(database, one)
    ann, aide, chief = await desk(ANN), await desk(AIDE), await desk(CHIEF)
    body = {"case_id": str(case.case_id), "office_code": CITY, "reason": "反映的是市局窗口"}
    assert (await ann.ok("POST", "/cases/handovers", body))["refused"] == []
    now = await case_of(database, one)
    assert (now.office_code, now.state, now.not_for) == (CITY, "open", (AIDE,))
    path = f"/complaints/desk/complaints/{one.complaint_id}"
    await ann.refused(404, "complaints.complaint_unknown", "GET", path)
    await aide.refused(403, "cases.conflict", "GET", f"/cases/cases/{case.case_id}")
    shown = await chief.ok("GET", path)
    assert (shown["office_code"], shown["steps"][-1]["act_name"]) == (CITY, "转由其他机关办理")
    assert "反映的是市局窗口" in shown["steps"][-1]["note"]
    mine = await owner.ok("GET", f"/complaints/complaints/{one.complaint_id}")
    assert mine["steps"][-1]["act"] == "complaints.complaint_forwarded"


async def test_who_may_look_into_it_is_listed_and_nobody_else_can_be_named(filed, desk):
    one, case = filed
    ann = await desk(ANN)
    path = f"/complaints/desk/complaints/{one.complaint_id}"
    listed = await ann.ok("GET", f"{path}/colleagues")
    assert [(p["person_id"], p["office_name"]) for p in listed] == [
        (BEA, "云山区税务局"), (CHIEF, "云汀市税务局"), (AIDE, "云汀市税务局"),
    ], "of the office and the one above, without administrators and oneself"  # fmt: skip
    assert all("*" in p["name_masked"] for p in listed)
    await accepted(ann, case)
    for nobody in (304, 306, 999_999):
        await ann.refused(
            422, "complaints.colleague_unknown", "POST", f"{path}/investigation", {"colleague_ids": [nobody]}
        )
    shown = await ann.ok("POST", f"{path}/investigation", {"colleague_ids": [AIDE]})
    assert (shown["state"], len([name for name in shown["investigator_names"] if "*" in name])) == ("investigating", 2)


async def test_the_days_that_more_time_would_give_are_told(filed, desk):
    one, case = filed
    ann = await desk(ANN)
    due = (await accepted(ann, case))["case"]["due_on"]
    path = f"/complaints/desk/complaints/{one.complaint_id}"
    before = await ann.ok("GET", path)
    assert (before["due_on"], before["most_extension_days"], before["extended_due_on"]) == (due, 10, None)
    shown = await ann.ok("POST", f"{path}/extension", {"days": 3, "reason": "调录音"})
    assert (shown["extension_days"], shown["due_on"], shown["extended_due_on"]) == (3, due, "2026-12-10")
    agreed = await (await desk(BEA)).ok("POST", f"{path}/extension/decision", {"is_agreed": True})
    assert (agreed["due_on"], agreed["extended_due_on"]) == ("2026-12-10", None)


async def test_of_an_anonymous_complaint_no_step_names_who_filed_it(owner, desk, database, clock):
    one = await complain(database, clock, is_real_name=False)
    named = await complain(database, clock)
    ann = await desk(ANN)
    for complaint, is_named in ((one, False), (named, True)):
        steps = (await ann.ok("GET", f"/complaints/desk/complaints/{complaint.complaint_id}"))["steps"]
        assert bool(steps[0]["by_name"]) is is_named


async def test_a_report_is_answered_by_who_reads_it_and_its_informant_shown_to_few(owner, desk, database, clock, heard):
    async with database.transaction() as tx:
        await report_violation(tx, act=make_act(clock, office_code=OFFICE), who="临岸面馆", facts="拒开发票")
    await heard()
    async with database.statement() as tx:
        report_id = await tx.fetchval("select report_id from complaints_report")
        case = await cases.case_of_subject(tx, 0, report_id)
    path = f"/cases/cases/{case.case_id}"
    assert on_complaint((await (await desk(ANN)).ok("GET", path))["may"]) == ["hand_over", "answer"]
    assert on_complaint((await (await desk(CHIEF)).ok("GET", path))["may"]) == ["hand_over", "informant"]
    async with database.transaction() as tx:
        given = {"actor": officer(ANN), "clock": clock, "taxpayer_id": 0, "subject_id": report_id}
        await reports.forward_report(tx, **given, office_code=ELSEWHERE, reason="不在本辖区")
    await (await desk(ANN)).refused(404, "complaints.report_unknown", "GET", f"/complaints/desk/reports/{report_id}")


async def test_nothing_may_be_done_by_whom_it_concerns(owner, database, clock):
    one = await complain(database, clock, handled_by=[ANN])
    assert acts_open_to(one, ANN, clock.today()) == frozenset()
    assert acts_open_to(one, one.person_id, clock.today()) == frozenset()
    assert one.state in OPEN
    assert acts_open_to(one, BEA, clock.today()) == {"accept", "forward"}


async def test_of_an_anonymous_report_nobody_is_shown_whatever_their_scopes(owner, desk, database, clock, heard, acts):
    act = make_act(clock, office_code=OFFICE)
    async with database.transaction() as tx:
        await report_violation(tx, act=act, who="某商贸公司", facts="卖发票", naming="anonymous")
    await heard()
    async with database.statement() as tx:
        report_id = await tx.fetchval("select report_id from complaints_report")
        case = await cases.case_of_subject(tx, 0, report_id)
    chief = await desk(CHIEF)
    assert "informant" not in (await chief.ok("GET", f"/cases/cases/{case.case_id}"))["may"]
    async with database.transaction() as tx:
        with pytest.raises(ReportAnonymous):
            await reports.open_informant(tx, actor=officer(CHIEF), clock=clock, report_id=report_id, reason="奖励")
    assert "complaints.informant_opened" not in [name for name, *_ in await acts()]
    assert (await (await desk(ANN)).ok("GET", f"/complaints/desk/reports/{report_id}"))["is_named"] is False
    assert [one["who"] for one in await owner.ok("GET", "/complaints/reports")] == ["某商贸公司"], "they find it"
