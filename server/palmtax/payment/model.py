"""Values of payment: accounts, balanced lines, what a return leaves open, orders and their states. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import ClassVar, Literal
from uuid import UUID

from pydantic import Field

from palmtax import rules
from palmtax.base.clock import CHINA, china_day
from palmtax.plumbing.settings import Section

LATE_FEE = "late_fee"
"""Tax type code of the late-payment fee (滞纳金)."""
FINE = "fine"
"""Tax type code of an administrative fine (罚款)."""
WITHOUT_LATE_FEE = frozenset({FINE})
"""行政处罚法 第七十二条: an unpaid fine grows by a decision of the office, not by the late fee of taxes."""
REFUND = "refund"
"""Stands where a line of a refund belongs to no single tax."""

RECEIVABLE, TREASURY, LATE_FEES = "receivable", "treasury", "late_fee"
WECHAT_CLEARING, BANK_CLEARING, REFUNDS_PAYABLE = "wechat_clearing", "bank_clearing", "refunds_payable"
ACCOUNTS = (RECEIVABLE, TREASURY, LATE_FEES, WECHAT_CLEARING, BANK_CLEARING, REFUNDS_PAYABLE)
ACCOUNT_NAMES: Mapping[str, tuple[str, str]] = {
    RECEIVABLE: ("应收税款", "Taxes receivable"),
    TREASURY: ("国库", "Treasury"),
    LATE_FEES: ("国库 · 滞纳金", "Treasury · late fees"),
    WECHAT_CLEARING: ("微信支付在途", "WeChat Pay in transit"),
    BANK_CLEARING: ("银行转账在途", "Bank transfer in transit"),
    REFUNDS_PAYABLE: ("应退税费", "Refunds payable"),
}
TAX_NAMES: Mapping[str, tuple[str, str]] = {
    "vat_small_scale": ("增值税", "Value-added tax"),
    "urban_construction": ("城市维护建设税", "Urban maintenance and construction tax"),
    "education_surcharge": ("教育费附加", "Education surcharge"),
    "local_education_surcharge": ("地方教育附加", "Local education surcharge"),
    FINE: ("罚款", "Fine"),
    LATE_FEE: ("滞纳金", "Late-payment fee"),
}
EntryKind = Literal["charge", "settlement", "overpayment", "refund"]
ENTRY_TEXTS: Mapping[str, tuple[str, str]] = {
    "charge": ("申报 {return_no}", "Return {return_no}"),
    "settlement": ("缴款", "Payment"),
    "overpayment": ("多缴待退", "Overpaid, to be refunded"),
    "refund": ("退款完成", "Refund completed"),
}

OrderState = Literal["created", "paying", "paid", "expired", "cancelled"]
ORDER_STATES = ("created", "paying", "paid", "expired", "cancelled")
OPEN_STATES = ("created", "paying")
Way = Literal["wechat", "bank_transfer"]
WAYS = ("wechat", "bank_transfer")
CLEARING: Mapping[str, str] = {"wechat": WECHAT_CLEARING, "bank_transfer": BANK_CLEARING}
REFUND_STATES = ("asked", "done", "failed")
RefundReason = Literal["paid_twice", "paid_late", "amended"]
REFUND_REASONS: Mapping[str, tuple[str, str]] = {
    "paid_twice": ("重复缴款退回", "Paid twice"),
    "paid_late": ("订单已失效后到账，退回", "Money arrived after the order had ended"),
    "amended": ("更正申报后多缴退回", "Overpaid after an amendment"),
}
PaymentState = Literal["nothing_due", "unpaid", "paying", "paid", "refund_due"]


class PaymentSettings(Section):
    """How long an order can be paid and how patiently the channel is asked."""

    section: ClassVar[str] = "payment"
    order_minutes: int = Field(115, ge=5, le=115, description="life of an order, minutes; a WeChat prepay lives 120")
    refund_query_minutes: int = Field(5, ge=1, le=1440, description="wait between two looks at a refund, minutes")


@dataclass(frozen=True, slots=True)
class ChargeItem:
    """One tax or fee that a return makes payable; negative where an amendment lowers it."""

    tax_type_code: str
    amount_fen: int


@dataclass(frozen=True, slots=True)
class Transfer:
    """One ledger line: the same amount on both sides, so no line and no entry can be out of balance."""

    tax_type_code: str
    debit_account: str
    credit_account: str
    amount_fen: int


@dataclass(frozen=True, slots=True)
class DueItem:
    """What is open of one tax, with the late fee to a day; both fen, not negative."""

    tax_type_code: str
    amount_fen: int
    late_fee_fen: int


@dataclass(frozen=True, slots=True)
class OpenItem:
    """What one tax of an obligation leaves open, fen; negative where overpaid."""

    obligation_id: UUID
    tax_type_code: str
    open: int
    return_no: str
    period: str
    due_on: date


@dataclass(frozen=True, slots=True)
class PaidTax:
    """What was paid of one tax on a day and not given back, fen."""

    tax_type_code: str
    period: str
    paid_on: date
    amount_fen: int


@dataclass(frozen=True, slots=True)
class Standing:
    """Where the payment of a return stands; all amendments of one original share one standing. Fen.

    `charged_fen` what the returns ask for · `paid_fen` tax that was paid and not given back (without late fees) ·
    `open_fen` the difference (negative: overpaid) · `late_fee_fen` what would be added if `open_fen` were paid today ·
    `refunding_fen` on its way back · `order_id` the open order, else the last paid one.
    """

    obligation_id: UUID
    return_no: str
    period: str
    due_on: date | None
    charged_fen: int
    paid_fen: int
    open_fen: int
    late_fee_fen: int
    refunding_fen: int
    order_id: UUID | None
    state: PaymentState
    items: tuple[DueItem, ...]

    @property
    def due_now_fen(self) -> int:
        """Open tax plus late fee, fen; zero when nothing is open."""
        return sum(item.amount_fen + item.late_fee_fen for item in self.items)


@dataclass(frozen=True, slots=True)
class OrderItem:
    """What part of an order pays what, fen."""

    tax_type_code: str
    amount_fen: int
    late_fee_fen: int


@dataclass(frozen=True, slots=True)
class Refund:
    """Money on its way back, fen; `items` says how much of which tax, when an amendment left it overpaid."""

    refund_id: UUID
    taxpayer_id: int
    order_id: UUID
    obligation_id: UUID
    refund_no: str
    out_trade_no: str | None
    trade_total_fen: int
    way: Way
    amount_fen: int
    items: tuple[tuple[str, int], ...]
    reason_code: RefundReason
    state: Literal["asked", "done", "failed"]
    asked_at: datetime
    done_at: datetime | None


@dataclass(frozen=True, slots=True)
class Order:
    """A payment order as it stands."""

    taxpayer_id: int
    order_id: UUID
    order_no: str
    obligation_id: UUID
    return_id: UUID
    return_no: str
    period: str
    due_on: date
    state: OrderState
    way: Way | None
    amount_fen: int
    created_by: int
    created_at: datetime
    expires_at: datetime
    paid_at: datetime | None
    channel_trade_no: str | None
    paid_trade_no: str | None
    attempt: int
    trade: Literal["jsapi", "h5"] | None
    payer_id: int | None
    prepay: str | None
    items: tuple[OrderItem, ...]
    refunds: tuple[Refund, ...]

    @property
    def is_open(self) -> bool:
        """Whether money is awaited."""
        return self.state in OPEN_STATES

    @property
    def out_trade_no(self) -> str:
        """The number of the present trade at the channel."""
        return trade_number(self.order_no, self.attempt)

    def is_due_at(self, now: datetime) -> bool:
        """Whether it can still be paid at this instant."""
        return self.is_open and now <= self.expires_at


@dataclass(frozen=True, slots=True)
class Entry:
    """A balanced entry of the ledger."""

    entry_id: UUID
    kind: str
    return_id: UUID
    return_no: str
    order_id: UUID | None
    booked_at: datetime
    lines: tuple[Transfer, ...]


@dataclass(frozen=True, slots=True)
class Ledger:
    """A page of a taxpayer's ledger, newest first, with what is owed in all (fen)."""

    entries: tuple[Entry, ...]
    owed_fen: int
    next_cursor: str | None


def tax_name(code: str) -> tuple[str, str]:
    """What a tax is called, Chinese and English; one that a law gives is called as the law is.

    >>> tax_name("stamp_duty"), tax_name("never_heard_of")
    (('印花税', 'Stamp duty'), ('never_heard_of', 'never_heard_of'))
    """
    known = TAX_NAMES.get(code)
    if known is not None:
        return known
    if code in rules.every_law():
        law = rules.law(code)
        return law.title, law.title_en
    return code, code


def trade_number(order_no: str, attempt: int) -> str:
    """The channel's number of an order's n-th trade: letters and digits, at most 32.

    >>> trade_number("PT2026112301ABCDEFGHJKMN", 0), trade_number("PT2026112301ABCDEFGHJKMN", 2)
    ('PT2026112301ABCDEFGHJKMN', 'PT2026112301ABCDEFGHJKMNR2')
    """
    return f"{order_no}R{attempt}" if attempt else order_no


def order_number(order_id: UUID, day: date) -> str:
    """The number on paper: PT, the day, and 14 characters of the identifier's random end (Crockford's alphabet).

    >>> order_number(UUID("019ab000-0000-7000-8000-0000000000ff"), date(2026, 11, 23))
    'PT202611230800000000007Z'
    """
    tail, digits = order_id.int & (2**70 - 1), ""
    for _ in range(14):
        tail, rest = divmod(tail, 32)
        digits = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"[rest] + digits
    return f"PT{day:%Y%m%d}{digits}"


def expires_at(now: datetime, minutes: int) -> datetime:
    """When an order ends: after `minutes`, and at the latest with the Beijing day, so that its late fee stays exact."""
    local = now.astimezone(CHINA)
    end_of_day = datetime.combine(local.date(), time(23, 59, 59), CHINA)
    return min(local + timedelta(minutes=minutes), end_of_day).astimezone(now.tzinfo)


def due_items(open_by_tax: Mapping[str, int], due_on: date, paid_on: date) -> tuple[DueItem, ...]:
    """What to pay for each tax on a day, late fee included (征管法 第三十二条); fen.

    A tax that an amendment left overpaid is set off against the open ones, in order of code, before late fees are
    computed; nothing is due when the whole is not positive. The late fee is computed per tax, as it is booked.
    """
    credit = -sum(amount for amount in open_by_tax.values() if amount < 0)
    found = []
    for code in sorted(open_by_tax):
        amount = max(open_by_tax[code], 0)
        used = min(credit, amount)
        credit, amount = credit - used, amount - used
        if amount:
            late = 0 if code in WITHOUT_LATE_FEE else late_fee_fen(amount, due_on, paid_on)
            found.append(DueItem(code, amount, late))
    return () if credit else tuple(found)


def late_fee_fen(amount_fen: int, due_on: date, paid_on: date) -> int:
    """The late fee of one tax, fen; zero until the deadline."""
    return rules.late_fee(amount_fen, due_on, paid_on).fee_fen if paid_on > due_on else 0


def charge_lines(items: Iterable[ChargeItem]) -> tuple[Transfer, ...]:
    """A return asks for money: receivable to treasury per tax; a negative item the other way; zeros are left out."""
    return tuple(
        Transfer(item.tax_type_code, RECEIVABLE, TREASURY, item.amount_fen)
        if item.amount_fen > 0
        else Transfer(item.tax_type_code, TREASURY, RECEIVABLE, -item.amount_fen)
        for item in items
        if item.amount_fen
    )


def settlement_lines(items: Iterable[OrderItem], way: Way) -> tuple[Transfer, ...]:
    """Money arrived for an order: the late fee is assessed, then everything is paid from the channel."""
    clearing, found = CLEARING[way], []
    for item in items:
        if item.late_fee_fen:
            found.append(Transfer(LATE_FEE, RECEIVABLE, LATE_FEES, item.late_fee_fen))
            found.append(Transfer(LATE_FEE, clearing, RECEIVABLE, item.late_fee_fen))
        if item.amount_fen:
            found.append(Transfer(item.tax_type_code, clearing, RECEIVABLE, item.amount_fen))
    return tuple(found)


def overpaid_lines(open_by_tax: Mapping[str, int]) -> tuple[Transfer, ...]:
    """What an amendment left overpaid becomes payable back; open taxes are set off first, in order of code."""
    debt = sum(amount for amount in open_by_tax.values() if amount > 0)
    found = []
    for code in sorted(open_by_tax):
        credit = max(-open_by_tax[code], 0)
        used = min(debt, credit)
        debt, credit = debt - used, credit - used
        if credit:
            found.append(Transfer(code, RECEIVABLE, REFUNDS_PAYABLE, credit))
    return () if debt else tuple(found)


def refund_lines(amount_fen: int, way: Way) -> tuple[Transfer, ...]:
    """Money left us again."""
    return (Transfer(REFUND, REFUNDS_PAYABLE, CLEARING[way], amount_fen),)


def state_of(charged_fen: int, open_fen: int, refunding_fen: int, open_state: str | None) -> PaymentState:
    """One word for a standing."""
    if open_fen < 0 or refunding_fen > 0:
        return "refund_due"
    if open_fen > 0:
        return "paying" if open_state == "paying" else "unpaid"
    return "paid" if charged_fen > 0 else "nothing_due"


def paid_on(order: Order) -> date | None:
    """The Beijing day the order was paid."""
    return china_day(order.paid_at) if order.paid_at else None
