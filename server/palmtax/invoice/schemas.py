"""Invoices on the wire: the pool, imports row by row, and entry by hand."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from palmtax.plumbing.wire import Fen, Wire

_PRINTABLE = r"^[^\x00-\x1f\x7f]*$"
InvoiceNo = Annotated[
    str, Field(pattern=r"^\d{8,20}$", description="20 digits for 数电票; a string: leading zeros count")
]
LevyRate = Literal["0", "0.01", "0.015", "0.03", "0.05", "0.06", "0.09", "0.13"]
InvoiceKind = Literal["ordinary", "special", "none"]


class InvoiceLineOut(Wire):
    """One line of an invoice."""

    item: str
    levy_rate: LevyRate
    amount_fen: Fen = Field(description="without VAT")
    tax_fen: Fen


class InvoiceOut(Wire):
    """One invoice of the pool; `kind` none is income without an invoice, entered by hand."""

    invoice_id: UUID
    invoice_no: str
    kind: InvoiceKind
    direction: Literal["issued", "received"]
    is_red: bool
    red_of_invoice_no: str | None
    issued_on: date
    counterparty_name: str
    lines: list[InvoiceLineOut]
    amount_fen: Fen
    tax_fen: Fen
    total_fen: Fen
    is_real_estate: bool
    reduction_waived: bool = Field(description="special invoice issued at 3%: the 1% cut is waived")
    source: Literal["pool", "einvoice_xml", "platform_csv", "hand", "matter"]
    is_void: bool
    created_at: datetime


class InvoicePage(Wire):
    """A page of invoices with the sums of all that match."""

    invoices: list[InvoiceOut]
    next_cursor: str | None
    count: int
    amount_fen: Fen
    tax_fen: Fen


class HandInvoiceLine(Wire):
    """A line typed by hand: amount without VAT, rate; the tax is computed and may be corrected by a cent."""

    item: str = Field(min_length=1, max_length=100, pattern=_PRINTABLE)
    levy_rate: LevyRate
    amount_fen: Fen
    tax_fen: Fen | None = None


class HandInvoiceIn(Wire):
    """An invoice or un-invoiced income typed by hand."""

    kind: InvoiceKind
    invoice_no: InvoiceNo | None = None
    issued_on: date
    counterparty_name: str = Field(default="", max_length=100, pattern=_PRINTABLE)
    lines: list[HandInvoiceLine] = Field(min_length=1, max_length=100)
    is_real_estate: bool = False
    red_of_invoice_no: InvoiceNo | None = None


class ImportOut(Wire):
    """An import and how far it is."""

    import_id: UUID
    kind: Literal["einvoice_xml", "platform_csv"]
    file_name: str
    state: Literal["queued", "running", "done", "failed"]
    total_rows: int
    done_rows: int
    accepted: int
    duplicates: int
    refused: int
    problem: str | None
    created_at: datetime
    finished_at: datetime | None


class ImportRowOut(Wire):
    """What became of one row (or one XML file) and why."""

    row_no: int
    outcome: Literal["accepted", "duplicate", "refused"]
    invoice_no: str | None
    code: str | None
    text: str | None


class ImportRowPage(Wire):
    """Rows of an import, refused and duplicate ones first."""

    rows: list[ImportRowOut]
    next_cursor: str | None
