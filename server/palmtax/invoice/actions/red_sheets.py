"""Red-letter sheets: opened by one side, answered by the other where that is needed, then the red invoice is issued.

Where the buyer has neither used nor booked the invoice, the seller's sheet needs no answer (国家税务总局公告2024年第11号).
"""

from __future__ import annotations

import secrets
from dataclasses import replace
from typing import Any

from palmtax import evidence, registry
from palmtax.base.money import show_yuan
from palmtax.invoice import errors
from palmtax.invoice.actions.issuing import key_of, new_number, put
from palmtax.invoice.model import InvoiceLine, NewInvoice, RedSheet, SheetState, check, taken_back
from palmtax.invoice.store import pool, quotas
from palmtax.invoice.store import red_sheets as store
from palmtax.plumbing.database import Tx
from palmtax.plumbing.effects import Act

LAST = "last"
"""Stands for the number of the newest sheet that can be acted on, or of the newest invoice."""
STATES = {
    "waiting": ("等待对方确认", "waiting for the other side"),
    "agreed": ("已确认", "agreed"),
    "refused": ("对方不同意", "refused"),
    "void": ("已作废", "void"),
    "issued": ("红票已开具", "issued"),
}


async def open_sheet(
    tx: Tx,
    *,
    act: Act,
    invoice_no: str,
    reason: str,
    amount_fen: int,
    is_used: bool = False,
    is_from_other: bool = False,
    sheet_no: str | None = None,
) -> RedSheet:
    """Open a sheet, once for an application; an original outside the pool is not held against it.

    `is_used`: the opener says that the buyer has used or booked it. `is_from_other`: it came in from the other side.
    Errors: invoice.red_of_red, invoice.red_beyond_original.
    """
    known = await store.of_application(tx, act.taxpayer_id, "application_id", act.application_id)
    if known is not None:
        return known
    if invoice_no == LAST:
        invoice_no = await pool.newest_no(tx, act.taxpayer_id) or invoice_no
    original = await pool.by_no(tx, act.taxpayer_id, invoice_no)
    await _check_left(tx, act, invoice_no, amount_fen)
    issuer, buyer = await quotas.sides(tx, invoice_no)
    is_seller = original["direction"] == "issued" if original is not None else issuer in {None, act.taxpayer_id}
    other = buyer if is_seller else issuer
    is_needed = is_used or not is_seller or (buyer is not None and await store.is_marked(tx, buyer, invoice_no))
    made = RedSheet(
        taxpayer_id=act.taxpayer_id,
        sheet_no=sheet_no or f"44{act.clock.today():%y%m}{secrets.randbelow(10**14):014d}",
        side="received" if is_from_other else "opened",
        other_taxpayer_id=other if other != act.taxpayer_id else None,
        invoice_no=invoice_no,
        other_name=original["counterparty_name"] if original is not None else "",
        reason=reason,
        amount_fen=amount_fen,
        state="waiting" if is_needed or is_from_other else "agreed",
        opened_at=act.clock.now(),
        answered_at=None,
        red_invoice_no=None,
        application_id=act.application_id,
        answer_application_id=None,
        issue_application_id=None,
    )
    if not await store.add(tx, made):
        return await store.of_application(tx, act.taxpayer_id, "application_id", act.application_id) or made
    if made.other_taxpayer_id is not None and not is_from_other:
        await _mirror(tx, act, made)
    await _record(tx, act=act, name="invoice.red_sheet_opened", sheet=made)
    return made


async def _mirror(tx: Tx, act: Act, made: RedSheet) -> None:
    """The other side sees the sheet too."""
    if made.other_taxpayer_id is not None:
        mine = (await registry.taxpayers(tx, [act.taxpayer_id])).get(act.taxpayer_id)
        theirs = replace(
            made,
            taxpayer_id=made.other_taxpayer_id,
            other_taxpayer_id=act.taxpayer_id,
            side="received",
            other_name=mine.name if mine else "",
        )
        await store.add(tx, theirs)


async def _check_left(tx: Tx, act: Act, invoice_no: str, amount_fen: int) -> None:
    original = (await pool.known_numbers(tx, act.taxpayer_id, [invoice_no])).get(invoice_no)
    if original is None:
        return
    if original["is_red"]:
        raise errors.RedOfRed(original_no=invoice_no)
    left = original["amount_fen"] + int(original["reversed_fen"])
    if amount_fen > left:
        raise errors.RedBeyondOriginal(original_no=invoice_no, left=show_yuan(left))


async def _sheet(tx: Tx, act: Act, sheet_no: str, state: str, side: str | None) -> RedSheet:
    number = sheet_no.strip()
    if number.lower() == LAST:
        number = await store.newest(tx, act.taxpayer_id, state, side) or number
    found = await store.locked(tx, act.taxpayer_id, number)
    if found is None or (side is not None and found.side != side):
        raise errors.SheetUnknown(sheet_no=number[:40])
    now = found.state_at(act.clock.now())
    if now != state:
        zh, en = STATES[now]
        raise errors.SheetSettled(sheet_no=found.sheet_no, state=zh, state_en=en)
    return found


async def answer_sheet(tx: Tx, *, act: Act, sheet_no: str, is_agreed: bool) -> RedSheet:
    """Agree to a sheet of the other side, or refuse it; once for an application.

    Errors: invoice.sheet_unknown, invoice.sheet_settled (also void after 72 hours).
    """
    known = await store.of_application(tx, act.taxpayer_id, "answer_application_id", act.application_id)
    if known is not None:
        return known
    found = await _sheet(tx, act, sheet_no, "waiting", "received")
    state: SheetState = "agreed" if is_agreed else "refused"
    now = act.clock.now()
    await store.answer(tx, act.taxpayer_id, found.sheet_no, state=state, at=now, application_id=act.application_id)
    if found.other_taxpayer_id is not None:
        await store.answer(tx, found.other_taxpayer_id, found.sheet_no, state=state, at=now, application_id=None)
    done = replace(found, state=state, answered_at=now, answer_application_id=act.application_id)
    await _record(tx, act=act, name="invoice.red_sheet_answered", sheet=done)
    return done


async def issue_red(tx: Tx, *, act: Act, sheet_no: str) -> Any:
    """Issue the red invoice of an agreed sheet, once for an application: its row in the pool.

    Errors: invoice.sheet_unknown, invoice.sheet_settled, invoice.original_unknown, invoice.red_beyond_original.
    """
    known = await pool.by_key(tx, act.taxpayer_id, key_of(act))
    if known is not None:
        return known
    sheet = await _sheet(tx, act, sheet_no, "agreed", None)
    original = await pool.by_no(tx, act.taxpayer_id, sheet.invoice_no)
    if original is None or original["direction"] != "issued":
        raise errors.OriginalUnknown(invoice_no=sheet.invoice_no)
    await _check_left(tx, act, sheet.invoice_no, sheet.amount_fen)
    lines = [InvoiceLine(one["item"], one["levy_rate"], one["amount_fen"], one["tax_fen"]) for one in original["lines"]]
    _, buyer = await quotas.sides(tx, sheet.invoice_no)
    made = NewInvoice(
        "0" * 20, original["kind"], "issued", act.clock.today(), original["counterparty_name"],
        taken_back(lines, sheet.amount_fen), is_real_estate=original["is_real_estate"],
        red_of_invoice_no=sheet.invoice_no,
    )  # fmt: skip
    check(made, act.clock.today())
    made = replace(made, invoice_no=await new_number(tx, act, buyer))
    seller = await registry.taxpayer(tx, act.taxpayer_id)
    row = await put(tx, act=act, made=made, buyer_id=buyer, seller=seller)
    number = made.invoice_no
    await store.issued(tx, act.taxpayer_id, sheet.sheet_no, red_invoice_no=number, application_id=act.application_id)
    if sheet.other_taxpayer_id is not None:
        await store.issued(tx, sheet.other_taxpayer_id, sheet.sheet_no, red_invoice_no=number, application_id=None)
    return row


async def _record(tx: Tx, *, act: Act, name: str, sheet: RedSheet) -> None:
    await evidence.append(
        tx,
        actor=act.actor,
        clock=act.clock,
        act=name,
        taxpayer_id=act.taxpayer_id,
        subject_id=act.application_id,
        payload={
            "sheet_no": sheet.sheet_no,
            "invoice_no": sheet.invoice_no,
            "amount_fen": sheet.amount_fen,
            "reason": sheet.reason,
            "state": sheet.state,
        },
        summary={"amount_fen": sheet.amount_fen, "sheet_no": sheet.sheet_no, "application_no": act.application_no},
    )
