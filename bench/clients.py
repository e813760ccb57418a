"""HTTP clients that cost little: keep-alive connections on raw asyncio, requests made beforehand. Runs as a process of its own.

python -m bench.clients plan.json     one JSON line: seconds, own CPU seconds, latencies, answers
python -m bench.clients --stub PORT   a bare responder, to see how fast the clients themselves are
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any, cast

import uvloop

HEAD_END = b"\r\n\r\n"


class Client(asyncio.Protocol):
    """One connection: sends its next request as soon as the answer to the last one is complete."""

    def __init__(self, requests: list[bytes], deadline: float, tally: Tally) -> None:
        self.requests, self.deadline, self.tally = requests, deadline, tally
        self.place, self.sent, self.got, self.wanted = 0, 0.0, b"", -1
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin."""
        self.transport = cast("asyncio.Transport", transport)
        self._next()

    def _next(self) -> None:
        now = time.perf_counter()
        if self.place >= len(self.requests) or now >= self.deadline:
            self.transport.close()
            return
        self.sent = now
        self.transport.write(self.requests[self.place])
        self.place += 1

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
            self.tally.latencies.append(time.perf_counter() - self.sent)
            status = self.got[9:12].decode()
            self.tally.answers[status] += 1
            if status[0] != "2":
                self.tally.refusal = self.got[:1500].decode(errors="replace")
            self.tally.bytes = len(self.got)
            self.got, self.wanted = b"", -1
            self._next()

    def connection_lost(self, exc: Exception | None) -> None:
        """The end."""
        if exc is not None:
            self.tally.answers[type(exc).__name__] += 1
        if not self.done.done():
            self.done.set_result(None)


class Tally:
    """What all connections saw."""

    def __init__(self) -> None:
        self.latencies: list[float] = []
        self.answers: Counter[str] = Counter()
        self.refusal, self.bytes = "", 0


class Stub(asyncio.Protocol):
    """Answers anything with a fixed 201 of a return's size, after the whole request is there."""

    ANSWER = b"HTTP/1.1 201 Created\r\ncontent-type: application/json\r\ncontent-length: 6000\r\n\r\n" + b" " * 6000

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin."""
        self.transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        """Our clients send a request in one piece."""
        if data.endswith(b"}"):
            self.transport.write(self.ANSWER)


async def hammer(plan: dict[str, Any]) -> dict[str, Any]:
    """Run all connections until their requests or the seconds are used up."""
    tally = Tally()
    loop = asyncio.get_running_loop()
    queues = [[request.encode() for request in queue] for queue in plan["queues"]]
    began, cpu = time.perf_counter(), time.process_time()
    deadline = began + float(plan["seconds"])
    made = [
        await loop.create_connection(lambda queue=queue: Client(queue, deadline, tally), "127.0.0.1", plan["port"])  # type: ignore[misc]  # mypy cannot infer a lambda with a default
        for queue in queues
    ]
    await asyncio.wait_for(asyncio.gather(*(client.done for _, client in made)), float(plan["seconds"]) + 30)
    return {
        "seconds": time.perf_counter() - began, "cpu_seconds": time.process_time() - cpu, "latencies": tally.latencies,
        "answers": dict(tally.answers), "refusal": tally.refusal, "answer_bytes": tally.bytes,
        "used": [client.place for _, client in made],
    }  # fmt: skip


async def stub(port: int) -> None:
    """Serve until killed."""
    server = await asyncio.get_running_loop().create_server(Stub, "127.0.0.1", port)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    await server.serve_forever()


def main() -> None:
    """Run the plan or the stub."""
    if sys.argv[1] == "--stub":
        uvloop.run(stub(int(sys.argv[2])))
        return
    plan = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    os.nice(int(plan.get("nice", 0)))
    sys.stdout.write(json.dumps(uvloop.run(hammer(plan))) + "\n")


if __name__ == "__main__":
    main()
