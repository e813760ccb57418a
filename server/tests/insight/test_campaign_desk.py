"""Writing, approving and refusing campaigns and audiences; what hostile words and conditions come to."""

from __future__ import annotations

import pytest
from insight.campaigning import (
    APPROVER,
    CITY,
    CLERK,
    EDITOR,
    FIRST,
    OTHER,
    STRANGER,
    WORDS,
    WRITING_APPROVER,
    agree,
    asked,
    begun,
    desk,
    drive,
    make_desks,
    make_shops,
    plan_told,
    rows,
    tag_all,
)

from palmtax.insight.model.wording import faults
from palmtax.messaging.model.messages import choices
from palmtax.messaging.store import wishes

SHOPS, AGREED = 8, 6
PATH = "/insight/campaigns"


@pytest.fixture
async def who(client, database, clock):
    """Signs officers in over eight shops, six of which agreed."""
    async with database.transaction() as tx:
        await make_shops(tx, clock, SHOPS, agreed=AGREED)
        await make_desks(tx, clock)
    await tag_all(database, clock, SHOPS)

    async def sign_in(person_id=EDITOR):
        return await desk(client, database, clock, person_id)

    return sign_in


def one(tag, compare, *values):
    return {
        "match": "all",
        "groups": [{"match": "all", "conditions": [{"tag": tag, "compare": compare, "values": values}]}],
    }


async def preview(desk_, audience, purpose="promotion"):
    return await desk_.ok("POST", "/insight/audiences/preview", {"audience": audience, "purpose": purpose})


async def test_a_preview_says_who_is_left_out_and_why(who, database, clock):
    async with database.transaction() as tx:
        await tx.execute("update insight_tag set reader_id = null where taxpayer_id = $1", FIRST)
        await tx.execute("update insight_tag set told_on = $2 where taxpayer_id = $1", FIRST + 1, clock.today())
        await tx.execute(
            "update insight_tag set quiet_from = '11:00', quiet_until = '13:00' where taxpayer_id = $1", FIRST + 2
        )
    found = await preview(await who(), {"match": "all", "groups": []})
    assert (found["members"], found["told"], found["waits"]) == (SHOPS, 4, 1)
    assert {row["code"]: row["count"] for row in found["left_out"]} == {"no_consent": 2, "no_reader": 1, "cap": 1}
    assert {row["code"]: row["count"] for row in found["by_way"]} == {"sms": 4}


@pytest.mark.parametrize(
    ("audience", "members"),
    [
        (one("vat_kind", "is", "small_scale"), SHOPS),
        (one("vat_kind", "is_not", "small_scale"), 0),
        (one("vat_kind", "is", "general", "small_scale"), SHOPS),
        (one("reach", "is", "sms"), AGREED),
        (one("reach", "is_not", "sms"), SHOPS - AGREED),
        (one("office", "is", CITY), SHOPS),
        (one("office", "is", OTHER), 0),
        (one("registered", "at_most", "0"), 0),
        (one("registered", "at_least", "1"), SHOPS),
        (one("industry", "is", "'; drop table insight_tag; --"), 0),
        (one("owes", "is", "no"), SHOPS),
    ],
)
async def test_conditions_count_what_they_say(who, audience, members):
    assert (await preview(await who(), audience))["members"] == members


async def test_groups_are_joined_as_they_say(who):
    both = one("reach", "is", "sms")["groups"] + one("vat_kind", "is", "general")["groups"]
    editor = await who()
    assert (await preview(editor, {"match": "any", "groups": both}))["members"] == AGREED
    assert (await preview(editor, {"match": "all", "groups": both}))["members"] == 0


@pytest.mark.parametrize(
    ("audience", "code"),
    [
        (one("password", "is", "x"), "insight.audience_malformed"),
        (one("vat_kind", "at_least", "3"), "insight.audience_malformed"),
        (one("vat_kind", "is", "x') or true --"), "insight.audience_malformed"),
        (one("registered", "at_least", "-1"), "insight.audience_malformed"),
        (one("office", "is", "1440%"), "insight.audience_malformed"),
    ],
)
async def test_what_is_no_condition_is_refused(who, audience, code):
    editor = await who()
    await editor.refused(
        422, code, "POST", "/insight/audiences/preview", {"audience": audience, "purpose": "promotion"}
    )


async def test_a_tag_is_not_used_for_what_it_is_not_for(who, database):
    editor = await who()
    body = {"audience": one("owes", "is", "yes"), "purpose": "survey"}
    await editor.refused(409, "insight.tag_not_for_this", "POST", "/insight/audiences/preview", body)
    refused = asked(template="campaign_survey", audience=one("owes", "is", "yes"))
    await editor.refused(409, "insight.tag_not_for_this", "POST", PATH, refused)
    assert await rows(database, "insight_campaign") == []


@pytest.mark.parametrize(
    ("field", "text", "fault"),
    [
        ("brief", "请看 http://evil.example/", "link"),
        ("brief", "请看 evil.cn", "link"),
        ("words", "请加微信 13800138000 咨询", "number"),
        ("words", "请拨打 0755-8888888 咨询", "number"),
        ("words", "陈先生应补缴 1200 元。", "sum_with_name"),
        ("words", "您应补缴 1,234.56 元。", "exact_sum"),
        ("headline", "最后机会", "forbidden"),
        ("headline", "你好", "forbidden"),
        ("words", "{reader}，您好", "place"),
        ("headline", "提醒\u202e", "control"),
        ("headline_en", "  ", "empty"),
    ],
)
async def test_hostile_words_do_not_go_out(who, database, field, text, fault):
    assert (field, fault) in list(faults(WORDS | {field: text}))
    editor = await who()
    answer = await editor("POST", PATH, asked(words=WORDS | {field: text}))
    assert (answer.status_code, answer.json()["code"]) == (422, "insight.campaign_malformed")
    assert await rows(database, "insight_campaign") == []


def test_what_a_tax_office_says_is_allowed():
    assert list(faults(WORDS | {"words": "月销售额10万元以下免征增值税。咨询请拨 12366。"})) == []


@pytest.mark.parametrize(
    "changed",
    [
        {"stages": [{"share_bp": 100, "minutes": 0}]},
        {
            "stages": [
                {"share_bp": 5000, "minutes": 0},
                {"share_bp": 5000, "minutes": 0},
                {"share_bp": 10_000, "minutes": 0},
            ]
        },
        {"template": "supplement_asked"},
        {"template": "no_such"},
    ],
)
async def test_a_plan_that_cannot_be_is_refused(who, database, changed):
    editor = await who()
    await editor.refused(422, "insight.campaign_malformed", "POST", PATH, asked(**changed))
    assert await rows(database, "insight_campaign") == []


async def test_nobody_who_wrote_on_it_approves_it(who, database):
    editor, approver, writing = await who(), await who(APPROVER), await who(WRITING_APPROVER)
    made = await editor.ok("POST", PATH, asked())
    path = f"{PATH}/{made['campaign_id']}"
    changed = await writing.ok("PUT", path, asked(name="改过") | {"version": made["version"]})
    sent = await editor.ok("POST", f"{path}/submission", {"version": changed["version"]})
    body = {"version": sent["version"], "is_agreed": True}
    await writing.refused(403, "insight.author_decides", "POST", f"{path}/decision", body)
    assert (await editor("POST", f"{path}/decision", body)).status_code == 403
    [kept] = await rows(database, "insight_campaign")
    assert (kept["state"], kept["decided_by"]) == ("review", None)
    assert await rows(database, "insight_member") == []
    assert (await approver.ok("POST", f"{path}/decision", body))["state"] == "drawing"


async def test_returned_with_words_and_decided_as_shown(who):
    editor, approver = await who(), await who(APPROVER)
    made = await editor.ok("POST", PATH, asked())
    path = f"{PATH}/{made['campaign_id']}"
    sent = await editor.ok("POST", f"{path}/submission", {"version": 1})
    body = {"version": sent["version"], "is_agreed": False}
    await approver.refused(422, "insight.reason_needed", "POST", f"{path}/decision", body)
    back = await approver.ok("POST", f"{path}/decision", body | {"words": "标题再短些"})
    assert (back["state"], back["decision_words"], back["drawn"]) == ("draft", "标题再短些", 0)
    await approver.refused(409, "insight.campaign_not_now", "POST", f"{path}/decision", body | {"is_agreed": True})
    await editor.ok("PUT", path, asked(name="改过") | {"version": back["version"]})
    await editor.refused(409, "insight.campaign_changed", "PUT", path, asked() | {"version": back["version"]})
    old = await editor.ok("GET", path)
    again = await editor.ok("POST", f"{path}/submission", {"version": old["version"]})
    stale = {"version": again["version"] - 1, "is_agreed": True}
    await approver.refused(409, "insight.campaign_changed", "POST", f"{path}/decision", stale)


async def test_another_office_and_an_officer_without_the_scope_see_nothing(who):
    editor = await who()
    made = await editor.ok("POST", PATH, asked())
    path = f"{PATH}/{made['campaign_id']}"
    stranger, clerk = await who(STRANGER), await who(CLERK)
    for rest in ("", "/sample", "/report"):
        await stranger.refused(404, "insight.campaign_unknown", "GET", f"{path}{rest}")
        assert (await clerk("GET", f"{path}{rest}")).status_code == 403
    await stranger.refused(404, "insight.campaign_unknown", "POST", f"{path}/stop", {"words": "别家的"})
    assert (await stranger.ok("GET", PATH))["campaigns"] == []
    assert (await preview(stranger, {"match": "all", "groups": []}))["members"] == 0, "only the own branch"


async def test_nobody_to_tell_is_not_submitted(who):
    editor = await who()
    made = await editor.ok("POST", PATH, asked(audience=one("vat_kind", "is", "general")))
    await editor.refused(
        409, "insight.audience_empty", "POST", f"{PATH}/{made['campaign_id']}/submission", {"version": 1}
    )


async def test_the_sample_shows_four_people_every_medium_and_the_cost(who):
    editor = await who()
    made = await editor.ok("POST", PATH, asked())
    found = await editor.ok("GET", f"{PATH}/{made['campaign_id']}/sample")
    assert [row["is_real"] for row in found["recipients"]] == [False, False, False, True]
    assert "陈6" not in str(found["recipients"]), "the real one is masked"
    zh, en = found["rendered"]
    assert "因为您是小规模纳税人" in zh["inbox"]["body"]
    assert "because you are a small taxpayer" in en["inbox"]["body"]
    assert found["cost_fen"] == AGREED * 5 * found["segments"]
    assert zh["segments"] == found["segments"] == 1


async def test_a_saved_audience_has_versions_and_the_campaign_keeps_its_own(who):
    editor = await who()
    body = {"name": "小规模", "audience": one("vat_kind", "is", "small_scale"), "purpose": "promotion"}
    made = await editor.ok("POST", "/insight/segments", body)
    campaign = await editor.ok("POST", PATH, asked(segment_id=made["segment_id"], segment_version=1))
    path = f"/insight/segments/{made['segment_id']}/versions"
    await editor.ok("POST", path, body | {"version": 1, "audience": one("reach", "is", "sms")})
    await editor.refused(409, "insight.campaign_changed", "POST", path, body | {"version": 1})
    [listed] = await editor.ok("GET", "/insight/segments")
    assert (listed["version"], listed["audience"]["groups"][0]["conditions"][0]["tag"]) == (2, "reach")
    assert campaign["segment_version"] == 1
    missing = asked(segment_id=made["segment_id"], segment_version=9)
    await editor.refused(404, "insight.segment_unknown", "POST", PATH, missing)


async def test_a_topic_switched_off_is_as_good_as_no_consent(who, database, clock, task_context):
    editor, approver = await who(), await who(APPROVER)
    async with database.transaction() as tx:
        old = (await wishes.preferences(tx, FIRST, [FIRST - 50_000]))[FIRST - 50_000]
        topics = tuple(code for code in choices("topics") if code != "policy")
        wish = type(old)(topics, old.ways)
        await wishes.keep_preference(
            tx, taxpayer_id=FIRST, person_id=FIRST - 50_000, wish=wish, at=clock.now(), application_id=None
        )
    campaign = await begun(editor, approver)
    await drive(task_context, campaign["campaign_id"])
    assert FIRST not in {row["taxpayer_id"] for row in await rows(database, "messaging_message")}


async def test_unsubscribed_and_complained_are_counted_and_shown(who, client, database, clock, task_context):
    editor, approver = await who(), await who(APPROVER)
    campaign = await begun(editor, approver)
    await drive(task_context, campaign["campaign_id"])
    await plan_told(task_context)
    [message] = [row for row in await rows(database, "messaging_message") if row["taxpayer_id"] == FIRST]
    clock.move(seconds=60)
    async with database.transaction() as tx:
        await agree(tx, clock.now(), FIRST + 1, is_given=False)
    owner = await desk(client, database, clock, FIRST - 50_000)
    hat = next(row for row in (await owner.ok("GET", "/identity/me"))["hats"] if row.get("taxpayer_id") == FIRST)
    await owner.ok("POST", "/identity/hat", {"hat_id": hat["hat_id"]})
    path = f"/messaging/messages/{message['message_id']}"
    for _ in range(2):
        await owner.ok("POST", f"{path}/complaint", {"words": "没有要过"})
        await owner.ok("POST", f"{path}/unsubscription")
    await drive(task_context, campaign["campaign_id"])
    found = await editor.ok("GET", f"{PATH}/{campaign['campaign_id']}")
    assert (found["whole"]["unsubscribed"], found["whole"]["complained"]) == (2, 1)
    assert [row["words"] for row in found["complaints"]] == ["没有要过"]
    text = await editor("GET", f"{PATH}/{campaign['campaign_id']}/report")
    assert text.headers["content-type"].startswith("text/csv")
    assert text.text.splitlines()[1].split(",")[:3] == ["1", "100.00%", str(AGREED)]
