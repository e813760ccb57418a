"""Payment on the wire: orders, WeChat Pay, transfers, the ledger."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from pydantic import Field

from palmtax.payment.model import (
    ACCOUNT_NAMES,
    ENTRY_TEXTS,
    REFUND,
    REFUND_REASONS,
    TREASURY,
    Entry,
    Ledger,
    Order,
    Transfer,
    tax_name,
)
from palmtax.plumbing.wire import Fen, FenNotNegative, Wire


class OrderItemOut(Wire):
    """What part of an order pays what."""

    tax_type_code: str
    tax_name: str
    tax_name_en: str
    period: str
    amount_fen: FenNotNegative
    late_fee_fen: FenNotNegative


class RefundOut(Wire):
    """Money on its way back after a double payment or an amendment."""

    refund_id: UUID
    amount_fen: FenNotNegative
    reason: str
    reason_en: str = ""
    state: Literal["asked", "done", "failed"]
    asked_at: datetime
    done_at: datetime | None


class OrderOut(Wire):
    """A payment order and its truthful state."""

    order_id: UUID
    order_no: str
    return_id: UUID
    state: Literal["created", "paying", "paid", "expired", "cancelled"]
    way: Literal["wechat", "bank_transfer"] | None
    amount_fen: FenNotNegative
    items: list[OrderItemOut]
    created_at: datetime
    expires_at: datetime
    paid_at: datetime | None
    channel_trade_no: str | None
    refunds: list[RefundOut]


class OrderAsk(Wire):
    """Order the payment of what a return left unpaid; asking again gives the open order back."""

    return_id: UUID


class WeChatPayIn(Wire):
    """`jsapi` inside WeChat (login_code proves the openid when none is bound), `h5` in another browser."""

    trade: Literal["jsapi", "h5"]
    login_code: str | None = Field(default=None, max_length=128)


class WeChatPayOut(Wire):
    """What the front end hands to `wx.requestPayment`, or the cashier page to open."""

    trade: Literal["jsapi", "h5"]
    app_id: str | None = None
    time_stamp: str | None = None
    nonce_str: str | None = None
    package: str | None = None
    sign_type: Literal["RSA"] | None = None
    pay_sign: str | None = None
    h5_url: str | None = None


class TransferIn(Wire):
    """A bank transfer that an officer saw on the treasury's account."""

    taxpayer_id: int
    order_id: UUID
    amount_fen: FenNotNegative
    bank_reference: str = Field(min_length=4, max_length=64)
    received_on: date


class LedgerLineOut(Wire):
    """One side of a balanced entry."""

    entry_id: UUID
    line_no: int
    account: str
    account_name: str
    account_name_en: str
    debit_fen: FenNotNegative
    credit_fen: FenNotNegative
    text: str
    text_en: str
    booked_at: datetime
    return_id: UUID | None
    order_id: UUID | None


class LedgerOut(Wire):
    """A taxpayer's ledger with its balance: what is still owed (positive) or held for them (negative)."""

    lines: list[LedgerLineOut]
    owed_fen: Fen
    next_cursor: str | None


class NotifyAnswer(Wire):
    """What WeChat Pay wants to read when a notice was not taken."""

    code: Literal["SUCCESS", "FAIL"]
    message: str


def shape_order(order: Order) -> OrderOut:
    """An order on the wire."""
    names = {item.tax_type_code: tax_name(item.tax_type_code) for item in order.items}
    return OrderOut(
        order_id=order.order_id,
        order_no=order.order_no,
        return_id=order.return_id,
        state=order.state,
        way=order.way,
        amount_fen=order.amount_fen,
        items=[
            OrderItemOut(
                tax_type_code=item.tax_type_code,
                tax_name=names[item.tax_type_code][0],
                tax_name_en=names[item.tax_type_code][1],
                period=order.period,
                amount_fen=item.amount_fen,
                late_fee_fen=item.late_fee_fen,
            )
            for item in order.items
        ],
        created_at=order.created_at,
        expires_at=order.expires_at,
        paid_at=order.paid_at,
        channel_trade_no=order.channel_trade_no,
        refunds=[
            RefundOut(
                refund_id=refund.refund_id,
                amount_fen=refund.amount_fen,
                reason=REFUND_REASONS[refund.reason_code][0],
                reason_en=REFUND_REASONS[refund.reason_code][1],
                state=refund.state,
                asked_at=refund.asked_at,
                done_at=refund.done_at,
            )
            for refund in order.refunds
        ],
    )


def shape_ledger(ledger: Ledger) -> LedgerOut:
    """A page of the ledger on the wire: each transfer becomes its two sides."""
    lines = [side for entry in ledger.entries for n, line in enumerate(entry.lines) for side in _sides(entry, n, line)]
    return LedgerOut(lines=lines, owed_fen=ledger.owed_fen, next_cursor=ledger.next_cursor)


def _sides(entry: Entry, number: int, line: Transfer) -> tuple[LedgerLineOut, LedgerLineOut]:
    tax = tax_name(line.tax_type_code) if line.tax_type_code != REFUND else ("", "")
    text, text_en = ENTRY_TEXTS[entry.kind]

    def side(place: int, account: str, debit_fen: int, credit_fen: int) -> LedgerLineOut:
        name, name_en = ACCOUNT_NAMES[account]
        return LedgerLineOut(
            entry_id=entry.entry_id,
            line_no=2 * number + place,
            account=f"{account}.{line.tax_type_code}" if account == TREASURY else account,
            account_name=f"{name} · {tax[0]}" if account == TREASURY else name,
            account_name_en=f"{name_en} · {tax[1]}" if account == TREASURY else name_en,
            debit_fen=debit_fen,
            credit_fen=credit_fen,
            text=" · ".join(filter(None, (text.format(return_no=entry.return_no), tax[0]))),
            text_en=" · ".join(filter(None, (text_en.format(return_no=entry.return_no), tax[1]))),
            booked_at=entry.booked_at,
            return_id=entry.return_id,
            order_id=entry.order_id,
        )

    return side(1, line.debit_account, line.amount_fen, 0), side(2, line.credit_account, 0, line.amount_fen)
