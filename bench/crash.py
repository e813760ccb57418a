"""Crash test: returns are filed and paid by clients that retry, while server, worker, sandboxes and database are killed.

    make crash                                  2,000 returns, a kill every two seconds
    python bench/crash.py --returns 200 --every 1.5 --seed 7

Afterwards: every acknowledged return and payment is there exactly once, the ledger balances to the fen, every order that was paid at
the channel is paid with us, nothing waits for ever, no dead letters. Ends with exit code 1 when anything of that does not hold.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import signal
import sys
import tempfile
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import asyncpg
import httpx

from demo import load, sessions
from palmtax.base.clock import SystemClock
from palmtax.entry.domains import load_everything
from palmtax.entry.processes import Town, free_port_pair
from palmtax.plumbing.settings import Settings

TODAY = date(2026, 10, 21)
PERIOD = "2026Q3"
PATIENCE_SECONDS = 240


@dataclass
class Tally:
    """What the clients were told, and what they had to bear."""

    filed: dict[int, str] = field(default_factory=dict)
    paid: dict[int, str] = field(default_factory=dict)
    nothing_due: set[int] = field(default_factory=set)
    gave_up: dict[int, str] = field(default_factory=dict)
    answers: Counter[str] = field(default_factory=Counter)
    kills: Counter[str] = field(default_factory=Counter)


class Client:
    """One taxpayer's phone: repeats every call with the same key until it has an answer."""

    def __init__(
        self, http: httpx.AsyncClient, who: sessions.Opened, tally: Tally, pay_url: str, rnd: random.Random
    ) -> None:
        self.http, self.who, self.tally, self.pay_url, self.rnd = http, who, tally, pay_url, rnd
        self.deadline = time.monotonic() + PATIENCE_SECONDS

    async def call(self, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, Any]:
        """Call until the answer is neither a lost connection nor 5xx nor 429; TimeoutError when patience ends."""
        wait = 0.1
        while time.monotonic() < self.deadline:
            try:
                answer = await self.http.request(
                    method, path, json=body, headers={"authorization": f"Bearer {self.who.access_token}", **headers}
                )
                self.tally.answers[str(answer.status_code)] += 1
                data = answer.json() if answer.content else None
                busy = answer.status_code == 409 and data.get("code") == "plumbing.busy"
                if answer.status_code < 500 and answer.status_code != 429 and not busy:
                    return answer.status_code, data
            except (httpx.HTTPError, json.JSONDecodeError) as lost:
                self.tally.answers[type(lost).__name__] += 1
            await asyncio.sleep(wait * self.rnd.uniform(0.5, 1.5))
            wait = min(wait * 1.7, 2.0)
        raise TimeoutError(f"{method} {path}")

    async def file(self) -> dict[str, Any]:
        """Begin (or find) the draft and submit it; the idempotency key never changes."""
        while True:
            status, draft = await self.call(
                "POST", "/api/filing/drafts", {"tax_type_code": "vat_small_scale", "period": PERIOD}
            )
            if status == 409 and draft["code"] == "filing.already_filed":
                _, page = await self.call("GET", f"/api/filing/returns?period={PERIOD}")
                return dict(page["returns"][0])
            if status not in (200, 201):
                raise RuntimeError(f"draft {status} {draft['code']}")
            status, answer = await self.call(
                "POST",
                "/api/filing/returns",
                {
                    "draft_id": draft["draft_id"],
                    "version": draft["version"],
                    "confirmed_due_now_fen": draft["result"]["due_now_fen"],
                },
                **{"idempotency-key": f"crash-{self.who.taxpayer_id}-{PERIOD}"},
            )
            if status in (200, 201):
                return dict(answer)
            if answer["code"] not in ("filing.draft_changed", "filing.amount_changed"):
                raise RuntimeError(f"return {status} {answer['code']}")

    async def pay(self, return_id: str) -> str:
        """Order, prepay, pay at the channel, wait until we say paid."""
        while True:
            status, order = await self.call("POST", "/api/payment/orders", {"return_id": return_id})
            if status == 409 and order["code"] == "payment.nothing_due":
                return "paid before"
            if status not in (200, 201):
                raise RuntimeError(f"order {status} {order['code']}")
            path = f"/api/payment/orders/{order['order_id']}"
            status, prepay = await self.call("POST", f"{path}/wechat", {"trade": "jsapi"})
            if status == 200:
                await self._pay_at_channel(prepay)
            elif prepay["code"] not in ("payment.already_paid", "payment.order_paid"):
                raise RuntimeError(f"prepay {status} {prepay['code']}")
            for _ in range(40):
                _, seen = await self.call("GET", path)
                if seen["state"] == "paid":
                    return str(order["order_id"])
                if seen["state"] in ("expired", "cancelled"):
                    break
                await asyncio.sleep(0.5)
                await self.call("POST", f"{path}/query")

    async def _pay_at_channel(self, prepay: dict[str, Any]) -> None:
        while time.monotonic() < self.deadline:
            try:
                answer = await self.http.post(self.pay_url, json=prepay)
                if answer.status_code < 500:
                    return
            except httpx.HTTPError as lost:
                self.tally.answers[f"channel {type(lost).__name__}"] += 1
            await asyncio.sleep(0.3)

    async def live(self) -> None:
        """File and pay; what was acknowledged is noted."""
        try:
            answer = await self.file()
            self.tally.filed[self.who.taxpayer_id] = answer["return_id"]
            if answer["result"]["due_now_fen"] == 0:
                self.tally.nothing_due.add(self.who.taxpayer_id)
            else:
                self.tally.paid[self.who.taxpayer_id] = await self.pay(answer["return_id"])
        except (TimeoutError, RuntimeError, KeyError) as why:
            self.tally.gave_up[self.who.taxpayer_id] = f"{type(why).__name__}: {why}"


def kill_one(town: Town, rnd: random.Random, tally: Tally) -> None:
    """SIGKILL to one process, chosen by lot."""
    choices = [(c.name, c.process.pid) for c in town.children if c.process is not None and c.process.poll() is None]
    if town.postgres is not None and town.postgres.process is not None and town.postgres.alive():
        choices.append(("postgres", town.postgres.process.pid))
    if choices:
        name, pid = rnd.choice(choices)
        os.kill(pid, signal.SIGKILL)
        tally.kills[name] += 1


async def run_clients(
    opened: list[sessions.Opened], server: str, pay_url: str, tally: Tally, rnd: random.Random, at_once: int
) -> None:
    """All journeys, so many at a time."""
    gate = asyncio.Semaphore(at_once)
    async with httpx.AsyncClient(base_url=server, timeout=8, limits=httpx.Limits(max_connections=64)) as http:

        async def one(who: sessions.Opened) -> None:
            async with gate:
                await Client(http, who, tally, pay_url, random.Random(rnd.random())).live()

        await asyncio.gather(*(one(who) for who in opened))


async def quiet(dsn: str, seconds: float) -> None:
    """Wait until no job is due or running."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            connection = await asyncpg.connect(dsn)
            waiting = await connection.fetchval(
                "select count(*) from pgqueuer where status in ('queued', 'picked') and execute_after < now() + interval '1 s'"
            )
            await connection.close()
            if waiting == 0:
                return
        except (OSError, asyncpg.PostgresError):
            pass
        await asyncio.sleep(0.5)


CHECKS: dict[str, str] = {
    "two returns in force for one period": (
        "select count(*) from (select taxpayer_id from filing_return where period = $1 and filed_at > $2 and kind = 'original'"
        " group by taxpayer_id having count(*) > 1) twice"
    ),
    "returns without exactly one evidence entry": (
        "select count(*) from filing_return r where period = $1 and filed_at > $2 and 1 <> (select count(*) from evidence_entry e"
        " where e.taxpayer_id = r.taxpayer_id and e.subject_id = r.return_id and e.act = 'filing.return_submitted')"
    ),
    "charges that are not the return's": (
        "select count(*) from filing_return r where period = $1 and filed_at > $2 and (r.result->>'payable_fen')::bigint <>"
        " coalesce((select sum(l.amount_fen) from payment_entry e join payment_line l on l.taxpayer_id = e.taxpayer_id"
        " and l.entry_id = e.entry_id where e.taxpayer_id = r.taxpayer_id and e.return_id = r.return_id and e.kind = 'charge'"
        " and l.tax_type_code <> 'late_fee'), 0)"
    ),
    "settled more than once": (
        "select count(*) from (select taxpayer_id, order_id from payment_entry where period = $1 and booked_at > $2"
        " and kind = 'settlement' group by 1, 2 having count(*) > 1) twice"
    ),
    "paid orders without settlement": (
        "select count(*) from payment_order o where period = $1 and created_at > $2 and state = 'paid' and not exists"
        " (select 1 from payment_entry e where e.taxpayer_id = o.taxpayer_id and e.order_id = o.order_id and e.kind = 'settlement')"
    ),
    "dead letters": "select count(*) from pgqueuer where status = 'failed' and $1::text is not null and $2::timestamptz is not null",
}


async def verdict(dsn: str, tally: Tally, trades: list[dict[str, Any]], began: Any) -> list[str]:
    """Everything that does not hold, in words; empty when all is well."""
    wrong = (
        [f"{len(tally.gave_up)} clients gave up: {Counter(tally.gave_up.values()).most_common(3)}"]
        if tally.gave_up
        else []
    )
    connection = await asyncpg.connect(dsn)
    for name, query in CHECKS.items():
        found = await connection.fetchval(query, PERIOD, began)
        if found:
            wrong.append(f"{name}: {found}")
    filed = {
        r["taxpayer_id"]: str(r["return_id"])
        for r in await connection.fetch(
            "select taxpayer_id, return_id from filing_return where period = $1 and filed_at > $2", PERIOD, began
        )
    }
    lost = [t for t, r in tally.filed.items() if filed.get(t) != r]
    if lost:
        wrong.append(f"acknowledged returns that are not there: {len(lost)}")
    states = {
        str(r["order_id"]): r["state"] for r in await connection.fetch("select order_id, state from payment_order")
    }
    unpaid = [o for o in tally.paid.values() if o != "paid before" and states.get(o) != "paid"]
    if unpaid:
        wrong.append(f"acknowledged payments that are not there: {len(unpaid)}")
    numbers = {
        r["out_trade_no"]: str(r["order_id"]) for r in await connection.fetch("select * from payment_trade_number")
    }
    stuck = [
        t["out_trade_no"]
        for t in trades
        if t["trade_state"] == "SUCCESS" and states.get(numbers.get(t["out_trade_no"], "")) != "paid"
    ]
    if stuck:
        wrong.append(f"orders paid at the channel but not with us: {len(stuck)} {stuck[:3]}")
    await connection.close()
    return wrong


def main() -> int:
    """Run it; 0 when everything holds."""
    read = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    read.add_argument("--returns", type=int, default=2000)
    read.add_argument("--every", type=float, default=2.0, help="seconds between kills, on average")
    read.add_argument("--at-once", type=int, default=16)
    read.add_argument("--seed", type=int, default=1)
    asked = read.parse_args()
    rnd = random.Random(asked.seed)
    load_everything()
    tally = Tally()
    with tempfile.TemporaryDirectory(prefix="palmtax-crash-") as folder:
        Path(folder).chmod(0o755)
        server_port = free_port_pair(900)
        os.environ |= {
            "PALMTAX_SERVER_PORT": str(server_port),
            "PALMTAX_SERVER_PUBLIC_URL": f"http://127.0.0.1:{server_port}",
            "PALMTAX_SERVER_SHIFT_DAYS": str((TODAY - SystemClock().today()).days),
            "PALMTAX_FILES_FOLDER": f"{folder}/files",
            "PALMTAX_PRIVACY_KEY_FILE": f"{folder}/privacy.key",
        }
        town = Town(Settings(), Path(folder) / "var", sandbox_arguments=["--notice-pace", "0.05"])
        stop = threading.Event()
        watch = threading.Thread(target=lambda: town.watch(stop.is_set), daemon=True)
        try:
            town.start_database()
            os.environ["PALMTAX_DATABASE_URL"] = town.dsn
            load.fill(
                town.dsn, taxpayers=asked.returns, seed=asked.seed, today=TODAY, kinds="small_scale", history=False
            )
            town.start_services()
            wechat = f"http://127.0.0.1:{town.sandbox_port}/wechat"
            opened = asyncio.run(
                sessions.open_for_everybody(town.dsn, TODAY, town.credentials_app_id(), wechat, limit=asked.returns)
            )
            watch.start()
            return asyncio.run(_battle(town, opened, asked, tally, rnd))
        finally:
            stop.set()
            if watch.is_alive():
                watch.join(5)
            town.stop()


async def _battle(
    town: Town, opened: list[sessions.Opened], asked: argparse.Namespace, tally: Tally, rnd: random.Random
) -> int:
    server = f"http://127.0.0.1:{os.environ['PALMTAX_SERVER_PORT']}"
    sandbox = f"http://127.0.0.1:{town.sandbox_port}"
    connection = await asyncpg.connect(town.dsn)
    began = await connection.fetchval("select max(filed_at) from filing_return") or sessions.LONG_AGO
    await connection.close()
    started = time.monotonic()
    clients = asyncio.create_task(run_clients(opened, server, f"{sandbox}/pay/sandbox/pay", tally, rnd, asked.at_once))
    while not clients.done():
        await asyncio.sleep(asked.every * rnd.uniform(0.5, 1.5))
        if not clients.done():
            kill_one(town, rnd, tally)
        sys.stdout.write(
            f"\r  {time.monotonic() - started:5.0f} s  filed {len(tally.filed)}  paid {len(tally.paid)}"
            f"  nothing due {len(tally.nothing_due)}  kills {sum(tally.kills.values())} "
        )
        sys.stdout.flush()
    await clients
    sys.stdout.write("\n")
    await asyncio.sleep(3)
    await quiet(town.dsn, 60)
    trades = await all_trades(Path(town.var) / "sandboxes")
    wrong = await verdict(town.dsn, tally, trades, began)
    sys.stdout.write(
        f"  {time.monotonic() - started:.0f} s · kills {dict(tally.kills)} · answers {dict(tally.answers.most_common())}\n"
        f"  filed {len(tally.filed)} · paid {len(tally.paid)} · nothing due {len(tally.nothing_due)}\n"
    )
    wrong += faults_logged(Path(town.var) / "log" / "web.log")
    for line in wrong:
        sys.stdout.write(f"  WRONG {line}\n")
    sys.stdout.write(f"{max(len(CHECKS) + 5 - len(wrong), 0)} passed, {len(wrong)} failed\n")
    return 1 if wrong else 0


def faults_logged(log: Path) -> list[str]:
    """Faults of ours (5xx that are not a lost database) that the web server logged, by their last line."""
    met = [json.loads(line) for line in log.read_text(errors="replace").splitlines() if "plumbing.fault_met" in line]
    kinds = Counter(str(m.get("exception", "")).strip().splitlines()[-1:][0] for m in met if m.get("exception"))
    return [f"fault ×{count}: {kind}" for kind, count in kinds.items()]


async def all_trades(state: Path) -> list[dict[str, Any]]:
    """Every order the channel knows, read from its own state file."""
    return await asyncio.to_thread(sessions.trades_of_sandbox, state)


if __name__ == "__main__":
    raise SystemExit(main())
