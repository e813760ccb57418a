"""Reading imported files in the worker, batch by batch; a second run goes on where the first one stopped."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from palmtax import registry
from palmtax.base.errors import PalmtaxError
from palmtax.invoice import errors
from palmtax.invoice.actions import pool as actions
from palmtax.invoice.adapters import archive, einvoice_xml, platform_csv
from palmtax.invoice.model import ReadRow
from palmtax.invoice.store import imports
from palmtax.plumbing.outbox import TaskContext, task

BATCH_ROWS = 500


@task("invoice.read_import", tries=5, seconds=900)
async def read_import(context: TaskContext, payload: dict[str, Any]) -> None:
    """Read the file of an import into the pool; running twice gives the same rows and the same invoices."""
    taxpayer_id, import_id = int(payload["taxpayer_id"]), UUID(str(payload["import_id"]))
    async with context.database.statement() as tx:
        found = await imports.readable_import(tx, taxpayer_id, import_id)
        if found is None or found["state"] in ("done", "failed"):
            return
        taxpayer = await registry.taxpayer(tx, taxpayer_id)
    content = await context.files.get(found["stored_as"])
    try:
        rows = await asyncio.to_thread(read_rows, content, found["kind"], taxpayer.uscc or "")
    except PalmtaxError as whole:
        async with context.database.transaction() as tx:
            await imports.finish(tx, taxpayer_id, import_id, context.clock.now(), actions.problem_of(whole))
        return
    async with context.database.transaction() as tx:
        await imports.begin(tx, taxpayer_id, import_id, len(rows))
    for first in range(0, len(rows), BATCH_ROWS):
        await _one_batch(context, taxpayer_id, import_id, rows[first : first + BATCH_ROWS], first)
    async with context.database.transaction() as tx:
        await imports.finish(tx, taxpayer_id, import_id, context.clock.now(), None)


async def _one_batch(context: TaskContext, taxpayer_id: int, import_id: UUID, batch: list[ReadRow], first: int) -> None:
    async with context.database.transaction() as tx:
        held = await imports.lock_import(tx, taxpayer_id, import_id)
        if held is None or held["done_rows"] > first:
            return
        outcomes = await actions.take_batch(
            tx,
            taxpayer_id=taxpayer_id,
            import_id=import_id,
            batch=batch,
            kind=held["kind"],
            at=context.clock.now(),
            today=context.clock.today(),
        )
        await imports.advance(tx, taxpayer_id, import_id, outcomes)


def read_rows(content: bytes, kind: str, own_uscc: str) -> list[ReadRow]:
    """All rows of a file, each an invoice or a refusal; of a number that comes twice the first is kept."""
    rows = list(_xml_rows(content, own_uscc) if kind == "einvoice_xml" else platform_csv.rows(content, own_uscc))
    if not rows:
        raise errors.FileEmpty()
    first_rows: dict[str, int] = {}
    for place, row in enumerate(rows):
        if row.invoice is None:
            continue
        number = row.invoice.invoice_no
        if number in first_rows:
            again = errors.DuplicateInFile(invoice_no=number, first_row=first_rows[number])
            rows[place] = ReadRow(row.row_no, row.invoice_no, None, again)
        else:
            first_rows[number] = row.row_no
    return rows


def _xml_rows(content: bytes, own_uscc: str) -> Iterator[ReadRow]:
    if not archive.is_zip(content):
        root = einvoice_xml.parse(content)
        yield _xml_row(1, content, own_uscc, einvoice_xml.number_in(root))
        return
    for row_no, (_name, plain) in enumerate(archive.members(content), start=1):
        yield _xml_row(row_no, plain, own_uscc, None)


def _xml_row(row_no: int, content: bytes, own_uscc: str, number: str | None) -> ReadRow:
    try:
        root = einvoice_xml.parse(content)
        number = einvoice_xml.number_in(root)
        invoice = einvoice_xml.invoice_in(root, own_uscc)
    except PalmtaxError as refusal:
        return ReadRow(row_no, (number or "")[:40] or None, None, refusal)
    return ReadRow(row_no, number, invoice, None)
