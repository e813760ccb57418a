"""Invoices (发票): the pool of what a taxpayer issued and received, imports of files, entry by hand, and their sums.

Owns the words pool 发票池, red-letter 红字, original 蓝字, import 导入. Not here: issuing invoices,
verifying other people's (later rows), and what the sums mean for a return (filing).
"""

from datetime import date

from palmtax.invoice.model import InvoiceSum, MonthSum, folded
from palmtax.invoice.store.pool import month_sums_of, month_sums_part, month_sums_within
from palmtax.plumbing.database import Tx
from palmtax.plumbing.together import together

__all__ = [
    "InvoiceSum",
    "MonthSum",
    "folded",
    "month_sums",
    "month_sums_of",
    "month_sums_part",
    "month_sums_within",
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
