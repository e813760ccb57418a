"""Ratings that are followed up, reports whose informant stays secret, and what matters may do here."""

from __future__ import annotations

import asyncio
from uuid import UUID

import pytest
from complaints.make import ANN, BEA, CHIEF, OFFICE, STRANGER, officer
from filing.make import OWNER, SHOP
from messaging.make import make_act, make_actor

from palmtax import complaints, privacy
from palmtax.base.identifiers import uuid7
from palmtax.complaints.actions import effects
from palmtax.complaints.errors import (
    AlreadyRated,
    ChoiceUnknown,
    ComplaintUnknown,
    FactsMissing,
    HandlerInvolved,
    ReasonMissing,
    StateWrong,
)


async def rate(database, clock, stars, subject_id=None, **more):
    async with database.transaction() as tx:
        return await complaints.rate_service(
            tx, actor=make_actor(), clock=clock, taxpayer_id=SHOP, subject_kind="application",
            subject_id=subject_id or uuid7(), title="发票额度调整", title_en="Invoice quota", office_code=OFFICE, stars=stars,
            **more,
        )  # fmt: skip


async def test_a_bad_rating_is_followed_up_in_time(owner, desk, database, clock, told):
    made = await rate(database, clock, 2, tags=["等得久"], text="等了两小时", handled_by=[BEA])
    name, data = (await told())[0]
    assert (name, data["due_on"], data["not_for"], data["taxpayer_id"]) == (
        "complaints.bad_rating_given", "2026-11-24", [BEA], SHOP,
    )  # fmt: skip
    assert made.feedback_by_on.isoformat() == "2026-12-14"
    with pytest.raises(HandlerInvolved):
        async with database.transaction() as tx:
            await complaints.answer_rating(
                tx, actor=officer(BEA), clock=clock, taxpayer_id=SHOP, subject_id=made.rating_id, text="没有的事"
            )
    ann = await desk(ANN)
    path = f"/complaints/desk/ratings/{SHOP}/{made.rating_id}"
    called = await ann.ok("POST", f"{path}/contact", {"note": "已电话道歉"})
    assert (called["state"], called["tags"]) == ("contacted", ["slow"])
    await (await desk(STRANGER)).refused(404, "complaints.rating_unknown", "GET", path)
    async with database.transaction() as tx:
        given = {"actor": officer(ANN), "clock": clock, "taxpayer_id": SHOP, "subject_id": made.rating_id}
        with pytest.raises(ReasonMissing):
            await complaints.answer_rating(tx, **given, text="")
        done = await complaints.answer_rating(tx, **given, text="已增开窗口")
        assert await complaints.answer_rating(tx, **given, text="已增开窗口") == done
        with pytest.raises(StateWrong):
            await complaints.answer_rating(tx, **given, text="另一种说法")
    messages = (await owner.ok("GET", "/messaging/messages"))["messages"]
    assert [m["template"] for m in messages] == ["rating_answered", "rating_follow_up"]


async def test_a_good_rating_bothers_nobody(owner, database, clock, told):
    made = await rate(database, clock, 5, tags=["fast", "办得快"])
    assert (made.state, made.tags, await told()) == ("noted", ("fast",), [])
    assert (await owner.ok("GET", "/messaging/messages"))["messages"] == []


async def test_one_service_act_is_rated_once(owner, database, clock, told):
    subject = uuid7()
    both = await asyncio.gather(*(rate(database, clock, 1, subject) for _ in range(8)))
    assert len({one.rating_id for one in both}) == 1
    assert len(await told()) == 1
    with pytest.raises(AlreadyRated):
        await rate(database, clock, 5, subject)
    with pytest.raises(ChoiceUnknown):
        await rate(database, clock, 6)
    with pytest.raises(ChoiceUnknown):
        await rate(database, clock, 5, tags=["没有的"])


async def test_numbers_of_ratings(owner, desk, database, clock):
    for stars, tags in ((5, ["fast"]), (5, ["fast", "kind"]), (1, ["slow"])):
        await rate(database, clock, stars, tags=tags)
    numbers = await (await desk(CHIEF)).ok("GET", "/complaints/desk/statistics")
    assert [(r["stars"], r["n"], r["contacted"]) for r in numbers["ratings"]] == [(5, 2, 0), (1, 1, 0)]
    assert numbers["tags"] == [{"tag": "fast", "n": 2}, {"tag": "kind", "n": 1}, {"tag": "slow", "n": 1}]


async def test_nothing_outside_the_seal_says_who_reported(owner, desk, database, clock, told, acts):
    act = make_act(clock, office_code=OFFICE)
    async with database.transaction() as tx:
        done = await effects.report_violation(tx, act=act, who="临岸面馆", facts="一直拒开发票")
        assert await effects.report_violation(tx, act=act, who="临岸面馆", facts="一直拒开发票") == done
        with pytest.raises(FactsMissing):
            await effects.report_violation(tx, act=make_act(clock), who="某店", facts=" ")
    (name, data), *more = await told()
    assert (name, data["taxpayer_id"], data["not_for"], more) == ("complaints.report_received", 0, [], [])
    assert data["due_on"] == "2026-12-14"
    async with database.statement() as tx:
        rows = await tx.fetch("select r::text as whole, report_id, informant_sealed from complaints_report r")
    assert len(rows) == 1
    for secret in ("面馆", str(act.application_id), f"{SHOP}:", str(act.application_id).replace("-", "")):
        assert secret not in rows[0]["whole"]
    assert privacy.unseal(rows[0]["informant_sealed"], "complaints_report.informant") == f"{SHOP}:{OWNER}"
    assert [a for a in await acts() if a[0].startswith("complaints.")] == [("complaints.report_received", 0, 0)]

    report = f"/complaints/desk/reports/{rows[0]['report_id']}"
    seen = await (await desk(ANN)).ok("GET", report)
    assert (seen["who"], str(SHOP) in str(seen), str(OWNER) in str(seen["report_no"])) == ("临岸面馆", False, False)
    await (await desk(STRANGER)).refused(404, "complaints.report_unknown", "GET", report)
    chief = await desk(CHIEF)
    await chief.refused(403, "plumbing.not_allowed", "GET", report)
    await (await desk(ANN)).refused(403, "plumbing.not_allowed", "POST", f"{report}/informant", {"note": "奖励"})
    await chief.refused(403, "plumbing.second_factor_needed", "POST", f"{report}/informant", {"note": "奖励"})


async def test_only_the_informant_finds_and_reads_the_answer(owner, desk, database, clock, told, acts):
    from palmtax.complaints.actions import reports

    async with database.transaction() as tx:
        await effects.report_violation(tx, act=make_act(clock), who="临岸面馆", facts="拒开发票")
    report_id = UUID((await told())[0][1]["report_id"])
    async with database.transaction() as tx:
        given = {"actor": officer(ANN), "clock": clock, "taxpayer_id": 0, "subject_id": report_id}
        first = await complaints.answer_report(tx, **given, text="已立案")
        assert await complaints.answer_report(tx, **given, text="已立案") == first
        with pytest.raises(StateWrong):
            await complaints.answer_report(tx, **given, text="别的")
        assert await reports.own_reports(tx, actor=make_actor(999), taxpayer_id=SHOP) == []
        found = await reports.open_informant(
            tx, actor=officer(CHIEF), clock=clock, report_id=report_id, reason="兑现奖励"
        )
        assert (found.taxpayer_id, found.person_id, found.person_name) == (SHOP, OWNER, "陈小满")
        with pytest.raises(ReasonMissing):
            await reports.open_informant(tx, actor=officer(CHIEF), clock=clock, report_id=report_id, reason="")
    assert [(r["answer"], r["state"]) for r in await owner.ok("GET", "/complaints/reports")] == [("已立案", "answered")]
    assert (await acts())[-1] == ("complaints.informant_opened", 0, CHIEF)
    assert (await owner.ok("GET", "/messaging/messages"))["messages"] == [], "an inbox has more than one reader"


async def test_what_matters_do_here_they_do_once(owner, database, clock, told):
    act = make_act(clock, office_code=OFFICE)
    async with database.transaction() as tx:
        filed = await effects.file(
            tx, act=act, category="服务质效", about="大厅", facts="排了一上午没办成", is_real_name=True
        )
        assert await effects.file(tx, act=act, category="quality", about="x", facts="另一件事情的经过") == filed
        praised = await effects.suggest(tx, act=act, text="窗口很热心", kind="表扬")
        assert await effects.suggest(tx, act=act, text="再说一遍", kind="praise") == praised
        rated = await effects.rate(tx, act=act, subject="BJ1", stars=1, text="慢")
        assert await effects.rate(tx, act=act, subject="bj1 ", stars=1, text="慢") == rated
        shown = await effects.show(tx, act=act, complaint_no=filed.values["complaint_no"].lower())
        everything = await effects.show(tx, act=act)
        with pytest.raises(ComplaintUnknown):
            await effects.show(tx, act=act, complaint_no="TS0")
    assert filed.values["accept_by"] == "2026-11-24"
    assert rated.values == {"stars": 1, "is_followed_up": True}
    assert (shown.values, everything.values) == ({"count": 1}, {"count": 1})
    assert sorted(name.split(".")[1] for name, _ in await told()) == ["bad_rating_given", "complaint_filed"]
    kinds = await owner.client.get("/api/complaints/kinds")
    assert [c["code"] for c in kinds.json()["categories"]] == ["conduct", "quality", "rights"]
