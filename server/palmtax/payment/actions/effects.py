"""What matters may ask of payment, and read of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from palmtax.base.actor import Actor
from palmtax.base.clock import Clock
from palmtax.payment.actions import asking, fines
from palmtax.payment.model import tax_name
from palmtax.plumbing.database import Tx
from palmtax.plumbing.effects import Act, Done, Line, Value, effect, reads

_LEADS = {"insurance": "social_insurance"}
"""How the codes of a kind of payments begin."""


@effect("payment.show_owed")
async def show_owed(tx: Tx, *, act: Act) -> Done:
    """What is owed today, tax by tax, with the late fee that paying today would add."""
    items = [item for item in await asking.open_items(tx, act.taxpayer_id) if item.open > 0]
    owed, late = asking.owed_of(items), asking.late_fee_of(items, act.clock.today())
    heads = (Line("欠缴税费", "Owed", owed, "fen"), Line("滞纳金（算到今天）", "Late fee to today", late, "fen"))
    lines = []
    for item in items:
        name, name_en = tax_name(item.tax_type_code)
        due = item.due_on.isoformat()
        lines.append(
            Line(f"{name} {item.period}（{due} 到期）", f"{name_en} {item.period}, due {due}", item.open, "fen")
        )
    return Done({"owed_fen": owed, "late_fee_fen": late, "open_count": len(items)}, (*heads, *lines))


@effect("payment.charge_fine")
async def charge_fine(
    tx: Tx, *, act: Act, amount_fen: int | None = None, decision_no: str | None = None, pay_by: date | None = None,
    least_fen: int | None = None, most_fen: int | None = None,
) -> Done:  # fmt: skip
    """Charge a fine within what the law gives, once for a decision (without a number: for the application).

    Errors: payment.fine_outside.
    """
    charged = await fines.charge_fine(
        tx, act=act, amount_fen=amount_fen or 0, decision_no=decision_no or act.application_no, pay_by=pay_by,
        least_fen=least_fen or 0, most_fen=most_fen,
    )  # fmt: skip
    due = charged.due_on.isoformat() if charged.due_on else ""
    return Done(
        {"fine_fen": charged.charged_fen, "pay_by": due, "fine_id": str(charged.obligation_id)},
        (Line("罚款", "Fine", charged.charged_fen, "fen"), Line("缴款期限", "Pay by", due)),
    )


@effect("payment.show_payments")
async def show_payments(tx: Tx, *, act: Act, year: int, kind: str | None = None) -> Done:
    """What was paid in a year, tax by tax, less what was given back; `kind` = `insurance` shows nothing but that."""
    found = await asking.paid_taxes(tx, act.taxpayer_id, date(year, 1, 1), date(year, 12, 31))
    paid = [one for one in found if one.tax_type_code.startswith(_LEADS.get(kind or "", ""))]
    total = sum(one.amount_fen for one in paid)
    lines = []
    for one in paid:
        name, name_en = tax_name(one.tax_type_code)
        on = one.paid_on.isoformat()
        lines.append(Line(f"{on} {name} {one.period}", f"{on} {name_en} {one.period}", one.amount_fen, "fen"))
    return Done({"count": len(paid), "paid_fen": total}, (Line("缴款合计", "Paid in all", total, "fen"), *lines))


@effect("payment.ask_refund")
async def ask_refund(tx: Tx, *, act: Act, amount_fen: int, reason: str, account_no: str | None = None) -> Done:
    """An approved refund waits for the treasury: no money moves here. Errors: payment.nothing_to_refund."""
    row = await asking.ask_refund(tx, act=act, amount_fen=amount_fen, account_no=account_no or "", reason=reason)
    return Done(
        {"request_no": row["request_no"], "amount_fen": row["amount_fen"], "state": row["state"]},
        (
            Line("退税申请编号", "Refund request", row["request_no"]),
            Line("退还金额", "To be refunded", row["amount_fen"], "fen"),
            Line("账上多缴", "Overpaid on the ledger", row["overpaid_fen"], "fen"),
            Line("状态", "State", "已审核，等待国库退付", value_en="approved, waiting for the treasury"),
        ),
    )


@effect("payment.grant_deferral")
async def grant_deferral(tx: Tx, *, act: Act, amount_fen: int, until: date) -> Done:
    """A later day to pay, at most three months on. Recorded: late fees are still booked by the ordinary rule.

    Errors: payment.deferral_wrong.
    """
    row = await asking.defer(tx, act=act, kind="deferral", amount_fen=amount_fen, until=until)
    return Done(
        {"amount_fen": row["amount_fen"], "until_on": row["until_on"].isoformat()},
        (
            Line("延期缴纳金额", "Deferred", row["amount_fen"], "fen"),
            Line("延期至", "Until", row["until_on"].isoformat()),
            Line(
                "滞纳金",
                "Late fee",
                "批准延期内不加收，由税务人员按本通知调整",
                value_en="none until then, set right by an officer",
            ),
        ),
    )


@effect("payment.grant_instalments")
async def grant_instalments(tx: Tx, *, act: Act, amount_fen: int, until: date, instalments: int) -> Done:
    """Payment in equal monthly parts up to a day. Recorded. Errors: payment.deferral_wrong."""
    row = await asking.defer(
        tx, act=act, kind="instalments", amount_fen=amount_fen, until=until, instalments=instalments
    )
    return Done(
        {"amount_fen": row["amount_fen"], "until_on": row["until_on"].isoformat(), "instalments": row["instalments"]},
        (
            Line("分期缴纳金额", "To be paid in parts", row["amount_fen"], "fen"),
            Line("期数", "Parts", row["instalments"]),
            Line("缴清日期", "Paid by", row["until_on"].isoformat()),
        ),
    )


NAMES = {
    "owed_fen": "amount",
    "paid_fen": "amount",
    "overpaid_fen": "amount",
    "late_fee_fen": "amount",
    "open_count": "number",
}


@reads("payment", names=NAMES)
async def read(tx: Tx, *, actor: Actor, clock: Clock, taxpayer_id: int, names: Sequence[str]) -> dict[str, Value]:
    """What is owed, late, overpaid and paid this year, fen. One round trip, two more for what is asked beyond that."""
    del actor
    items = await asking.open_items(tx, taxpayer_id)
    found: dict[str, Value] = {
        "owed_fen": asking.owed_of(items),
        "late_fee_fen": asking.late_fee_of(items, clock.today()),
        "open_count": sum(1 for item in items if item.open > 0),
    }
    if "overpaid_fen" in names:
        found["overpaid_fen"] = await asking.overpaid_fen(tx, taxpayer_id, items)
    if "paid_fen" in names:
        found["paid_fen"] = await asking.paid_in_year_fen(tx, taxpayer_id, clock.today().year)
    return {name: found[name] for name in names}
