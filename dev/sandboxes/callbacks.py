"""Callbacks of the platforms to the product: planned by an act, sent within the platform's rules, spoiled on demand.

A target is one channel of the product. Its address is what `POST …/sandbox/callback {url}` said, or
`<callback-base>/channels/<target>/callback`; without either nothing is sent (and nothing is owed).
"""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import httpx

from sandboxes.ground import Json, Sandbox, read_object

LOOK_SECONDS = 0.05
STALE_SECONDS = 3600
SPOILS = ("forged", "tampered", "stale", "oversized", "bomb")
"""Faults that send a bad callback first; the true one follows."""
TWICE = ("double", "replayed")
"""The same news twice: sealed and signed anew, or byte for byte."""
LONGEST_SAID = 2000
CHANNELS = {"dingtalk_robot": "dingtalk"}
"""Targets that are a second way into a channel."""


@dataclass(frozen=True)
class Packed:
    """What goes over the wire."""

    query: Mapping[str, str]
    body: bytes
    headers: Mapping[str, str]


@dataclass(frozen=True)
class Answer:
    """What came back; status 0 when nothing did in time."""

    status: int
    body: bytes


@dataclass(frozen=True)
class Target:
    """How one channel's callbacks are packed, when they count as taken, how often they are repeated."""

    name: str
    pack: Callable[[Sandbox, str, str], Packed]
    is_taken: Callable[[Sandbox, Answer], bool]
    heard: Callable[[Sandbox, sqlite3.Row, Answer], None] = field(default=lambda _sandbox, _row, _answer: None)
    gaps: tuple[float, ...] = (5, 5)
    """Seconds between the tries."""


def url_of(sandbox: Sandbox, target: str) -> str:
    """Where this target's callbacks go; empty when nobody said."""
    row = sandbox.state.row("select value from setting where name = ?", f"callback:{target}")
    if row:
        return str(row["value"])
    base = sandbox.options.callback_base
    key = sandbox.credentials.sections.get(target, {}).get("callback_key", "")  # SMS: the address is the secret
    return f"{base}/channels/{CHANNELS.get(target, target)}/callback{f'?key={key}' if key else ''}" if base else ""


def set_url(sandbox: Sandbox, target: str, url: str) -> None:
    """Where to send from now on."""
    sandbox.state.set(f"callback:{target}", url)


def is_loopback(url: Any) -> bool:
    """Only this machine is ever called."""
    try:
        parts = urlsplit(url if isinstance(url, str) else "")
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and parts.hostname in {"127.0.0.1", "localhost", "::1"}


def plan(sandbox: Sandbox, target: str, sender: str, body: str) -> int:
    """Owe one callback; the faults `late`, `missing`, `double`, `replayed` and `reorder` are taken here. Its number."""
    if not url_of(sandbox, target):
        return 0
    now = sandbox.now()
    fault = sandbox.faults.take(f"{target}_callback", "late", "missing", "reorder", *TWICE)
    kind = fault.kind if fault else ""
    wait = fault.seconds if fault and kind == "late" else 0
    sandbox.state.run(
        "insert into callback (target, sender, body, made_at, next_at, is_held, twice) values (?, ?, ?, ?, ?, ?, ?)",
        target,
        sender,
        body,
        now,
        None if kind in {"missing", "reorder"} else now + wait,
        int(kind == "reorder"),
        kind if kind in TWICE else "",
    )
    return int(sandbox.state.number("select last_insert_rowid()"))


async def run_forever(sandbox: Sandbox, targets: Mapping[str, Target]) -> None:
    """Send what is due until cancelled: one at a time per sender, all senders at once."""
    under_way: dict[int, asyncio.Task[None]] = {}
    wake = asyncio.Event()
    limits = httpx.Limits(max_connections=200, max_keepalive_connections=50)
    async with httpx.AsyncClient(timeout=None, trust_env=False, limits=limits) as http:  # noqa: S113  # _post has its own
        try:
            while True:
                for number in [number for number, task in under_way.items() if task.done()]:
                    del under_way[number]
                for row in _due(sandbox, under_way):
                    sending = _send(sandbox, http, targets[row["target"]], row)
                    task = under_way[row["callback_id"]] = asyncio.create_task(sending)
                    task.add_done_callback(lambda _: wake.set())
                # Whoever is done lets the next of the same sender go at once.
                with suppress(TimeoutError):
                    async with asyncio.timeout(LOOK_SECONDS):
                        await wake.wait()
                wake.clear()
        finally:
            for task in under_way.values():
                task.cancel()
            await asyncio.gather(*under_way.values(), return_exceptions=True)


def _due(sandbox: Sandbox, under_way: Mapping[int, object]) -> list[sqlite3.Row]:
    rows = sandbox.state.rows("select * from callback where next_at <= ? order by callback_id limit 500", sandbox.now())
    busy = {(row["target"], row["sender"]) for row in rows if row["callback_id"] in under_way}
    chosen = []
    for row in rows:
        if row["callback_id"] not in under_way and (row["target"], row["sender"]) not in busy:
            busy.add((row["target"], row["sender"]))
            chosen.append(row)
    return chosen


async def _send(sandbox: Sandbox, http: httpx.AsyncClient, target: Target, row: sqlite3.Row) -> None:
    """One try, and what was planned to go wrong with it."""
    fault = sandbox.faults.take(f"{target.name}_callback", *SPOILS)
    if fault:
        await _post(sandbox, http, row, target.pack(sandbox, row["body"], fault.kind), fault.kind)
    started, packed = sandbox.now(), target.pack(sandbox, row["body"], "")
    answer = await _post(sandbox, http, row, packed, "")
    if row["attempt"] == 0 and row["twice"]:
        again = packed if row["twice"] == "replayed" else target.pack(sandbox, row["body"], "")
        await _post(sandbox, http, row, again, row["twice"])
    taken, attempt = target.is_taken(sandbox, answer), row["attempt"]
    is_last = taken or attempt >= len(target.gaps)
    pause = 0 if is_last else target.gaps[attempt] * sandbox.options.callback_pace
    sandbox.state.run(
        "update callback set attempt = ?, taken_at = ?, next_at = ? where callback_id = ?",
        attempt + 1,
        sandbox.now() if taken else None,
        None if is_last else started + pause,
        row["callback_id"],
    )
    # What was held back comes after the news that was to follow it.
    sandbox.state.run(
        "update callback set is_held = 0, next_at = ? where target = ? and is_held = 1 and callback_id < ?",
        sandbox.now(),
        target.name,
        row["callback_id"],
    )
    if is_last:
        target.heard(sandbox, row, answer)


async def _post(sandbox: Sandbox, http: httpx.AsyncClient, row: sqlite3.Row, packed: Packed, spoil: str) -> Answer:
    started = time.monotonic()
    url, headers = url_of(sandbox, row["target"]), {"User-Agent": "Mozilla/4.0", "Accept": "*/*", **packed.headers}
    try:
        async with asyncio.timeout(sandbox.options.callback_answer_seconds):
            found = await http.post(url, params=dict(packed.query) or None, content=packed.body, headers=headers)
            answer = Answer(found.status_code, found.content)
    except (TimeoutError, httpx.HTTPError, httpx.InvalidURL):
        answer = Answer(0, b"")
    sandbox.state.run(
        "insert into callback_try values (?, ?, ?, ?, ?, ?)",
        row["callback_id"],
        sandbox.now(),
        time.monotonic() - started,
        spoil,
        answer.status,
        answer.body[:LONGEST_SAID].decode("utf-8", "replace"),
    )
    return answer


async def check_url(sandbox: Sandbox, target: str, query: Mapping[str, str], expected: str, seconds: float) -> Json:
    """Ask as the console does when an address is entered: a GET whose answer must be `expected`, in time."""
    started = time.monotonic()
    try:
        async with asyncio.timeout(seconds), httpx.AsyncClient(timeout=None, trust_env=False) as http:  # noqa: S113
            found = await http.get(url_of(sandbox, target), params=dict(query))
            status, said = found.status_code, found.text
    except (TimeoutError, httpx.HTTPError, httpx.InvalidURL) as error:
        status, said = 0, type(error).__name__
    is_good = status == 200 and said == expected
    return Json(
        {"is_good": is_good, "status": status, "said": said[:LONGEST_SAID], "seconds": time.monotonic() - started},
        200 if is_good else 422,
    )


async def post_once(sandbox: Sandbox, target: str, body: bytes, kind: str) -> Answer:
    """One POST outside the plan, as a console does when an address is entered."""
    try:
        async with asyncio.timeout(5), httpx.AsyncClient(timeout=None, trust_env=False) as http:  # noqa: S113
            found = await http.post(url_of(sandbox, target), content=body, headers={"content-type": kind})
    except (TimeoutError, httpx.HTTPError, httpx.InvalidURL):
        return Answer(0, b"")
    return Answer(found.status_code, found.content)


def listed(sandbox: Sandbox, target: str, limit: int = 100) -> list[dict[str, Any]]:
    """The newest callbacks of a target (of all when empty) with their tries."""
    rows = sandbox.state.rows(
        "select * from callback where ? in ('', target) order by callback_id desc limit ?", target, limit
    )
    tries = "select * from callback_try where callback_id = ? order by rowid"
    return [
        {**dict(row), "tries": [dict(one) for one in sandbox.state.rows(tries, row["callback_id"])]} for row in rows
    ]


async def set_from(sandbox: Sandbox, request: Any, names: tuple[str, ...]) -> Json:
    """`POST …/sandbox/callback {url, target?}`: where this platform's callbacks go; `url` empty: back to the base."""
    asked = await read_object(request) or {}
    target, url = asked.get("target", names[0]), asked.get("url")
    if target not in names or (url and not is_loopback(url)):
        return Json({"error": f"target one of {list(names)}; url on loopback"}, 422)
    if url:
        set_url(sandbox, target, url)
    else:
        sandbox.state.run("delete from setting where name = ?", f"callback:{target}")
    return Json({"target": target, "url": url_of(sandbox, target)})
