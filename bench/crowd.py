"""A crowd of people who come whether or not the house can serve them (open loop); a process of its own on raw asyncio.

python -m bench.crowd plan.json found.json     what every person met, in the second file

A person does the requests of a journey one after the other, `think` seconds apart. Told to wait, the person asks again when
the house said, and goes on with the pass. Who had no answer within `patience` seconds leaves. Connections are kept and shared.
Who hears that others wait leaves out what only accompanies: the requests between the first and number `rests_until` (0: none).
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import time
from collections import Counter, deque
from pathlib import Path
from typing import Any, cast

import uvloop

HEAD_END = b"\r\n\r\n"
CROWDED = b"\r\nx-crowded:"
POLL = "GET /api/waiting/place HTTP/1.1\r\nhost: 127.0.0.1\r\nx-waiting: {token}\r\n\r\n"


class Connection(asyncio.Protocol):
    """One kept connection: one request at a time."""

    def __init__(self, crowd: Crowd) -> None:
        self.crowd, self.got, self.wanted = crowd, b"", -1
        self.person: Person | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ready."""
        self.transport = cast("asyncio.Transport", transport)
        self.crowd.free.append(self)

    def data_received(self, data: bytes) -> None:
        """Collect the answer; ours always say how long they are."""
        self.got += data
        if self.wanted < 0:
            end = self.got.find(HEAD_END)
            if end < 0:
                return
            head = self.got[:end].lower()
            start = head.index(b"content-length:") + 15
            stop = head.find(b"\r\n", start)
            self.wanted = end + 4 + int(head[start : stop if stop > 0 else end])
        if len(self.got) >= self.wanted:
            answer, self.got, self.wanted = self.got, b"", -1
            person, self.person = self.person, None
            self.crowd.free.append(self)
            if person is not None:
                person.answered(answer)
            self.crowd.next()

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 — asyncio's own name
        """The house hung up: another one in its place."""
        self.crowd.hung_up += 1
        if self.person is not None:
            self.person.left("hung up")
        elif self in self.crowd.free:
            self.crowd.free.remove(self)


class Person:
    """Somebody with a journey."""

    __slots__ = (
        "admitted_at",
        "came",
        "crowd",
        "first",
        "is_polling",
        "number",
        "place",
        "predicted",
        "requests",
        "sent",
        "step",
        "told",
        "trail",
    )

    def __init__(self, crowd: Crowd, requests: list[str], came: float, number: int) -> None:
        self.crowd, self.requests, self.came, self.number = crowd, requests, came, number
        self.step, self.sent, self.first, self.told = 0, 0.0, 0.0, 0
        self.place, self.is_polling, self.admitted_at = "", False, 0.0
        self.predicted, self.trail = -1.0, list[tuple[float, float]]()

    def go(self) -> None:
        """Send what comes next."""
        self.crowd.ask(self)

    def text(self) -> bytes:
        """The request as it goes over the wire now."""
        if self.is_polling:
            return POLL.format(token=self.place).encode()
        request = self.requests[self.step]
        return (request.replace("\r\n", f"\r\nx-waiting: {self.place}\r\n", 1) if self.place else request).encode()

    def answered(self, answer: bytes) -> None:
        """Go on as the answer says."""
        now, status = time.perf_counter(), answer[9:12].decode()
        if self.is_polling or status == "503":
            self.turned_away(answer, status, now)
            return
        self.crowd.answers[status] += 1
        if status[0] != "2":
            self.crowd.refusal = answer[-600:].decode(errors="replace")
            self.left(status)
            return
        if self.admitted_at == 0.0:
            self.admitted_at = now
        self.crowd.latencies.append((now, now - self.sent))
        self.step += 1
        if self.step == 1:
            self.crowd.begun.add(self.number)
            if self.told or CROWDED in answer[: answer.find(HEAD_END)]:
                self.step = max(self.step, min(self.crowd.rests_until, len(self.requests)))
        if self.step < len(self.requests):
            self.crowd.later(self.crowd.think, self)
            return
        self.crowd.finished.append((self.came, now, self.predicted, self.admitted_at, self.told, self.step))
        self.crowd.is_gone()

    def turned_away(self, answer: bytes, status: str, now: float) -> None:
        """In line, or at last the pass."""
        told = json.loads(answer[answer.find(HEAD_END) + 4 :])
        self.crowd.polls += self.is_polling
        if told.get("state") == "admitted":
            self.admitted_at, self.place, self.is_polling = now, told["pass"], False
            self.crowd.admitted.append((self.came, self.first, self.predicted, now, self.trail))
            self.go()
        elif told.get("state") in ("open", "none"):
            self.place, self.is_polling = "", False
            self.go()
        elif told.get("state") == "waiting":
            fields = told["fields"]
            if self.predicted < 0:
                self.predicted, self.first = float(fields["seconds"]), now
                self.crowd.waiting += 1
            elif len(self.trail) < 40:
                self.trail.append((now, float(fields["seconds"])))
            self.place, self.is_polling, self.told = fields["place"], True, self.told + 1
            self.crowd.later(float(fields["poll_seconds"]), self)
        else:
            self.crowd.answers[status] += 1
            self.crowd.refusal = answer[-600:].decode(errors="replace")
            self.crowd.later(float(2), self)

    def left(self, why: str) -> None:
        """Gone without having finished."""
        self.crowd.gone[why] += 1
        self.crowd.is_gone()


class Crowd:
    """Everybody, and the connections they share."""

    def __init__(self, plan: dict[str, Any]) -> None:
        self.plan, self.think, self.patience = plan, float(plan["think"]), float(plan["patience"])
        self.free: deque[Connection] = deque()
        self.asking: deque[Person] = deque()
        self.answers: Counter[str] = Counter()
        self.gone: Counter[str] = Counter()
        self.latencies: list[tuple[float, float]] = []
        self.finished: list[tuple[float, float, float, float, int, int]] = []
        self.admitted: list[tuple[float, float, float, float, list[tuple[float, float]]]] = []
        self.rests_until = int(plan.get("rests_until", 0))
        self.begun: set[int] = set()
        """Whose first request was served, by number."""
        self.polls = self.waiting = self.hung_up = self.came = 0
        self.latest = 0.0
        self.refusal = ""
        self.loop = asyncio.get_running_loop()
        self.is_closed_loop = plan.get("at_once", 0) > 0
        self.people = iter(plan["people"])

    def ask(self, person: Person) -> None:
        """Send for a person as soon as a connection is free."""
        person.sent = time.perf_counter()
        self.asking.append(person)
        self.next()

    def next(self) -> None:
        """Hand free connections to who wants one; who has waited too long leaves."""
        while self.free and self.asking:
            person = self.asking.popleft()
            if time.perf_counter() - person.sent > self.patience:
                person.left("no connection in time")
                continue
            connection = self.free.popleft()
            if connection.transport.is_closing():
                self.asking.appendleft(person)
                continue
            connection.person = person
            connection.transport.write(person.text())

    def later(self, seconds: float, person: Person) -> None:
        """The person goes on in a while."""
        self.loop.call_later(seconds, person.go)

    def is_gone(self) -> None:
        """In a closed loop the next one comes."""
        if self.is_closed_loop:
            self.come()

    def come(self) -> bool:
        """The next person comes; false when nobody is left."""
        requests = next(self.people, None)
        if requests is None:
            return False
        self.came += 1
        Person(self, requests, time.perf_counter(), self.came - 1).go()
        return True

    async def run(self) -> dict[str, Any]:
        """All of it."""
        port = int(self.plan["port"])
        for _ in range(int(self.plan["connections"])):
            await self.loop.create_connection(lambda: Connection(self), "127.0.0.1", port)
        began, cpu = time.perf_counter(), time.process_time()
        end = began + float(self.plan["seconds"])
        if self.is_closed_loop:
            for _ in range(int(self.plan["at_once"])):
                self.come()
            await asyncio.sleep(end - time.perf_counter())
        else:
            await self._stream(began, end, float(self.plan["rate"]))
        self.patience, self.is_closed_loop = 0.0, False
        seconds = time.perf_counter() - began
        return {
            "began": began, "seconds": seconds, "cpu_seconds": time.process_time() - cpu, "came": self.came,
            "begun": sorted(self.begun), "finished": self.finished, "admitted": self.admitted,
            "latencies": self.latencies, "polls": self.polls,
            "waiting": self.waiting, "answers": dict(self.answers), "gone": dict(self.gone), "refusal": self.refusal,
            "unanswered": len(self.asking), "hung_up": self.hung_up, "latest": self.latest,
        }  # fmt: skip

    async def _stream(self, began: float, end: float, rate: float) -> None:
        """People come evenly at this rate, whatever becomes of them; how late the generator itself was is told."""
        due = 0
        while (now := time.perf_counter()) < end:
            wanted = int((now - began) * rate)
            self.latest = max(self.latest, (wanted - due) / rate)
            while due < wanted and self.come():
                due += 1
            await asyncio.sleep(0.005)


async def crowd(plan: dict[str, Any]) -> dict[str, Any]:
    """Run a plan."""
    return await Crowd(plan).run()


def main() -> None:
    """Run the plan that is named."""
    plan = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    os.nice(int(plan.get("nice", 0)))
    Path(sys.argv[2]).write_text(json.dumps(uvloop.run(crowd(plan))), encoding="utf-8")


if __name__ == "__main__":
    main()
