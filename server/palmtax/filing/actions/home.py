"""What is due, until when and what it will cost; the calendar; how many periods are overdue."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal
from uuid import UUID

from palmtax import invoice, payment, registry, rules
from palmtax.base.clock import Clock
from palmtax.base.errors import PalmtaxError
from palmtax.base.period import Period
from palmtax.filing.actions.loading import pick_standing
from palmtax.filing.model.fields import TAX
from palmtax.filing.model.history import History
from palmtax.filing.model.obligations import periods_owed
from palmtax.filing.model.returns import Draft
from palmtax.filing.model.working import work_out
from palmtax.filing.schemas import CalendarDay, HomeOut, Obligation
from palmtax.filing.store import declarations, drafts, returns
from palmtax.plumbing.database import Tx

ObligationState = Literal["not_open", "open", "draft", "overdue", "unpaid", "paid", "done"]
TO_DO = ("overdue", "open", "draft", "unpaid")


@dataclass(frozen=True)
class _Known:
    """What is on file about a taxpayer's periods."""

    taxpayer: registry.Taxpayer
    histories: Mapping[str, History]
    drafts: Mapping[str, Draft]
    months: Sequence[invoice.MonthSum]
    declared: Mapping[str, UUID]
    """Periods that a matter declared, with their obligation."""
    standings: Mapping[UUID, payment.Standing]
    today: date


async def home(tx: Tx, *, taxpayer_id: int, clock: Clock) -> HomeOut:
    """The one thing due, what else waits, and when the next is. Six round trips."""
    every = await obligations(tx, taxpayer_id=taxpayer_id, clock=clock)
    to_do = sorted((o for o in every if o.state in TO_DO), key=lambda o: (o.due_on, o.period))
    quiet = next((o for o in every if o.state == "not_open"), None)
    return HomeOut(
        as_of=clock.today(),
        first=to_do[0] if to_do else None,
        waiting=to_do[1:],
        next_quiet=quiet if not to_do else None,
    )


async def obligations(tx: Tx, *, taxpayer_id: int, clock: Clock) -> list[Obligation]:
    """Every period that can be filed here, filed or not, oldest first. Six round trips."""
    taxpayer, today = await registry.taxpayer(tx, taxpayer_id), clock.today()
    if taxpayer.vat_kind == "none":
        return []
    periods = periods_owed(taxpayer.filing_period, taxpayer.registered_on, today)
    histories = await returns.histories(tx, taxpayer_id, TAX, [period.code for period in periods])
    declared = {one.period: one.obligation_id for one in await declarations.of_tax(tx, taxpayer_id, TAX)}
    filed = declared.keys() | {code for code, history in histories.items() if history.current is not None}
    unfiled = [period for period in periods if period.code not in filed]
    if taxpayer.vat_kind == "general" or taxpayer.status == "closed":
        periods = [period for period in periods if period not in unfiled]
        unfiled = []
    months = await _months(tx, taxpayer_id, unfiled)
    chains = [number for history in histories.values() for number in _chain(history)] + [*declared.values()]
    known = _Known(
        taxpayer=taxpayer,
        histories=histories,
        drafts={draft.period: draft for draft in await drafts.open_drafts(tx, taxpayer_id)},
        months=months,
        declared=declared,
        standings=await payment.standing(tx, taxpayer_id, chains, clock=clock),
        today=today,
    )
    return [_obligation(period, known) for period in periods]


def _chain(history: History) -> list[UUID]:
    return history.chain(history.current.obligation_id) if history.current else []


async def _months(tx: Tx, taxpayer_id: int, unfiled: Sequence[Period]) -> list[invoice.MonthSum]:
    if not unfiled:
        return []
    return await invoice.month_sums(tx, taxpayer_id, unfiled[0].first_day, unfiled[-1].last_day)


def _obligation(period: Period, known: _Known) -> Obligation:
    due = rules.due_on(TAX, period)
    history = known.histories.get(period.code)
    current = history.current if history else None
    draft = known.drafts.get(period.code)
    name, name_en = payment.tax_name(TAX)
    late_fee_fen: int
    order_id: UUID | None = None
    estimate: int | None
    declared = known.declared.get(period.code)
    if declared is not None or (history is not None and current is not None):
        chain = [declared] if declared is not None else _chain(history) if history is not None else []
        standing = pick_standing(known.standings, chain)
        state = _filed_state(standing)
        estimate, late_fee_fen, order_id = max(standing.open_fen, 0), standing.late_fee_fen, standing.order_id
    else:
        state = _unfiled_state(period, due.on, known.today, draft)
        estimate, late_fee_fen = _estimate(period, known, draft)
    return Obligation(
        tax_type_code=TAX,
        tax_name=name,
        tax_name_en=name_en,
        period=period.code,
        period_label=period.label(),
        period_label_en=period.label("en"),
        opens_on=period.last_day + timedelta(days=1),
        due_on=due.on,
        days_left=(due.on - known.today).days,
        rolled_days=due.rolled_days,
        roll_reason=due.reason,
        roll_reason_en=due.reason_en,
        state=state,
        estimate_fen=estimate,
        late_fee_fen=late_fee_fen,
        draft_id=draft.draft_id if draft else None,
        return_id=current.return_id if current else None,
        order_id=order_id,
    )


def _filed_state(standing: payment.Standing) -> ObligationState:
    if standing.state in ("unpaid", "paying"):
        return "unpaid"
    return "done" if standing.state == "nothing_due" else "paid"


def _unfiled_state(period: Period, due_on: date, today: date, draft: Draft | None) -> ObligationState:
    if today <= period.last_day:
        return "not_open"
    if today > due_on:
        return "overdue"
    return "draft" if draft else "open"


def _estimate(period: Period, known: _Known, draft: Draft | None) -> tuple[int | None, int]:
    """What the period comes to as things stand and its late fee, fen; nothing is said where the law has no answer."""
    try:
        working = work_out(
            taxpayer=known.taxpayer,
            period=period,
            months=known.months,
            corrections=draft.corrections if draft else {},
            today=known.today,
        )
    except PalmtaxError:
        return None, 0
    return working.result.payable_fen, working.result.late_fee_fen


def calendar(year: int) -> list[CalendarDay]:
    """Every deadline of a year, by day."""
    return [
        CalendarDay(
            tax_type_code=deadline.tax_type_code,
            tax_name=deadline.tax_name,
            tax_name_en=deadline.tax_name_en,
            period=deadline.period.code,
            due_on=deadline.due.on,
            rolled_days=deadline.due.rolled_days,
            reason=deadline.due.reason,
            reason_en=deadline.due.reason_en,
            is_official=deadline.due.official,
        )
        for deadline in rules.calendar_of(year)
    ]


async def overdue_counts(tx: Tx, taxpayer_ids: Sequence[int], today: date) -> dict[int, int]:
    """How many periods each taxpayer has not filed in time. For officers: two round trips, several shards."""
    if not taxpayer_ids:
        return {}
    known = await registry.taxpayers(tx, taxpayer_ids)
    filed = await returns.filed_periods(tx, taxpayer_ids, TAX)
    found = dict.fromkeys(taxpayer_ids, 0)
    for taxpayer_id, taxpayer in known.items():
        if taxpayer.vat_kind != "small_scale" or taxpayer.status == "closed":
            continue
        done = filed.get(taxpayer_id, set())
        for period in periods_owed(taxpayer.filing_period, taxpayer.registered_on, today):
            late = today > period.last_day and today > rules.due_on(TAX, period).on
            found[taxpayer_id] += late and period.code not in done
    return found
