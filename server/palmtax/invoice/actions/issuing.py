"""Issuing an invoice from a matter: numbered, within the quota, into the seller's pool and the buyer's."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from palmtax import evidence, registry
from palmtax.base.money import show_yuan
from palmtax.invoice import errors
from palmtax.invoice.actions.quotas import quota
from palmtax.invoice.model import (
    InvoiceKind,
    InvoiceLine,
    NewInvoice,
    check,
    invoice_no_of,
    levy_rate_of,
    right_tax_fen,
)
from palmtax.invoice.store import pool, quotas
from palmtax.plumbing.database import Tx
from palmtax.plumbing.effects import Act

_ISSUED = {False: "invoice.issued", True: "invoice.red_issued"}
PROVINCE = "44"
TRIES = 5


def key_of(act: Act) -> str:
    """The idempotency key of an application's invoice."""
    return f"matter:{act.application_id}"


def lines_of(rows: Sequence[Mapping[str, Any]]) -> tuple[InvoiceLine, ...]:
    """The rows of a matter as lines; amounts without VAT, the tax is computed. LinesMissing, RateUnknown."""
    found = []
    for line_no, row in enumerate(rows, start=1):
        name, rate = row.get("name") or row.get("item"), row.get("rate")
        amount = row.get("amount_fen", row.get("amount"))
        if not name or rate is None or not isinstance(amount, int) or isinstance(amount, bool):
            raise errors.LinesMissing(line_no=line_no)
        line = InvoiceLine(str(name), levy_rate_of(str(rate)), amount, 0)
        found.append(replace(line, tax_fen=right_tax_fen(line)))
    if not found:
        raise errors.LinesMissing(line_no=1)
    return tuple(found)


async def new_number(tx: Tx, act: Act, buyer_id: int | None, asked: str | None = None) -> str:
    """A number of 20 digits that nobody has: year, province, 16 digits. Errors: invoice.duplicate, number_malformed."""
    if asked:
        number = invoice_no_of(asked)
        if not await quotas.take_number(tx, number, act.taxpayer_id, buyer_id):
            raise errors.InvoiceDuplicate(invoice_no=number)
        return number
    for _ in range(TRIES):
        number = f"{act.clock.today():%y}{PROVINCE}{secrets.randbelow(10**16):016d}"
        if await quotas.take_number(tx, number, act.taxpayer_id, buyer_id):
            return number
    raise AssertionError("ten thousand million million numbers are taken")


async def issue(
    tx: Tx,
    *,
    act: Act,
    buyer_name: str,
    buyer_uscc: str | None,
    lines: tuple[InvoiceLine, ...],
    kind: InvoiceKind,
    remark: str,
    invoice_no: str | None = None,
) -> Any:
    """Issue an invoice, once for an application: its row in the pool.

    A natural person's invoice is issued by the office and has no quota. Errors: invoice.quota_exceeded,
    invoice.duplicate, registry.taxpayer_unknown, and what `check` raises.
    """
    known = await pool.by_key(tx, act.taxpayer_id, key_of(act))
    if known is not None:
        return known
    await registry.hold_taxpayer(tx, act.taxpayer_id)
    seller = await registry.taxpayer(tx, act.taxpayer_id)
    today, amount = act.clock.today(), sum(line.amount_fen for line in lines)
    if seller.kind != "natural_person":
        left = (await quota(tx, act.taxpayer_id, today)).left_fen
        if amount > left:
            raise errors.QuotaExceeded(asked=show_yuan(amount), left=show_yuan(left))
    buyer_id = await _buyer(tx, buyer_uscc)
    made = NewInvoice("0" * 20, kind, "issued", today, buyer_name, lines, is_real_estate=False, red_of_invoice_no=None)
    check(made, today)
    made = replace(made, invoice_no=await new_number(tx, act, buyer_id, invoice_no))
    return await put(tx, act=act, made=made, buyer_id=buyer_id, seller=seller, remark=remark)


async def _buyer(tx: Tx, uscc: str | None) -> int | None:
    if not uscc:
        return None
    try:
        return (await registry.taxpayer_of_uscc(tx, uscc)).taxpayer_id
    except registry.TaxpayerUnknown:
        return None


async def put(
    tx: Tx,
    *,
    act: Act,
    made: NewInvoice,
    buyer_id: int | None,
    seller: registry.Taxpayer,
    remark: str = "",
) -> Any:
    """Put an issued invoice into the pool of its seller, and of its buyer when that is a taxpayer of ours."""
    by = pool.Provenance(
        "matter", act.clock.now(), created_by=act.actor.person_id, idempotency_key=key_of(act),
        request_hash=evidence.digest_of({"application_id": act.application_id}),
    )  # fmt: skip
    if not await pool.insert(tx, act.taxpayer_id, [(None, made)], by):
        known = await pool.by_key(tx, act.taxpayer_id, key_of(act))
        if known is None:
            raise errors.InvoiceDuplicate(invoice_no=made.invoice_no)
        return known
    if buyer_id is not None and buyer_id != act.taxpayer_id:
        received = replace(made, direction="received", counterparty_name=seller.name)
        await pool.insert(tx, buyer_id, [(None, received)], by)
    row = await pool.by_key(tx, act.taxpayer_id, key_of(act))
    await evidence.append(
        tx,
        actor=act.actor,
        clock=act.clock,
        act=_ISSUED[made.is_red],
        taxpayer_id=act.taxpayer_id,
        subject_id=UUID(int=row["invoice_id"].int) if row else None,
        payload={
            "invoice_no": made.invoice_no,
            "buyer": made.counterparty_name,
            "lines": [[one.item, one.levy_rate, one.amount_fen, one.tax_fen] for one in made.lines],
            "red_of": made.red_of_invoice_no,
            "remark": remark,
        },
        summary={"amount_fen": made.amount_fen, "application_no": act.application_no},
    )
    return row
