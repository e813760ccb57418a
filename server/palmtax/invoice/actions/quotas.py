"""A taxpayer's monthly invoice quota: granted for good or for a month, used by what is issued."""

from __future__ import annotations

from datetime import date

from palmtax import evidence
from palmtax.base.period import Period
from palmtax.invoice.model import Quota, QuotaScope, first_quota_fen
from palmtax.invoice.store import quotas as store
from palmtax.plumbing.database import Tx
from palmtax.plumbing.effects import Act

TEMPORARY = frozenset({"temporary", "month", "this_month", "once"})
"""How matters say that a quota is for this month only; everything else lasts."""


async def quota(tx: Tx, taxpayer_id: int, today: date) -> Quota:
    """The quota of the running month and what of it is used, fen without VAT. One round trip."""
    month = Period.containing(today, "month")
    granted, used = await store.month(tx, taxpayer_id, month.first_day, month.last_day, today)
    return Quota(first_quota_fen(today) if granted is None else granted, used)


async def set_quota(tx: Tx, *, act: Act, quota_fen: int, scope: str) -> tuple[int, QuotaScope, date, date | None]:
    """Grant a quota from today (a temporary one for this month), once for an application: what was granted."""
    today = act.clock.today()
    kind: QuotaScope = "temporary" if scope in TEMPORARY else "lasting"
    until = Period.containing(today, "month").last_day if kind == "temporary" else None
    before = await quota(tx, act.taxpayer_id, today)
    is_new = await store.add(
        tx, act.taxpayer_id, quota_fen=quota_fen, scope=kind, valid_from=today, valid_until=until, at=act.clock.now(),
        application_id=act.application_id, application_no=act.application_no,
    )  # fmt: skip
    if not is_new:
        row = await store.of_application(tx, act.taxpayer_id, act.application_id)
        return row["quota_fen"], row["scope"], row["valid_from"], row["valid_until"]
    await evidence.append(
        tx,
        actor=act.actor,
        clock=act.clock,
        act="invoice.quota_set",
        taxpayer_id=act.taxpayer_id,
        subject_id=act.application_id,
        payload={"quota_fen": quota_fen, "scope": kind, "before_fen": before.quota_fen, "valid_until": until},
        summary={"amount_fen": quota_fen, "application_no": act.application_no}
        | ({"valid_until": until.isoformat()} if until else {}),
    )
    return quota_fen, kind, today, until
