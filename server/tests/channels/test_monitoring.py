"""Monitoring against the sandboxes: revoked and refused is red in time, journeys are really made, alerts are told once."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime, timedelta

import pytest
from channels.conftest import KEYS
from channels.make import channels
from channels.test_carrying import wish
from channels.test_sandboxes import act, ports, sandboxes, server  # noqa: F401 fixtures
from filing.make import SHOP
from messaging.make import run_plans, tell

from palmtax.base.clock import FixedClock, SystemClock
from palmtax.channels import tasks
from palmtax.channels.actions import travelling, watching
from palmtax.channels.actions.knowing import Known, read_known
from palmtax.channels.adapters import wechat
from palmtax.plumbing.outbox import TaskContext
from palmtax.plumbing.worker import drain

RED_WITHIN_SECONDS = 60
PAUSE_SECONDS = 1.5
"""After one refusal a token is asked for again a second later."""


@pytest.fixture
def clock():
    return SystemClock()


@pytest.fixture
def worker(house) -> TaskContext:
    """A worker on the wall's time."""
    return TaskContext(house.database, house.clock, house.settings, house.files, house.outside, "test-request")


@pytest.fixture
def light(rows):
    async def read(name: str) -> str:
        found = await rows("select light from channels_standing where channel = $1", name)
        return found[0]["light"] if found else ""

    return read


@pytest.fixture
def refused(sandboxes):  # noqa: F811
    """All tokens are revoked, and the account is refused from now on; gives a way to end it."""

    def begin(server: str = "wechat", code: str = "40125", where: str = "/wechat") -> None:  # noqa: F811
        act(sandboxes, f"{where}/sandbox/revoke-tokens")
        act(sandboxes, "/sandbox/faults", server=server, kind="errcode", code=code, count=10_000)

    yield begin
    sandboxes.delete("/sandbox/faults")


def due(name: str) -> timedelta:
    return timedelta(seconds=channels()[name].manifest.probe.every_seconds)


async def test_a_token_that_only_the_platform_knows_to_be_dead_is_noticed_without_traffic(
    ports, sandboxes, worker, light  # noqa: F811
):  # fmt: skip
    """Revoked but renewable: the probe asks with our token, drops it, fetches another; the channel stays green."""
    await tasks.watch(worker, {})
    assert await light("wechat_oa") == "green"
    keeper = wechat.tokens(ports, channels()["wechat_oa"])
    first = await keeper.get()
    act(sandboxes, "/wechat/sandbox/revoke-tokens")
    await tasks.look_again(await _after(worker, due("wechat_oa")), {})
    assert await light("wechat_oa") == "green"
    assert await keeper.get() != first


async def _after(worker: TaskContext, span: timedelta) -> TaskContext:
    clock = FixedClock(datetime.now(UTC) + span)
    return TaskContext(worker.database, clock, worker.settings, worker.files, worker.outside, "test-request")


async def test_a_refused_account_is_red_within_a_minute_without_a_message_and_traffic_moves(
    ports, refused, worker, light, rows, database, clock, bound, sandboxes  # noqa: F811
):  # fmt: skip
    """On the wall's own time: as a worker runs, with the looks that the minute asked for."""
    await tasks.watch(worker, {})
    assert await light("wechat_oa") == "green"
    refused()
    began = time.monotonic()
    while await light("wechat_oa") != "red":
        assert time.monotonic() - began < RED_WITHIN_SECONDS, "a refused account must be red within a minute"
        await drain(worker)
        await asyncio.sleep(0.5)
    assert time.monotonic() - began < RED_WITHIN_SECONDS
    async with database.statement() as tx:
        known = await read_known(tx)
    assert known.standings["wechat_oa"].light == "red"
    assert await rows("select 1 from channels_call") == []  # no message was needed


async def test_looks_of_a_minute_go_before_a_long_queue(ports, worker, rows, database):  # noqa: F811
    async with database.transaction() as tx:
        await tx.execute(
            "insert into pgqueuer (priority, entrypoint, payload, status, execute_after)"
            " select 0, 'channels.forget_nothing', '{}', 'queued', now() from generate_series(1, 500)"
        )
    await tasks.watch(worker, {})
    urgent = await rows("select priority, execute_after from pgqueuer where entrypoint = 'channels.look_again'")
    paces = {one.manifest.probe.every_seconds for one in channels().values() if one.manifest.probe.by != "none"}
    assert len(urgent) == len({second for pace in {*paces, 30} for second in range(pace, 60, pace)})
    assert {row["priority"] for row in urgent} == {1}


async def test_a_probe_is_asked_as_often_as_its_manifest_says(ports, worker, rows):  # noqa: F811
    await tasks.watch(worker, {})
    (first,) = await rows("select probed_at from channels_standing where channel = 'wechat_oa'")
    await tasks.look_again(worker, {})  # a moment later: not due
    assert await rows("select probed_at from channels_standing where channel = 'wechat_oa'") == [first]
    later = await _after(worker, due("wechat_oa"))
    await tasks.look_again(later, {})
    (second,) = await rows("select probed_at from channels_standing where channel = 'wechat_oa'")
    assert second["probed_at"] - first["probed_at"] >= due("wechat_oa") - timedelta(seconds=2)


async def test_recovery_is_seen_by_the_next_probe(ports, refused, sandboxes, worker, light):  # noqa: F811
    refused()
    await tasks.watch(worker, {})
    assert await light("wechat_oa") == "red"
    sandboxes.delete("/sandbox/faults")
    await asyncio.sleep(PAUSE_SECONDS)
    await tasks.look_again(await _after(worker, due("wechat_oa")), {})
    assert await light("wechat_oa") == "green"


async def journey(worker, rows, subject):
    await tasks.make_journey(worker, {"subject": subject})
    (row,) = await rows(
        "select is_good, steps from channels_journey where subject = $1 order by began_at desc limit 1", subject
    )
    return row["is_good"], {one["name"]: one["code"] for one in row["steps"]}


@pytest.mark.parametrize("name", ["wechat_oa", "wechat_mini", "wecom", "gov_wechat", "sms", "sms2"])
async def test_a_channels_journey_is_really_made(server, ports, worker, rows, name):  # noqa: F811
    ports.link = server
    is_good, steps = await journey(worker, rows, name)
    assert (is_good, steps["callback"], steps["account"]) == (True, "", ""), steps
    assert await rows("select 1 from channels_event") == []  # dropped as a synthetic one
    assert len(await rows("select 1 from channels_nonce where channel = $1", name)) == 1  # it came all the way in


async def test_a_test_message_arrives_where_the_credentials_name_somebody(server, ports, sandboxes, worker, rows):  # noqa: F811
    ports.link = server
    act(sandboxes, "/wecom/sandbox/members", userid="Probe", name="自检")
    section = dict(ports.credentials["wecom"]) | {"journey_recipient": "Probe"}
    ports.credentials = type(ports.credentials)({**ports.credentials, "wecom": section})
    is_good, steps = await journey(worker, rows, "wecom")
    assert (is_good, steps) == (True, {"callback": "", "account": "", "message": ""})
    (said,) = sandboxes.get("/wecom/sandbox/phone", params={"userid": "Probe"}).json()["chat"]
    assert "通道自检" in str(said)


async def test_a_journey_that_fails_twice_darkens_the_light(server, ports, refused, worker, rows, light):  # noqa: F811
    ports.link = "http://127.0.0.1:1"
    for _ in range(2):
        assert (await journey(worker, rows, "sms"))[0] is False
    await tasks.watch(worker, {})
    assert await light("sms") == "amber"
    (row,) = await rows("select say, say_en from channels_standing where channel = 'sms'")
    assert "自检连续两次没有通过" in row["say"]
    ports.link = server
    ports._clients.pop("", None)
    assert (await journey(worker, rows, "sms"))[0] is True
    await tasks.look_again(await _after(worker, due("sms")), {})
    assert await light("sms") == "green"


async def test_services_are_tried_through_our_own_address(server, ports, worker, rows):  # noqa: F811
    ports.link = server
    assert (await journey(worker, rows, "service:matters"))[0] is True
    is_good, steps = await journey(worker, rows, "service:h5")
    assert (is_good, steps) == (False, {"page": "http_404"})  # this server has no front end
    days = await rows("select subject, tries, failed from channels_day order by subject")
    assert days == [
        {"subject": "service:h5", "tries": 1, "failed": 1},
        {"subject": "service:matters", "tries": 1, "failed": 0},
    ]


async def test_only_what_is_due_travels(ports, worker, rows):  # noqa: F811
    await tasks.travel(worker, {})
    asked = await rows("select count(*) as n from pgqueuer where entrypoint = 'channels.make_journey'")
    await tasks.travel(worker, {})
    assert await rows("select count(*) as n from pgqueuer where entrypoint = 'channels.make_journey'") == asked
    assert asked[0]["n"] >= 10


async def test_a_journey_that_failed_is_made_again_in_a_minute(ports, worker, database, rows):  # noqa: F811
    ports.link = "http://127.0.0.1:1"
    assert (await journey(worker, rows, "service:matters"))[0] is False
    async with database.statement() as tx:
        known = await read_known(tx)
        for seconds, is_wanted in ((30, False), (61, True)):
            clock = (await _after(worker, timedelta(seconds=seconds))).clock
            assert ("service:matters" in await travelling.due(tx, clock=clock, known=known)) is is_wanted


async def messages_of(rows, person_id):
    return [
        row["title"]
        for row in await rows(
            "select title from messaging_message where for_person_id = $1 or taxpayer_id = $2 order by created_at",
            person_id,
            7_000_000_000_000 + person_id,
        )
    ]


async def test_a_trouble_is_told_once_and_its_end_too(ports, office, refused, sandboxes, worker, rows, light):  # noqa: F811
    refused()
    await tasks.watch(worker, {})
    for _ in range(3):
        await tasks.alert(worker, {})
    told = await messages_of(rows, KEYS)
    assert [title for title in told if "微信公众号" in title] == ["告警：微信公众号"]
    sandboxes.delete("/sandbox/faults")
    await asyncio.sleep(PAUSE_SECONDS)
    await tasks.look_again(await _after(worker, due("wechat_oa")), {})
    await tasks.alert(await _after(worker, timedelta(seconds=140)), {})
    assert not any("已恢复" in title for title in await messages_of(rows, KEYS))  # it may flicker
    for minutes in (6, 7):
        await tasks.alert(await _after(worker, timedelta(minutes=minutes)), {})
    assert [title for title in await messages_of(rows, KEYS) if "公众号" in title and "恢复" in title] == [
        "已恢复：微信公众号"
    ]


async def test_dead_letters_and_a_queue_that_stands_are_told(ports, office, database, clock, worker, rows, bound):  # noqa: F811
    await wish(database, clock, "sms")
    for number in range(20):
        await tell(database, clock, number)
    await run_plans(worker)
    await rows(
        "update messaging_delivery set state = 'dead', next_at = null where way <> 'inbox' and taxpayer_id = $1", SHOP
    )
    await tasks.alert(await _after(worker, timedelta(seconds=1)), {})
    kinds = await rows("select kind, level from channels_alert where kind = 'dead_letters'")
    assert kinds == [{"kind": "dead_letters", "level": "page"}]


def test_looks_follow_the_manifests():
    one = channels()["sms"]
    quick = one.model_copy(
        update={
            "manifest": one.manifest.model_copy(
                update={"probe": one.manifest.probe.model_copy(update={"every_seconds": 20})}
            )
        }
    )
    assert watching.looks(Known({"sms": quick}, {})) == [20, 30, 40]
