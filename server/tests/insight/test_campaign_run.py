"""A campaign from the editor's desk to its end: told once, held back, looked after, stopped when it does harm."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from insight.campaigning import (
    APPROVER,
    EDITOR,
    FIRST,
    agree,
    begun,
    desk,
    drive,
    hand_over,
    make_desks,
    make_shops,
    plan_told,
    rows,
    tag_all,
)

from palmtax.insight.model.draw import drawn
from palmtax.insight.store import members

SHOPS = 40


@pytest.fixture
async def shops(database, clock):
    """Forty shops, thirty of which agreed."""
    async with database.transaction() as tx:
        await make_shops(tx, clock, SHOPS, agreed=30)
        await make_desks(tx, clock)
    await tag_all(database, clock, SHOPS)


@pytest.fixture
async def editor(shops, client, database, clock):
    return await desk(client, database, clock, EDITOR)


@pytest.fixture
async def approver(shops, client, database, clock):
    return await desk(client, database, clock, APPROVER)


async def shown(who, campaign):
    return await who.ok("GET", f"/insight/campaigns/{campaign['campaign_id']}")


async def test_only_who_agreed_is_told_and_each_once(editor, approver, database, clock, task_context):
    campaign = await begun(editor, approver)
    await drive(task_context, campaign["campaign_id"])
    messages = await rows(database, "messaging_message")
    assert len(messages) == 30
    assert {one["for_person_id"] for one in messages} == {one["taxpayer_id"] - 50_000 for one in messages}
    assert await plan_told(task_context) == 1
    assert await hand_over(database, clock) == 30
    clock.move(seconds=60)
    await drive(task_context, campaign["campaign_id"])
    found = await shown(editor, campaign)
    whole = found["whole"]
    assert (whole["told"], whole["handed"], whole["waiting"], whole["left_out"]) == (30, 30, 0, {"no_consent": 10})
    assert whole["by_way"] == [{"way": "sms", "handed": 30, "arrived": 0, "read": 0, "cost_fen": 30 * 5}]
    assert found["state"] == "finished"


async def test_twice_and_killed_half_way_is_once(editor, approver, database, task_context, monkeypatch):
    campaign = await begun(editor, approver)
    whole, calls = members.note_turns, []

    async def killed(*given, **named):
        calls.append(1)
        await whole(*given, **named)
        if len(calls) == 2:
            raise RuntimeError("killed before the commit")

    monkeypatch.setattr("palmtax.insight.actions.driving.TOLD_AT_ONCE", 7)
    monkeypatch.setattr("palmtax.insight.actions.driving.DRAWN_AT_ONCE", 11)
    monkeypatch.setattr(members, "note_turns", killed)
    with pytest.raises(RuntimeError, match="killed"):
        await drive(task_context, campaign["campaign_id"])
    assert len(await rows(database, "messaging_message")) == 7, "the batch that was not committed told nobody"
    monkeypatch.setattr(members, "note_turns", whole)
    for _ in range(2):
        await drive(task_context, campaign["campaign_id"])
    drawn_ = await rows(database, "insight_member")
    assert len(drawn_) == SHOPS
    assert len(await rows(database, "messaging_message")) == 30
    assert sum(one["state"] == "told" for one in drawn_) == 30


async def test_consent_taken_back_after_the_count_still_counts(editor, approver, database, clock, task_context):
    campaign = await begun(editor, approver)
    async with database.transaction() as tx:
        clock.move(seconds=1)
        await agree(tx, clock.now(), FIRST, is_given=False)
    await drive(task_context, campaign["campaign_id"])
    told = {one["taxpayer_id"] for one in await rows(database, "messaging_message")}
    assert FIRST not in told
    assert len(told) == 29


async def test_postgresql_draws_as_the_model_does_and_the_held_are_not_told(editor, approver, database, task_context):
    stages = [{"share_bp": 2_000, "minutes": 5}, {"share_bp": 10_000, "minutes": 0}]
    campaign = await begun(editor, approver, holdout_bp=5_000, stages=stages)
    await drive(task_context, campaign["campaign_id"])
    [kept] = await rows(database, "insight_campaign")
    for one in await rows(database, "insight_member"):
        expected = drawn(bytes(kept["draw_key"]), one["taxpayer_id"], holdout_bp=5_000, shares_bp=[2_000, 10_000])
        assert (one["stage"], one["is_held"]) == expected
    told = {one["taxpayer_id"] for one in await rows(database, "messaging_message")}
    held = {one["taxpayer_id"] for one in await rows(database, "insight_member") if one["is_held"]}
    assert held
    assert told & held == set()
    later = [one for one in await rows(database, "insight_member") if one["stage"] == 1]
    assert {one["state"] for one in later} == {"drawn"}, "the next stage waits for the gate"


async def test_a_failing_provider_stops_it_and_withdraws_what_waits(editor, approver, database, clock, task_context):
    stages = [{"share_bp": 5_000, "minutes": 0}, {"share_bp": 10_000, "minutes": 0}]
    campaign = await begun(editor, approver, stages=stages)
    await drive(task_context, campaign["campaign_id"])
    await plan_told(task_context)
    waiting = [one for one in await rows(database, "messaging_delivery") if one["state"] == "wanted"]
    assert len(waiting) > 6
    async with database.transaction() as tx:  # one of them is not due before tomorrow
        await tx.execute(
            "update messaging_delivery set next_at = $1 where taxpayer_id = $2 and delivery_id = $3",
            clock.now() + timedelta(days=1), waiting[-1]["taxpayer_id"], waiting[-1]["delivery_id"],
        )  # fmt: skip
    await hand_over(database, clock, fails=6)
    clock.move(seconds=60)
    await drive(task_context, campaign["campaign_id"])
    found = await shown(editor, campaign)
    assert (found["state"], found["stop_code"], found["stopped_by"]) == ("stopped", "failure", "")
    [last] = [
        one for one in await rows(database, "messaging_delivery") if one["delivery_id"] == waiting[-1]["delivery_id"]
    ]
    assert (last["state"], last["code"]) == ("suppressed", "recalled")
    before = len(await rows(database, "messaging_message"))
    clock.move(seconds=600)
    await drive(task_context, campaign["campaign_id"])
    assert len(await rows(database, "messaging_message")) == before, "nobody of the next stage is told"
    acts = [one["act"] for one in await rows(database, "evidence_entry") if one["act"].startswith("insight.")]
    assert acts.count("insight.campaign_stopped") == 1


async def test_two_failures_are_noise_but_hold_the_gate(editor, approver, client, database, clock, task_context):
    stages = [{"share_bp": 5_000, "minutes": 0}, {"share_bp": 10_000, "minutes": 0}]
    campaign = await begun(editor, approver, stages=stages)
    await drive(task_context, campaign["campaign_id"])
    await plan_told(task_context)
    await hand_over(database, clock, fails=2)
    clock.move(seconds=60)
    await drive(task_context, campaign["campaign_id"])
    found = await shown(editor, campaign)
    assert (found["state"], found["stage"]) == ("running", 0)
    assert {one["code"]: one["verdict"] for one in found["gates"]} == {
        "failure": "unclear", "unsubscribe": "clean", "complaint": "clean"
    }  # fmt: skip
    clock.move(days=1, seconds=60)
    editor, approver = [await desk(client, database, clock, one) for one in (EDITOR, APPROVER)]
    await drive(task_context, campaign["campaign_id"])
    assert (await shown(editor, campaign))["stop_code"] == "unclear"
    path = f"/insight/campaigns/{campaign['campaign_id']}"
    await approver.ok("POST", f"{path}/resumption")
    await drive(task_context, campaign["campaign_id"])
    assert (await shown(editor, campaign))["stage"] == 1, "an officer's word opens this gate"


async def test_stopping_by_hand_is_at_once(editor, approver, database, clock, task_context):
    campaign = await begun(editor, approver)
    await drive(task_context, campaign["campaign_id"])
    path = f"/insight/campaigns/{campaign['campaign_id']}"
    stopped = await approver.ok("POST", f"{path}/stop", {"words": "内容有误"})
    assert stopped["state"] == "stopped"
    await plan_told(task_context)
    assert await rows(database, "messaging_delivery") == [], "what was told is not planned any more"
    await editor.refused(409, "insight.campaign_not_now", "POST", f"{path}/resumption")
    await drive(task_context, campaign["campaign_id"])
    assert (await shown(editor, campaign))["state"] == "stopped"


async def test_stopping_withdraws_what_is_planned_and_not_taken(editor, approver, database, task_context):
    campaign = await begun(editor, approver)
    await drive(task_context, campaign["campaign_id"])
    await plan_told(task_context)
    await editor.ok("POST", f"/insight/campaigns/{campaign['campaign_id']}/stop", {"words": "内容有误"})
    outside = [one for one in await rows(database, "messaging_delivery") if one["way"] != "inbox"]
    assert {(one["state"], one["code"]) for one in outside} == {("suppressed", "recalled")}
    assert len(outside) == 30


async def test_a_pause_tells_nobody_else(editor, approver, database, clock, task_context):
    stages = [{"share_bp": 5_000, "minutes": 0}, {"share_bp": 10_000, "minutes": 0}]
    campaign = await begun(editor, approver, stages=stages)
    await drive(task_context, campaign["campaign_id"])
    await plan_told(task_context)
    await hand_over(database, clock)
    path = f"/insight/campaigns/{campaign['campaign_id']}"
    assert (await editor.ok("POST", f"{path}/pause"))["state"] == "paused"
    before = len(await rows(database, "messaging_message"))
    clock.move(seconds=60)
    await drive(task_context, campaign["campaign_id"])
    assert len(await rows(database, "messaging_message")) == before
    await editor.ok("POST", f"{path}/resumption")
    await drive(task_context, campaign["campaign_id"])
    assert len(await rows(database, "messaging_message")) == 30


async def test_the_deed_counts_for_told_and_held_within_the_days(editor, approver, database, clock, task_context):
    campaign = await begun(editor, approver, holdout_bp=5_000, goal_days=3)
    await drive(task_context, campaign["campaign_id"])
    known = await rows(database, "insight_member")
    [told, late] = [one["taxpayer_id"] for one in known if one["state"] == "told"][:2]
    [held] = [one["taxpayer_id"] for one in known if one["state"] == "held"][:1]
    async with database.transaction() as tx:
        for one in (told, held):
            for _ in range(2):
                await members.note_deed(tx, one, "filed", clock.now() + timedelta(days=1))
        await members.note_deed(tx, late, "filed", clock.now() + timedelta(days=4))
        await members.note_deed(tx, late, "paid", clock.now() + timedelta(days=1))
    await drive(task_context, campaign["campaign_id"])
    effect = (await shown(editor, campaign))["effect"]
    assert (effect["told_acted"], effect["held_acted"], effect["difference_bp"]) == (1, 1, None), "too few to say more"


async def test_no_second_campaign_on_the_same_day(editor, approver, database, clock, task_context):
    for _ in range(2):
        campaign = await begun(editor, approver)
        await drive(task_context, campaign["campaign_id"])
        clock.move(seconds=60)
    found = await shown(editor, campaign)
    assert (found["whole"]["told"], found["whole"]["left_out"]) == (0, {"cap": 30, "no_consent": 10})


async def test_two_workers_at_once_tell_each_once(editor, approver, database, task_context, monkeypatch):
    monkeypatch.setattr("palmtax.insight.actions.driving.TOLD_AT_ONCE", 5)
    campaign = await begun(editor, approver)
    await asyncio.gather(*(drive(task_context, campaign["campaign_id"]) for _ in range(4)))
    await drive(task_context, campaign["campaign_id"])
    assert len(await rows(database, "messaging_message")) == 30
