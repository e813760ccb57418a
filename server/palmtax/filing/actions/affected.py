"""Which drafts and returns a version of a number of the law would touch: read by officers before they agree to it."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from palmtax import payment, registry, rules
from palmtax.base.actor import Actor
from palmtax.base.clock import Clock
from palmtax.filing import errors
from palmtax.filing.model.fields import LAW, TAX
from palmtax.filing.schemas import AffectedItem, AffectedOut
from palmtax.filing.store import affected as store
from palmtax.plumbing.database import Tx

MOST_COUNTED = 20_000
"""Beyond this many drafts and returns the counts say "at least"."""
_LAST_DAY = date(9999, 12, 31)


@dataclass(frozen=True, slots=True)
class Asked:
    """A law and the days a version of one of its numbers would count."""

    law: str
    first_day: date
    until: date | None

    @property
    def days(self) -> tuple[date, date]:
        """First and last day, however far."""
        return self.first_day, self.until or _LAST_DAY

    @property
    def is_filed(self) -> bool:
        """Whether returns here are computed with that law. Errors: rules.unknown_law."""
        code = rules.law(self.law).code
        return code == LAW or any(key.partition(".")[0] == code for key in rules.law(LAW).all_parameters)


async def affected(tx: Tx, *, actor: Actor, clock: Clock, asked: Asked, cursor: str | None, limit: int) -> AffectedOut:
    """Open drafts and valid returns of taxpayers of the officer's office, whose period ends in those days.

    A page may be short while there is a next one: it holds what the office covers. A few round trips, and one for each
    taxpayer who owes something. Errors: filing.query_malformed, rules.unknown_law.
    """
    after = _place(cursor) if cursor else None
    if not asked.is_filed or asked.days[0] > asked.days[1]:
        return AffectedOut(drafts=0, returns=0, paid=0, is_complete=True, items=[], next_cursor=None)
    every = await store.page(tx, TAX, asked.days, None, MOST_COUNTED)
    rows = await store.page(tx, TAX, asked.days, after, limit + 1)
    known = await registry.taxpayers(tx, sorted({row["taxpayer_id"] for row in (*every, *rows)}))
    office = actor.hat.office_code or "" if actor.hat else ""
    mine = {number: one for number, one in known.items() if registry.covers(office, one.office_code)}
    counted = [row for row in every if row["taxpayer_id"] in mine]
    filed = [row for row in counted if row["kind"] == "return"]
    last = rows[limit - 1] if len(rows) > limit else None
    return AffectedOut(
        drafts=len(counted) - len(filed),
        returns=len(filed),
        paid=await _paid(tx, filed, clock),
        is_complete=len(every) < MOST_COUNTED,
        items=[_item(row, mine[row["taxpayer_id"]]) for row in rows[:limit] if row["taxpayer_id"] in mine],
        next_cursor=_mark(last) if last else None,
    )


async def _paid(tx: Tx, filed: Sequence[Any], clock: Clock) -> int:
    """How many returns that asked for money have all of it; where a taxpayer owes nothing, no return is open."""
    asking = [row for row in filed if sum(row["taxes"].values()) > 0]
    owed = await payment.owed(tx, sorted({row["taxpayer_id"] for row in asking}))
    paid = sum(1 for row in asking if owed[row["taxpayer_id"]] == 0)
    for number in sorted({row["taxpayer_id"] for row in asking if owed[row["taxpayer_id"]] != 0}):
        wanted = [_uuid(row["obligation_id"]) for row in asking if row["taxpayer_id"] == number]
        standings = await payment.standing(tx, number, wanted, clock=clock)
        paid += sum(1 for one in standings.values() if one.state == "paid")
    return paid


def _uuid(value: Any) -> UUID:
    return UUID(int=value.int)


def _item(row: Any, taxpayer: registry.Taxpayer) -> AffectedItem:
    uscc = taxpayer.uscc or ""
    return AffectedItem(
        kind=row["kind"],
        id=_uuid(row["id"]),
        taxpayer_name=taxpayer.name,
        taxpayer_masked_no=f"{uscc[:4]}{'*' * 10}{uscc[-4:]}" if uscc else "",
        period=row["period"],
        payable_fen=sum(row["taxes"].values()) if row["taxes"] is not None else None,
        version=row["rule_version"],
        submitted_at=row["filed_at"],
    )


def _mark(row: Any) -> str:
    return base64.urlsafe_b64encode(f"{_uuid(row['id']).hex}{row['taxpayer_id']}".encode()).decode()


def _place(cursor: str) -> tuple[int, UUID]:
    try:
        plain = base64.urlsafe_b64decode(cursor.encode()).decode("ascii")
        number, taxpayer_id = UUID(plain[:32]), int(plain[32:])
    except (ValueError, binascii.Error) as wrong:
        raise errors.QueryMalformed(what="cursor") from wrong
    if not 0 <= taxpayer_id < 2**63:
        raise errors.QueryMalformed(what="cursor")
    return taxpayer_id, number
