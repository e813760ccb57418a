"""Signed and encrypted callbacks through the whole gateway, beside the bare web framework that sends the same bytes back.

    python bench/run.py gateway
    python -m bench.gateway --seconds 2 --rounds 2      small

A receipt of the official account in safe mode, the kind that comes most: signature checked, decrypted, read, kept once in a
durable transaction with the job that works it off, answered. And a word of a person, whose answer is looked up, kept and sealed
in the same breath. The reference is a POST on FastAPI that reads the same body and gives it back, on uvicorn with
the same settings and one process each, in turns with ours in the same run.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import fastapi
import httpx
import uvicorn

from bench import machine
from bench.house import MeasuredHouse, measured_house
from bench.returns import run_clients
from bench.statements import ListeningDatabase
from bench.table import Section, median, printed, quantile, reached
from palmtax.channels.adapters.speaking import Platform
from palmtax.channels.model.incoming import Callback, receive
from palmtax.channels.model.reading import read_all, texts_in
from palmtax.entry.house import house_of
from palmtax.entry.processes import ANSWER_SECONDS, say, wait_for
from palmtax.entry.web import create_app
from palmtax.plumbing import logs
from palmtax.plumbing.postgres import free_port
from palmtax.plumbing.settings import Settings

CHANNEL = "wechat_oa"
CLIENTS, SECONDS, ROUNDS = 16, 3.0, 3
MOST = 6000
"""Callbacks made beforehand for a round: more than either side answers in it."""
SPLIT = 200


def echo(port: int) -> None:
    """The bare framework: read the body, give it back; served as our server is."""
    app = fastapi.FastAPI(docs_url=None, openapi_url=None)

    @app.post("/echo")
    async def give_back(request: fastapi.Request) -> fastapi.Response:
        return fastapi.Response(await request.body(), media_type="text/plain")

    uvicorn.run(app, host="127.0.0.1", port=port, log_config=None, access_log=False)


@contextmanager
def echoing() -> Iterator[int]:
    """The reference as a process; its port."""
    port = free_port()
    process = subprocess.Popen([sys.executable, "-m", "bench.gateway", "--echo", str(port)])
    until = time.monotonic() + 30
    try:
        while time.monotonic() < until:
            try:
                httpx.post(f"http://127.0.0.1:{port}/echo", content=b"x")
                break
            except httpx.TransportError:
                time.sleep(0.05)
        yield port
    finally:
        process.terminate()
        process.wait(5)


class Speaker:
    """The official account's side: an endless row of fresh callbacks, `receipt` or `word`."""

    def __init__(self, credentials: dict[str, Any]) -> None:
        self.kind = "receipt"
        self.channel = read_all(texts_in())[0][CHANNEL]
        self.section = credentials[self.channel.manifest.credentials]
        self.platform = Platform(self.channel.manifest, self.section)
        self.numbers = itertools.count(1)

    def call(self) -> Callback:
        """One callback, signed and sealed now."""
        number, now = next(self.numbers), int(time.time())
        who = {"FromUserName": f"o{number:027d}"}
        if self.kind == "word":
            return self.platform.news({**who, "MsgType": "text", "Content": "你好", "MsgId": str(10**17 + number)}, now)
        event = {
            "MsgType": "event",
            "Event": "TEMPLATESENDJOBFINISH",
            "MsgID": str(10**17 + number),
            "Status": "success",
        }
        return self.platform.news({**who, **event}, now)

    def requests(self, count: int, path: str) -> list[str]:
        """Whole HTTP requests, in sixteen queues' order."""
        made = []
        for _ in range(count):
            call = self.call()
            query = str(httpx.QueryParams(dict(call.query)))
            body = call.body.decode()
            made.append(
                f"POST {path}?{query} HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: text/xml\r\n"
                f"content-length: {len(call.body)}\r\n\r\n{body}"
            )
        return made


def queues(requests: list[str]) -> list[list[str]]:
    """Dealt out to the clients."""
    return [requests[number::CLIENTS] for number in range(CLIENTS)]


def rounds(
    speaker: Speaker, ours: int, reference: int, *, seconds: float, count: int
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Ours and the reference in turns; what the clients saw."""
    found: tuple[list[dict[str, Any]], list[dict[str, Any]]] = ([], [])
    for number in range(count + 1):
        machine.quiet_moment()
        seen = run_clients(ours, queues(speaker.requests(MOST, f"/channels/{CHANNEL}/callback")), seconds)
        if set(seen["answers"]) != {"200"}:
            raise RuntimeError(f"the gateway answered {seen['answers']}: {seen['refusal'][:400]}")
        bare = run_clients(reference, queues(speaker.requests(MOST, "/echo")), seconds)
        if number:  # the first round warms both up
            found[0].append(seen)
            found[1].append(bare)
    return found


def rate(seen: dict[str, Any]) -> float:
    """Answers a second."""
    return len(seen["latencies"]) / float(seen["seconds"])


async def split(speaker: Speaker, house: MeasuredHouse) -> tuple[str, int]:
    """Where the time of one callback goes, one after the other in process; and its round trips to the database."""
    prepared = house_of(Settings(), "palmtax-bench")
    database = ListeningDatabase(house.dsn)
    prepared.database = database
    app = create_app(prepared, None)
    path, cpu, whole, trips = f"/channels/{CHANNEL}/callback", 0.0, 0.0, [0]
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://palmtax.test") as client:
        calls = [speaker.call() for _ in range(SPLIT + 20)]
        spent = 0.0
        for number, call in enumerate(calls):
            database.sent.clear()
            began = time.perf_counter()
            answer = await client.post(path, params=dict(call.query), content=call.body)
            took = time.perf_counter() - began
            if answer.status_code != 200:
                raise RuntimeError(answer.text[:300])
            if number >= 20:
                whole += took
                spent += sum(one.seconds for one in database.sent)
                trips = [max(trips[0], len(database.sent))]
    now = prepared.clock.now()
    began = time.perf_counter()
    for call in calls:
        receive(speaker.channel.manifest, speaker.section, call, now.fromtimestamp(time.time(), now.tzinfo))
    cpu = (time.perf_counter() - began) / len(calls)
    await database.close()
    each = whole / SPLIT
    lines = [
        f"{'verify, decrypt, read':44}{cpu * 1000:8.2f} ms",
        f"{f'database: {trips[0]} statements, with BEGIN and COMMIT':44}{spent / SPLIT * 1000:8.2f} ms",
        f"{'framework, our edge, log, test client':44}{(each - cpu - spent / SPLIT) * 1000:8.2f} ms",
        f"{'whole, one after the other':44}{each * 1000:8.2f} ms",
    ]
    return "\n".join(lines), trips[0]


def _rows(section: Section, kind: str, ours: list[dict[str, Any]], bare: list[dict[str, Any]]) -> None:
    our_rate, bare_rate = median([rate(one) for one in ours]), median([rate(one) for one in bare])
    late = [one for seen in ours for one in seen["latencies"]]
    bare_late = [one for seen in bare for one in seen["latencies"]]
    ratio = our_rate / bare_rate
    section.add(
        f"{kind}: callbacks a second, and as a share", f"{our_rate:.0f}/s, {ratio:.2f}",
        f"{bare_rate:.0f}/s bare FastAPI echo of the same bytes",
    )  # fmt: skip
    section.add(
        f"{kind}: answered, p50 · p99", f"{quantile(late, 0.5) * 1000:.1f} · {quantile(late, 0.99) * 1000:.1f} ms",
        f"{quantile(bare_late, 0.5) * 1000:.1f} · {quantile(bare_late, 0.99) * 1000:.1f} ms", "< 5 s, or it is repeated",
        reached(quantile(late, 0.99) < 5),
    )  # fmt: skip


def measure(*, seconds: float = SECONDS, count: int = ROUNDS) -> Section:
    """The whole comparison in a house of its own."""
    section = Section(f"gateway: signed and encrypted callback, {CLIENTS} clients, one web process, durable PostgreSQL")
    logs.set_up(level="ERROR")
    with measured_house() as house, echoing() as reference:
        state = house.folder / "sandboxes"
        made = [sys.executable, "-m", "sandboxes", "--state", str(state), "--make-credentials"]
        subprocess.run(made, check=True, timeout=120)
        os.environ["PALMTAX_OUTSIDE_CREDENTIALS_FILE"] = str(state / "credentials.json")
        speaker = Speaker(json.loads((state / "credentials.json").read_text(encoding="utf-8")))
        say("  starting the web server …")
        wait_for(f"{house.url}/healthz", ANSWER_SECONDS, house.start_process("web"))
        for kind in ("receipt", "word"):
            speaker.kind = kind
            ours, bare = rounds(speaker, house.port, reference, seconds=seconds, count=count)
            _rows(section, kind, ours, bare)
        house.children[-1].stop()
        for kind in ("receipt", "word"):
            speaker.kind = kind
            text, trips = asyncio.run(split(speaker, house))
            section.blocks.append((f"where the time of one {kind} goes", text))
            say("\n".join(f"    {line}" for line in [kind, *text.splitlines()]))
            section.notes.append(f"a {kind} takes {trips} statements")
        section.notes.append("the clients run on the same processors as both servers")
    return section


if __name__ == "__main__":
    read = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    read.add_argument("--seconds", type=float, default=SECONDS)
    read.add_argument("--rounds", type=int, default=ROUNDS)
    read.add_argument("--echo", type=int, metavar="PORT", help="be the reference")
    asked = read.parse_args()
    if asked.echo:
        echo(asked.echo)
    else:
        sys.stdout.write(printed([measure(seconds=asked.seconds, count=asked.rounds)]) + "\n")
