"""Making the town ready when the house starts: load it once, remember its day and its people, tell the newcomer.

A start that finds the town loaded reads one note and imports none of the town; what makes the town lies in `first`.
"""

from __future__ import annotations

import asyncio
import importlib
import json
import os
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import asyncpg

from palmtax.base.clock import SystemClock


async def is_empty(dsn: str) -> bool:
    """Whether no taxpayer is there yet."""
    connection = await asyncpg.connect(dsn)
    try:
        return not await connection.fetchval("select exists (select 1 from registry_taxpayer)")
    finally:
        await connection.close()


@dataclass(frozen=True, slots=True)
class Ready:
    """A town that is loaded: its day, its seed and day of loading, and the table of its people."""

    today: date
    seed: int
    loaded_for: date
    people: tuple[str, ...]

    def welcome(self, url: str, sandbox_url: str, seconds: float) -> str:
        """What the newcomer reads after `make run`: addresses and demo logins."""
        weekday = "一二三四五六日"[self.today.weekday()]
        day = f"{self.today.year}年{self.today.month}月{self.today.day}日（周{weekday}）"
        return "\n".join(
            [
                "",
                f"掌税 PalmTax 已就绪 / ready（{seconds:.1f} s）",
                "",
                f"  演示镇今天是 {day}/ in the demo town it is {self.today:%A %Y-%m-%d}",
                "",
                f"  纳税人端 Taxpayers (H5 / PWA)     {url}/",
                f"  税务工作台 Officers workbench     {url}/workbench/",
                f"  接口文档 API                      {url}/api/docs",
                f"  短信收件箱 SMS inbox (sandbox)    {sandbox_url}/sms/sandbox/",
                f"  沙箱 Sandboxes                    {sandbox_url}/",
                "",
                *self.people,
                "",
                "  登录：输入手机号，在短信收件箱看验证码。Sign in with a phone; the code is in the SMS inbox.",
                "  Ctrl-C 全部停止 / stops everything",
                "",
            ]
        )

    def tell_sandboxes(self, url: str) -> None:
        """Make the cast known outside (WeChat accounts, officers' chats, real-name register), unless it is known already."""
        with urllib.request.urlopen(f"{url}/gov/sandbox/members", timeout=5) as answer:  # noqa: S310 our own loopback
            if json.load(answer)["members"]:
                return
        for path, body in importlib.import_module("demo.first").outside(self.seed, self.loaded_for).items():
            ask = urllib.request.Request(  # noqa: S310 our own loopback address
                url + path, json.dumps(body).encode(), {"content-type": "application/json"}
            )
            urllib.request.urlopen(ask, timeout=5).close()  # noqa: S310 our own loopback address


def ready(dsn: str, var: Path, *, taxpayers: int, seed: int, tell: Callable[[str], None]) -> Ready:
    """Load the town when the database is empty; who is there and which day it is.

    The town keeps its distance to the real day in `var/town.json`, so that its days go on as ours do.
    """
    note = var / "town.json"
    real = SystemClock().today()
    if asyncio.run(is_empty(dsn)):
        asked = os.environ.get("PALMTAX_SERVER_SHIFT_DAYS")
        first = importlib.import_module("demo.first")
        known = first.load(dsn, taxpayers=taxpayers, seed=seed, shift_days=int(asked) if asked else None, tell=tell)
        note.write_text(json.dumps(known, ensure_ascii=False))
    else:
        known = _known(note, real, seed)
    os.environ["PALMTAX_SERVER_SHIFT_DAYS"] = str(known["shift_days"])
    _people_the_province(var / "population", seed, tell)
    return Ready(
        real + timedelta(days=known["shift_days"]),
        known["seed"],
        date.fromisoformat(known["loaded_for"]),
        tuple(known["people"]),
    )


def _people_the_province(folder: Path, seed: int, tell: Callable[[str], None]) -> None:
    """A small invented province for the what-if, once; `palmtax demo --population` makes a large one."""
    if (folder / "population.json").exists():
        return
    tell("  造一个小的虚构省份供政策推演 / a small invented province for the what-if …")
    make = importlib.import_module("demo.population.make").make
    make(folder, persons_count=20_000, enterprises_count=4_000, seed=seed, group_rows=8_192)


def _known(note: Path, real: date, seed: int) -> dict[str, Any]:
    """What the note says; a database that was filled otherwise has no note and lives today."""
    known: dict[str, Any] = {"shift_days": 0, "loaded_for": real.isoformat(), "seed": seed}
    if note.exists():
        known |= json.loads(note.read_text())
    if "people" not in known:
        known["people"] = importlib.import_module("demo.first").people_table()
    return known
