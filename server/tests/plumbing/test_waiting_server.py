"""The waiting room in a real server over a real PostgreSQL: several processes, one line; a dead table lets people in."""

from __future__ import annotations

import asyncio
import contextlib
import re
import socket
import time
from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import httpx
import pytest
import uvicorn
from plumbing.waiting_town import HOME, OFFICERS, ROOMS, told

import palmtax.privacy  # noqa: F401 — says how secrets of the ground are sealed
from palmtax.plumbing.database import Database
from palmtax.plumbing.settings import WaitingSettings
from palmtax.plumbing.waiting import keeping, slots
from palmtax.plumbing.waiting.door import AGAIN_SECONDS, POLL_PATH, Asked, Door, LetIn, Wait
from palmtax.plumbing.waiting.entrance import REST_SECONDS, Entrance, protocol_of
from palmtax.plumbing.waiting.keeping import Keeper
from palmtax.plumbing.waiting.rooms import Rooms

PACE = 120
"""People a minute in the rehearsal: two a second."""


def a_door(**settings: Any) -> Door:
    """A door with a clock of its own."""
    return Door(WaitingSettings(**settings), Rooms(ROOMS, OFFICERS))


def a_narrow_door(count: int) -> Door:
    """So many requests at once, no more."""
    return a_door(smallest_slots=count, largest_slots=count)


@contextlib.asynccontextmanager
async def keeper_of(door: Door, database: Database) -> AsyncIterator[Keeper]:
    """A keeper whose looks the test makes itself."""
    keeper = Keeper(door, database, is_last_days=lambda: False)
    try:
        yield keeper
    finally:
        await keeper.close()


class Counted:
    """An application that says how often it was asked, and by how many at once."""

    def __init__(self, seconds: float = 0.0) -> None:
        self.seconds, self.asked, self.inside, self.most = seconds, 0, 0, 0

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            return
        self.asked, self.inside = self.asked + 1, self.inside + 1
        self.most = max(self.most, self.inside)
        body = await receive()
        await asyncio.sleep(self.seconds)
        self.inside -= 1
        text = body.get("body", b"") or b"{}"
        headers = [(b"content-type", b"application/json"), (b"content-length", str(len(text)).encode())]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": text})


@contextlib.asynccontextmanager
async def served(door: Door, app: Counted, **settings: Any) -> AsyncIterator[httpx.AsyncClient]:
    """Our protocol of uvicorn on a free port."""
    config = uvicorn.Config(
        Entrance(app, door), http=protocol_of(door), lifespan="off", log_config=None, access_log=False, **settings
    )
    server = uvicorn.Server(config)
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    running = asyncio.create_task(server.serve(sockets=[listening]))
    while not server.started:  # noqa: ASYNC110 — uvicorn has no event for it
        await asyncio.sleep(0.01)
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{listening.getsockname()[1]}", timeout=20) as client:
        yield client
    server.should_exit = True
    await running


async def test_a_person_waits_polls_reconnects_and_goes_on_once(database):
    door, app = a_door(people_a_minute=PACE), Counted()
    async with keeper_of(door, database) as keeper, served(door, app) as client:
        await keeper.look()
        first = await client.get(HOME["filing"])
        assert first.status_code == 503
        assert int(first.headers["retry-after"]) >= 1
        assert first.headers["cache-control"] == "no-store"
        fields = first.json()["fields"]
        headers = {"x-waiting": fields["place"]}
        async with httpx.AsyncClient(base_url=client.base_url, timeout=20) as other:  # a new connection, the same place
            state = {"state": "waiting"}
            began = time.monotonic()
            while state["state"] == "waiting" and time.monotonic() - began < 40:
                await asyncio.sleep(0.2)
                await keeper.look()
                state = (await other.get(POLL_PATH, headers=headers)).json()
            assert state["state"] == "admitted"
            assert app.asked == 0
            body = b'{"draft_id": 7}'
            done = await other.post("/api/filing/returns", content=body, headers={"x-waiting": state["pass"]})
            assert (done.status_code, done.content, app.asked) == (200, body, 1)


async def test_a_connection_answered_quickly_is_kept_as_long_as_any_other(database):
    door, app = a_door(people_a_minute=PACE), Counted()
    async with keeper_of(door, database) as keeper, served(door, app, timeout_keep_alive=1) as client:
        await keeper.look()
        reader, writer = await asyncio.open_connection(client.base_url.host, client.base_url.port)
        asked = f"GET {HOME['filing']} HTTP/1.1\r\nhost: a\r\n\r\n".encode()
        for _ in range(4):  # longer in all than a silence may be
            writer.write(asked)
            head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 5)
            assert head.startswith(b"HTTP/1.1 503")
            await reader.readexactly(int(re.search(rb"content-length: (\d+)", head)[1]))
            await asyncio.sleep(0.6)
        assert await asyncio.wait_for(reader.read(), 5) == b""  # silent for a second: closed
        writer.close()
        assert app.asked == 0


async def test_two_processes_make_one_line_and_a_third_takes_over(database):
    doors = [a_door(people_a_minute=PACE) for _ in range(3)]
    async with contextlib.AsyncExitStack() as stack:
        keepers = [await stack.enter_async_context(keeper_of(door, database)) for door in doors]
        for keeper in keepers[:2]:
            await keeper.look()
        places = [
            str(told(door.ask(Asked("GET", HOME["filing"])))["fields"]["place"])
            for _ in range(60)
            for door in doors[:2]
        ]  # type: ignore[arg-type]  # everybody waits
        await asyncio.sleep(2.1)
        for _ in range(2):
            for keeper in keepers[:2]:
                await keeper.look()
        seen = [door.lines["filing"].waiting() for door in doors[:2]]
        assert seen[0] == pytest.approx(seen[1], abs=3)
        assert doors[0].lines["filing"].line_us == doors[1].lines["filing"].line_us
        # Every process reads the places of the others.
        states = {told(door.ask(Asked("GET", POLL_PATH, places[-1])))["state"] for door in doors[:2]}  # type: ignore[arg-type]  # a poll is answered
        assert states <= {"waiting", "admitted"}
        # Both end; a new one knows who stands in line, and does not let in everybody at once.
        before = doors[0].lines["filing"].waiting()
        began = time.monotonic()
        await asyncio.sleep(4.1)
        await keepers[2].look()
        after = doors[2].lines["filing"].waiting()
        assert 0 < after <= before
        assert before - after <= (time.monotonic() - began) * PACE / 60 + 3  # its own pace since then, no more


async def test_a_process_that_starts_knows_what_the_house_has_learned(database):
    first, second = a_door(), a_door()
    async with keeper_of(first, database) as keeper:
        await keeper.look()
        first.calm.recall(700.0, 7.0)
        first.crowded.recall(500.0, 3.0)
        await keeper.look()
    async with keeper_of(second, database) as keeper:
        await keeper.try_to_look()
        assert second.signer is not None, "places can be given from the first request on"
        assert (second.calm.requests, second.calm.each) == pytest.approx((700, 7), rel=0.1)
        assert (second.crowded.requests, second.crowded.each) == pytest.approx((500, 3), rel=0.1)


async def test_what_was_never_learned_is_not_written(database):
    door = a_door()
    async with keeper_of(door, database) as keeper:
        await keeper.look()
        await keeper.look()
        assert await keeping.store.paces(keeper.connection) == {}


async def test_when_the_table_is_away_people_come_in(database, monkeypatch):
    door = a_door(people_a_minute=PACE)
    monkeypatch.setattr(keeping, "TICK_SECONDS", 0.02)
    monkeypatch.setattr(keeping, "ALONE_SECONDS", 0.3)
    async with keeper_of(door, database) as keeper:
        running = asyncio.create_task(keeper.run())
        await become(door, is_shedding=True)
        assert isinstance(door.ask(Asked("GET", HOME["filing"])), Wait)

        async def away(*_: object) -> None:
            raise asyncpg.PostgresConnectionError

        with monkeypatch.context() as broken:
            broken.setattr(keeping.store, "switches", away)
            await become(door, is_shedding=False)
            assert isinstance(door.ask(Asked("GET", HOME["filing"])), LetIn)
        await become(door, is_shedding=True)  # the table is back, so is the line
        running.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await running


async def become(door: Door, *, is_shedding: bool) -> None:
    """Until the door is so, not for ever."""
    async with asyncio.timeout(20):
        while door.is_shedding is not is_shedding:  # noqa: ASYNC110 — the keeper tells nobody
            await asyncio.sleep(0.02)


async def test_a_bug_of_the_keeper_opens_the_door(database, monkeypatch):
    door = a_door(people_a_minute=PACE)
    monkeypatch.setattr(keeping, "TICK_SECONDS", 0.02)
    async with keeper_of(door, database) as keeper:
        await keeper.look()
        assert door.is_shedding

        def broken(*_: object, **__: object) -> None:
            raise KeyError("broken on purpose")

        monkeypatch.setattr(keeping.Leader, "lead", broken)
        running = asyncio.create_task(keeper.run())
        await become(door, is_shedding=False)
        running.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await running
        assert isinstance(door.ask(Asked("GET", HOME["filing"])), LetIn)
        assert door.faults >= 1


async def test_who_ends_the_keeper_is_heard_at_the_very_moment_a_look_succeeds(database, monkeypatch):
    monkeypatch.setattr(keeping, "TICK_SECONDS", 0.0)
    async with keeper_of(a_door(), database) as keeper:
        inside, seen = asyncio.Event(), asyncio.Event()

        async def look() -> None:
            inside.set()
            await seen.wait()

        monkeypatch.setattr(keeper, "look", look)
        running = asyncio.create_task(keeper.run())
        await inside.wait()
        seen.set()
        running.cancel()
        done, _ = await asyncio.wait([running], timeout=2)
        assert running in done
        assert running.cancelled()


async def test_a_crowd_closes_the_door_and_the_slots_hold(database):
    door, app = a_narrow_door(4), Counted(seconds=0.05)
    async with keeper_of(door, database) as keeper, served(door, app) as client:
        await keeper.look()
        answers = await asyncio.gather(*(client.get(HOME["filing"], headers={"x-number": str(n)}) for n in range(90)))
        assert app.most <= 4
        assert door.is_shedding
        codes = [one.status_code for one in answers]
        assert set(codes) == {200, 503}
        assert app.asked == codes.count(200)  # who was told to wait cost the application nothing
        assert {one.json()["code"] for one in answers if one.status_code == 503} == {"plumbing.please_wait"}


async def test_who_finds_the_queue_full_gets_a_place(database, monkeypatch):
    monkeypatch.setattr(slots, "LONGEST_QUEUE", 3)
    door, app = a_narrow_door(2), Counted(seconds=0.3)
    async with keeper_of(door, database) as keeper, served(door, app) as client:
        await keeper.look()
        headers = [{"authorization": f"Bearer {n}"} for n in range(12)]
        answers = await asyncio.gather(*(client.get(HOME["filing"], headers=one) for one in headers))
        refused = [one.json()["code"] for one in answers if one.status_code == 503]
        assert set(refused) == {"plumbing.please_wait"}
        assert len(refused) == 7
        assert door.slots.turned_away > 0
        report = keeper.measured()
        assert report.queued == door.slots.turned_away * AGAIN_SECONDS
        assert keeper.measured().queued == 0


async def test_who_has_begun_and_finds_the_queue_full_is_told_so_in_words(database, monkeypatch):
    monkeypatch.setattr(slots, "LONGEST_QUEUE", 0)
    door, app = a_narrow_door(1), Counted(seconds=0.3)
    async with keeper_of(door, database) as keeper, served(door, app) as client:
        await keeper.look()
        mine = {"authorization": "Bearer begun"}
        assert (await client.get(HOME["filing"], headers=mine)).status_code == 200
        busy = asyncio.create_task(client.get(HOME["filing"], headers=mine))
        await asyncio.sleep(0.1)
        for language, words in (("zh", "请过几秒再试"), ("en-GB", "nothing you entered is lost")):
            refused = await client.get(HOME["filing"], headers=mine | {"accept-language": language})
            assert (refused.status_code, refused.headers["retry-after"]) == (503, str(AGAIN_SECONDS))
            assert refused.json()["code"] == "plumbing.crowded"
            assert words in refused.json()["hint"]
        assert (await busy).status_code == 200


async def test_an_answer_says_that_others_wait_and_says_nothing_on_a_calm_day(database):
    door, app = a_door(), Counted()
    async with keeper_of(door, database) as keeper, served(door, app) as client:
        await keeper.look()
        mine = {"authorization": "Bearer begun"}
        calm = await client.get(HOME["filing"], headers=mine)
        assert (calm.status_code, calm.headers.get("x-crowded")) == (200, None)
        await client.get(HOME["filing"], headers=mine | {"priority": "u=6"})
        assert (door.calm._heard, door.calm._beside) == (2, 1), "what only accompanies is counted for the first crowd"
        assert door.begin_lines()
        served_on = await client.get(HOME["filing"], headers=mine)
        assert (served_on.status_code, served_on.headers["x-crowded"]) == (200, str(REST_SECONDS))


async def test_who_hangs_up_while_waiting_for_a_slot_leaves_it_to_the_next(database):
    door = a_narrow_door(1)
    assert await door.slots.take(1)
    waiting = [asyncio.create_task(door.slots.take(rank)) for rank in (2, 1, 1)]
    await asyncio.sleep(0)
    waiting[1].cancel()
    await asyncio.sleep(0)
    door.slots.give_back()
    assert await waiting[2]
    assert not waiting[0].done()
    door.slots.give_back()
    assert await waiting[0]
    door.slots.give_back()
    assert (door.slots.in_use, door.slots.queued) == (0, 0)


async def test_what_was_decided_in_the_bytes_is_not_decided_again_nor_kept_for_the_next(database):
    door, app = a_door(people_a_minute=PACE), Counted()
    async with keeper_of(door, database) as keeper, served(door, app) as client:
        await keeper.look()
        place = (await client.get(HOME["filing"])).json()["fields"]["place"]
        async with asyncio.timeout(20):
            while not door.line("filing").is_turn_of(door.signer.read(place, door.now_us()).at_us):
                await asyncio.sleep(0.3)
                await keeper.look()
        host, port = client.base_url.host, client.base_url.port
        reader, writer = await asyncio.open_connection(host, port)

        async def ask(more: str = "") -> bytes:
            writer.write(f"GET {HOME['filing']} HTTP/1.1\r\nhost: a\r\n{more}\r\n".encode())
            head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 5)
            await reader.readexactly(int(re.search(rb"content-length: (\d+)", head)[1]))
            return head

        assert b"x-waiting-pass" in await ask(f"x-waiting: {place}\r\n")
        assert (door.admitted, app.asked) == (1, 1), "one pass for one request"
        assert (await ask()).startswith(b"HTTP/1.1 503"), "the next person on this connection is somebody else"
        assert app.asked == 1
        writer.close()
