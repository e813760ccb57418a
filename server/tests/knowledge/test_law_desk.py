"""A version of a number of the law from draft to in force, and everything that must not happen on the way."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime
from uuid import UUID

import asyncpg
import httpx
import pytest
from knowledge.make_law_desk import (
    APPROVER,
    BOTH,
    DRAFTER,
    KEY,
    NOBODY,
    READER,
    SECOND,
    a_version,
    edited,
    picture,
    sign_in,
)

from palmtax import knowledge, rules
from palmtax.entry import roles, standing
from palmtax.entry.web import create_app
from palmtax.knowledge.store import law_desk as store
from palmtax.plumbing.database import Database


def threshold(day: date) -> int:
    return rules.parameter(KEY).on(day).value


async def drafted(who, **other):
    return await who.ok("POST", "/knowledge/changes", a_version(**other))


async def act(who, change, name, **body):
    return await who.ok("POST", f"/knowledge/changes/{change['change_id']}/{name}", body or None)


async def in_force(drafter, approver, **other):
    change = await drafted(drafter, **other)
    await act(drafter, change, "send")
    return await act(approver, change, "approve")


async def test_a_version_goes_from_draft_to_in_force(drafter, approver, database, clock):
    draft = await drafted(drafter)
    assert (draft["state"], draft["may_send"], draft["may_edit"], draft["may_approve"]) == ("draft", True, True, False)
    assert (draft["before"], draft["law"], draft["unit"]) == ("300000", "vat_small_scale", rules.parameter(KEY).unit)
    assert draft["check"]["version_before"] == rules.version("vat_small_scale")
    assert draft["check"]["version_after"].endswith("+what-if")
    assert "vat_small_scale_return" in [law["code"] for law in draft["check"]["laws"]]
    assert threshold(date(2027, 1, 1)) == 30_000_000

    sent = await act(drafter, draft, "send")
    assert (sent["state"], sent["may_edit"], sent["may_withdraw"]) == ("sent", False, True)
    seen = await approver.ok("GET", f"/knowledge/changes/{draft['change_id']}")
    assert (seen["may_approve"], seen["may_edit"], seen["may_send"]) == (True, False, False)
    before = rules.version("vat_small_scale_return")
    agreed = await act(approver, draft, "approve", acts=seen["acts"])
    assert (agreed["state"], agreed["decided_by"] is not None, agreed["may_withdraw"]) == ("scheduled", True, True)
    assert [one["act"] for one in agreed["history"]] == ["drafted", "sent", "approved"]
    assert agreed["before"] == "300000"
    assert threshold(date(2027, 1, 1)) == 45_000_000
    assert threshold(date(2026, 12, 31)) == 30_000_000
    assert rules.version("vat_small_scale_return") != before
    assert agreed["check"]["version_after"] == rules.version("vat_small_scale")

    async with database.statement() as tx:
        acts = [
            row["act"]
            for row in await tx.fetch("select act from evidence_entry where act like 'knowledge.%' order by entry_id")
        ]
        news = [row["payload"] for row in await tx.fetch("select payload from pgqueuer where payload::text <> ''")]
    assert acts == ["knowledge.change_drafted", "knowledge.change_sent", "knowledge.change_approved"]
    assert sum(b"knowledge.law_changed" in bytes(one) for one in news) == 1

    clock.at = datetime(2027, 1, 1, 4, 0, tzinfo=UTC)  # Friday, its first day; sessions of November have ended
    async with database.statement() as tx:
        assert (await store.change(tx, UUID(draft["change_id"]))).state(clock.today()) == "effective"


async def test_reading_the_law(drafter, approver):
    laws = (await drafter.ok("GET", "/knowledge/laws"))["laws"]
    assert {law["code"] for law in laws} == set(rules.every_law())
    assert all(law["version"] == rules.version(law["code"]) for law in laws)
    found = (await drafter.ok("GET", "/knowledge/laws?text=起征点 小规模"))["laws"]
    assert "vat_small_scale" in {law["code"] for law in found}
    doubtful = (await drafter.ok("GET", "/knowledge/laws?uncertain=true"))["laws"]
    sure = (await drafter.ok("GET", "/knowledge/laws?uncertain=false"))["laws"]
    assert len(doubtful) + len(sure) == len(laws)
    assert all(law["uncertain"] for law in doubtful)
    for law in laws:
        shown = await drafter.ok("GET", f"/knowledge/laws/{law['code']}")
        assert (len(shown["parameters"]), len(shown["statutes"])) == (law["parameters"], law["statutes"])
        assert not any(line["has_change"] for line in shown["parameters"])
    await drafted(drafter)
    lines = (await drafter.ok("GET", "/knowledge/laws/vat_small_scale"))["parameters"]
    assert [line["key"] for line in lines if line["has_change"]] == [KEY]
    await drafter.refused(404, "rules.unknown_law", "GET", "/knowledge/laws/nothing")
    await drafter.refused(404, "knowledge.parameter_unknown", "GET", "/knowledge/parameters/vat_small_scale.nothing")


async def test_every_number_can_be_shown_and_drafted_again_as_it_is(drafter):
    """What the desk shows is what the desk takes: for each kind of number, its own plain form."""
    kinds = {}
    for code in rules.every_law():
        for one in rules.law(code).parameters.values():
            kinds.setdefault(one.kind, one.key)
    for kind, key in kinds.items():
        shown = await drafter.ok("GET", f"/knowledge/parameters/{key}")
        newest = shown["values"][0]
        assert (shown["kind"], newest["origin"], newest["change_id"]) == (kind, "file", None)
        assert bool(shown["options"]) == (kind in {"rates", "amounts", "quantities", "counts", "per_units"})
        body = a_version(
            key=key, value=newest["value"], first_day="2026-11-23", until=newest["until"], article=newest["article"],
            published=newest["published"], source=newest["source"], confidence=newest["confidence"], note=newest["note"],
        )  # fmt: skip
        made = await drafter.ok("POST", "/knowledge/changes", body)
        assert made["value"] == newest["value"]
        assert made["check"]["examples"]["changed"] == [], key


async def test_the_number_through_time_shows_the_version_beside_the_files(drafter, approver):
    agreed = await in_force(drafter, approver, first_day="2026-11-23")
    assert agreed["state"] == "effective"
    shown = await drafter.ok("GET", f"/knowledge/parameters/{KEY}")
    newest, *older = shown["values"]
    assert (newest["origin"], newest["change_id"], newest["value"]) == ("desk", agreed["change_id"], "450000")
    assert (newest["published"], newest["is_in_force"], newest["article"]) == ("2026-11-20", True, agreed["article"])
    assert newest["paraphrase"]
    assert not any(one["is_in_force"] or one["origin"] == "desk" for one in older)
    assert [one["change_id"] for one in shown["changes"]] == [agreed["change_id"]]


async def test_examples_are_computed_again_and_the_differences_shown(drafter):
    check = (await drafted(drafter, first_day="2026-01-01", value="100000", confirm_retroactive=True))["check"]
    examples = check["examples"]
    assert check["faults"] == []
    assert examples["changed"]
    assert examples["run"] > examples["unchanged"] > 0
    line = next(one for one in examples["changed"] if one["law"] == "vat_small_scale")
    assert line["before"] != line["after"]
    assert line["label"]
    same = (await drafted(drafter, first_day="2026-01-01", value="300000", confirm_retroactive=True))["check"][
        "examples"
    ]
    assert same["changed"] == []
    assert same["run"] == same["unchanged"] == examples["run"]


async def test_who_drafted_does_not_decide(officer, database):
    both, second = await officer(BOTH), await officer(SECOND)
    change = await drafted(both)
    await act(both, change, "send")
    before = await picture(database)
    path = f"/knowledge/changes/{change['change_id']}"
    await both.refused(409, "knowledge.same_officer", "POST", f"{path}/approve")
    await both.refused(409, "knowledge.same_officer", "POST", f"{path}/return", {"reason": "再想想"})
    assert await picture(database) == before
    assert (await both.ok("GET", path))["may_approve"] is False
    assert (await act(second, change, "approve"))["state"] == "scheduled"


async def test_approving_needs_the_right_and_the_second_proof(officer, drafter, database):
    change = await drafted(drafter)
    await act(drafter, change, "send")
    path = f"/knowledge/changes/{change['change_id']}"
    unproved, reader, nobody = await officer(SECOND, proved=False), await officer(READER), await officer(NOBODY)
    before = await picture(database)
    await unproved.refused(403, "plumbing.second_factor_needed", "POST", f"{path}/approve")
    await reader.refused(403, "plumbing.not_allowed", "POST", f"{path}/approve")
    await drafter.refused(403, "plumbing.not_allowed", "POST", f"{path}/approve")
    await reader.refused(403, "plumbing.not_allowed", "POST", "/knowledge/changes", a_version())
    await nobody.refused(403, "plumbing.not_allowed", "GET", path)
    assert await picture(database) == before


async def test_approved_by_two_at_once_it_is_approved_once(officer, drafter, approver, database):
    change = await drafted(drafter)
    await act(drafter, change, "send")
    path, second = f"/knowledge/changes/{change['change_id']}/approve", await officer(SECOND)
    answers = await asyncio.gather(*(who("POST", path) for who in (approver, second, approver, second)))
    told = sorted((one.status_code, one.json().get("code")) for one in answers)
    assert told == [(200, None), *[(409, "knowledge.change_state")] * 3]
    async with database.statement() as tx:
        assert await tx.fetchval("select count(*) from knowledge_law_act where act = 'approved'") == 1
        assert await tx.fetchval("select count(*) from evidence_entry where act = 'knowledge.change_approved'") == 1
    assert len(rules.enacted()[KEY]) == 1


async def test_approving_and_taking_back_at_once_leave_one_of_both(drafter, approver, database):
    for number in range(4):
        change = await drafted(drafter, note=str(number))
        await act(drafter, change, "send")
        path = f"/knowledge/changes/{change['change_id']}"
        answers = await asyncio.gather(
            approver("POST", f"{path}/approve"), drafter("POST", f"{path}/withdraw", {"reason": "写错了"})
        )
        assert min(one.status_code for one in answers) == 200
        codes = {one.status_code: one.json().get("code") for one in answers}
        assert set(codes) in ({200, 409}, {200, 403})  # once approved, only who may approve takes it back
        async with database.statement() as tx:
            rows = await tx.fetch(
                "select act from knowledge_law_act where change_id = $1 order by sequence",
                UUID(change["change_id"]),
            )
        assert [row["act"] for row in rows] in (["drafted", "sent", "approved"], ["drafted", "sent", "withdrawn"])


async def test_out_of_order_is_refused_and_changes_nothing(drafter, approver, database):
    change = await drafted(drafter)
    path = f"/knowledge/changes/{change['change_id']}"
    before = await picture(database)
    await approver.refused(409, "knowledge.change_state", "POST", f"{path}/approve")
    await approver.refused(409, "knowledge.change_state", "POST", f"{path}/return", {"reason": "没有提交"})
    assert await picture(database) == before
    await act(drafter, change, "send")
    before = await picture(database)
    await drafter.refused(409, "knowledge.change_state", "POST", f"{path}/send")
    await drafter.refused(409, "knowledge.change_state", "PUT", path, edited(value="500000"))
    assert await picture(database) == before
    await act(approver, change, "return", reason="依据不符")
    await approver.refused(409, "knowledge.change_state", "POST", f"{path}/approve")
    await act(drafter, change, "withdraw", reason="不再需要")
    before = await picture(database)
    for name, who, body in (
        ("send", drafter, None),
        ("approve", approver, None),
        ("withdraw", drafter, {"reason": "再撤"}),
    ):
        told = await who.refused(409, "knowledge.change_state", "POST", f"{path}/{name}", body)
        assert told["fields"]["state"] == "withdrawn"
    await drafter.refused(409, "knowledge.change_state", "PUT", path, edited())
    assert await picture(database) == before
    assert rules.enacted() == {}
    nothing = "/knowledge/changes/00000000-0000-7000-8000-000000000000"
    await drafter.refused(404, "knowledge.change_unknown", "GET", nothing)
    await approver.refused(404, "knowledge.change_unknown", "POST", f"{nothing}/approve")


async def test_a_returned_version_is_mended_and_sent_again(drafter, approver):
    change = await drafted(drafter)
    await act(drafter, change, "send")
    back = await act(approver, change, "return", reason="数额写错")
    assert (back["state"], back["reason"]) == ("returned", "数额写错")
    path = f"/knowledge/changes/{change['change_id']}"
    mended = await drafter.ok("PUT", path, edited(value="400000"))
    assert (mended["state"], mended["value"], mended["reason"]) == ("draft", "400000", None)
    await act(drafter, change, "send")
    told = await approver.refused(409, "knowledge.change_moved", "POST", f"{path}/approve", {"acts": 2})
    assert told["hint"]
    assert (await act(approver, change, "approve"))["value"] == "400000"
    assert threshold(date(2027, 1, 1)) == 40_000_000


async def test_a_draft_is_its_drafters(officer, drafter, database):
    both = await officer(BOTH)
    change = await drafted(drafter)
    path = f"/knowledge/changes/{change['change_id']}"
    before = await picture(database)
    await both.refused(409, "knowledge.change_not_yours", "PUT", path, edited())
    await both.refused(409, "knowledge.change_not_yours", "POST", f"{path}/send")
    await both.refused(409, "knowledge.change_not_yours", "POST", f"{path}/withdraw", {"reason": "不是我的"})
    assert await picture(database) == before


async def test_what_is_in_force_is_never_taken_away(officer, drafter, approver, database):
    change = await in_force(drafter, approver, first_day="2026-11-23")
    path = f"/knowledge/changes/{change['change_id']}"
    assert change["may_withdraw"] is False
    before = await picture(database)
    for who in (drafter, approver):
        await who.refused(409, "knowledge.change_in_force", "POST", f"{path}/withdraw", {"reason": "反悔"})
    await drafter.refused(409, "knowledge.change_state", "PUT", path, edited())
    assert await picture(database) == before
    newer = await in_force(drafter, approver, first_day="2026-11-23", value="460000", note="更正")
    assert newer["before"] == "450000"
    assert threshold(date(2026, 11, 23)) == 46_000_000
    shown = await drafter.ok("GET", f"/knowledge/parameters/{KEY}")
    assert [one["value"] for one in shown["values"] if one["is_in_force"]] == ["460000"]


async def test_a_scheduled_version_is_withdrawn_by_who_may_approve(officer, drafter, approver):
    change = await in_force(drafter, approver)
    path = f"/knowledge/changes/{change['change_id']}/withdraw"
    await drafter.refused(
        409,
        "knowledge.change_not_yours",
        "POST",
        "/knowledge/changes/" + (await drafted(await officer(BOTH)))["change_id"] + "/withdraw",
        {"reason": "x"},
    )
    await drafter.refused(403, "plumbing.not_allowed", "POST", path, {"reason": "x"})
    assert threshold(date(2027, 1, 1)) == 45_000_000
    gone = await (await officer(SECOND)).ok("POST", path, {"reason": "文件撤销"})
    assert (gone["state"], gone["reason"]) == ("withdrawn", "文件撤销")
    assert threshold(date(2027, 1, 1)) == 30_000_000
    assert rules.enacted() == {}


async def test_a_first_day_that_is_over_must_be_meant(drafter, approver, clock, database):
    await drafter.refused(
        409, "knowledge.change_overlaps_past", "POST", "/knowledge/changes", a_version(first_day="2026-11-22")
    )
    meant = await drafted(drafter, first_day="2026-11-22", confirm_retroactive=True)
    assert meant["is_retroactive"]
    path = f"/knowledge/changes/{meant['change_id']}"
    await drafter.refused(409, "knowledge.change_overlaps_past", "PUT", path, edited(first_day="2026-11-22"))
    late = await drafted(drafter, first_day="2026-11-24")
    await act(drafter, late, "send")
    clock.at = datetime(2026, 11, 24, 16, 5, tzinfo=UTC)  # Wednesday 25 November in China
    fresh = await sign_in(approver.client, database, clock, APPROVER)
    await fresh.refused(
        409, "knowledge.change_overlaps_past", "POST", f"/knowledge/changes/{late['change_id']}/approve"
    )
    assert rules.enacted() == {}


@pytest.mark.parametrize(
    ("other", "field"),
    [
        ({"value": 450000}, "value"), ({"value": 0.5}, "value"), ({"value": "450000.001"}, "value"), ({"value": "-1"}, "value"),
        ({"value": "1e400000"}, "value"), ({"value": "9" * 18}, "value"), ({"value": "９"}, "value"), ({"value": None}, "value"),
        ({"value": True}, "value"), ({"value": {"city": "1"}}, "value"), ({"value": [{"rate": "3%"}]}, "value"), ({"value": ""}, "value"),
        ({"article": "增值税法 第九千条"}, "article"), ({"article": "从未有过的法 第一条"}, "article"), ({"article": "x"}, "article"),
        ({"until": "2026-12-31"}, "last day"), ({"published": "2026-11-24"}, "published"),
        ({"key": "late_fee.daily_rate", "value": "0.05"}, None), ({"key": "late_fee.daily_rate", "value": "101%"}, "value"),
        ({"key": "late_fee.daily_rate", "value": "5/0"}, "value"), ({"key": "late_fee.daily_rate", "value": "NaN"}, "value"),
    ],
)  # fmt: skip
async def test_what_is_badly_written_is_refused_by_name(drafter, database, other, field):
    before = await picture(database)
    body = a_version(**other)
    if field is None:
        body["article"] = "税收征收管理法 第三十二条"
        assert (await drafter.ok("POST", "/knowledge/changes", body))["value"] == "5%"
        return
    told = await drafter.refused(422, "knowledge.change_malformed", "POST", "/knowledge/changes", body)
    assert told["fields"]["what_en"].startswith(f"{field}:")
    assert await picture(database) == before


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("rates", {"nowhere": "3%"}), ("rates", {}), ("rates", "3%"), ("scale", []), ("scale", [{"up_to": "1", "rate": "3%"}]),
        ("scale", [{"up_to": "9", "rate": "3%"}, {"up_to": "1", "rate": "4%"}, {"rate": "5%"}]), ("scale", [{"rate": 0.03}]),
        ("yes_no", "true"), ("yes_no", 1), ("comparison", "above"), ("count", -1), ("count", 1.5), ("count", 10**18),
        ("quantity", "1.00001"), ("amounts", {"a": 1}),
    ],
)  # fmt: skip
async def test_each_kind_refuses_what_is_of_another(drafter, kind, value):
    every = (one for code in rules.every_law() for one in rules.law(code).parameters.values())
    key = next(one.key for one in every if one.kind == kind)
    await drafter.refused(
        422, "knowledge.change_malformed", "POST", "/knowledge/changes", a_version(key=key, value=value)
    )


@pytest.mark.parametrize(
    "other",
    [{"first_day": "2026-13-01"}, {"first_day": "0001-01-01"}, {"confidence": "sure"}, {"note": "x" * 1001}, {"source": ""},
     {"source": "a\u0000b"}, {"more": 1}, {"key": "k" * 121}],
)  # fmt: skip
async def test_what_has_not_the_shape_is_refused(drafter, other):
    await drafter.refused(422, "plumbing.malformed", "POST", "/knowledge/changes", a_version(**other))
    answer = await drafter("POST", "/knowledge/changes", a_version(key="vat_small_scale.nothing"))
    assert (answer.status_code, answer.json()["code"]) == (404, "knowledge.parameter_unknown")


async def test_an_article_not_in_force_is_a_fault_and_is_not_sent(drafter, database):
    early = "增值税法 第二十三条"  # in force from 2026-01-01
    change = await drafted(drafter, article=early, first_day="2025-06-01", confirm_retroactive=True)
    assert len(change["check"]["faults"]) >= 1
    assert change["may_send"] is False
    before = await picture(database)
    path = f"/knowledge/changes/{change['change_id']}/send"
    told = await drafter.refused(409, "knowledge.change_has_faults", "POST", path)
    assert told["fields"]["count"] == len(change["check"]["faults"])
    english = await drafter("POST", path, headers={"accept-language": "en"})
    assert english.json()["text"].isascii() or "增值税法" in english.json()["text"]
    assert await picture(database) == before
    over = await drafted(drafter, until=None)  # the announcement of 2026 ends with 2027
    assert any("2027-12-31" in fault for fault in over["check"]["faults"])


async def test_the_same_key_gives_the_same_draft(drafter, database):
    first = await drafter.ok("POST", "/knowledge/changes", a_version(), key="a-key-of-mine-1")
    before = await picture(database)
    again = await drafter.ok("POST", "/knowledge/changes", a_version(), key="a-key-of-mine-1")
    assert again["change_id"] == first["change_id"]
    await drafter.refused(
        409, "knowledge.key_reused", "POST", "/knowledge/changes", a_version(value="1"), key="a-key-of-mine-1"
    )
    assert await picture(database) == before
    at_once = await asyncio.gather(
        *(drafter.ok("POST", "/knowledge/changes", a_version(), key="a-key-of-mine-2") for _ in range(4))
    )
    assert len({one["change_id"] for one in at_once}) == 1


async def test_the_list_pages_and_filters_by_state(drafter, approver):
    made = [await drafted(drafter, note=str(number)) for number in range(5)]
    await act(drafter, made[0], "send")
    await act(approver, made[0], "approve")
    await act(drafter, made[1], "send")
    first = await drafter.ok("GET", "/knowledge/changes?limit=3")
    rest = await drafter.ok("GET", f"/knowledge/changes?limit=3&cursor={first['next_cursor']}")
    assert [one["change_id"] for one in first["changes"] + rest["changes"]] == [one["change_id"] for one in made[::-1]]
    assert rest["next_cursor"] is None
    states = {}
    for state in ("draft", "sent", "returned", "scheduled", "effective", "withdrawn"):
        found = (await drafter.ok("GET", f"/knowledge/changes?state={state}"))["changes"]
        assert {one["state"] for one in found} <= {state}
        states[state] = len(found)
    assert states == {"draft": 3, "sent": 1, "returned": 0, "scheduled": 1, "effective": 0, "withdrawn": 0}
    assert (await drafter("GET", "/knowledge/changes?cursor=x")).status_code == 422


async def test_another_process_learns_of_it_and_of_its_end(drafter, approver, database):
    change = await in_force(drafter, approver)
    rules.enact({})  # as in a process that was started before
    async with database.statement() as tx:
        assert await knowledge.enact_approved(tx) is True
        assert await knowledge.enact_approved(tx) is False
    assert threshold(date(2027, 1, 1)) == 45_000_000
    await act(approver, change, "withdraw", reason="文件撤销")
    async with database.statement() as tx:
        await knowledge.enact_approved(tx)
    assert threshold(date(2027, 1, 1)) == 30_000_000


async def test_a_law_kept_from_before_is_read_again_at_the_next_look(drafter, approver, database, monkeypatch):
    """A thread that opened a law while a version came into force may have kept the old one: the next look finds out."""
    old = rules.law("vat_small_scale")
    change = await in_force(drafter, approver)
    held = rules.law("vat_small_scale")
    for kept, name in ((old, "approved"), (held, "withdrawn")):
        if name == "withdrawn":
            await act(approver, change, "withdraw", reason="文件撤销")
        right = rules.law("vat_small_scale").parameters["quarter_threshold"].values
        with monkeypatch.context() as stale:
            stale.setitem(
                rules.law("vat_small_scale").parameters, "quarter_threshold", kept.parameters["quarter_threshold"]
            )
            assert rules.parameter(KEY).values != right
            async with database.statement() as tx:
                assert await knowledge.enact_approved(tx) is True
        assert rules.parameter(KEY).values == right


async def test_a_version_that_this_release_cannot_read_is_left_out_and_named(drafter, approver, database):
    change = await in_force(drafter, approver)
    async with database.transaction() as tx:
        await tx.execute(
            "update knowledge_law_change set key = 'vat_small_scale.gone' where change_id = $1",
            UUID(change["change_id"]),
        )
        await tx.execute("update knowledge_law_act set act_id = gen_random_uuid()")
        await knowledge.enact_approved(tx)
    assert (rules.enacted(), knowledge.unreadable_versions()) == ({}, ("vat_small_scale.gone",))
    ready = (await drafter.client.get("/readyz")).json()
    assert (ready["checks"]["law"]["ok"], "vat_small_scale.gone" in ready["checks"]["law"]["text"]) == (False, True)
    assert (await drafter.ok("GET", "/knowledge/changes"))["changes"] == []
    await drafter.refused(404, "knowledge.parameter_unknown", "GET", f"/knowledge/changes/{change['change_id']}")


async def test_the_running_account_can_agree_but_not_rewrite(bureau, clock, house, database, postgres):
    """The whole way under the account that may only add: PostgreSQL itself refuses the rest."""
    async with database.statement() as tx:
        await tx.execute("create table if not exists alembic_version (version_num text)")
    await roles.grant(database.dsn, postgres.app_password)
    owner, house.database = (
        database,
        Database(postgres.app_dsn(standing.APP, database.dsn.rsplit("/", 1)[1]), database.settings),
    )
    try:
        transport = httpx.ASGITransport(app=create_app(house), raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://palmtax.test") as client:
            who = [await sign_in(client, owner, clock, number) for number in (DRAFTER, APPROVER)]
            change = await in_force(*who)
            assert change["state"] == "scheduled"
            assert threshold(date(2027, 1, 1)) == 45_000_000
            await act(who[1], change, "withdraw", reason="文件撤销")
        for sql in (
            "update knowledge_law_act set body = null",
            "delete from knowledge_law_change",
            "truncate knowledge_law_act",
        ):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                async with house.database.statement() as tx:
                    await tx.execute(sql)
    finally:
        await house.database.close()
        house.database = owner


async def test_an_officer_reads_words_of_the_desk_in_english(drafter):
    change = await drafted(drafter, article="增值税法 第二十三条", first_day="2025-06-01", confirm_retroactive=True)
    path = f"/knowledge/changes/{change['change_id']}"
    english = (await drafter("GET", path, headers={"accept-language": "en"})).json()
    assert any("in force from 2026-01-01" in fault for fault in english["check"]["faults"])
    assert english["drafted_by"] == change["drafted_by"] != f"颜{DRAFTER}"
