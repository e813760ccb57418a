"""Off at once by one officer; on by two, and only when the channel passes its check."""

from __future__ import annotations

import pytest
from channels.conftest import SECOND_KEYS
from complaints.make import CHIEF, KEYS
from filing.make import OWNER

WHY = "平台维护，先改走短信"


async def test_every_channel_is_listed_with_its_light(desk):
    listed = (await (await desk(CHIEF)).ok("GET", "/channels"))["channels"]
    assert len(listed) == 15
    by = {one["name"]: one for one in listed}
    assert (by["wechat_oa"]["light"], by["wechat_oa"]["is_on"], by["dingtalk"]["is_on"]) == ("green", True, False)
    assert by["wechat_oa"]["fallback"] == ["wechat_mini"]


async def test_one_officer_switches_off_at_once(desk, rows):
    keys = await desk(KEYS)
    done = await keys.ok("POST", "/channels/wechat_oa/switch", {"is_on": False, "reason": WHY})
    assert done == {"is_on": False, "is_waiting": False}
    by = {one["name"]: one for one in (await keys.ok("GET", "/channels"))["channels"]}
    assert by["wechat_oa"]["is_on"] is False
    assert [one["reason"] for one in by["wechat_oa"]["switches"]] == [WHY]
    acts = await rows("select act from evidence_entry where act like 'channels.%'")
    assert [one["act"] for one in acts] == ["channels.switched"]


async def test_two_officers_switch_on_again(desk):
    keys, second = await desk(KEYS), await desk(SECOND_KEYS)
    body = {"is_on": True, "reason": "平台恢复"}
    await keys.ok("POST", "/channels/wechat_oa/switch", {"is_on": False, "reason": WHY})
    assert await keys.ok("POST", "/channels/wechat_oa/switch", body) == {"is_on": False, "is_waiting": True}
    await keys.refused(409, "channels.second_officer_needed", "POST", "/channels/wechat_oa/switch", body)
    assert await second.ok("POST", "/channels/wechat_oa/switch", body) == {"is_on": True, "is_waiting": False}


async def test_switching_off_takes_a_question_back(desk, rows):
    keys, second = await desk(KEYS), await desk(SECOND_KEYS)
    await keys.ok("POST", "/channels/dingtalk/switch", {"is_on": True, "reason": "税源一科申请"})
    await second.ok("POST", "/channels/dingtalk/switch", {"is_on": False, "reason": "先不打开"})
    assert await second.ok("POST", "/channels/dingtalk/switch", {"is_on": True, "reason": "再次申请打开"}) == {
        "is_on": False, "is_waiting": True,
    }  # fmt: skip


async def test_one_matter_in_a_channel_is_switched_alone(desk):
    keys = await desk(KEYS)
    await keys.ok("POST", "/channels/sms/switch", {"is_on": False, "part": "TSJY-001", "reason": WHY})
    by = {one["name"]: one for one in (await keys.ok("GET", "/channels"))["channels"]}
    assert by["sms"]["is_on"] is True
    assert [(one["part"], one["is_on"]) for one in by["sms"]["switches"]] == [("TSJY-001", False)]


@pytest.mark.parametrize("reason", ["", "   ", "abc"])
async def test_a_reason_is_needed(desk, reason, rows):
    await (await desk(KEYS)).refused(
        422, "channels.reason_missing", "POST", "/channels/sms/switch", {"is_on": False, "reason": reason}
    )
    assert await rows("select 1 from channels_switch") == []


async def test_a_channel_that_fails_its_check_stays_off(desk, channels_process, database, clock, rows):
    from channels.make import with_text

    from palmtax import channels

    texts = channels.texts_in()
    bare = with_text(texts["dingtalk"], codes="codes: {}")
    async with database.transaction() as tx:
        await channels.reload(tx, clock=clock, folder={**texts, "dingtalk": bare})
    told = await (await desk(KEYS)).refused(
        409, "channels.kit_not_passed", "POST", "/channels/dingtalk/switch", {"is_on": True, "reason": "税源一科申请"}
    )
    assert "quota_waits" in told["text"]
    assert await rows("select 1 from channels_switch") == []


async def test_who_only_looks_does_not_switch_and_taxpayers_do_not_look(desk, client, database, clock):
    from filing.make import SHOP, sign_in

    chief = await desk(CHIEF)
    await chief.refused(403, "plumbing.not_allowed", "POST", "/channels/sms/switch", {"is_on": False, "reason": WHY})
    owner = await sign_in(client, database, clock, OWNER, SHOP)
    assert (await owner("GET", "/channels")).status_code == 403


async def test_versions_are_shown_and_rolled_back(desk, database, clock, channels_process):
    from channels.make import with_text

    from palmtax import channels

    texts = channels.texts_in()
    newer = with_text(texts["sms"], manifest=texts["sms"].manifest.replace("weight: 60", "weight: 61"))
    async with database.transaction() as tx:
        await channels.reload(tx, clock=clock, folder=texts)
        await channels.reload(tx, clock=clock, folder={**texts, "sms": newer})
    keys = await desk(KEYS)
    assert await keys.ok("POST", "/channels/sms/rollback") == {"version": 3}
    shown = await keys.ok("GET", "/channels/sms/versions")
    assert [(one["version"], one["state"]) for one in shown] == [(3, "in_force"), (2, "past"), (1, "past")]


async def test_only_a_channel_with_a_version_before_goes_back(desk):
    keys = await desk(KEYS)
    await keys.refused(409, "channels.version_unknown", "POST", "/channels/email/rollback")
    await keys.refused(404, "channels.channel_unknown", "POST", "/channels/nobody/rollback")
