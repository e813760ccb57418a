"""An invoice as a value, and the checks that need nothing but the invoice and the day."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, Literal
from uuid import UUID

import yaml

from palmtax.base.errors import PalmtaxError
from palmtax.base.money import show_yuan, yuan
from palmtax.base.rate import Rate
from palmtax.invoice import errors
from palmtax.plumbing.wire import LARGEST_FEN

InvoiceKind = Literal["ordinary", "special", "none"]
Direction = Literal["issued", "received"]
Source = Literal["pool", "einvoice_xml", "platform_csv", "hand", "matter"]
QuotaScope = Literal["lasting", "temporary"]
SheetState = Literal["waiting", "agreed", "refused", "void", "issued"]
SheetSide = Literal["opened", "received"]
LEVY_RATES = ("0", "0.01", "0.015", "0.03", "0.05", "0.06", "0.09", "0.13")
"""Rates as they are written in the pool: canonical decimal text, so that equal rates are equal texts."""

_NUMBER = re.compile(r"\d{8,20}", re.ASCII)
_SCIENTIFIC = re.compile(r"[+-]?\d+(\.\d+)?[eE][+-]?\d+", re.ASCII)
_BLUE_NUMBER = re.compile(
    r"(?:被红冲蓝字数电票号码|被红冲蓝字数电发票号码|对应蓝字发票号码?|对应正数发票号码)\s*[:：]\s*(\d{8,20})"
)
_FIRST_DAY = date(1994, 1, 1)
OWN_NUMBER_LEAD = "00"
"""Income without an invoice gets a number of our own; no digital invoice begins with 00 (the year)."""


@dataclass(frozen=True, slots=True)
class InvoiceLine:
    """One line: amount without VAT and its tax, fen."""

    item: str
    levy_rate: str
    amount_fen: int
    tax_fen: int


@dataclass(frozen=True, slots=True)
class NewInvoice:
    """An invoice before it is in the pool; red ones are negative."""

    invoice_no: str
    kind: InvoiceKind
    direction: Direction
    issued_on: date
    counterparty_name: str
    lines: tuple[InvoiceLine, ...]
    is_real_estate: bool
    red_of_invoice_no: str | None

    @property
    def amount_fen(self) -> int:
        """Without VAT, fen."""
        return sum(line.amount_fen for line in self.lines)

    @property
    def tax_fen(self) -> int:
        """VAT, fen."""
        return sum(line.tax_fen for line in self.lines)

    @property
    def is_red(self) -> bool:
        """Whether it takes back: its amount is below zero."""
        return self.amount_fen < 0

    @property
    def reduction_waived(self) -> bool:
        """Special invoice at 3 %, not real estate: the cut to 1 % was waived (公告2026年第4号)."""
        return self.kind == "special" and not self.is_real_estate and any(x.levy_rate == "0.03" for x in self.lines)


@dataclass(frozen=True, slots=True)
class InvoiceSum:
    """What the pool holds of one kind, rate and nature: count, amount without VAT and tax, fen; red ones negative."""

    kind: InvoiceKind
    levy_rate: str
    is_real_estate: bool
    reduction_waived: bool
    count: int
    amount_fen: int
    tax_fen: int


@dataclass(frozen=True, slots=True)
class MonthSum:
    """An `InvoiceSum` of one calendar month."""

    month: date
    kind: InvoiceKind
    levy_rate: str
    is_real_estate: bool
    reduction_waived: bool
    count: int
    amount_fen: int
    tax_fen: int


def folded(months: list[MonthSum], first_day: date, last_day: date) -> list[InvoiceSum]:
    """The months within the span added up, by kind, rate and nature."""
    found: dict[tuple[InvoiceKind, str, bool, bool], list[int]] = {}
    for row in months:
        if first_day.replace(day=1) <= row.month <= last_day:
            total = found.setdefault((row.kind, row.levy_rate, row.is_real_estate, row.reduction_waived), [0, 0, 0])
            for place, more in enumerate((row.count, row.amount_fen, row.tax_fen)):
                total[place] += more
    return [InvoiceSum(*key, *total) for key, total in sorted(found.items())]


@dataclass(frozen=True, slots=True)
class ReadRow:
    """One row of a file (or one XML of an archive): an invoice, or why not."""

    row_no: int
    invoice_no: str | None
    invoice: NewInvoice | None
    refusal: PalmtaxError | None


def levy_rate_of(text: str) -> str:
    """The canonical rate of `1%`, `0.01`, `免税` …; RateUnknown for anything else."""
    bare = text.strip().replace("％", "%")
    if bare in {"免税", "不征税", "***", "免征增值税"}:
        return "0"
    try:
        rate = Rate(bare)
    except (ValueError, TypeError) as wrong:
        raise errors.RateUnknown(given=text[:20]) from wrong
    for known in LEVY_RATES:
        if rate == Rate(known):
            return known
    raise errors.RateUnknown(given=text[:20])


def invoice_no_of(text: str) -> str:
    """The number as digits, leading zeros kept; NumberNotExact for a spreadsheet's scientific notation."""
    bare = text.strip().strip("\t").removeprefix("'")
    if bare.startswith('="') and bare.endswith('"'):
        bare = bare[2:-1]
    if _SCIENTIFIC.fullmatch(bare):
        raise errors.NumberNotExact(given=bare[:40])
    if not _NUMBER.fullmatch(bare):
        raise errors.NumberMalformed(given=bare[:40])
    return bare


def original_no_in(remark: str) -> str | None:
    """The number of the reversed invoice that a red one carries in its remark."""
    found = _BLUE_NUMBER.search(remark)
    return found[1] if found else None


def right_tax_fen(line: InvoiceLine) -> int:
    """Amount × rate, fen, rounded half up."""
    return Rate(line.levy_rate).of(line.amount_fen)


def check(invoice: NewInvoice, today: date) -> None:
    """Whether the invoice agrees with itself and with the day; the first thing wrong is raised."""
    if not _FIRST_DAY <= invoice.issued_on <= today:
        raise errors.DateImpossible(given=invoice.issued_on.isoformat())
    for line_no, line in enumerate(invoice.lines, start=1):
        if abs(line.amount_fen) > LARGEST_FEN or abs(line.tax_fen) > LARGEST_FEN:
            raise errors.AmountTooLarge()
        right = right_tax_fen(line)
        if abs(right - line.tax_fen) > 1:
            raise errors.TaxMismatch(
                line_no=line_no,
                right=show_yuan(right),
                amount=show_yuan(line.amount_fen),
                rate=str(Rate(line.levy_rate)),
                given=show_yuan(line.tax_fen),
            )
    if max(abs(invoice.amount_fen), abs(invoice.tax_fen), abs(invoice.amount_fen + invoice.tax_fen)) > LARGEST_FEN:
        raise errors.AmountTooLarge()
    if invoice.red_of_invoice_no is not None and not invoice.is_red:
        raise errors.OriginalOfPositive()
    if invoice.is_red and invoice.red_of_invoice_no is None and invoice.kind != "none":
        raise errors.RedWithoutOriginal()
    if invoice.red_of_invoice_no is not None and invoice.red_of_invoice_no == invoice.invoice_no:
        raise errors.RedOfRed(original_no=invoice.invoice_no)


SHEET_HOURS = 72
"""A red-letter sheet that nobody answered is void after so many hours (国家税务总局公告2024年第11号; own knowledge)."""
_QUOTA = Path(__file__).parent / "kinds" / "quota.yaml"


@cache
def _first_quotas() -> tuple[tuple[date, int], ...]:
    raw: dict[str, list[dict[str, Any]]] = yaml.safe_load(_QUOTA.read_text(encoding="utf-8"))
    return tuple(sorted((one["from"], yuan(one["yuan"])) for one in raw["monthly"]))


def first_quota_fen(day: date) -> int:
    """What may be invoiced in a month while nothing was decided, without VAT, fen; `kinds/quota.yaml`.

    >>> first_quota_fen(date(2026, 11, 23))
    75000000
    """
    begun = [fen for first_day, fen in _first_quotas() if first_day <= day]
    return begun[-1] if begun else _first_quotas()[0][1]


@dataclass(frozen=True, slots=True)
class Glance:
    """The pool of some days at a glance: the newest that were issued, and how many; fen, with VAT, void ones left out."""

    newest: tuple[Glanced, ...]
    issued: int
    issued_fen: int
    received: int


@dataclass(frozen=True, slots=True)
class Glanced:
    """One issued invoice in a list; fen, with VAT."""

    invoice_id: UUID
    invoice_no: str
    counterparty_name: str
    issued_on: date
    total_fen: int
    is_red: bool
    is_void: bool


@dataclass(frozen=True, slots=True)
class Quota:
    """A month's quota and what of it is used, fen without VAT."""

    quota_fen: int
    used_fen: int

    @property
    def left_fen(self) -> int:
        """What may still be invoiced this month."""
        return max(self.quota_fen - self.used_fen, 0)


@dataclass(frozen=True, slots=True)
class RedSheet:
    """A red-letter confirmation sheet (红字发票信息确认单) as one side sees it; fen without VAT."""

    taxpayer_id: int
    sheet_no: str
    side: SheetSide
    other_taxpayer_id: int | None
    invoice_no: str
    other_name: str
    reason: str
    amount_fen: int
    state: SheetState
    opened_at: datetime
    answered_at: datetime | None
    red_invoice_no: str | None
    application_id: UUID
    answer_application_id: UUID | None
    issue_application_id: UUID | None

    @property
    def opened_as(self) -> SheetState:
        """The state it was opened in: a sheet that nobody had to answer was agreed at once."""
        has_waited = self.answered_at is not None or self.state in {"waiting", "void"}
        return "waiting" if has_waited else "agreed"

    @property
    def answered_as(self) -> SheetState:
        """What the answer was; the red invoice may have been issued since."""
        return "agreed" if self.state == "issued" else self.state

    def state_at(self, now: datetime) -> SheetState:
        """The state: a sheet that waited too long is void."""
        is_late = now >= self.opened_at + timedelta(hours=SHEET_HOURS)
        return "void" if self.state == "waiting" and is_late else self.state


def taken_back(lines: Sequence[InvoiceLine], amount_fen: int) -> tuple[InvoiceLine, ...]:
    """The lines of a red invoice that takes back an amount, from the first line on; negative, tax anew where cut.

    >>> [(one.amount_fen, one.tax_fen) for one in taken_back([InvoiceLine("a", "0.13", 100, 13)], 100)]
    [(-100, -13)]
    >>> lines = [InvoiceLine("a", "0.13", 1000, 130), InvoiceLine("b", "0.06", 1000, 60)]
    >>> [(one.item, one.amount_fen, one.tax_fen) for one in taken_back(lines, 1500)]
    [('a', -1000, -130), ('b', -500, -30)]
    """
    found, rest = [], amount_fen
    for line in lines:
        part = min(rest, line.amount_fen)
        if part <= 0:
            continue
        cut = InvoiceLine(line.item, line.levy_rate, -part, 0)
        tax = -line.tax_fen if part == line.amount_fen else right_tax_fen(cut)
        found.append(InvoiceLine(line.item, line.levy_rate, -part, tax))
        rest -= part
    return tuple(found)


def cursor_of(issued_on: date, invoice_id: UUID) -> str:
    """The mark of the last invoice of a page."""
    return base64.urlsafe_b64encode(f"{issued_on.isoformat()}{invoice_id.hex}".encode()).decode()


def read_cursor(text: str) -> tuple[date, UUID]:
    """The place a mark stands for; QueryMalformed when it is not one of ours."""
    try:
        plain = base64.urlsafe_b64decode(text.encode()).decode("ascii")
        return date.fromisoformat(plain[:10]), UUID(plain[10:])
    except (ValueError, binascii.Error) as wrong:
        raise errors.QueryMalformed(what="cursor") from wrong
