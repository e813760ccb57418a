"""What people do with invoices: enter one by hand, hand in a file."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import PurePath
from typing import Any, Literal
from uuid import UUID

from palmtax import evidence
from palmtax.base.actor import Actor
from palmtax.base.clock import Clock
from palmtax.base.errors import PalmtaxError
from palmtax.base.identifiers import uuid7
from palmtax.base.money import show_yuan
from palmtax.invoice import errors
from palmtax.invoice.adapters import archive
from palmtax.invoice.model import (
    OWN_NUMBER_LEAD,
    Glance,
    Glanced,
    InvoiceLine,
    NewInvoice,
    ReadRow,
    check,
    invoice_no_of,
    right_tax_fen,
)
from palmtax.invoice.schemas import HandInvoiceIn
from palmtax.invoice.store import imports, pool
from palmtax.plumbing import outbox
from palmtax.plumbing.database import Tx

ImportKind = Literal["einvoice_xml", "platform_csv"]
LARGEST_FILE_BYTES = 20_000_000


def check_originals(invoice: NewInvoice, known: Mapping[str, Any]) -> None:
    """Whether a red invoice fits the one it reverses; `known` is what `pool.known_numbers` said.

    RedOfRed, RedBeyondOriginal. An original that is not in the pool is not held against it.
    """
    if invoice.red_of_invoice_no is None:
        return
    original = known.get(invoice.red_of_invoice_no)
    if original is None:
        return
    if original["is_red"]:
        raise errors.RedOfRed(original_no=invoice.red_of_invoice_no)
    left = original["amount_fen"] + int(original["reversed_fen"])
    if -invoice.amount_fen > left:
        raise errors.RedBeyondOriginal(original_no=invoice.red_of_invoice_no, left=show_yuan(left))


def invoice_of_hand(given: HandInvoiceIn) -> NewInvoice:
    """The invoice that was typed; the tax is computed where it was left out. NumberNeeded, and what `check` raises."""
    if (given.invoice_no is None) != (given.kind == "none"):
        raise errors.NumberNeeded()
    number = (
        invoice_no_of(given.invoice_no) if given.invoice_no else f"{OWN_NUMBER_LEAD}{secrets.randbelow(10**18):018d}"
    )
    lines = []
    for typed in given.lines:
        line = InvoiceLine(typed.item, typed.levy_rate, typed.amount_fen, 0)
        tax = right_tax_fen(line) if typed.tax_fen is None else typed.tax_fen
        lines.append(InvoiceLine(typed.item, typed.levy_rate, typed.amount_fen, tax))
    return NewInvoice(
        invoice_no=number,
        kind=given.kind,
        direction="issued",
        issued_on=given.issued_on,
        counterparty_name=given.counterparty_name,
        lines=tuple(lines),
        is_real_estate=given.is_real_estate,
        red_of_invoice_no=given.red_of_invoice_no,
    )


async def glance(tx: Tx, taxpayer_id: int, first_day: date, last_day: date, limit: int) -> Glance:
    """What was issued and received in these days, the newest issued first. Three round trips."""
    issued = pool.InvoiceFilter("issued", first_day, last_day)
    rows = await pool.page(tx, taxpayer_id, issued, None, limit)
    sums = await pool.totals(tx, taxpayer_id, issued)
    received = await pool.totals(tx, taxpayer_id, pool.InvoiceFilter("received", first_day, last_day))
    newest = tuple(
        Glanced(
            row["invoice_id"], row["invoice_no"], row["counterparty_name"], row["issued_on"],
            row["amount_fen"] + row["tax_fen"], row["is_red"], row["is_void"],
        )
        for row in rows[:limit]
    )  # fmt: skip
    return Glance(newest, sums.count, sums.amount_fen + sums.tax_fen, received.count)


async def enter_by_hand(
    tx: Tx, *, actor: Actor, clock: Clock, taxpayer_id: int, idempotency_key: str, given: HandInvoiceIn
) -> tuple[Any, bool]:
    """Put one invoice into the pool: its row, and whether it is new (false: the same request came again).

    Errors: invoice.key_reused, invoice.duplicate, and what the checks of an invoice raise. Four round trips.
    """
    asked = evidence.digest_of(given.model_dump(mode="json"))
    before = await pool.by_key(tx, taxpayer_id, idempotency_key)
    if before is not None:
        return _same_request(before, asked), False
    invoice = invoice_of_hand(given)
    check(invoice, clock.today())
    named = [n for n in (invoice.invoice_no, invoice.red_of_invoice_no) if n]
    check_originals(invoice, await pool.known_numbers(tx, taxpayer_id, named))
    by = pool.Provenance(
        "hand", clock.now(), created_by=actor.person_id, idempotency_key=idempotency_key, request_hash=asked
    )
    if not await pool.insert(tx, taxpayer_id, [(None, invoice)], by):
        before = await pool.by_key(tx, taxpayer_id, idempotency_key)
        if before is not None:
            return _same_request(before, asked), False
        raise errors.InvoiceDuplicate(invoice_no=invoice.invoice_no)
    row = await pool.by_key(tx, taxpayer_id, idempotency_key)
    await evidence.append(
        tx,
        actor=actor,
        clock=clock,
        act="invoice.entered_by_hand",
        taxpayer_id=taxpayer_id,
        subject_id=row["invoice_id"] if row else None,
        payload=given.model_dump(mode="json"),
        summary={"amount_fen": invoice.amount_fen, "issued_on": invoice.issued_on.isoformat()},
    )
    return row, True


def _same_request(row: Any, asked: bytes) -> Any:
    if bytes(row["request_hash"]) != asked:
        raise errors.KeyReused()
    return row


def check_file(content: bytes, kind: ImportKind) -> None:
    """Whether the bytes look like what was announced; cheap, before anything is kept.

    FileTooLarge, FileEmpty, FileKindWrong.
    """
    if len(content) > LARGEST_FILE_BYTES:
        raise errors.FileTooLarge(limit_mb=LARGEST_FILE_BYTES // 1_000_000)
    start = content[:200].removeprefix(b"\xef\xbb\xbf").lstrip()
    if not start:
        raise errors.FileEmpty()
    if kind == "einvoice_xml" and not (archive.is_zip(content) or start.startswith(b"<")):
        raise errors.FileKindWrong(expected="数电票 XML 或 zip ")
    if kind == "platform_csv" and (archive.is_zip(content) or start.startswith((b"<", b"%PDF", b"\xd0\xcf\x11\xe0"))):
        raise errors.FileKindWrong(expected=" CSV ")


async def start_import(
    tx: Tx, *, actor: Actor, clock: Clock, taxpayer_id: int, kind: ImportKind, file_name: str, stored_as: str
) -> UUID:
    """Begin an import of a file that is already kept; the worker reads it after the commit. Three round trips."""
    import_id = uuid7()
    shown = "".join(c for c in PurePath(file_name.replace("\\", "/")).name if c.isprintable())[:120] or "file"
    await imports.create(
        tx, taxpayer_id, import_id, kind=kind, file_name=shown, stored_as=stored_as, by=actor.person_id, at=clock.now()
    )
    await outbox.enqueue(
        tx,
        "invoice.read_import",
        {"taxpayer_id": taxpayer_id, "import_id": import_id},
        request_id=actor.request_id,
    )
    await evidence.append(
        tx,
        actor=actor,
        clock=clock,
        act="invoice.import_started",
        taxpayer_id=taxpayer_id,
        subject_id=import_id,
        payload={"kind": kind, "file": stored_as},
        summary={"kind": kind},
    )
    return import_id


def problem_of(refusal: PalmtaxError) -> dict[str, Any]:
    """The reason as it is kept: code and numbers; the words are made for whoever reads it."""
    return {"code": refusal.code, "values": refusal.values}


async def take_batch(
    tx: Tx, *, taxpayer_id: int, import_id: UUID, batch: list[ReadRow], kind: ImportKind, at: datetime, today: date
) -> list[imports.RowOutcome]:
    """Put the good rows of a batch into the pool and say of each row what became of it. At most two round trips."""
    numbers = {r.invoice.invoice_no for r in batch if r.invoice} | {
        r.invoice.red_of_invoice_no for r in batch if r.invoice and r.invoice.red_of_invoice_no
    }
    known: dict[str, Any] = dict(await pool.known_numbers(tx, taxpayer_id, sorted(numbers))) if numbers else {}
    wanted: list[tuple[int, NewInvoice]] = []
    refused: dict[int, PalmtaxError] = {}
    for row in batch:
        try:
            if row.invoice is None:
                raise row.refusal or errors.FileEmpty()
            wanted.append((row.row_no, _admitted(row.invoice, known, today)))
        except PalmtaxError as refusal:
            refused[row.row_no] = refusal
    new = await pool.insert(tx, taxpayer_id, wanted, pool.Provenance(kind, at, import_id=import_id))
    return [_outcome(row, refused.get(row.row_no), new) for row in batch]


def _admitted(invoice: NewInvoice, known: dict[str, Any], today: date) -> NewInvoice:
    if invoice.invoice_no in known:
        raise errors.InvoiceDuplicate(invoice_no=invoice.invoice_no)
    check(invoice, today)
    check_originals(invoice, known)
    known[invoice.invoice_no] = {"is_red": invoice.is_red, "amount_fen": invoice.amount_fen, "reversed_fen": 0}
    if invoice.red_of_invoice_no in known:
        original = dict(known[invoice.red_of_invoice_no])
        original["reversed_fen"] = int(original["reversed_fen"]) + invoice.amount_fen
        known[invoice.red_of_invoice_no] = original
    return invoice


def _outcome(row: ReadRow, refusal: PalmtaxError | None, new: Mapping[str, UUID]) -> imports.RowOutcome:
    if refusal is None and row.invoice is not None and row.invoice.invoice_no not in new:
        refusal = errors.InvoiceDuplicate(invoice_no=row.invoice.invoice_no)
    if refusal is None:
        return imports.RowOutcome(row.row_no, "accepted", row.invoice_no, None)
    duplicate = isinstance(refusal, errors.InvoiceDuplicate | errors.DuplicateInFile)
    return imports.RowOutcome(row.row_no, "duplicate" if duplicate else "refused", row.invoice_no, problem_of(refusal))
