"""Chaos run: pushes over six channels while providers fail, slow down, repeat and revoke, and everything is killed.

    make chaos                    50,000 pushes to some thousands of people
    make chaos SIZE=2000          small
    python -m bench.chaos --size 400 --seed 7

Told are messages that must arrive and messages that may; each person has one wished way, all have a phone. Afterwards each
message stands on a phone once or lies with the dead letters and says why: the sandboxes' own record of what phones received
is compared with the database, message by message. Exit code 1 when that does not hold. It ends by itself.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import os
import random
import shutil
import signal
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import asyncpg
import httpx

from bench.chaos_house import ChaosHouse, Person, chaos_house
from bench.chaos_verdict import Verdict, table, verdict
from palmtax import messaging
from palmtax.base.identifiers import uuid7
from palmtax.channels import tasks as channel_tasks
from palmtax.entry.house import context_of, house_of
from palmtax.entry.processes import REPOSITORY
from palmtax.messaging import tasks as messaging_tasks
from palmtax.plumbing.database import CONNECTION_LOST
from palmtax.plumbing.outbox import TaskContext
from palmtax.plumbing.settings import Settings

TEMPLATES = ("application_refused", "application_approved")
"""One that must arrive, one that goes as people wish."""
SERVERS = ("wechat", "sms", "sms2", "web_push", "email")
HTTP_FAULTS = ("slow", "error", "too_many", "garbage", "drop_before", "drop_after")
PORTION = 20
RED_SECONDS = 60
WITH_TOKEN = 1000
"""From this size on a dead token is measured too."""
PROGRESS_SECONDS = 5.0
LOST = (*CONNECTION_LOST, asyncpg.PostgresError)


@dataclass(slots=True)
class Run:
    """What was asked, what was told, what was broken."""

    size: int
    every: float
    rnd: random.Random
    told: dict[str, tuple[str, str]] = field(default_factory=dict)
    kills: Counter[str] = field(default_factory=Counter)
    troubles: Counter[str] = field(default_factory=Counter)
    is_over: bool = False


_shown_at = [0.0]


def progress(text: str) -> None:
    """Say how far it is, every few seconds."""
    if time.monotonic() - _shown_at[0] >= PROGRESS_SECONDS:
        _shown_at[0] = time.monotonic()
        sys.stdout.write(f"  {text}\n")
        sys.stdout.flush()


async def tell_all(run: Run, context: TaskContext, people: list[Person]) -> None:
    """Tell every message in portions of one transaction each, again with the same keys when the database was away."""
    for start in range(0, run.size, PORTION):
        portion = {
            f"chaos:{number}": (people[number % len(people)], str(uuid7()))
            for number in range(start, min(start + PORTION, run.size))
        }
        while True:
            try:
                async with context.database.transaction() as tx:
                    for number, (key, (who, subject)) in enumerate(portion.items()):
                        await _tell(tx, context, key, who, subject, TEMPLATES[number % 2])
                break
            except LOST:
                await asyncio.sleep(0.3)
        run.told |= {key: (who.group, subject) for key, (who, subject) in portion.items()}
        await _wait_for_room(context)


async def _tell(tx: Any, context: TaskContext, key: str, who: Person, subject: str, template: str) -> None:
    values = messaging.find_template(template).samples() | {"application_no": f"BJ{int(key[6:]):014d}"}
    await messaging.tell(
        tx, clock=context.clock, taxpayer_id=who.taxpayer_id, template=template, values=values,
        subject_kind="application", subject_id=subject, key=key, for_person_id=who.person_id,
    )  # fmt: skip


async def _wait_for_room(context: TaskContext) -> None:
    """Not more than a thousand jobs wait: a run is a long battle, not one heap."""
    while True:
        try:
            async with context.database.statement() as tx:
                if (
                    await tx.fetchval("select count(*) from pgqueuer where status = 'queued' and execute_after < now()")
                    < 1000
                ):
                    return
        except LOST:
            pass
        await asyncio.sleep(0.2)


async def trouble(run: Run, house: ChaosHouse) -> None:
    """One thing after the other goes wrong outside; what was planned ends by itself or is cleared."""
    async with httpx.AsyncClient(base_url=house.sandbox, timeout=5) as http:
        while not run.is_over:
            try:
                await _one_trouble(run, http)
            except httpx.HTTPError:
                run.troubles["sandbox away"] += 1
            await asyncio.sleep(run.rnd.uniform(0.3, 1.0))


async def _one_trouble(run: Run, http: httpx.AsyncClient) -> None:
    rnd = run.rnd
    server = rnd.choice(SERVERS)
    kind = rnd.choice(
        (
            "http",
            "http",
            "http",
            "http",
            "callback",
            "callback",
            "undelivered",
            "quota",
            "revoke",
            "outage",
            "wrong code",
        )
    )
    fault: dict[str, Any] = {"server": server, "count": rnd.randint(3, 25), "chance": 0.3}
    if kind == "http":
        fault["kind"] = rnd.choice(HTTP_FAULTS if server != "email" else ("slow", "drop_before", "drop_after"))
        fault["seconds"] = rnd.choice((0.5, 3)) if fault["kind"] == "slow" else 0
    elif kind == "callback":
        target = rnd.choice(("wechat_oa", "wechat_mini", "sms", "sms2"))
        fault |= {"server": f"{target}_callback", "seconds": rnd.uniform(0, 3)}
        fault["kind"] = rnd.choice(("late", "missing", "double", "replayed", "reorder"))
    elif kind == "undelivered":
        fault["server"] = server if server in ("sms", "sms2", "wechat") else "sms"
        fault["kind"] = "undelivered" if fault["server"] == "wechat" else rnd.choice(("undelivered", "lost"))
    elif kind == "quota":
        fault |= {"server": "wechat", "kind": "errcode", "code": "45009"}
    elif kind == "wrong code":
        fault |= {"kind": "refuse", "code": {"email": "451", "web_push": "503"}.get(server, "")}
        fault |= {"server": "wechat", "kind": "errcode", "code": "-1"} if server == "wechat" else {}
    elif kind == "revoke":
        (await http.post("/wechat/sandbox/revoke-tokens", json={})).raise_for_status()
    elif kind == "outage":
        fault |= {"kind": "drop_before", "count": 100_000, "chance": 1}
        run.troubles["outage"] += 1
        (await http.post("/sandbox/faults", json=fault)).raise_for_status()
        await asyncio.sleep(rnd.uniform(1, 4))
        (await http.delete("/sandbox/faults")).raise_for_status()
        return
    run.troubles[f"{fault['server']} {fault.get('kind', kind)}" if kind != "revoke" else kind] += 1
    if kind != "revoke":
        (await http.post("/sandbox/faults", json=fault)).raise_for_status()


async def killing(run: Run, house: ChaosHouse) -> None:
    """SIGKILL to a process chosen by lot, workers more often; each kind at least once."""
    waiting = ["worker0", "postgres", "sandboxes", "web"]
    while not run.is_over:
        await asyncio.sleep(run.every * run.rnd.uniform(0.6, 1.4))
        alive = {
            c.name: c.process.pid for c in house.town.children if c.process is not None and c.process.poll() is None
        }
        postgres = house.town.postgres
        if postgres is not None and postgres.process is not None and postgres.alive():
            alive["postgres"] = postgres.process.pid
        names = [name for name in alive if name.startswith("worker")] * 2 + list(alive)
        first = next((name for name in waiting if name in alive), "")
        name = first or (run.rnd.choice(names) if names else "")
        if name and not run.is_over:
            os.kill(alive[name], signal.SIGKILL)
            run.kills[name.rstrip("0123456789")] += 1
            waiting = [one for one in waiting if one != name]


async def clockwork(context: TaskContext) -> None:
    """What the minute's clock does in the house, every second or two here: sweeps, looks, receipts that never came."""
    beats = (messaging_tasks.sweep, channel_tasks.give_up_silent, channel_tasks._look)
    while True:
        for beat in beats:
            try:
                await (beat(context) if beat is channel_tasks._look else beat(context, {}))
            except LOST:
                await asyncio.sleep(0.5)
        await asyncio.sleep(1)


_OPEN = (
    "select (select count(*) from messaging_delivery where next_at is not null)"
    " + (select count(*) from pgqueuer where status in ('queued', 'picked') and entrypoint like 'messaging.%')"
    " + (select count(*) from channels_handed where stage = 'handed' and stage_at is null)"
)


async def rest(context: TaskContext, sandbox: str, seconds: float) -> bool:
    """Everything works again: wait until nothing is open any more; false when time ends before."""
    async with httpx.AsyncClient(base_url=sandbox, timeout=5) as http:
        until, calm = time.monotonic() + seconds, 0
        while time.monotonic() < until:
            try:
                (await http.delete("/sandbox/faults")).raise_for_status()
                async with context.database.statement() as tx:
                    left = await tx.fetchval(_OPEN)
                calm = calm + 1 if left == 0 else 0
                progress(f"coming to rest: {left} open")
            except (*LOST, httpx.HTTPError):
                calm = 0
            if calm >= 3:
                return True
            await asyncio.sleep(0.5)
    return False


async def dead_token(context: TaskContext, sandbox: str) -> float | None:
    """Every token of WeChat is refused from now on and nothing is sent: seconds until the channel is red, by the house's clock."""
    dead = {"server": "wechat", "kind": "errcode", "code": "40001", "count": 1_000_000}
    async with httpx.AsyncClient(base_url=sandbox, timeout=5) as http:
        (await http.post("/wechat/sandbox/revoke-tokens", json={})).raise_for_status()
        (await http.post("/sandbox/faults", json=dead)).raise_for_status()
        began = time.monotonic()
        while time.monotonic() - began < RED_SECONDS + 30:
            async with context.database.statement() as tx:
                light = await tx.fetchval("select light from channels_standing where channel = 'wechat_oa'")
            if light == "red":
                return time.monotonic() - began
            progress(f"a dead token: {light} after {time.monotonic() - began:.0f} s")
            await asyncio.sleep(0.2)
    return None


async def battle(run: Run, house: ChaosHouse, patience: float, *, with_token: bool) -> Verdict:
    """Tell, trouble and kill at once; then rest; then compare."""
    context = context_of(house_of(Settings(), "palmtax-chaos"))
    telling = asyncio.create_task(tell_all(run, context, house.people))
    beside = [asyncio.create_task(one) for one in (trouble(run, house), killing(run, house))]
    beating = asyncio.create_task(clockwork(context))
    began = time.monotonic()
    while not telling.done() or len(run.kills) < 4:
        await asyncio.sleep(0.5)
        progress(
            f"{time.monotonic() - began:5.0f} s  told {len(run.told)}  kills {sum(run.kills.values())}"
            f"  troubles {sum(run.troubles.values())}"
        )
    await telling
    run.is_over = True
    await asyncio.gather(*beside)
    is_calm = await rest(context, house.sandbox, patience)
    beating.cancel()
    sections = house.credentials()
    made = await verdict(house.town.dsn, run.told, house.sqlite, sections["wechat"]["app_id"])
    if not is_calm:
        made.blame(f"not at rest after {patience:.0f} s", "")
    if with_token:
        seconds = await dead_token(context, house.sandbox)
        sys.stdout.write(f"  a dead token was red after {seconds:.0f} s\n" if seconds else "")
        if seconds is None or seconds > RED_SECONDS:
            made.blame(f"a dead token is not red within {RED_SECONDS} s", seconds)
    await context.database.close()
    sys.stdout.write(
        f"  {time.monotonic() - began:.0f} s · kills {dict(run.kills)}\n  troubles {dict(run.troubles.most_common())}\n"
    )
    return made


def main() -> int:
    """Run it; 0 when the promise holds."""
    read = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    read.add_argument("--size", type=int, default=50_000)
    read.add_argument("--people", type=int, default=0, help="default: one for twelve messages, 60 to 4,000")
    read.add_argument("--workers", type=int, default=3)
    read.add_argument(
        "--every", type=float, default=0.0,
        help="seconds between kills, on average; default 5, from 10,000 messages on 15: a process needs some to come back",
    )  # fmt: skip
    read.add_argument("--seed", type=int, default=1)
    read.add_argument(
        "--receipts", type=int, default=150, metavar="SECONDS",
        help="how long a receipt is waited for; a provider repeats a lost one after 60",
    )  # fmt: skip
    read.add_argument("--token", action="store_true", help="measure afterwards how soon a dead token is red (a minute)")
    read.add_argument("--keep", action="store_true", help="leave the folder, to look at logs")
    asked = read.parse_args()
    logging.getLogger("asyncpg.pool").setLevel(logging.CRITICAL)
    asked.token = asked.token or asked.size >= WITH_TOKEN
    people = asked.people or min(max(asked.size // 12, 60), 4000)
    run = Run(asked.size, asked.every or (5.0 if asked.size < 10_000 else 15.0), random.Random(asked.seed))
    above = REPOSITORY / "var"
    above.mkdir(exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="chaos-", dir=above))
    folder.chmod(0o755)
    try:
        with (
            chaos_house(
                folder, people=people, workers=asked.workers, seed=asked.seed, receipt_seconds=asked.receipts
            ) as house,
            _watched(house),
        ):
            made = asyncio.run(battle(run, house, 300 + asked.size / 50, with_token=asked.token))
    finally:
        if not asked.keep:
            shutil.rmtree(folder, ignore_errors=True)
    return shown(made)


@contextmanager
def _watched(house: ChaosHouse) -> Iterator[None]:
    """What was killed is started again."""
    stop = threading.Event()
    watch = threading.Thread(target=lambda: house.town.watch(stop.is_set), daemon=True)
    watch.start()
    try:
        yield
    finally:
        stop.set()
        watch.join(5)


def shown(made: Verdict) -> int:
    """The table and what does not hold; 1 when anything does not."""
    sys.stdout.write(table(made) + "\n")
    for what, count in made.wrong.items():
        sys.stdout.write(f"  WRONG ×{count}: {what}\n      {made.samples.get(what, '')}\n")
    sys.stdout.write("the promise holds\n" if not made.wrong else f"{len(made.wrong)} promises broken\n")
    return 1 if made.wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())
