"""Loading the town into a database: COPY for people, businesses and invoices, batches for the past."""

from __future__ import annotations

import asyncio
import os
from collections import defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

from demo import history, names
from demo.town import Business, Sale, Town, build, fixed_id, invented, sales
from palmtax import identity, messaging, partners, registry
from palmtax.base.clock import CHINA, FixedClock
from palmtax.base.period import Period
from palmtax.base.rate import Rate
from palmtax.invoice import MonthSum
from palmtax.messaging.model.messages import choices
from palmtax.plumbing.database import Database

INVOICE = (
    "taxpayer_id",
    "invoice_id",
    "invoice_no",
    "kind",
    "direction",
    "is_red",
    "red_of_invoice_no",
    "issued_on",
    "counterparty_name",
    "lines",
    "amount_fen",
    "tax_fen",
    "is_real_estate",
    "reduction_waived",
    "source",
    "created_at",
)
BATCH = 2000
"""Businesses in one transaction."""


def fill(
    dsn: str,
    *,
    taxpayers: int,
    seed: int,
    today: date,
    kinds: str = "all",
    history: bool = True,
    tell: Callable[[str], None] | None = None,
) -> None:
    """Load a town of so many businesses; `history` with two years of returns and payments."""
    asyncio.run(_fill(dsn, taxpayers, seed, today, kinds, with_past=history, tell=tell or (lambda _: None)))


async def _fill(
    dsn: str, taxpayers: int, seed: int, today: date, kinds: str, *, with_past: bool, tell: Callable[[str], None]
) -> None:
    town = build(taxpayers=taxpayers, seed=seed, today=today, kinds=kinds)
    tell(f"  演示镇：{len(town.people)} 人，{len(town.businesses)} 户 / people, businesses …")
    database = Database(dsn)
    began = datetime(2024, 1, 1, tzinfo=CHINA)
    async with database.transaction() as tx:
        await tx.execute("set local statement_timeout = 0")
        offices = [registry.Office(code, name, name) for code, name in names.OFFICES]
        await registry.load_offices(tx, offices)
        await registry.load_taxpayers(tx, [b.taxpayer for b in town.businesses])
        await identity.load_people(tx, clock=FixedClock(began), people=town.people, hats=town.hats)
        await _load_consents(tx, town, began)
        for business in invented(town):
            await partners.mark_invented(tx, taxpayer_id=business.taxpayer.taxpayer_id, person_id=business.owner_id)
        if len(town.businesses) <= BATCH:
            await _load_portion(tx, town, town.businesses, with_past=with_past)
    if len(town.businesses) > BATCH:
        _load_in_parallel(dsn, town, with_past=with_past, tell=tell)
    async with database.statement() as tx:
        await tx.execute("analyze")
    await database.close()


async def _load_consents(tx: Any, town: Town, at: datetime) -> None:
    """Every second owner outside the cast agreed to hear about policies by text message: someone a campaign may tell."""
    agreed = [(b.taxpayer.taxpayer_id, b.owner_id) for b in town.businesses if b.role is None][::2]
    notice = messaging.sending().consents["promotion"].notice
    await tx.copy_records_to_table(
        "messaging_consent",
        columns=("taxpayer_id", "person_id", "purpose", "decided_at", "is_given", "notice", "proof"),
        records=[(*pair, "promotion", at, True, notice, "screen") for pair in agreed],
    )
    topics, ways = list(choices("topics")), ["inbox", "sms"]
    await tx.copy_records_to_table(
        "messaging_preference",
        columns=("taxpayer_id", "person_id", "topics", "ways", "changed_at"),
        records=[(*pair, topics, ways, at) for pair in agreed],
    )


def _load_in_parallel(dsn: str, town: Town, *, with_past: bool, tell: Callable[[str], None]) -> None:
    """A large town: portions on all cores, each in its own transaction; people and businesses are committed before."""
    starts = range(0, len(town.businesses), BATCH)
    with ProcessPoolExecutor(max_workers=os.cpu_count()) as workers:
        jobs = [
            workers.submit(
                _load_alone, dsn, Town(town.seed, town.today, businesses=town.businesses[s : s + BATCH]), with_past
            )
            for s in starts
        ]
        for done, job in enumerate(as_completed(jobs), start=1):
            job.result()
            tell(f"  {min(done * BATCH, len(town.businesses))} / {len(town.businesses)}")


def _load_alone(dsn: str, town: Town, with_past: bool) -> None:
    async def load() -> None:
        database = Database(dsn)
        async with database.transaction() as tx:
            await tx.execute("set local statement_timeout = 0")
            await _load_portion(tx, town, town.businesses, with_past=with_past)
        await database.close()

    asyncio.run(load())


@lru_cache(maxsize=64)
def _rate(text: str) -> Rate:
    return Rate(text)


async def _load_portion(tx: Any, town: Town, portion: list[Business], *, with_past: bool) -> None:
    rows, parts = [], []
    for business in portion:
        months: dict[str, list[MonthSum]] = {}
        for code in business.quarters:
            period = Period.parse(code)
            sold = list(sales(town, business, period))
            rows += list(_invoice_rows(town, business, period, sold))
            months[code] = _month_sums(sold)
        if with_past:
            parts += list(history.past_of(town, business, months))
    await tx.copy_records_to_table("invoice_invoice", columns=INVOICE, records=rows)
    for sql, values in history.batches(parts).items():
        await tx.executemany(sql, values)


def _invoice_rows(town: Town, business: Business, period: Period, sold: list[Sale]) -> Iterator[tuple[Any, ...]]:
    taxpayer_id = business.taxpayer.taxpayer_id
    for number, sale in enumerate(sold):
        at = datetime(sale.issued_on.year, sale.issued_on.month, sale.issued_on.day, 10, tzinfo=CHINA) + timedelta(
            minutes=number
        )
        tax_fen = _rate(sale.levy_rate).of(sale.amount_fen)
        line = {"item": sale.item, "levy_rate": sale.levy_rate, "amount_fen": sale.amount_fen, "tax_fen": tax_fen}
        yield (
            taxpayer_id,
            fixed_id(town.seed, at, "invoice", taxpayer_id, number),
            _invoice_no(taxpayer_id, period, number),
            "special" if sale.is_special else "ordinary",
            "issued",
            sale.amount_fen < 0,
            _invoice_no(taxpayer_id, period, number + 1) if sale.amount_fen < 0 else None,
            sale.issued_on,
            sale.buyer,
            [line],
            sale.amount_fen,
            tax_fen,
            False,
            False,
            "pool",
            at,
        )


def _invoice_no(taxpayer_id: int, period: Period, number: int) -> str:
    """Twenty digits: year, the province code 99 that does not exist, channel 1, then the taxpayer, quarter and number."""
    quarter = period.first_day.month // 3 + 1
    return f"{period.first_day:%y}991{taxpayer_id:09d}{quarter}{number:05d}"


def _month_sums(sold: list[Sale]) -> list[MonthSum]:
    found: dict[tuple[date, str, str], list[int]] = defaultdict(lambda: [0, 0, 0])
    for sale in sold:
        kind = "special" if sale.is_special else "ordinary"
        total = found[sale.issued_on.replace(day=1), kind, sale.levy_rate]
        tax_fen = _rate(sale.levy_rate).of(sale.amount_fen)
        for place, more in enumerate((1, sale.amount_fen, tax_fen)):
            total[place] += more
    return [
        MonthSum(month, kind, levy_rate, False, False, *total)  # type: ignore[arg-type]  # the two kinds
        for (month, kind, levy_rate), total in sorted(found.items())
    ]
