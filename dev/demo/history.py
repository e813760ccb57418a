"""The past of the town: returns filed and paid, made by the domains' own pure functions, written in batches.

Nothing here is a figure of its own: each return is worked out by the rules from the invoices that are loaded with it, charged and
settled through the same ledger parts that the running system uses.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from demo.town import Business, Town, at_noon, fixed_id
from palmtax import evidence, payment, rules
from palmtax.base.actor import Actor, Hat
from palmtax.base.clock import FixedClock
from palmtax.base.period import Period
from palmtax.filing.model.fields import TAX
from palmtax.filing.model.history import History
from palmtax.filing.model.obligations import window
from palmtax.filing.model.returns import Return
from palmtax.filing.model.working import Working, work_out
from palmtax.filing.store import returns as filed_returns
from palmtax.identity.model.roles import ROLES
from palmtax.invoice import MonthSum
from palmtax.payment.model import OrderItem, settlement_lines
from palmtax.payment.store import ledger
from palmtax.plumbing.together import Part

CHANNELS = ("miniprogram", "miniprogram", "miniprogram", "h5", "app")
DRAFT = (
    "insert into filing_draft (taxpayer_id, draft_id, version, tax_type_code, period, sequence, kind, window_from, last_day,"
    " corrections, started_channel, last_channel, started_by, created_at, updated_at)"
    " values ($1, $2, 1, $3, $4, 1, 'original', $5, $6, '{}', $7, $7, $8, $9, $9)"
)
ORDER = (
    "insert into payment_order (taxpayer_id, order_id, order_no, obligation_id, return_id, return_no, period, due_on, state, way,"
    " amount_fen, created_by, created_at, expires_at, paid_at, channel_trade_no, attempt)"
    " values ($1, $2, $3, $4, $4, $5, $6, $7, 'paid', $8, $9, $10, $11, $11, $12, $13, 1)"
)
ITEM = "insert into payment_order_item (taxpayer_id, order_id, tax_type_code, amount_fen, late_fee_fen) values ($1, $2, $3, $4, $5)"


@dataclass(frozen=True, slots=True)
class Filed:
    """When and how a return of the past was filed and paid."""

    at: datetime
    paid_at: datetime
    actor: Actor
    way: str


def past_of(town: Town, business: Business, months: dict[str, list[MonthSum]]) -> Iterator[Part]:
    """Every filed period of a business as parts of statements; `months` are the sums of its invoices by period."""
    if business.taxpayer.vat_kind != "small_scale":
        return
    for code in business.quarters:
        period = Period.parse(code)
        if code in business.unfiled or business.taxpayer.registered_on > period.last_day:
            continue
        yield from _one(town, business, period, [m for known in months.values() for m in known])


def _one(town: Town, business: Business, period: Period, months: list[MonthSum]) -> Iterator[Part]:
    due = rules.due_on(TAX, period)
    draw = Random(f"{town.seed}/{business.taxpayer.taxpayer_id}/{period.code}/past")
    filed = _when(town, business, period, due.on, draw)
    working = work_out(taxpayer=business.taxpayer, period=period, months=months, corrections={}, today=filed.at.date())
    returned = _return(town, business, period, working, filed, due.on)
    yield _draft(returned, period)
    yield filed_returns.insert_part(returned, 1)
    yield from payment.charge_parts(
        taxpayer_id=returned.taxpayer_id,
        return_id=returned.return_id,
        return_no=returned.return_no,
        period=period.code,
        due_on=due.on,
        items=[payment.ChargeItem(tax, fen) for tax, fen in working.charges.items()],
        booked_at=filed.at,
        entry_id=fixed_id(town.seed, filed.at, "charge", returned.return_id),
    )
    yield _evidence(
        filed.actor,
        filed.at,
        "filing.return_submitted",
        returned.taxpayer_id,
        returned.return_id,
        {"period": period.code, "return_no": returned.return_no, "due_now_fen": working.result.due_now_fen},
    )
    if working.result.payable_fen > 0 and filed.paid_at.date() < town.today and period.code != business.owed:
        yield from _paid(town, returned, working, filed, due.on)


def _when(town: Town, business: Business, period: Period, due_on: date, draw: Random) -> Filed:
    first = period.next().first_day
    if period.code in business.late:
        day = due_on + timedelta(days=draw.randrange(3, 40))
    else:
        day = first + timedelta(days=draw.randrange(2, max((due_on - first).days, 3)))
    day = min(day, town.today - timedelta(days=1))
    channel = draw.choice(CHANNELS)
    role = ROLES["legal_rep"]
    hat = Hat(UUID(int=0), role.kind, role.code, business.taxpayer.taxpayer_id, None, role.scopes)
    actor = Actor(business.owner_id, UUID(int=0), hat, channel, "demo")  # type: ignore[arg-type]  # one of CHANNELS
    at = at_noon(day, draw)
    return Filed(
        at, at + timedelta(minutes=draw.randrange(2, 600)), actor, draw.choice(("wechat", "wechat", "bank_transfer"))
    )


def _return(town: Town, business: Business, period: Period, working: Working, filed: Filed, due_on: date) -> Return:
    taxpayer_id = business.taxpayer.taxpayer_id
    return_id = fixed_id(town.seed, filed.at, "return", taxpayer_id, period.code)
    return Return(
        taxpayer_id=taxpayer_id,
        return_id=return_id,
        return_no=f"{filed.at:%Y%m%d}{return_id.int % 10**12:012d}",
        tax_type_code=TAX,
        period=period.code,
        sequence=1,
        kind="original",
        draft_id=fixed_id(town.seed, filed.at, "draft", taxpayer_id, period.code),
        amends_return_id=None,
        obligation_id=return_id,
        idempotency_key=f"demo-{period.code}",
        request_hash=evidence.digest_of({"demo": period.code}),
        filed_at=filed.at,
        filed_channel=filed.actor.channel,
        filed_by=business.owner_id,
        due_on=due_on,
        law_on=period.last_day,
        rule_version=working.assessment.version,
        facts=dict(working.facts),
        fields=[f.model_dump(mode="json") for f in working.fields],
        result=working.result.model_dump(mode="json"),
        lines=[],
        taxes=working.taxes,
        charges=working.charges,
        void_reason=None,
        history=History([]),
    )


def _number(kind: str, source: UUID) -> str:
    """Twenty printable digits from an identifier."""
    return kind + f"{source.int % 10**19:019d}"


def _draft(returned: Return, period: Period) -> Part:
    return Part(
        "draft",
        DRAFT,
        (
            returned.taxpayer_id,
            returned.draft_id,
            TAX,
            period.code,
            window(period)[0],
            period.last_day,
            returned.filed_channel,
            returned.filed_by,
            returned.filed_at,
        ),
    )


def _paid(town: Town, returned: Return, working: Working, filed: Filed, due_on: date) -> Iterator[Part]:
    order_id = fixed_id(town.seed, filed.paid_at, "order", returned.return_id)
    items = [
        OrderItem(tax, fen, payment.late_fee_fen(fen, due_on, filed.paid_at.date()))
        for tax, fen in working.charges.items()
        if fen > 0
    ]
    total = sum(i.amount_fen + i.late_fee_fen for i in items)
    trade_no = _number("4", order_id)
    yield Part(
        "order",
        ORDER,
        (
            returned.taxpayer_id,
            order_id,
            f"PT{filed.at:%Y%m%d}{order_id.int % 10**12:012d}",
            returned.return_id,
            returned.return_no,
            returned.period,
            due_on,
            filed.way,
            total,
            returned.filed_by,
            filed.at,
            filed.paid_at,
            trade_no,
        ),
    )
    for item in items:
        yield Part(
            "item", ITEM, (returned.taxpayer_id, order_id, item.tax_type_code, item.amount_fen, item.late_fee_fen)
        )
    yield from ledger.entry_parts(
        taxpayer_id=returned.taxpayer_id,
        entry_id=fixed_id(town.seed, filed.paid_at, "settlement", order_id),
        kind="settlement",
        obligation_id=returned.return_id,
        return_id=returned.return_id,
        return_no=returned.return_no,
        period=returned.period,
        due_on=due_on,
        order_id=order_id,
        cause_key=f"trade:{trade_no}",
        booked_at=filed.paid_at,
        lines=settlement_lines(items, filed.way),  # type: ignore[arg-type]  # one of the two ways
    )
    yield _evidence(
        None,
        filed.paid_at,
        "payment.settled",
        returned.taxpayer_id,
        order_id,
        {"period": returned.period, "amount_fen": total, "way": filed.way},
    )


def _evidence(
    actor: Actor | None, at: datetime, act: str, taxpayer_id: int, subject_id: UUID, summary: dict[str, Any]
) -> Part:
    part = evidence.part(
        actor=actor,
        clock=FixedClock(at),
        act=act,
        taxpayer_id=taxpayer_id,
        subject_id=subject_id,
        payload=summary,
        summary=summary,
    )
    entry_id = fixed_id(0, at, "entry", act, subject_id)
    return Part(part.name, part.sql, (part.args[0], entry_id, *part.args[2:]))


def batches(parts: Iterable[Part]) -> dict[str, list[tuple[Any, ...]]]:
    """Parts by statement, in the order in which each statement was first met (parents before children)."""
    found: dict[str, list[tuple[Any, ...]]] = defaultdict(list)
    for part in parts:
        found[part.sql].append(part.args)
    return found
