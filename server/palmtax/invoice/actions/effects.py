"""What matters may do with invoices, and read of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from palmtax import evidence
from palmtax.base.actor import Actor
from palmtax.base.clock import Clock
from palmtax.base.money import show_yuan
from palmtax.base.period import Period
from palmtax.invoice.actions import issuing, quotas, red_sheets
from palmtax.invoice.model import InvoiceKind, RedSheet, SheetState, folded, invoice_no_of
from palmtax.invoice.store import pool
from palmtax.invoice.store import quotas as numbers
from palmtax.invoice.store import red_sheets as marks
from palmtax.plumbing.database import Tx
from palmtax.plumbing.effects import Act, Done, Line, Value, effect, reads
from palmtax.plumbing.together import together

SHOWN = 50
_MARKED = {"use": "invoice.use_set", "booked": "invoice.booking_marked"}
_KINDS = {
    "ordinary": ("普通发票", "Ordinary"),
    "special": ("增值税专用发票", "Special"),
    "none": ("未开票收入", "Without invoice"),
}


@effect("invoice.show_quota")
async def show_quota(tx: Tx, *, act: Act) -> Done:
    """The quota of this month, what is used and what is left; fen without VAT."""
    found = await quotas.quota(tx, act.taxpayer_id, act.clock.today())
    return Done(
        {"quota_fen": found.quota_fen, "used_fen": found.used_fen, "left_fen": found.left_fen},
        (
            Line("本月总额度", "Quota of this month", found.quota_fen, "fen"),
            Line("已用额度", "Used", found.used_fen, "fen"),
            Line("剩余额度", "Left", found.left_fen, "fen"),
        ),
    )


@effect("invoice.set_quota")
async def set_quota(tx: Tx, *, act: Act, quota_fen: int, scope: str = "lasting") -> Done:
    """Grant a monthly quota from today: `temporary` for this month, anything else for good."""
    granted, kind, first_day, until = await quotas.set_quota(tx, act=act, quota_fen=quota_fen, scope=scope)
    lines: tuple[Line, ...] = (
        Line("月度总额度（不含税）", "Monthly quota, without VAT", granted, "fen"),
        Line("生效日期", "Valid from", first_day.isoformat()),
    )
    if until is not None:
        lines += (Line("有效期至", "Valid until", until.isoformat()),)
    return Done({"quota_fen": granted, "scope": kind}, lines)


def _issued(row: Any) -> Done:
    total = row["amount_fen"] + row["tax_fen"]
    return Done(
        {
            "invoice_no": row["invoice_no"],
            "amount_fen": row["amount_fen"],
            "tax_fen": row["tax_fen"],
            "total_fen": total,
        },
        (
            Line("发票号码", "Invoice no.", row["invoice_no"]),
            Line("票种", "Kind", _KINDS[row["kind"]][0], value_en=_KINDS[row["kind"]][1]),
            Line("购买方", "Buyer", row["counterparty_name"]),
            Line("开票日期", "Issued on", row["issued_on"].isoformat()),
            Line("金额", "Amount without VAT", row["amount_fen"], "fen"),
            Line("税额", "VAT", row["tax_fen"], "fen"),
            Line("价税合计", "Total", total, "fen"),
        ),
    )


@effect("invoice.issue")
async def issue(
    tx: Tx,
    *,
    act: Act,
    buyer_name: str,
    lines: list[dict[str, Any]],
    kind: str,
    buyer_uscc: str | None = None,
    remark: str | None = None,
    invoice_no: str | None = None,
) -> Done:
    """Issue an invoice into the pool; rows carry name, amount_fen (without VAT) and rate.

    `invoice_no` is for what must exist before an example. Errors: invoice.quota_exceeded, invoice.lines_missing,
    invoice.rate_unknown, invoice.duplicate.
    """
    of_kind: InvoiceKind = "special" if kind == "special" else "ordinary"
    row = await issuing.issue(
        tx, act=act, buyer_name=buyer_name, buyer_uscc=buyer_uscc, lines=issuing.lines_of(lines), kind=of_kind,
        remark=remark or "", invoice_no=invoice_no,
    )  # fmt: skip
    return _issued(row)


def _sheet(sheet: RedSheet, state: SheetState) -> Done:
    zh, en = red_sheets.STATES[state]
    return Done(
        {"sheet_no": sheet.sheet_no, "state": state, "amount_fen": sheet.amount_fen},
        (
            Line("确认单编号", "Sheet no.", sheet.sheet_no),
            Line("原发票号码", "Original invoice", sheet.invoice_no),
            Line("红冲金额", "Amount taken back", sheet.amount_fen, "fen"),
            Line("状态", "State", f"{zh} · {en}"),
        ),
    )


@effect("invoice.open_red_sheet")
async def open_red_sheet(
    tx: Tx,
    *,
    act: Act,
    invoice_no: str,
    reason: str,
    amount_fen: int,
    is_used: bool = False,
    is_from_other: bool = False,
    sheet_no: str | None = None,
) -> Done:
    """Open a red-letter sheet; agreed at once where the buyer has neither used nor booked the invoice.

    `is_from_other` and `sheet_no` are for what must exist before an example.
    Errors: invoice.red_of_red, invoice.red_beyond_original.
    """
    made = await red_sheets.open_sheet(
        tx, act=act, invoice_no=invoice_no, reason=reason, amount_fen=amount_fen, is_used=is_used,
        is_from_other=is_from_other, sheet_no=sheet_no,
    )  # fmt: skip
    return _sheet(made, made.opened_as)


@effect("invoice.answer_red_sheet")
async def answer_red_sheet(tx: Tx, *, act: Act, sheet_no: str, is_agreed: bool) -> Done:
    """Agree to the other side's sheet or refuse it. Errors: invoice.sheet_unknown, invoice.sheet_settled."""
    made = await red_sheets.answer_sheet(tx, act=act, sheet_no=sheet_no, is_agreed=is_agreed)
    return _sheet(made, made.answered_as)


@effect("invoice.issue_red")
async def issue_red(tx: Tx, *, act: Act, sheet_no: str) -> Done:
    """Issue the red invoice of an agreed sheet.

    Errors: invoice.sheet_unknown, invoice.sheet_settled, invoice.original_unknown.
    """
    return _issued(await red_sheets.issue_red(tx, act=act, sheet_no=sheet_no))


@effect("invoice.set_use")
async def set_use(tx: Tx, *, act: Act, invoice_nos: list[dict[str, Any]], use: str, period: str | None = None) -> Done:
    """Mark received invoices as used (deduct, no_deduct, refund …) in a period. Errors: invoice.number_malformed."""
    asked = list(dict.fromkeys(invoice_no_of(str(row.get("invoice_no", ""))) for row in invoice_nos))
    known = await pool.known_numbers(tx, act.taxpayer_id, asked)
    await _mark(tx, act, asked, kind="use", use=use, period=period)
    return Done(
        {"count": len(asked), "known_count": len(known), "use": use},
        (
            Line("发票份数", "Invoices", len(asked), "份"),
            Line("其中已在发票池", "Of these in the pool", len(known), "份"),
            Line("所属期", "Period", period or "—"),
        ),
    )


@effect("invoice.mark_booked")
async def mark_booked(tx: Tx, *, act: Act, invoice_no: str, booked_on: date) -> Done:
    """Mark an invoice as booked. Errors: invoice.number_malformed."""
    number = invoice_no_of(invoice_no)
    await _mark(tx, act, [number], kind="booked", booked_on=booked_on)
    return Done(
        {"invoice_no": number, "booked_on": booked_on.isoformat()},
        (Line("发票号码", "Invoice no.", number), Line("入账日期", "Booked on", booked_on.isoformat())),
    )


async def _mark(
    tx: Tx, act: Act, asked: list[str], *, kind: str, use: str = "", period: str | None = None,
    booked_on: date | None = None,
) -> None:  # fmt: skip
    new = await marks.mark(
        tx, act.taxpayer_id, asked, kind=kind, use=use, period=period, booked_on=booked_on, at=act.clock.now(),
        application_id=act.application_id,
    )  # fmt: skip
    if new:
        await evidence.append(
            tx,
            actor=act.actor,
            clock=act.clock,
            act=_MARKED[kind],
            taxpayer_id=act.taxpayer_id,
            subject_id=act.application_id,
            payload={"invoices": asked, "use": use, "period": period, "booked_on": booked_on},
            summary={"count": new, "application_no": act.application_no} | ({"period": period} if period else {}),
        )


@effect("invoice.check")
async def check(tx: Tx, *, act: Act, invoice_no: str, issued_on: date, amount_fen: int) -> Done:
    """Whether a number, a day and an amount (with or without VAT) belong to one invoice we know; nothing else is told.

    Errors: invoice.number_malformed.
    """
    number = invoice_no_of(invoice_no)
    found = await pool.by_no(tx, act.taxpayer_id, number)
    if found is None:
        issuer, _ = await numbers.sides(tx, number)
        found = await pool.by_no(tx, issuer, number) if issuer is not None else None
    amounts = {found["amount_fen"], found["amount_fen"] + found["tax_fen"]} if found is not None else set()
    matches = found is not None and found["issued_on"] == issued_on and amount_fen in amounts
    zh, en = ("查有此票，内容一致", "matches") if matches else ("查无此票或内容不一致", "no match")
    lines: tuple[Line, ...] = (
        Line("发票号码", "Invoice no.", number),
        Line("查验结果", "Result", zh, value_en=en),
    )
    if matches and found is not None:
        zh, en = ("已作废", "void") if found["is_void"] else ("红字", "red") if found["is_red"] else ("正常", "valid")
        kind, kind_en = _KINDS[found["kind"]]
        lines += (Line("票种", "Kind", kind, value_en=kind_en), Line("发票状态", "State", zh, value_en=en))
    return Done({"matches": matches}, lines)


@effect("invoice.show_list")
async def show_list(
    tx: Tx, *, act: Act, first_day: date | None = None, last_day: date | None = None, direction: str = "issued"
) -> Done:
    """Invoices of these days, newest first (at most 50), with the sums of all; direction issued or received."""
    side = "received" if direction == "received" else "issued"
    wanted = pool.InvoiceFilter(side, first_day, last_day)
    rows = (await pool.page(tx, act.taxpayer_id, wanted, None, SHOWN))[:SHOWN]
    sums = await pool.totals(tx, act.taxpayer_id, wanted)
    lines = [
        Line(
            f"{row['issued_on'].isoformat()} {row['invoice_no']}",
            f"{row['issued_on'].isoformat()} {row['invoice_no']}",
            f"{row['counterparty_name']} · {show_yuan(row['amount_fen'])} + {show_yuan(row['tax_fen'])} 元",
            value_en=f"{row['counterparty_name']} · ¥{show_yuan(row['amount_fen'])} + ¥{show_yuan(row['tax_fen'])}",
        )
        for row in rows
    ]
    heads = (
        Line("份数", "Invoices", sums.count),
        Line("金额合计", "Amount", sums.amount_fen, "fen"),
        Line("税额合计", "VAT", sums.tax_fen, "fen"),
    )
    values: dict[str, str | int | bool] = {
        "count": sums.count,
        "amount_fen": sums.amount_fen,
        "tax_fen": sums.tax_fen,
    }
    return Done(values, (*heads, *lines))


NAMES = {
    "quota_fen": "amount",
    "quota_used_fen": "amount",
    "quota_left_fen": "amount",
    "sales_fen": "amount",
    "last_sales_fen": "amount",
    "invoices": "number",
}


@reads("invoice", names=NAMES)
async def read(tx: Tx, *, actor: Actor, clock: Clock, taxpayer_id: int, names: Sequence[str]) -> dict[str, Value]:
    """Quota of this month, sales of the last twelve months and of this quarter, fen. Two round trips."""
    del actor
    found: dict[str, Value] = {}
    today = clock.today()
    if any(name.startswith("quota") for name in names):
        quota = await quotas.quota(tx, taxpayer_id, today)
        found |= {"quota_fen": quota.quota_fen, "quota_used_fen": quota.used_fen, "quota_left_fen": quota.left_fen}
    if not found or not set(names) <= found.keys():
        first = (today.replace(day=1) - timedelta(days=330)).replace(day=1)
        (rows,) = await together(tx, pool.month_sums_part(taxpayer_id, first, today))
        months = pool.month_sums_of(rows)
        year = folded(months, first, today)
        quarter = folded(months, Period.containing(today, "quarter").first_day, today)
        found["sales_fen"] = sum(one.amount_fen for one in year)
        found["invoices"] = sum(one.count for one in year)
        found["last_sales_fen"] = sum(one.amount_fen for one in quarter)
    return {name: found[name] for name in names}
