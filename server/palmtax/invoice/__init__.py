"""Invoices (发票): the pool of what a taxpayer issued and received, imports of files, entry by hand, and their sums.

Owns the words pool 发票池, red-letter 红字, original 蓝字, import 导入, quota 总额度, sheet 红字确认单, mark 用途/入账标识.
Matters issue invoices, set quotas and take back by red letters through the door actions. Not here: what the sums mean
for a return (filing).
"""

from datetime import date

from palmtax.invoice.actions import effects
from palmtax.invoice.actions.pool import glance
from palmtax.invoice.actions.quotas import quota
from palmtax.invoice.model import Glance, Glanced, InvoiceSum, MonthSum, Quota, folded
from palmtax.invoice.store.pool import month_sums_of, month_sums_part, month_sums_within
from palmtax.plumbing.database import Tx
from palmtax.plumbing.together import together

__all__ = [
    "Glance",
    "Glanced",
    "InvoiceSum",
    "MonthSum",
    "Quota",
    "effects",
    "folded",
    "glance",
    "month_sums",
    "month_sums_of",
    "month_sums_part",
    "month_sums_within",
    "quota",
    "sums",
]


async def month_sums(tx: Tx, taxpayer_id: int, first_day: date, last_day: date) -> list[MonthSum]:
    """The same as `sums`, month by month. One round trip."""
    return month_sums_of((await together(tx, month_sums_part(taxpayer_id, first_day, last_day)))[0])


async def sums(tx: Tx, taxpayer_id: int, first_day: date, last_day: date) -> list[InvoiceSum]:
    """What was issued in whole months of a span, by kind, rate and nature; red ones negative, void ones left out.

    One round trip.
    """
    return folded(await month_sums(tx, taxpayer_id, first_day, last_day), first_day, last_day)
