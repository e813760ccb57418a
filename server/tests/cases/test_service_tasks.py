"""A served document nobody reads: a call in the queue, paper after it, each attempt evidence, and a certificate at the end."""

from __future__ import annotations

import asyncio
import io
from datetime import timedelta

import pypdfium2
import pytest
from cases.cases_make import ANNA, BO, CLERK, EASTER, SHOP, actor
from cases.make import NORTH, OWNER
from filing.make import sign_in
from messaging.make import do, news, run_plans

from palmtax import messaging
from palmtax.base.actor import Actor, Hat
from palmtax.base.identifiers import uuid7
from palmtax.cases import listeners
from palmtax.certificates import listeners as proofs
from palmtax.messaging.actions import serving

NO = "TZ2026112300000007"
PHONE = f"15400000{OWNER:03d}"


@pytest.fixture
async def served(staff, database, clock, task_context):
    """A notice served on the shop, planned, and nobody has read it."""
    lead = Actor(OWNER, uuid7(), Hat(uuid7(), "enterprise", "legal_rep", SHOP, None, frozenset()), "h5", "r")
    await do(database, serving.decide_agreement, actor=lead, clock=clock, taxpayer_id=SHOP, is_given=True)
    found = await do(
        database, messaging.serve_document, actor=actor(ANNA), clock=clock, taxpayer_id=SHOP, document_no=NO,
        kind="notice", title="税务事项通知书（发票额度调整）", title_en="Notice of invoice quota", digest="ab" * 32,
        office_code=NORTH,
    )  # fmt: skip
    await run_plans(task_context)
    return found


@pytest.fixture
def wait(database, clock, task_context):
    """Lets days pass: the clock's work is done, and what it says is heard."""

    async def pass_days(days: int) -> list[str]:
        clock.move(days=days)
        await do(database, serving.escalate, clock=clock)
        told = await news(database, "messaging.document_unread")
        for one in told:
            for _ in range(2):
                await listeners.document_unread(task_context, one)
        return [one["step"] for one in told]

    return pass_days


async def queue(who):
    return (await who.ok("GET", "/cases/queue?view=all&kind=service"))["cases"]


async def phone_task(officer, wait):
    await wait(3)
    assert await wait(4) == ["phone"]
    who = await officer(ANNA)
    [row] = await queue(who)
    return who, row, f"/cases/cases/{row['case_id']}/service"


async def evidence_of(database, *acts):
    async with database.statement() as tx:
        rows = await tx.fetch("select act from evidence_entry where act = any($1) order by entry_id", list(acts))
    return [row["act"] for row in rows]


async def attempts(database):
    async with database.statement() as tx:
        return [row["outcome"] for row in await tx.fetch("select outcome from messaging_attempt order by attempt_id")]


CALL = {"person_id": OWNER, "outcome": "not_reached", "note": "", "version": 1}
PAPER = {"outcome": "posted", "on_day": "2026-12-10", "receipt_no": "EMS1234567", "note": "", "version": 1}


async def test_unread_it_becomes_a_call_once_with_the_number_masked(served, officer, wait, database, clock):
    who, row, path = await phone_task(officer, wait)
    assert (row["kind"], row["code"], row["office_code"], row["skill"]) == ("service", "phone", NORTH, "hall")
    assert row["title"] == "电话提醒：税务事项通知书（发票额度调整）"
    shown = await who.ok("GET", path)
    assert [(one["name"], one["read_at"]) for one in shown["readers"]] == [("沈**0", None)]
    assert [one["phone_masked"] for one in shown["contacts"]] == [f"{PHONE[:3]}****{PHONE[-4:]}"]
    assert shown["calls_left"] == 3
    assert PHONE not in str(shown)
    ask = {"person_id": OWNER, "reason": "电话提醒查收文书"}
    assert (await who.ok("POST", f"{path}/phone", ask))["phone"] == PHONE
    assert await evidence_of(database, "messaging.phone_shown") == ["messaging.phone_shown"]
    assert (await who.ok("GET", f"/cases/cases/{row['case_id']}"))["case"]["is_mine"]


async def test_reached_ends_the_task_and_later_paper_follows_all_the_same(served, officer, wait, database):
    who, _, path = await phone_task(officer, wait)
    done = await who.ok("POST", f"{path}/calls", CALL | {"outcome": "reached", "note": "答应今天查看"})
    assert done["case"]["state"] == "closed"
    assert [one["note"] for one in done["history"]][-1] == "电话联系到本人：答应今天查看"
    assert await wait(8) == ["paper"]
    [task] = await queue(await officer(ANNA))
    assert task["code"] == "paper"


async def test_three_calls_in_vain_bring_paper_at_once(served, officer, wait, database):
    who, row, path = await phone_task(officer, wait)
    for left in (2, 1, 0):
        version = (await who.ok("GET", f"/cases/cases/{row['case_id']}"))["case"]["version"]
        done = await who.ok("POST", f"{path}/calls", CALL | {"version": version})
        assert (await who.ok("GET", path))["calls_left"] == left
    assert done["case"]["state"] == "closed"
    await who.refused(409, "cases.case_closed", "POST", f"{path}/calls", CALL | {"version": done["case"]["version"]})
    assert await attempts(database) == ["not_reached"] * 3
    assert await wait(0) == ["paper"]


async def test_a_wrong_number_brings_paper_which_ends_it_with_a_certificate(
    served, officer, wait, database, clock, task_context, client
):
    who, _, path = await phone_task(officer, wait)
    await who.ok("POST", f"{path}/calls", CALL | {"outcome": "wrong_number"})
    assert await wait(0) == ["paper"]
    [task] = await queue(who)
    path, given = f"/cases/cases/{task['case_id']}/service", PAPER | {"version": task["version"]}
    for day in ("2026-11-01", (clock.today() + timedelta(days=1)).isoformat()):
        await who.refused(422, "messaging.day_ahead", "POST", f"{path}/papers", given | {"on_day": day})
    await who.refused(409, "messaging.not_this_step", "POST", f"{path}/calls", CALL | {"version": task["version"]})
    assert await attempts(database) == ["wrong_number"]
    done = await who.ok("POST", f"{path}/papers", given | {"on_day": clock.today().isoformat()})
    assert done["case"]["state"] == "closed"
    [ended] = await news(database, "messaging.service_ended")
    for _ in range(2):
        await proofs.service_ended(task_context, ended)
    owner = await sign_in(client, database, clock, OWNER, SHOP)
    [proof] = await owner.ok("GET", f"/certificates/proofs?served_no={NO}")
    said = await paper_of(owner, proof)
    for part in (NO, "邮寄送达", "EMS1234567", "号码有误", "2026-11-23", "ab" * 32, proof["verify_code"]):
        assert part in said
    assert await evidence_of(database, "messaging.document_phoned", "messaging.document_on_paper") == [
        "messaging.document_phoned", "messaging.document_on_paper",
    ]  # fmt: skip
    assert await wait(40) == []


async def paper_of(who, proof):
    answer = await who("GET", proof["pdf_path"].removeprefix("/api"))
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.content == (await who("GET", proof["pdf_path"].removeprefix("/api"))).content
    pages = pypdfium2.PdfDocument(io.BytesIO(answer.content))
    return "".join(page.get_textpage().get_text_range() for page in pages).replace("\r\n", "")


async def test_reading_ends_the_task_and_is_certified_and_anybody_may_verify(
    served, officer, wait, database, clock, task_context, client
):
    who, row, path = await phone_task(officer, wait)
    owner = await sign_in(client, database, clock, OWNER, SHOP)
    await owner.ok("POST", f"/messaging/messages/{served.message_id}/reading")
    [told] = await news(database, "messaging.document_read")
    for _ in range(2):
        await listeners.document_read(task_context, told)
        await proofs.document_read(task_context, told)
    assert await queue(who) == []
    version = (await who.ok("GET", f"/cases/cases/{row['case_id']}"))["case"]["version"]
    await who.refused(409, "cases.case_closed", "POST", f"{path}/calls", CALL | {"version": version})
    [proof] = await owner.ok("GET", f"/certificates/proofs?served_no={NO}")
    said = await paper_of(owner, proof)
    assert "沈**0" in said
    verdict = (await client.get(f"/api/verify/{proof['verify_code']}")).json()
    assert (verdict["state"], verdict["certificate_no"], verdict["title"]) == (
        "true", proof["proof_no"], "税务文书送达回证",
    )  # fmt: skip


async def test_news_that_was_overtaken_opens_nothing(served, officer, wait, database, clock, task_context, client):
    await wait(3)
    clock.move(days=4)
    await do(database, serving.escalate, clock=clock)
    late = await news(database, "messaging.document_unread")
    owner = await sign_in(client, database, clock, OWNER, SHOP)
    await owner.ok("POST", f"/messaging/messages/{served.message_id}/reading")
    for one in late:
        await listeners.document_unread(task_context, one)
    assert await queue(await officer(ANNA)) == []


async def test_who_must_not_learns_nothing_and_changes_nothing(served, officer, wait, database, client, clock):
    who, _, path = await phone_task(officer, wait)
    elsewhere, clerk, owner = (
        await officer(EASTER),
        await officer(CLERK),
        await sign_in(client, database, clock, OWNER, SHOP),
    )
    ask = {"person_id": OWNER, "reason": "看看"}
    for other, status, code in (
        (elsewhere, 404, "cases.case_unknown"), (clerk, 403, "plumbing.not_allowed"), (owner, 403, "plumbing.not_allowed"),
    ):  # fmt: skip
        await other.refused(status, code, "POST", f"{path}/phone", ask)
        await other.refused(status, code, "POST", f"{path}/calls", CALL)
        await other.refused(status, code, "POST", f"{path}/papers", PAPER)
    await elsewhere.refused(404, "cases.case_unknown", "GET", path)
    await who.refused(404, "messaging.no_such_phone", "POST", f"{path}/phone", ask | {"person_id": ANNA})
    await who.refused(404, "messaging.no_such_phone", "POST", f"{path}/calls", CALL | {"person_id": 1})
    await who.refused(409, "messaging.not_this_step", "POST", f"{path}/papers", PAPER | {"on_day": "2026-11-30"})
    await (await officer(BO)).refused(409, "cases.case_changed", "POST", f"{path}/calls", CALL | {"version": 77})
    assert await attempts(database) == []
    assert await evidence_of(database, "messaging.phone_shown", "messaging.document_phoned") == []
    [still] = await queue(who)
    assert (still["state"], still["version"]) == ("open", 1)


async def test_two_officers_at_once_write_one_call_down(served, officer, wait, database):
    _, _, path = await phone_task(officer, wait)
    first, second = await officer(ANNA), await officer(BO)
    told = await asyncio.gather(
        *(one("POST", f"{path}/calls", CALL | {"outcome": "reached"}) for one in (first, second))
    )
    assert sorted(one.status_code for one in told) == [200, 409]
    assert await attempts(database) == ["reached"]
