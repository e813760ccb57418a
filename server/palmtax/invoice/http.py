"""Routes of the invoice pool."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import File, Form, Header, Query, Response, UploadFile

from palmtax.base.errors import every_error
from palmtax.base.period import Period
from palmtax.invoice import errors
from palmtax.invoice.actions import pool as actions
from palmtax.invoice.model import LEVY_RATES, cursor_of, read_cursor
from palmtax.invoice.schemas import (
    HandInvoiceIn,
    ImportOut,
    ImportRowOut,
    ImportRowPage,
    InvoiceKind,
    InvoiceLineOut,
    InvoiceOut,
    InvoicePage,
)
from palmtax.invoice.store import imports, pool
from palmtax.plumbing.edge import Edge, Router, may
from palmtax.plumbing.wire import LARGEST_FEN

router = Router(prefix="/api/invoice", tags=["invoice"])
_KEY = re.compile(r"[A-Za-z0-9_-]{8,64}", re.ASCII)
_PRINTABLE = r"^[^\x00-\x1f\x7f]*$"


def _invoice_out(row: Any) -> InvoiceOut:
    return InvoiceOut(
        **{k: row[k] for k in InvoiceOut.model_fields if k not in ("lines", "total_fen")},
        lines=[InvoiceLineOut(**line) for line in row["lines"]],
        total_fen=row["amount_fen"] + row["tax_fen"],
    )


def _words(problem: dict[str, Any] | None, language: str) -> tuple[str | None, str | None]:
    if not problem:
        return None, None
    kind = next((k for k in every_error() if k.code == problem["code"]), None)
    return problem["code"], kind(**problem["values"]).words(language)[0] if kind else problem["code"]


def _import_out(row: Any, language: str) -> ImportOut:
    code, text = _words(row["problem"], language)
    return ImportOut(**{k: row[k] for k in ImportOut.model_fields if k != "problem"}, problem=text if code else None)


def _span(period: str | None) -> tuple[Any, Any]:
    if period is None:
        return None, None
    try:
        found = Period.parse(period)
    except ValueError as wrong:
        raise errors.QueryMalformed(what=f"period={period}") from wrong
    return found.first_day, found.last_day


def _rates(given: str | None) -> tuple[str, ...]:
    rates = tuple(given.split(",")) if given else ()
    if not set(rates) <= set(LEVY_RATES):
        raise errors.QueryMalformed(what=f"levy_rate={given}")
    return rates


@router.get("/invoices")
async def list_invoices(
    edge: Annotated[Edge, may("invoice.read")],
    period: Annotated[str | None, Query(max_length=7)] = None,
    kind: InvoiceKind | None = None,
    levy_rate: Annotated[str | None, Query(max_length=60, description="one rate, or several with commas")] = None,
    q: Annotated[str | None, Query(max_length=60, pattern=_PRINTABLE)] = None,
    is_real_estate: bool | None = None,
    special: bool | None = None,
    direction: Literal["issued", "received"] = "issued",
    cursor: Annotated[str | None, Query(max_length=120)] = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
) -> InvoicePage:
    """Invoices that match, newest first, with sums over all; with rates, only lines of those rates are summed."""
    first_day, last_day = _span(period)
    text = q.strip() if q and q.strip() else None
    wanted = pool.InvoiceFilter(direction, first_day, last_day, kind, _rates(levy_rate), is_real_estate, special, text)
    after = read_cursor(cursor) if cursor else None
    async with edge.statement() as tx:
        rows = await pool.page(tx, edge.taxpayer_id, wanted, after, limit)
        sums = await pool.totals(tx, edge.taxpayer_id, wanted)
    if max(abs(sums.amount_fen), abs(sums.tax_fen)) > LARGEST_FEN:
        raise errors.SumTooLarge()
    last = rows[limit - 1] if len(rows) > limit else None
    return InvoicePage(
        invoices=[_invoice_out(r) for r in rows[:limit]],
        next_cursor=cursor_of(last["issued_on"], last["invoice_id"]) if last else None,
        count=sums.count,
        amount_fen=sums.amount_fen,
        tax_fen=sums.tax_fen,
    )


@router.get("/invoices/{invoice_id}")
async def read_invoice(invoice_id: UUID, edge: Annotated[Edge, may("invoice.read")]) -> InvoiceOut:
    """One invoice of the taxpayer."""
    async with edge.statement() as tx:
        row = await pool.readable_invoice(tx, edge.taxpayer_id, invoice_id)
    if row is None:
        raise errors.InvoiceUnknown()
    return _invoice_out(row)


@router.post("/invoices", status_code=201)
async def enter_invoice(
    given: HandInvoiceIn,
    response: Response,
    edge: Annotated[Edge, may("invoice.write", records="invoice.entered_by_hand")],
    idempotency_key: Annotated[str | None, Header()] = None,
) -> InvoiceOut:
    """Enter an invoice, or income without one, by hand; the same key again gives the same invoice (200)."""
    if idempotency_key is None or not _KEY.fullmatch(idempotency_key):
        raise errors.KeyMissing()
    async with edge.transaction() as tx:
        row, is_new = await actions.enter_by_hand(
            tx,
            actor=edge.actor,
            clock=edge.clock,
            taxpayer_id=edge.taxpayer_id,
            idempotency_key=idempotency_key,
            given=given,
        )
    if not is_new:
        response.status_code = 200
    return _invoice_out(row)


@router.post("/imports", status_code=202)
async def import_file(
    edge: Annotated[Edge, may("invoice.write", records="invoice.import_started", rate="30/minute")],
    file: Annotated[UploadFile, File(description="EInvoice XML, a zip of them, or a platform's CSV; 20 MB at most")],
    kind: Annotated[actions.ImportKind, Form()],
) -> ImportOut:
    """Hand in a file; it is read in the background, watch it under its import id."""
    content = await file.read(actions.LARGEST_FILE_BYTES + 1)
    actions.check_file(content, kind)
    stored_as = await edge.files.put(content)
    async with edge.transaction() as tx:
        import_id = await actions.start_import(
            tx,
            actor=edge.actor,
            clock=edge.clock,
            taxpayer_id=edge.taxpayer_id,
            kind=kind,
            file_name=file.filename or "",
            stored_as=stored_as,
        )
        row = await imports.readable_import(tx, edge.taxpayer_id, import_id)
    return _import_out(row, edge.language)


@router.get("/imports")
async def list_imports(edge: Annotated[Edge, may("invoice.read")]) -> list[ImportOut]:
    """The last fifty imports, newest first."""
    async with edge.statement() as tx:
        rows = await imports.latest(tx, edge.taxpayer_id)
    return [_import_out(r, edge.language) for r in rows]


@router.get("/imports/{import_id}")
async def read_import(import_id: UUID, edge: Annotated[Edge, may("invoice.read")]) -> ImportOut:
    """An import and how far it is."""
    async with edge.statement() as tx:
        row = await imports.readable_import(tx, edge.taxpayer_id, import_id)
    if row is None:
        raise errors.ImportUnknown()
    return _import_out(row, edge.language)


@router.get("/imports/{import_id}/rows")
async def list_import_rows(
    import_id: UUID,
    edge: Annotated[Edge, may("invoice.read")],
    outcome: Literal["accepted", "duplicate", "refused"] | None = None,
    cursor: Annotated[str | None, Query(max_length=20)] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> ImportRowPage:
    """What became of each row, refused ones first, each with its reason."""
    after = _row_cursor(cursor)
    async with edge.statement() as tx:
        if await imports.readable_import(tx, edge.taxpayer_id, import_id) is None:
            raise errors.ImportUnknown()
        rows = await imports.rows(tx, edge.taxpayer_id, import_id, outcome, after, limit)
    last = rows[limit - 1] if len(rows) > limit else None
    return ImportRowPage(
        rows=[_row_out(r, edge.language) for r in rows[:limit]],
        next_cursor=f"{last['rank']}.{last['row_no']}" if last else None,
    )


def _row_cursor(text: str | None) -> tuple[int, int] | None:
    if text is None:
        return None
    rank, _, row_no = text.partition(".")
    if not (rank in {"0", "1", "2"} and row_no.isascii() and row_no.isdigit() and len(row_no) < 10):
        raise errors.QueryMalformed(what="cursor")
    return int(rank), int(row_no)


def _row_out(row: Any, language: str) -> ImportRowOut:
    code, text = _words(row["problem"], language)
    return ImportRowOut(
        row_no=row["row_no"], outcome=row["outcome"], invoice_no=row["invoice_no"], code=code, text=text
    )
