"""The audience of a campaign chosen among ten million taxpayers: counting, drawing holdout and stages, beside psql."""

from __future__ import annotations

import asyncio
import re
import subprocess
import time
from datetime import UTC, date, datetime
from datetime import time as hour
from typing import Any, cast
from uuid import UUID

import asyncpg
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from bench.cases import _server
from bench.table import Section, median, reached
from palmtax.base.clock import CHINA, FixedClock
from palmtax.entry.domains import load_everything
from palmtax.insight.actions.audiences import Preview
from palmtax.insight.actions.driving import DRAWN_AT_ONCE
from palmtax.insight.model.audience import Audience, Condition, Group
from palmtax.insight.model.draw import drawn
from palmtax.insight.store import members, tags
from palmtax.plumbing.database import Tx
from palmtax.plumbing.postgres import Postgres, programs
from palmtax.plumbing.schema import metadata

MEMBERS = 10_000_000
CLOCK = FixedClock(datetime(2026, 11, 23, 4, 0, tzinfo=UTC))
OFFICE = "14400000000"
CAMPAIGN, KEY, SHARES, HOLDOUT = UUID(int=7), b"k" * 32, (100, 1_000, 10_000), 500
SELECT_AIM, RATIO_AIM, TIMES = 60.0, 1.5, 5
"""Seconds for choosing and planning ten million (PEERS.md 3.1); our way against the same statement in psql."""
AUDIENCE = Audience(
    "all",
    (
        Group("all", (Condition("vat_kind", "is", ("small_scale",)), Condition("filed", "is", ("due", "overdue")))),
        Group("any", (Condition("registered", "at_most", ("120",)), Condition("owes", "is", ("yes",)))),
    ),
)
EVERYBODY = Audience("all", ())
_FILL = """
insert into insight_tag (taxpayer_id, office_code, status, kind, vat_kind, industry, registered_on, declared, filed, owes,
 invoices, reader_id, wording, language, reach, consents, refreshed_at)
select n, '144' || lpad((1 + n % 21)::text, 2, '0') || lpad((10 + n / 21 % 8)::text, 2, '0') || '0000', 'normal',
 (array['enterprise','individual_business','natural_person'])[1 + n % 3],
 (array['small_scale','small_scale','general','none'])[1 + n / 3 % 4],
 (array['餐饮','零售','五金','设计','运输'])[1 + n / 7 % 5], date '2026-11-01' - (n % 6000)::int,
 (array['none','zero','to_1k','to_10k','to_100k'])[1 + n / 11 % 5], (array['filed','due','overdue','none'])[1 + n / 13 % 4],
 (array['yes','no','no','no'])[1 + n / 17 % 4], (array['none','to_10','to_100','above'])[1 + n / 19 % 4],
 case when n % 20 = 0 then null else n end, (array['usual','plain'])[1 + n % 2], 'zh',
 case n / 23 % 4 when 0 then array['push','wechat'] when 1 then array['wechat'] when 2 then array['sms']
 else array[]::text[] end,
 case when n % 5 < 3 then array['promotion'] else array[]::text[] end, timestamptz '2026-11-23 00:00+08'
from generate_series($1::bigint, $2::bigint) n
"""


async def _filled(connection: asyncpg.Connection) -> float:
    """Seconds for the tags, set-wise in SQL; keys afterwards, as one fills a large table."""
    load_everything()
    dialect = postgresql.dialect()
    for name in ("insight_tag", "insight_member"):
        await connection.execute(str(sa.schema.CreateTable(metadata.tables[name]).compile(dialect=dialect)))
    for index in metadata.tables["insight_member"].indexes:
        await connection.execute(str(sa.schema.CreateIndex(index).compile(dialect=dialect)))
    began = time.perf_counter()
    await connection.execute("alter table insight_tag drop constraint pk_insight_tag")
    for start in range(1, MEMBERS + 1, 1_000_000):
        await connection.execute(_FILL, start, min(MEMBERS, start + 999_999), timeout=900)
    await connection.execute(
        "alter table insight_tag add constraint pk_insight_tag primary key (taxpayer_id)", timeout=900
    )
    await connection.execute("vacuum (analyze) insight_tag", timeout=900)
    return time.perf_counter() - began


class _Listener:
    """Keeps the statement that a store function asks for, so that psql can be asked the same."""

    def __init__(self) -> None:
        self.sql, self.args = "", ()

    async def fetch(self, sql: str, *args: Any) -> list[Any]:
        """Keep it and find nothing."""
        self.sql, self.args = self.sql or sql, self.args or args
        return []

    async def fetchval(self, *_: Any) -> None:
        """The second statement is not kept."""
        return


def _literal(value: Any) -> str:
    if isinstance(value, list | tuple):
        inside = ", ".join(_literal(one) for one in value)
        return f"array[{inside}]" + ("::int[]" if all(isinstance(one, int) for one in value) else "::text[]")
    if isinstance(value, bytes):
        return f"'\\x{value.hex()}'::bytea"
    if isinstance(value, int):
        return str(value)
    kinds = {date: "date", hour: "time", UUID: "uuid"}
    return f"'{value}'" + (f"::{kinds[type(value)]}" if type(value) in kinds else "::text")


def _plain(listener: _Listener) -> str:
    return re.sub(r"\$(\d+)", lambda found: _literal(listener.args[int(found[1]) - 1]), listener.sql)


def _psql(dsn: str, sql: str) -> float:
    """Seconds of a statement as psql measures them."""
    done = subprocess.run(
        [str(programs() / "psql"), "-X", "-q", "-t", "-o", "/dev/null", dsn],
        input=f"\\timing on\n{sql};\n", capture_output=True, text=True, check=False, timeout=900,
    )  # fmt: skip
    found = re.search(r"Time: ([\d.]+) ms", done.stdout + done.stderr)
    if done.returncode or found is None:
        raise RuntimeError(f"psql: {done.stdout[-300:]} {done.stderr[-500:]}")
    return float(found[1]) / 1000


async def _count(section: Section, connection: Tx, dsn: str, name: str, audience: Audience) -> None:
    asked = {
        "office_code": OFFICE, "today": CLOCK.today(), "purpose": "promotion", "now": CLOCK.now().astimezone(CHINA).time(),
    }  # fmt: skip
    listener = _Listener()
    await tags.cells(cast("Tx", listener), audience, **asked)  # type: ignore[arg-type]  # named above
    ours, theirs, preview = [], [], Preview()
    for _ in range(TIMES):
        theirs.append(_psql(dsn, _plain(listener)))
        began, preview = time.perf_counter(), Preview()
        for cell in await tags.cells(connection, audience, **asked):  # type: ignore[arg-type]
            preview.add(cell)
        ours.append(time.perf_counter() - began)
    ratio = median(ours) / median(theirs)
    section.add(
        f"{name}: counted by office, kind, way and reason", f"{median(ours):.2f} s",
        f"psql, same statement: {median(theirs):.2f} s; {preview.members:,} fit, {preview.told:,} could be told",
        f"≤ {RATIO_AIM} of psql", reached(ratio <= RATIO_AIM),
    )  # fmt: skip


async def _draw(section: Section, connection: asyncpg.Connection, dsn: str, name: str, audience: Audience) -> None:
    asked = members.Draw(CAMPAIGN, KEY, SHARES, HOLDOUT, "filed")
    listener, of = _Listener(), {"office_code": OFFICE, "today": CLOCK.today()}
    await members.draw(cast("Tx", listener), asked, audience, after=0, limit=2 * MEMBERS, **of)  # type: ignore[arg-type]
    await connection.execute("truncate insight_member")
    theirs = _psql(dsn, _plain(listener))
    await connection.execute("truncate insight_member")
    began, last, count, slowest = time.perf_counter(), 0, 0, 0.0
    while True:
        step = time.perf_counter()
        async with connection.transaction():
            new, following = await members.draw(connection, asked, audience, after=last, limit=DRAWN_AT_ONCE, **of)  # type: ignore[arg-type]
        slowest, count = max(slowest, time.perf_counter() - step), count + new
        if following == last:
            break
        last = following
    ours = time.perf_counter() - began
    section.add(
        f"{name}: holdout and stage of {count:,} drawn and kept", f"{ours:.1f} s, {count / ours:,.0f} a second",
        f"psql, one statement: {theirs:.1f} s; batches of {DRAWN_AT_ONCE:,}, each committed, slowest {slowest:.2f} s",
        f"≤ {SELECT_AIM:.0f} s", reached(ours <= SELECT_AIM),
    )  # fmt: skip
    section.add(
        "of psql's one statement", f"{ours / theirs:.2f}", "", f"≤ {RATIO_AIM}", reached(ours / theirs <= RATIO_AIM)
    )
    rows = await connection.fetch(
        "select taxpayer_id, stage, is_held from insight_member where taxpayer_id % 10007 = 5"
    )
    wrong = sum(
        (row["stage"], row["is_held"]) != drawn(KEY, row["taxpayer_id"], holdout_bp=HOLDOUT, shares_bp=SHARES)
        for row in rows
    )
    section.add("drawn otherwise than by the model", f"{wrong} of {len(rows)} looked at", "", "0", reached(wrong == 0))
    shares = await connection.fetch("select stage, is_held, count(*) n from insight_member group by 1, 2 order by 1, 2")
    section.notes.append(
        f"{name}: " + ", ".join(f"stage {r['stage']}{' held' if r['is_held'] else ''} {r['n']:,}" for r in shares)
    )


async def _measured(section: Section, server: Postgres) -> None:
    admin = await asyncpg.connect(server.dsn("postgres"))
    await admin.execute("create database bench_audience")
    await admin.close()
    dsn = server.dsn("bench_audience")
    connection = await asyncpg.connect(dsn)
    try:
        seconds = await _filled(connection)
        section.add(
            f"{MEMBERS:,} taxpayers with tags, made in SQL", f"{seconds:.0f} s", "16 tags each; not part of an aim"
        )
        await _count(section, connection, dsn, "five conditions", AUDIENCE)
        await _count(section, connection, dsn, "everybody", EVERYBODY)
        await _draw(section, connection, dsn, "five conditions", AUDIENCE)
        await _draw(section, connection, dsn, "everybody", EVERYBODY)
    finally:
        await connection.close()


def measure() -> Section:
    """All figures; some ten minutes, most of them filling and drawing ten million twice."""
    section = Section("audience: a campaign among ten million")
    with _server() as server:
        asyncio.run(_measured(section, server))
    return section
