"""The keeper of a process's door: measures four times a second, speaks with the other processes once a second."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from uuid import UUID

import asyncpg
import structlog

from palmtax.base.identifiers import uuid7
from palmtax.plumbing import metrics
from palmtax.plumbing.database import CONNECTION_LOST, Database
from palmtax.plumbing.waiting import store
from palmtax.plumbing.waiting.door import AGAIN_SECONDS, Door
from palmtax.plumbing.waiting.leading import Leader
from palmtax.plumbing.waiting.line import SECOND
from palmtax.plumbing.waiting.pace import Measured, Pace
from palmtax.plumbing.waiting.places import Signer
from palmtax.plumbing.waiting.store import LineRow, Report

log = structlog.get_logger()
TICK_SECONDS = 0.25
TICKS_A_LOOK = 4
ALONE_SECONDS = 15.0
"""After so long without the shared tables nobody waits any more."""
_LIVES = timedelta(seconds=4)
_ARRIVALS_BACK = timedelta(seconds=5)
_SECOND = timedelta(seconds=1)
_FORGET_EVERY, _FORGOTTEN_AFTER = 600, timedelta(hours=6)
_STATEMENT_SECONDS = 5.0
_NEW = 0.05
"""A pace that differs by less is not written anew."""
_LONGEST_LOOK_SECONDS = 3.0
"""Who was held up, or leads for the first time, does not let in all at once what nobody let in meanwhile."""


class Keeper:
    """Runs beside the requests of one process, on a connection of its own: the pool may be what is short."""

    def __init__(self, door: Door, database: Database, *, is_last_days: Callable[[], bool]) -> None:
        self.door, self.database, self.is_last_days = door, database, is_last_days
        self.process_id: UUID = uuid7()
        self.leader = Leader()
        self.connection: asyncpg.Connection | None = None
        self.heard_at = door.steady()
        self._answered = self._came = self._told = self._turned_away = 0
        self._cpu, self._looked = time.process_time(), time.perf_counter()
        self._queued: list[int] = []
        self._seen: dict[tuple[str, UUID, datetime], int] = {}
        self._let_in: dict[str, float] = {}
        self._looks = 0
        self._written: dict[str, tuple[float, float]] | None = None

    async def run(self) -> None:
        """Until cancelled. A fault opens the door and the next look tries again."""
        while True:
            for _ in range(TICKS_A_LOOK):
                before = time.perf_counter()
                await asyncio.sleep(TICK_SECONDS)
                late = max(time.perf_counter() - before - TICK_SECONDS, self.database.longest_wait)
                self.database.longest_wait = 0.0
                self.door.slots.adapt(late)
                self._queued.append(self.door.slots.queued)
            await self.try_to_look()

    async def try_to_look(self) -> None:
        """One look that raises nothing: a fault opens the door."""
        try:
            # Not wait_for, which loses the cancellation that comes at the moment of success (bpo-37658).
            async with asyncio.timeout(_STATEMENT_SECONDS):
                await self.look()
            self.heard_at = self.door.steady()
        except (*CONNECTION_LOST, asyncpg.PostgresError) as lost:
            await self._lost(type(lost).__name__)
        except Exception as fault:  # noqa: BLE001 — whatever it is, people come in; the next look may succeed
            self.door.failed(fault)
            self.door.open_up()

    async def _lost(self, kind: str) -> None:
        if self.connection is not None:
            self.connection.terminate()
            self.connection = None
        if self.door.steady() - self.heard_at > ALONE_SECONDS and self.door.is_shedding:
            log.warning("plumbing.waiting_opened", kind=kind)
            self.door.open_up()

    def measured(self) -> Report:
        """What happened here since the last look."""
        slots, door, now = self.door.slots, self.door, time.perf_counter()
        cpu = time.process_time()
        busy = (cpu - self._cpu) / max(now - self._looked, 1e-6)
        again = (slots.turned_away - self._turned_away) * AGAIN_SECONDS
        report = Report(
            self.process_id, slots.answered - self._answered, door.came_in - self._came, slots.queued + again,
            len(self._queued) > 1 and sum(one > 0 for one in self._queued) >= len(self._queued) - 1,
            min(round(busy * 100), 100), _instant(door.full_since_us) if door.full_since_us else None,
        )  # fmt: skip
        metrics.WAITING_TOLD.inc(door.told - self._told)
        self._answered, self._came, self._told = slots.answered, door.came_in, door.told
        self._turned_away = slots.turned_away
        self._cpu, self._queued, door.full_since_us = cpu, [], 0
        return report

    async def look(self) -> None:
        """One look: tell the others, hear them, lead or follow."""
        seconds = min(time.perf_counter() - self._looked, _LONGEST_LOOK_SECONDS)
        report = self.measured()
        self._looked = time.perf_counter()
        now_us = self.door.now_us()
        connection = await self._connected()
        if self.door.signer is None:
            self.door.signer = Signer(await store.secret(connection))
        self.door.adopt(await store.switches(connection))
        rows = await store.lines(connection)
        since = self._known_since(rows, now_us)
        others = await self._exchange(connection, report, now_us, since)
        if all(self.process_id <= one.process_id for one in others):
            await self._recall(connection)
            self._lead([report, *others], rows, seconds, now_us)
            await self._write_lines(connection, rows, now_us)
            await self._write_pace(connection, now_us)
        else:
            self._written = None
            self._follow(rows, now_us)
        self._show()

    async def _connected(self) -> asyncpg.Connection:
        if self.connection is None or self.connection.is_closed():
            self.connection = await asyncpg.connect(self.database.dsn, timeout=3, command_timeout=3)
        return self.connection

    def _known_since(self, rows: list[LineRow], now_us: int) -> datetime:
        """At first everybody who waits, whichever process gave the place; afterwards what is new."""
        recent = _instant(now_us) - _ARRIVALS_BACK
        return recent if self._looks else min([recent, *(row.line_at - _SECOND for row in rows if row.is_waiting)])

    async def _exchange(
        self, connection: asyncpg.Connection, report: Report, now_us: int, since: datetime
    ) -> list[Report]:
        at = _instant(now_us)
        given = self.door.given
        last = now_us // SECOND - _ARRIVALS_BACK.seconds
        for old in [key for key in given if key[1] < last]:
            del given[old]
        fresh = [
            (room, _instant(second * SECOND), count, _instant(first))
            for (room, second), (count, first) in given.items()
        ]
        await store.tell(connection, report, at, fresh)
        for room, process_id, second_at, count, first_at in await store.arrivals(connection, since, self.process_id):
            key = (room, process_id, second_at)
            new = count - self._seen.get(key, 0)
            if new > 0:
                first = max(first_at, second_at) if first_at - second_at < _SECOND else second_at
                self.door.line(room).came(_us(first), new)
                self._seen[key] = count
        if len(self._seen) > 10_000:
            self._seen = {key: count for key, count in self._seen.items() if key[2] > at - 2 * _ARRIVALS_BACK}
        self._looks += 1
        if self._looks % _FORGET_EVERY == 0:
            await store.forget(connection, at - _FORGOTTEN_AFTER)
        return [one for one in await store.reports(connection, at - _LIVES) if one.process_id != self.process_id]

    def _lead(self, reports: list[Report], rows: list[LineRow], seconds: float, now_us: int) -> None:
        self._take_over(rows, now_us)
        full = [_us(one.full_since) for one in reports if one.full_since]
        seen = Measured(
            seconds,
            sum(one.served for one in reports),
            sum(one.came for one in reports),
            sum(one.queued for one in reports),
            any(one.is_full for one in reports),
            max(one.busy_percent for one in reports) / 100,
        )
        self.leader.lead(self.door, seen, min(full, default=0), now_us, is_last_days=self.is_last_days())

    def _take_over(self, rows: list[LineRow], now_us: int) -> None:
        """A new leader goes on where the last one stopped."""
        for row in rows:
            line = self.door.line(row.room)
            at = _us(row.line_at)
            if row.room not in self._let_in:
                self._let_in[row.room] = row.let_in
                is_fresh = now_us - _us(row.moved_at) < ALONE_SECONDS * SECOND
                line.is_waiting, line.line_us = row.is_waiting and is_fresh, max(line.line_us, at)
                line.speed = row.speed_milli / 1000

    def _paces(self) -> tuple[tuple[str, Pace], ...]:
        return ("house", self.door.calm), ("crowd", self.door.crowded)

    async def _recall(self, connection: asyncpg.Connection) -> None:
        """Who begins to lead knows what the house knew."""
        if self._written is None:
            self._written = await store.paces(connection)
            for name, pace in self._paces():
                if name in self._written:
                    pace.recall(*self._written[name])

    async def _write_pace(self, connection: asyncpg.Connection, now_us: int) -> None:
        written = self._written or {}
        for name, pace in self._paces():
            now, before = (pace.requests, pace.each), written.get(name, (0.0, 1.0))
            if pace.has_learned and any(abs(new - old) > _NEW * new for new, old in zip(now, before, strict=True)):
                written[name] = now
                await store.put_pace(connection, name, *now, _instant(now_us))
        self._written = written

    async def _write_lines(self, connection: asyncpg.Connection, rows: list[LineRow], now_us: int) -> None:
        known = {row.room: row for row in rows}
        changed = []
        for code, line in self.door.lines.items():
            before = known.get(code)
            if not line.is_waiting and (before is None or not before.is_waiting):
                continue
            let_in = self._let_in[code] = self._let_in.get(code, 0.0) + line.moved
            metrics.WAITING_LET_IN.labels(code).inc(line.moved)
            line.moved = 0.0
            changed.append(
                LineRow(
                    code, line.is_waiting, _instant(line.line_us), round(line.speed * 1000), min(round(line.error * 100), 1000),
                    round(line.waiting()), round(let_in), _instant(now_us),
                )
            )  # fmt: skip
        if changed:
            await store.put_lines(connection, changed, _instant(now_us) + timedelta(seconds=5))

    def _follow(self, rows: list[LineRow], now_us: int) -> None:
        self._let_in.clear()  # should we lead again, the table says where
        for row in rows:
            line = self.door.line(row.room)
            moved_to = _us(row.line_at)
            line.speed = row.speed_milli / 1000
            line.is_waiting = row.is_waiting and now_us - _us(row.moved_at) < ALONE_SECONDS * SECOND
            line.line_us = max(line.line_us, moved_to) if line.line_us < now_us + 5 * SECOND else moved_to
            line.history.append((now_us, line.line_us))
            del line.history[:-3600]
            if line.is_waiting:
                line.rebuild(now_us)
        self.door.reckon()

    def _show(self) -> None:
        for code, line in self.door.lines.items():
            metrics.WAITING_IN_LINE.labels(code).set(line.waiting() if line.is_waiting else 0)
        metrics.WAITING_PEOPLE.set(self.door.pace.people)
        metrics.WAITING_SLOTS.set(self.door.slots.limit)
        metrics.WAITING_QUEUED.set(self.door.slots.queued)

    async def close(self) -> None:
        """Give the connection back; who leads next need not wait until this process has been silent for a while."""
        if self.connection is not None:
            with suppress(*CONNECTION_LOST, asyncpg.PostgresError):
                await store.leave(self.connection, self.process_id)
            self.connection.terminate()


def _instant(us: int) -> datetime:
    return datetime.fromtimestamp(us // SECOND, UTC) + timedelta(microseconds=us % SECOND)


def _us(instant: datetime) -> int:
    return round(instant.timestamp() * SECOND)


@asynccontextmanager
async def kept(keeper: Keeper | None) -> AsyncIterator[None]:
    """The door is kept inside the block."""
    if keeper is None:
        yield
        return
    await keeper.try_to_look()  # before the first request: without the key of the places no line can begin
    running = asyncio.create_task(keeper.run())
    try:
        yield
    finally:
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running
        await keeper.close()
