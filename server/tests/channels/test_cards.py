"""An officer's cards in government WeChat, against the sandbox over real HTTP: shown, pressed, kept true; every wrong tap."""

# ruff: noqa: F811 (fixtures of the sandboxes' tests are arguments here)

from __future__ import annotations

from typing import Any

import pytest
from cases.cases_make import ANNA, BO, CHEF, CITY_CHEF, EASTER, actor, make_staff, now, opened
from cases.make import make_town as make_offices
from channels.test_sandboxes import act, clock, events, noon, ports, sandboxes, server, until  # noqa: F401

from palmtax import cases, messaging
from palmtax.cases.actions import bulk, telling
from palmtax.cases.actions.opening import close_case
from palmtax.channels.store import cards as store
from palmtax.plumbing.outbound import OutsideUnavailable
from palmtax.plumbing.outbox import CRONS, TASKS
from palmtax.plumbing.worker import drain

USERIDS = {ANNA: "anna", BO: "bo", CHEF: "chef", CITY_CHEF: "city", EASTER: "easter"}


@pytest.fixture
async def town(database, clock):
    """The offices and the officers of the cases' tests."""
    async with database.transaction() as tx:
        await make_offices(tx, clock)
        await make_staff(tx, clock)


@pytest.fixture
async def officers(server, bound, sandboxes):
    """Members of the corporation, bound by the directory."""
    corp_id = sandboxes.credentials["gov_wechat"]["corp_id"]
    for person_id, userid in USERIDS.items():
        act(sandboxes, "/gov/sandbox/members", userid=userid, name=userid)
        await bound("gov_wechat", corp_id, userid, person_id, "directory")


@pytest.fixture
def chat(sandboxes):
    """What a member sees of this test, oldest first."""
    before: dict[str, int] = {}
    for userid in USERIDS.values():
        found = sandboxes.get("/gov/sandbox/phone", params={"userid": userid})
        before[userid] = len(found.json().get("chat", [])) if found.is_success else 0

    def look(person_id: int) -> list[dict[str, Any]]:
        userid = USERIDS[person_id]
        shown = sandboxes.get("/gov/sandbox/phone", params={"userid": userid}).json()["chat"]
        return sorted(shown, key=lambda one: one["chat_id"])[before[userid] :]

    return look


@pytest.fixture
def press(sandboxes, rows, noon):
    """A member taps a button of a card; the worker has done what follows."""

    async def tap(person_id: int, card: dict[str, Any], key: str) -> None:
        async def number() -> int:
            [row] = await rows("select count(*) as n from channels_event where kind = 'card_clicked'")
            return int(row["n"])

        before = await number()
        act(sandboxes, "/gov/sandbox/tap", userid=USERIDS[person_id], chat_id=card["chat_id"], key=key)

        async def more() -> bool:
            return await number() > before

        await until(more)
        await drain(noon)

    return tap


def keys(card: dict[str, Any]) -> list[str]:
    """The buttons that act."""
    return [one["key"] for one in card["content"].get("button_list", []) if one.get("key")]


def standing(card: dict[str, Any]) -> str:
    """How the case stands, as the card says it."""
    return str(card["content"]["main_title"]["desc"])


async def assign(database, clock, case, person_id):
    async with database.transaction() as tx:
        [done] = await bulk.assign_all(tx, actor=actor(CHEF), clock=clock, case_ids=[case.case_id], person_id=person_id)
    assert done.refusal is None


async def second(database, clock, **more):
    """A case with a first opinion, which waits for another officer."""
    case = await opened(database, clock, needs_two=True, **more)
    async with database.transaction() as tx:
        await cases.give_opinion(
            tx, actor=actor(ANNA), clock=clock, case=case, outcome="yes", reason="合规", version=case.version
        )
    return await now(database, case)


async def test_an_assigned_case_is_a_card_that_turns_when_it_is_done(officers, database, noon, chat):
    case = await opened(database, noon.clock)
    await assign(database, noon.clock, case, ANNA)
    await drain(noon)
    [card] = chat(ANNA)
    assert (standing(card), keys(card)) == ("在您名下，请办理", ["later"])
    assert card["content"]["main_title"]["title"] == "数电发票额度调整"
    assert f"/workbench/enter/gov_wechat?next=%2Ftasks%2F{case.case_id}" in card["content"]["card_action"]["url"]
    held = await now(database, case)
    async with database.transaction() as tx:
        await cases.give_opinion(
            tx, actor=actor(ANNA), clock=noon.clock, case=held, outcome="yes", reason="合规", version=held.version
        )
    await drain(noon)
    [card] = chat(ANNA)
    assert (standing(card), keys(card), card["content"]["card_type"]) == ("已办结", [], "text_notice")


async def test_a_second_officer_takes_it_on_the_card_and_the_others_see_it(officers, database, noon, chat, press, rows):
    case = await second(database, noon.clock)
    await drain(noon)
    [bo], [chef] = chat(BO), chat(CHEF)
    assert chat(ANNA) == [], "the first officer is not asked"
    assert chat(EASTER) == [], "another office is not asked"
    assert keys(bo) == keys(chef) == ["claim"]
    await press(BO, bo, "claim")
    assert (await now(database, case)).claimed_by == BO
    [bo], [chef] = chat(BO), chat(CHEF)
    assert (standing(bo), bo["content"]["sub_title_text"], keys(bo)) == ("在您名下，请办理", "已领取", ["later"])
    assert standing(chef).startswith("已由 ")
    assert keys(chef) == []
    claimed = await rows(
        "select person_id, channel from evidence_entry where act = 'cases.case_claimed' and subject_id = $1"
        " order by entry_id",
        case.case_id,
    )
    assert claimed[1:] == [{"person_id": BO, "channel": "gov_wechat"}]
    [delivery] = await rows("select state from messaging_delivery where person_id = $1 and way = 'gov'", BO)
    assert delivery["state"] == "acted"


async def test_two_who_tap_at_once_one_has_it_the_other_is_told(officers, database, noon, chat, sandboxes, rows):
    case = await second(database, noon.clock)
    await drain(noon)
    [bo], [chef] = chat(BO), chat(CHEF)
    for person_id, card in ((BO, bo), (CHEF, chef)):
        act(sandboxes, "/gov/sandbox/tap", userid=USERIDS[person_id], chat_id=card["chat_id"], key="claim")

    async def both() -> bool:
        [row] = await rows("select count(*) as n from channels_event where kind = 'card_clicked'")
        return bool(row["n"] == 2)

    await until(both)
    await drain(noon)
    holder = (await now(database, case)).claimed_by
    winner, loser = (BO, CHEF) if holder == BO else (CHEF, BO)
    assert chat(winner)[0]["content"]["sub_title_text"] == "已领取"
    assert "已由" in chat(loser)[0]["content"]["sub_title_text"]
    taken = await rows(
        "select 1 from evidence_entry where act = 'cases.case_claimed' and subject_id = $1", case.case_id
    )
    assert len(taken) == 2, "the first opinion took it once, the review once"


async def test_a_tap_that_comes_too_late_is_answered_and_changes_nothing(
    officers, database, noon, chat, press, sandboxes
):
    case = await second(database, noon.clock)
    await drain(noon)
    [bo] = chat(BO)
    async with database.transaction() as tx:
        await close_case(
            tx, clock=noon.clock, taxpayer_id=case.taxpayer_id, subject_id=case.subject_id, reason="withdrawn"
        )
    before = await now(database, case)
    await press(BO, bo, "claim")
    [bo] = chat(BO)
    assert (standing(bo), bo["content"]["sub_title_text"]) == ("已办结", "这项任务已办结")
    assert await now(database, case) == before


async def test_somebody_elses_card_is_not_pressed(officers, database, noon, chat, rows):
    """The sandbox lets nobody tap another's card, so the event is made as a forwarding platform would."""
    case = await second(database, noon.clock)
    await drain(noon)
    [delivery] = await rows(
        "select taxpayer_id, delivery_id from messaging_delivery where person_id = $1 and way = 'gov'", BO
    )
    async with database.transaction() as tx:
        _, _, answer = await messaging.press_card(
            tx, noon.clock, **delivery, person_id=EASTER, button="claim", channel="gov_wechat", request_id=""
        )
    assert "发给别人" in answer.zh
    assert (await now(database, case)).claimed_by is None


async def test_an_officer_who_moved_to_another_office_is_refused(officers, database, noon, chat, press, rows):
    case = await second(database, noon.clock)
    await drain(noon)
    [bo] = chat(BO)
    async with database.transaction() as tx:
        await tx.execute(
            "update identity_hat set office_code = (select office_code from identity_hat where person_id = $2"
            " and kind = 'officer') where person_id = $1 and kind = 'officer'",
            BO,
            EASTER,
        )
    await press(BO, bo, "claim")
    assert chat(BO)[0]["content"]["sub_title_text"] == "没有找到这项任务"
    assert (await now(database, case)).claimed_by is None


async def test_later_reminds_once_more(officers, database, noon, chat, press, rows):
    case = await opened(database, noon.clock)
    await assign(database, noon.clock, case, ANNA)
    await drain(noon)
    await press(ANNA, chat(ANNA)[0], "later")
    assert "再提醒您" in chat(ANNA)[0]["content"]["sub_title_text"]
    [job] = await rows("select payload from pgqueuer where entrypoint = 'cases.remind'")
    async with database.transaction() as tx:
        await telling.remind_again(tx, clock=noon.clock, case_id=case.case_id, person_id=ANNA, at="then")
        await telling.remind_again(tx, clock=noon.clock, case_id=case.case_id, person_id=BO, at="then")
    await drain(noon)
    assert [len(chat(ANNA)), len(chat(BO))] == [2, 0]
    assert job


async def test_the_word_is_answered_with_the_own_tasks_and_their_links(
    officers, database, noon, chat, sandboxes, events
):
    case = await opened(database, noon.clock)
    await assign(database, noon.clock, case, ANNA)
    await drain(noon)
    for userid in ("anna", "bo"):
        act(sandboxes, "/gov/sandbox/write", userid=userid, text=" 待办 ")
    await events("gov_wechat", 2)
    await drain(noon)
    said = [one["content"]["content"] for one in chat(ANNA) if one["kind"] == "text"][-1]
    assert f'<a href="http://127.0.0.1:1/workbench/tasks/{case.case_id}?office={case.office_code}">' in said
    assert "没有待办任务" in [one["content"]["content"] for one in chat(BO) if one["kind"] == "text"][-1]


async def test_a_card_that_cannot_be_changed_does_no_harm(officers, database, noon, chat, sandboxes, rows):
    """The code is spent elsewhere: the platform refuses it, the card stays, the case goes on."""
    case = await opened(database, noon.clock)
    await assign(database, noon.clock, case, ANNA)
    await drain(noon)
    async with database.transaction() as tx:
        await tx.execute("update channels_card set codes = array['nonsense']")
        await close_case(
            tx, clock=noon.clock, taxpayer_id=case.taxpayer_id, subject_id=case.subject_id, reason="withdrawn"
        )
    await drain(noon)
    [card] = await rows("select codes, busy_until from channels_card")
    assert card == {"codes": [], "busy_until": None}
    assert standing(chat(ANNA)[0]) == "在您名下，请办理"


async def test_a_card_that_another_process_changed_since_it_was_read_is_not_taken(officers, database, noon):
    case = await opened(database, noon.clock)
    await assign(database, noon.clock, case, ANNA)
    await drain(noon)
    at = noon.clock.now()
    async with database.transaction() as tx:
        [read] = await store.about(tx, case.case_id, at)
        await store.changed(tx, read, code=read.codes[-1], shown="another face")
        assert not await store.take(tx, read, at), "its code is spent: the platform would refuse it"


async def test_an_outage_while_changing_is_made_good(officers, database, noon, chat, sandboxes, rows):
    case = await opened(database, noon.clock)
    await assign(database, noon.clock, case, ANNA)
    await drain(noon)
    act(sandboxes, "/sandbox/faults", server="gov", kind="error", count=1)
    async with database.transaction() as tx:
        await close_case(
            tx, clock=noon.clock, taxpayer_id=case.taxpayer_id, subject_id=case.subject_id, reason="withdrawn"
        )
    with pytest.raises(OutsideUnavailable):
        await drain(noon)
    assert standing(chat(ANNA)[0]) == "在您名下，请办理"
    async with database.transaction() as tx:
        await tx.execute("update channels_card set busy_until = now() - interval '1 day'")
    await TASKS["channels.refresh_cards"].handler(noon, {"subject_kind": "case", "subject_id": str(case.case_id)})
    assert standing(chat(ANNA)[0]) == "已办结"


async def test_the_morning_is_one_card_each_and_only_once(officers, database, noon, chat, rows):
    today = noon.clock.today()
    for days in (-1, 0, 0):
        case = await opened(database, noon.clock, due_on=today.fromordinal(today.toordinal() + days))
        await assign(database, noon.clock, case, ANNA)
    await drain(noon)
    seen = len(chat(ANNA))
    for _ in range(2):
        await CRONS["cases.morning"][1](noon, {})
    await drain(noon)
    told = await rows(
        "select template, person_id from messaging_delivery where way = 'gov' and template <> 'officer_task'"
        " order by template"
    )
    if telling.is_working_day(noon.clock):
        assert [(one["template"], one["person_id"]) for one in told] == [
            ("officer_morning", ANNA),
            ("officer_overdue", CHEF),
        ]
        assert len(chat(ANNA)) == seen + 1
        assert "已逾期1件，今天到期2件" in str(chat(ANNA)[-1]["content"])
    else:
        assert told == []
