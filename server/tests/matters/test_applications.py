"""One application through its life: saved, resumed elsewhere, handed in once, supplemented, withdrawn, restored, rated."""

from __future__ import annotations

import asyncio
from uuid import uuid4

import pytest
from matters.make import FIRST, OFFICE, SECOND, SUPERVISOR, asked, filled, picture, submitted, upload

from palmtax.base.actor import Actor, Hat
from palmtax.matters.actions import hats
from palmtax.matters.model.catalogue import catalogue
from palmtax.matters.tasks import sweep
from palmtax.plumbing.worker import drain

RAISE = {
    "direction": "raise", "requested_quota": 500_000_000, "reason": "contract", "contract_no": "2026-018",
    "contract_party": "云城商贸有限公司", "contract_amount": 300_000_000, "expected_invoices": 200_000_000,
}  # fmt: skip


async def drafted(who, code="FPBL-002", answers=None):
    shown = await who.ok("POST", "/matters/applications", {"matter_code": code, "fresh": True})
    known = asked(shown)
    given = {k: v for k, v in (answers if answers is not None else RAISE).items() if k in known}
    return await who.ok(
        "PATCH", f"/matters/applications/{shown['application_id']}", {"version": shown["version"], "answers": given}
    )


async def completed(who):
    shown = await drafted(who)
    for paper in shown["papers"]:
        if paper["is_needed"] and not paper["is_optional"]:
            await upload(who, shown["application_id"], paper["code"], picture())
    shown = await who.ok("POST", f"/matters/applications/{shown['application_id']}/check")
    for problem in shown["problems"]:
        ask = asked(shown).get(problem["at"])
        assert ask is not None, problem
    assert shown["problems"] == [], shown["problems"]
    return shown


async def test_a_draft_begun_in_one_channel_goes_on_in_another_with_the_origin_of_each_field(town):
    phone = await town.person("small_scale", "legal_rep", channel="miniprogram")
    begun = await drafted(phone, answers={"direction": "raise"})
    phone.channel = "h5"
    again = await phone.ok("POST", "/matters/applications", {"matter_code": "FPBL-002"})
    assert again["application_id"] == begun["application_id"], "an open draft is continued"
    asks = asked(again)
    assert asks["direction"]["origin"]["channel"] == "miniprogram"
    assert asks["direction"]["origin"]["source"] == "person"
    assert (again["started_channel"], asks["direction"]["value"]) == ("miniprogram", "raise")


async def test_two_phones_at_once_lose_nothing(town):
    who = await town.person("small_scale", "legal_rep")
    shown = await drafted(who, answers={"direction": "raise"})
    here = f"/matters/applications/{shown['application_id']}"
    first = await who("PATCH", here, {"version": shown["version"], "answers": {"requested_quota": 500_000_000}})
    second = await who("PATCH", here, {"version": shown["version"], "answers": {"reason": "season"}})
    assert (first.status_code, second.status_code) == (200, 409)
    assert second.json()["fields"]["current_version"] == shown["version"] + 1
    merged = await who.ok("PATCH", here, {"version": shown["version"] + 1, "answers": {"reason": "season"}})
    assert asked(merged)["requested_quota"]["value"] == 500_000_000


async def test_handed_in_twenty_times_at_once_it_is_handed_in_once(town, database):
    who = await town.person("small_scale", "legal_rep")
    shown = await completed(who)
    here = f"/matters/applications/{shown['application_id']}/submission"
    ask = {"version": shown["version"], "idempotency_key": f"key-{uuid4()}", "is_confirmed": True}
    answers = await asyncio.gather(*(who("POST", here, ask) for _ in range(20)))
    assert {a.status_code for a in answers} <= {200, 409}
    assert any(a.status_code == 200 for a in answers)
    async with database.statement() as tx:
        assert await tx.fetchval("select count(*) from cases_case") == 1
        assert await tx.fetchval("select count(*) from matters_move where act = 'matters.application_submitted'") == 1


async def test_what_is_missing_is_named_and_nothing_is_lost(town):
    who = await town.person("small_scale", "legal_rep")
    shown = await drafted(who, answers={"direction": "raise"})
    ask = {"version": shown["version"], "idempotency_key": f"key-{uuid4()}", "is_confirmed": True}
    answer = await who("POST", f"/matters/applications/{shown['application_id']}/submission", ask)
    assert (answer.status_code, answer.json()["code"]) == (409, "matters.incomplete")
    places = {problem["at"] for problem in answer.json()["fields"]["problems"]}
    assert "requested_quota" in places
    after = await who.ok("GET", f"/matters/applications/{shown['application_id']}")
    assert (after["state"], asked(after)["direction"]["value"]) == ("draft", "raise")


async def test_two_officers_and_a_supplement_round(town):
    who = await town.person("small_scale", "legal_rep")
    sent = await submitted(who, await completed(who))
    here, mine = f"/matters/cases/{sent['application_id']}", f"/matters/applications/{sent['application_id']}"
    first, second = await town.officer(FIRST), await town.officer(SECOND)
    desk = await first.ok("GET", here)
    ask = {"text": "合同缺少签章页", "asks": ["contract_no"], "papers": ["contract"], "days": 5}
    await first.ok("POST", f"{here}/supplement", ask | {"case_version": desk["case"]["version"]})
    waiting = await who.ok("GET", mine)
    assert (waiting["state"], waiting["supplement"]["text"]) == ("supplement", "合同缺少签章页")
    answer = await first("POST", f"{here}/opinion", {"outcome": "yes", "case_version": desk["case"]["version"]})
    assert answer.status_code == 409, "nobody decides while the taxpayer is asked"
    await upload(who, sent["application_id"], "contract", picture("red"))
    again = await submitted(who, await who.ok("GET", mine))
    assert again["state"] == "submitted"
    desk = await first.ok("GET", here)
    desk = await first.ok("POST", f"{here}/opinion", {"outcome": "yes", "case_version": desk["case"]["version"]})
    own = await first("POST", f"{here}/confirmation", {"is_agreed": True, "case_version": desk["case"]["version"]})
    assert own.json()["code"] == "cases.same_officer"
    await second.ok("POST", f"{here}/confirmation", {"is_agreed": True, "case_version": desk["case"]["version"]})
    done = await who.ok("GET", mine)
    assert (done["state"], done["outcome"]["values"]["quota_fen"]) == ("approved", 500_000_000)
    assert done["document"]["verify_url"]
    acts = [move["act"].partition(".")[2] for move in done["timeline"]]
    assert acts == [
        "application_started", "application_submitted", "supplement_asked", "application_resubmitted",
        "application_reviewed", "application_approved",
    ]  # fmt: skip


async def test_a_second_officer_who_disagrees_sends_it_back_and_nothing_has_happened(town, database):
    who = await town.person("small_scale", "legal_rep")
    sent = await submitted(who, await completed(who))
    here = f"/matters/cases/{sent['application_id']}"
    first, second = await town.officer(FIRST), await town.officer(SECOND)
    desk = await first.ok("GET", here)
    desk = await first.ok("POST", f"{here}/opinion", {"outcome": "yes", "case_version": desk["case"]["version"]})
    ask = {"is_agreed": False, "reason": "", "case_version": desk["case"]["version"]}
    assert (await second("POST", f"{here}/confirmation", ask)).json()["code"] == "matters.reason_needed"
    desk = await second.ok("POST", f"{here}/confirmation", ask | {"reason": "额度过高"})
    assert (desk["application"]["state"], desk["case"]["state"]) == ("in_review", "claimed")
    async with database.statement() as tx:
        assert await tx.fetchval("select count(*) from certificates_document") == 0


async def test_a_no_needs_a_reason_and_is_told(town):
    who = await town.person("small_scale", "legal_rep")
    sent = await submitted(who, await completed(who))
    here = f"/matters/cases/{sent['application_id']}"
    first, second = await town.officer(FIRST), await town.officer(SECOND)
    desk = await first.ok("GET", here)
    bare = {"outcome": "no", "reason": " ", "case_version": desk["case"]["version"]}
    assert (await first("POST", f"{here}/opinion", bare)).json()["code"] == "matters.reason_needed"
    desk = await first.ok("POST", f"{here}/opinion", bare | {"reason": "合同与申请额度不符"})
    await second.ok("POST", f"{here}/confirmation", {"is_agreed": True, "case_version": desk["case"]["version"]})
    done = await who.ok("GET", f"/matters/applications/{sent['application_id']}")
    assert (done["state"], done["decision"]["reason"]) == ("refused", "合同与申请额度不符")
    told = await who.ok("GET", "/messaging/messages")
    assert any("合同与申请额度不符" in str(message) for message in told["messages"])


async def test_withdrawn_it_leaves_the_officers_queue(town):
    who = await town.person("small_scale", "legal_rep")
    sent = await submitted(who, await completed(who))
    mine = f"/matters/applications/{sent['application_id']}"
    assert (await who.ok("POST", f"{mine}/withdrawal", {"reason": "不需要了"}))["state"] == "withdrawn"
    again = await who("POST", f"{mine}/withdrawal", {"reason": ""})
    assert (again.status_code, again.json()["code"]) == (409, "matters.state_refused")
    queue = await (await town.officer(FIRST)).ok("GET", "/cases/queue?view=group")
    assert queue["cases"] == []


async def test_a_discarded_draft_is_restored_within_thirty_days_and_not_after(town, clock):
    who = await town.person("small_scale", "legal_rep")
    shown = await drafted(who, answers={"direction": "raise"})
    mine = f"/matters/applications/{shown['application_id']}"
    assert (await who.ok("DELETE", mine))["state"] == "discarded"
    back = await who.ok("POST", f"{mine}/restoration")
    assert (back["state"], asked(back)["direction"]["value"]) == ("draft", "raise")
    await who.ok("DELETE", mine)
    clock.move(minutes=9)
    assert (await who.ok("GET", mine))["may"] == ["restore"]


async def test_a_supplement_that_nobody_answers_lapses_by_itself_once(town, clock, task_context):
    who = await town.person("small_scale", "legal_rep")
    sent = await submitted(who, await completed(who))
    here = f"/matters/cases/{sent['application_id']}"
    first = await town.officer(FIRST)
    desk = await first.ok("GET", here)
    await first.ok("POST", f"{here}/supplement", {"text": "请补充", "days": 3, "case_version": desk["case"]["version"]})
    await sweep(task_context, {})
    assert (await who.ok("GET", f"/matters/applications/{sent['application_id']}"))["state"] == "supplement"
    clock.move(days=10)
    await sweep(task_context, {})
    await sweep(task_context, {})
    async with task_context.database.statement() as tx:
        states = await tx.fetch("select state from matters_application")
        moves = await tx.fetchval("select count(*) from matters_move where act = 'matters.application_lapsed'")
    assert ([row["state"] for row in states], moves) == (["lapsed"], 1)


async def test_nobody_sees_or_touches_another_taxpayers_application(town):
    who, other = await town.person("small_scale", "legal_rep"), await town.person("small_scale", "legal_rep")
    shown = await drafted(who, answers={"direction": "raise"})
    mine = f"/matters/applications/{shown['application_id']}"
    tries = [
        ("GET", mine, None), ("PATCH", mine, {"version": 2, "answers": {}}), ("DELETE", mine, None),
        ("POST", f"{mine}/check", None), ("POST", f"{mine}/withdrawal", {"reason": ""}),
        ("POST", f"{mine}/submission", {"version": 2, "idempotency_key": "key-12345678", "is_confirmed": True}),
        ("POST", f"{mine}/rating", {"stars": 5}), ("GET", f"{mine}/summary/pdf", None),
        ("POST", "/matters/uploads",
         {"application_id": shown["application_id"], "paper_code": "contract", "file_name": "a", "size_bytes": 5,
          "idempotency_key": "key-12345678"}),
    ]  # fmt: skip
    for method, path, body in tries:
        answer = await other(method, path, body)
        assert (answer.status_code, answer.json()["code"]) == (404, "matters.application_unknown"), path
    assert (await who.ok("GET", mine))["version"] == shown["version"]


async def test_a_bad_rating_opens_a_follow_up_and_one_rating_is_enough(town, task_context):
    who = await town.person("small_scale", "legal_rep")
    shown = await drafted(who, code="FPBL-001", answers={})
    done = await submitted(who, shown)
    mine = f"/matters/applications/{done['application_id']}"
    rated = await who.ok("POST", f"{mine}/rating", {"stars": 1, "text": "等太久"})
    assert rated["rating"] == {"stars": 1}
    assert (await who("POST", f"{mine}/rating", {"stars": 5})).json()["code"] == "matters.already_rated"
    await drain(task_context)
    queue = await (await town.officer(SUPERVISOR)).ok("GET", "/cases/queue?view=group")
    assert [case["kind"] for case in queue["cases"]] == ["follow_up"]


async def test_lists_count_page_and_find(town):
    who = await town.person("small_scale", "legal_rep")
    for _ in range(5):
        await drafted(who, answers={"direction": "raise"})
    page = await who.ok("GET", "/matters/applications?group=drafts&limit=2")
    assert (len(page["applications"]), page["counts"]["drafts"]) == (2, 5)
    seen = [a["application_id"] for a in page["applications"]]
    while page["next_cursor"]:
        cursor = page["next_cursor"].replace("+", "%2B")
        page = await who.ok("GET", f"/matters/applications?group=drafts&limit=2&cursor={cursor}")
        seen += [a["application_id"] for a in page["applications"]]
    assert len(seen) == len(set(seen)) == 5
    assert len((await who.ok("GET", "/matters/applications?group=drafts&q=额度"))["applications"]) == 5
    assert (await who.ok("GET", "/matters/applications?group=drafts&q=契税"))["applications"] == []
    wrong = await who("GET", "/matters/applications?cursor=nonsense")
    assert wrong.json()["code"] == "matters.cursor_wrong"


@pytest.mark.parametrize("form", ["xlsx", "pdf"])
async def test_lists_and_applications_can_be_taken_away(town, form):
    who = await town.person("small_scale", "legal_rep")
    done = await submitted(who, await drafted(who, code="FPBL-001", answers={}))
    content = await who.ok("GET", f"/matters/export?format={form}&group=done")
    assert content.startswith(b"PK" if form == "xlsx" else b"%PDF")
    summary = await who.ok("GET", f"/matters/applications/{done['application_id']}/summary/pdf")
    assert summary.startswith(b"%PDF")


async def test_bulk_preview_promises_what_the_decision_keeps(town):
    officer = await town.officer(FIRST)
    numbers = []
    for _ in range(3):
        who = await town.person("small_scale", "legal_rep")
        numbers.append((await submitted(who, await completed(who)))["application_id"])
    ask = {"application_ids": [*numbers, str(uuid4())], "outcome": "yes", "reason": "同意"}
    before = await officer.ok("POST", "/matters/decisions?preview=true", ask)
    after = await officer.ok("POST", "/matters/decisions", ask)
    assert [(r["application_id"], r["is_ok"], r["code"]) for r in before["rows"]] == [
        (r["application_id"], r["is_ok"], r["code"]) for r in after["rows"]
    ]
    assert [r["is_ok"] for r in after["rows"]] == [True, True, True, False]


async def test_changes_and_live_tell_what_moved(town, clock):
    who = await town.person("small_scale", "legal_rep")
    since = clock.now().isoformat().replace("+", "%2B")
    clock.move(seconds=5)
    shown = await drafted(who, answers={"direction": "raise"})
    told = await who.ok("GET", f"/matters/changes?since={since}")
    assert [c["application_id"] for c in told["changes"]] == [shown["application_id"]]


async def test_nothing_that_officers_read_leads_to_an_informant(town, database):
    who = await town.person("small_scale", "legal_rep")
    matter = catalogue()["TSJY-003"]
    sent = await submitted(who, await filled(town, who, matter, matter.examples[0]))
    assert sent["state"] == "approved"
    assert sent["document"] is None
    async with database.statement() as tx:
        rows = await tx.fetch("select taxpayer_id, person_id, summary from evidence_entry where act like 'matters.%'")
        told = await tx.fetchval(
            "select count(*) from evidence_entry where taxpayer_id = $1 and act like 'compl%'", who.taxpayer_id
        )
    assert [(row["taxpayer_id"], row["person_id"], row["summary"]) for row in rows] == [(0, 0, {})]
    assert told == 0
    officer = await town.officer(FIRST)
    seen = await officer.ok("GET", f"/cases/taxpayers/{who.taxpayer_id}/timeline")
    assert "TSJY" not in str(seen)
    assert (await officer("GET", f"/matters/cases/{sent['application_id']}")).status_code == 404


async def test_a_person_with_a_business_deals_with_its_office(town, database, clock):
    boss = await town.person("small_scale", "legal_rep")
    own = Hat(uuid4(), "self", "self", None, None, frozenset())
    async with database.transaction() as tx:
        found = await hats.standing(tx, actor=Actor(boss.person_id, uuid4(), own, "h5", "test"), clock=clock)
    assert (found.category, found.office_code) == ("natural_person", OFFICE)
