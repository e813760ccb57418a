"""What officers tell the public, the status page for everybody, and what monitoring shows to whom."""

from __future__ import annotations

import csv
import io
import json
from datetime import timedelta
from zipfile import ZipFile

import asyncpg
import pytest
from channels.conftest import SECOND_KEYS
from complaints.make import CHIEF, KEYS

from palmtax.base.identifiers import uuid7
from palmtax.channels.adapters.process import process_of
from palmtax.channels.store import alerts, figures, journeys
from palmtax.channels.store.journeys import Journey

NOTICE = {
    "services": ["messages", "sms"], "title": "短信发送变慢", "title_en": "Text messages are slow",
    "text": "运营商故障，正在处理。", "text_en": "The operator is down; being worked on.",
}  # fmt: skip


def spoil(path):
    path.write_text("{half")


@pytest.fixture
def public(client, house, tmp_path):
    """Asks as anybody, never the answer of a moment ago."""
    process_of(house).board.file = tmp_path / "status.json"

    async def ask(path="/api/status", **headers):
        process_of(house).board.forget()
        return await client.get(path, headers=headers)

    return ask


async def test_an_incident_is_opened_updated_and_closed_in_words(desk, public, clock, rows):
    keys = await desk(KEYS)
    number = (await keys.ok("POST", "/channels/incidents", NOTICE))["incident_id"]
    shown = (await public()).json()
    assert [one["title"] for one in shown["incidents"]] == ["短信发送变慢"]
    states = {line["code"]: line["state"] for line in shown["lines"]}
    assert (states["messages"], states["sms"], states["filing"]) == ("degraded", "degraded", "unknown")
    said = {"version": 1, "state": "closed", "text": "已恢复，请放心。", "text_en": "All is well again."}
    await keys.ok("POST", f"/channels/incidents/{number}/notes", said)
    after = (await public()).json()
    assert [note["state"] for note in after["incidents"][0]["notes"]] == ["closed", "open"]
    assert after["incidents"][0]["ends_at"] is not None
    recorded = await rows("select act from evidence_entry where act like 'channels.incident%' order by act")
    assert [row["act"] for row in recorded] == ["channels.incident_opened", "channels.incident_updated"]


@pytest.mark.parametrize(
    ("changed", "status", "code"),
    [
        ({"services": ["moon"]}, 422, "channels.service_unknown"),
        ({"services": []}, 422, "plumbing.malformed"),
        ({"text": "x" * 601}, 422, "plumbing.malformed"),
        ({"title": ""}, 422, "plumbing.malformed"),
        ({"window": {"starts_at": "2026-11-23T10:00:00Z", "ends_at": "2026-11-23T09:00:00Z"}}, 422, "channels.times_wrong"),
        ({"window": {"starts_at": "2020-01-01T00:00:00Z", "ends_at": "2020-01-01T01:00:00Z"}}, 422, "channels.times_wrong"),
    ],
)  # fmt: skip
async def test_a_notice_that_makes_no_sense_is_refused(desk, rows, changed, status, code):
    answer = await (await desk(KEYS))("POST", "/channels/incidents", NOTICE | changed)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert await rows("select 1 from channels_incident") == []


async def test_only_those_with_the_right_speak_to_the_public(desk, client, rows):
    answer = await (await desk(CHIEF))("POST", "/channels/incidents", NOTICE)
    assert (answer.status_code, answer.json()["code"]) == (403, "plumbing.not_allowed")
    assert (await client.post("/api/channels/incidents", json=NOTICE)).status_code == 401
    assert await rows("select 1 from channels_incident") == []


async def test_two_officers_at_once_do_not_write_over_each_other(desk, rows):
    keys, other = await desk(KEYS), await desk(SECOND_KEYS)
    number = (await keys.ok("POST", "/channels/incidents", NOTICE))["incident_id"]
    said = {"version": 1, "state": "watching", "text": "正在观察恢复情况", "text_en": "It is being watched"}
    assert (await keys("POST", f"/channels/incidents/{number}/notes", said)).status_code == 200
    late = await other("POST", f"/channels/incidents/{number}/notes", said)
    assert (late.status_code, late.json()["code"]) == (409, "channels.incident_moved")
    await other.ok("POST", f"/channels/incidents/{number}/notes", said | {"version": 2, "state": "closed"})
    over = await keys("POST", f"/channels/incidents/{number}/notes", said | {"version": 3})
    assert (over.status_code, over.json()["code"]) == (409, "channels.incident_over")
    assert [row["number"] for row in await rows("select number from channels_incident_note order by number")] == [
        1,
        2,
        3,
    ]


async def test_planned_maintenance_shows_before_it_begins_and_counts_while_it_lasts(desk, public, clock):
    begins = clock.at + timedelta(hours=1)
    window = {"starts_at": begins.isoformat(), "ends_at": (begins + timedelta(hours=2)).isoformat()}
    keys = await desk(KEYS)
    await keys.ok("POST", "/channels/incidents", NOTICE | {"window": window})
    before = (await public()).json()
    assert len(before["maintenance"]) == 1
    assert {line["state"] for line in before["lines"] if line["code"] == "sms"} == {"unknown"}
    clock.at = begins + timedelta(minutes=1)
    assert (await public()).json()["overall"] == "maintenance"


async def test_nothing_internal_is_told_to_the_public(public, database, clock, desk):
    secret = "公众号密钥无效 40125 10.0.0.7"
    await desk(KEYS)
    async with database.transaction() as tx:
        await tx.execute(
            "insert into channels_standing (channel, light, say, say_en, weight, checked_at, changed_at)"
            " values ('wechat_oa', 'red', $1, $1, 100, $2, $2)", secret, clock.now(),
        )  # fmt: skip
        steps = ({"name": "account", "code": "40125", "milliseconds": 5},)
        await journeys.keep(tx, Journey("service:filing", clock.now(), False, 5, steps), clock.today())
    text = (await public()).text + (await public("/status")).text
    assert "40125" not in text
    assert "10.0.0.7" not in text
    state = {line["code"]: line["state"] for line in (await public()).json()["lines"]}
    assert (state["wechat_oa"], state["filing"]) == ("down", "degraded")
    assert (await public()).json()["overall"] == "degraded"


async def test_the_page_speaks_both_languages_and_runs_no_script(public, desk):
    keys = await desk(KEYS)
    await keys.ok("POST", "/channels/incidents", NOTICE | {"title": "<script>alert(1)</script>短信"})
    zh, en = await public("/status"), await public("/status", **{"accept-language": "en"})
    assert '<html lang="zh-CN">' in zh.text
    assert '<html lang="en">' in en.text
    assert "<script" not in zh.text
    assert "script-src" not in zh.headers["content-security-policy"]
    assert "default-src 'none'" in zh.headers["content-security-policy"]
    assert '<html lang="en">' in (await public("/status?lang=en")).text
    assert (await public("/status?lang=xx")).status_code == 200
    assert zh.text.count('class="bars"') == len((await public()).json()["lines"])


async def test_the_last_state_is_told_while_the_database_is_away(public, house, monkeypatch, desk):
    told = (await public()).json()
    assert told["is_stale"] is False

    async def away(*_arguments, **_named):
        raise asyncpg.CannotConnectNowError("away")

    monkeypatch.setattr("palmtax.channels.http.status.publishing.status", away)
    stale = (await public()).json()
    assert (stale["is_stale"], stale["as_of"], stale["lines"]) == (True, told["as_of"], told["lines"])
    assert "现在无法查询最新状态" in (await public("/status")).text
    board = process_of(house).board
    board.told = None  # a process that has just started reads the file
    assert board._read().as_of.isoformat() == told["as_of"].replace("Z", "+00:00")
    assert (await public()).json()["lines"] == told["lines"]
    board.told = None
    spoil(board.file)
    nothing = await public("/status")
    assert nothing.status_code == 200
    assert "暂时不知道" in nothing.text


async def test_ninety_days_of_bars(public, database, clock, desk):
    async with database.transaction() as tx:
        for number in range(40):
            made = Journey("service:filing", clock.now() - timedelta(days=1, minutes=number), number != 0, 9, ())
            await journeys.keep(tx, made, clock.today() - timedelta(days=1))
    days = next(line for line in (await public()).json()["lines"] if line["code"] == "filing")["days"]
    assert len(days) == 90
    assert [one["state"] for one in days[-2:]] == ["degraded", "unknown"]


@pytest.fixture
async def troubled(database, clock):
    """A trouble that is open, and some traffic."""
    number = uuid7()
    async with database.transaction() as tx:
        words = "公众号密钥无效", "the app secret is not valid"
        at = clock.now()
        await alerts.open_one(tx, alerts.Alert(number, "red", "wechat_oa", "page", *words, at, at, None, None, None))
        some = [(figures.Figure("wechat_oa", "handed", count=5, matter="FPBL-002", office_code="14401000000"), at)]
        some.append((figures.Figure("wechat_oa", "dead", "40125", count=2), at))
        await figures.count(tx, [(one, at - timedelta(minutes=1)) for one, at in some])
    return number


async def test_an_alert_is_taken_on_once(desk, troubled, rows):
    keys, other, chief = await desk(KEYS), await desk(SECOND_KEYS), await desk(CHIEF)
    path = f"/channels/alerts/{troubled}/acknowledgement"
    assert (await chief("POST", path)).status_code == 403
    first = await keys.ok("POST", path)
    again = await other.ok("POST", path)
    assert first["acknowledged_by"] == again["acknowledged_by"] != ""
    assert (await keys("POST", f"/channels/alerts/{uuid7()}/acknowledgement")).json()[
        "code"
    ] == "channels.alert_unknown"
    shown = (await chief.ok("GET", "/channels/alerts"))["alerts"]
    assert [(one["title"], one["acknowledged_by"]) for one in shown] == [("微信公众号", first["acknowledged_by"])]


async def test_figures_samples_and_lists_to_take_away(desk, troubled, database, clock):
    chief = await desk(CHIEF)
    whole = await chief.ok("GET", "/channels/figures?period=hour")
    pair = next(one for one in whole["channels"] if one["channel"] == "wechat_oa")
    assert (pair["now"]["handed"], pair["now"]["faults"]) == (5, 2)
    assert next(one for one in whole["standings"] if one["channel"] == "wechat_oa")["quota"] == 100_000
    one = await chief.ok("GET", "/channels/wechat_oa/figures?period=hour")
    assert [(code["code"], code["say"], code["count"]) for code in one["codes"]] == [("40125", "公众号密钥无效", 2)]
    assert one["matters"][0]["title"]
    assert one["has_history"] is False
    delivery = uuid7()
    async with database.transaction() as tx:
        await tx.execute(
            "insert into channels_call (taxpayer_id, delivery_id, number, channel, state, code, began_at, ended_at)"
            " values (9001, $1, 1, 'wechat_oa', 'refused', '40125', $2, $2)", delivery, clock.now(),
        )  # fmt: skip
    samples = await chief.ok("GET", "/channels/wechat_oa/samples?code=40125&period=hour")
    assert [row["reference"] for row in samples] == [delivery.hex[-8:]]
    assert "9001" not in json.dumps(samples)
    text = (await chief("GET", "/channels/figures/export?period=hour&format=csv")).content.decode("utf-8-sig")
    (row,) = [line for line in csv.reader(io.StringIO(text)) if line[0] == "wechat_oa"]
    assert row[1:5] == ["微信公众号", "5", "0", "2"]
    sheet = (await chief("GET", "/channels/figures/export?period=hour")).content
    assert "xl/worksheets/sheet1.xml" in ZipFile(io.BytesIO(sheet)).namelist()
    for path in ("journeys", "budgets", "incidents", "entries"):
        assert (await chief("GET", f"/channels/{path}")).status_code == 200


@pytest.mark.parametrize("path", ["figures", "journeys", "budgets", "alerts", "incidents", "entries", "sms/figures"])
async def test_monitoring_is_for_officers_with_the_right(desk, client, path):
    assert (await client.get(f"/api/channels/{path}")).status_code == 401


async def test_a_roll_back_shows_its_diff_first(desk, database, clock, house):
    from channels.make import with_text

    from palmtax.channels.actions import versions
    from palmtax.channels.model.reading import texts_in

    keys, texts = await desk(KEYS), texts_in()
    missing = await keys("GET", "/channels/sms/rollback")
    assert missing.json()["code"] == "channels.version_unknown"
    async with database.transaction() as tx:
        await versions.reload(tx, clock=clock, folder=texts)
    changed = with_text(texts["sms"], manifest=texts["sms"].manifest.replace("weight: 60", "weight: 70"))
    async with database.transaction() as tx:
        await versions.reload(tx, clock=clock, folder={**texts, "sms": changed})
    process_of(house).memory.forget()
    diff = await keys.ok("GET", "/channels/sms/rollback")
    assert [line for line in diff["lines"] if line[:1] in "+-" and "weight" in line] == ["-weight: 70", "+weight: 60"]
