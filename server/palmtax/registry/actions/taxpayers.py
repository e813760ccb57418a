"""What others may ask of the registry."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import orjson

from palmtax.plumbing.database import Tx
from palmtax.plumbing.together import Part
from palmtax.registry import errors
from palmtax.registry.model import SORTS, Office, Taxpayer
from palmtax.registry.store import taxpayers as store

LARGEST_PAGE = 200
_LARGEST_ID = 2**63 - 1


async def taxpayer(tx: Tx, taxpayer_id: int) -> Taxpayer:
    """One taxpayer; the caller has checked that it may be seen. One round trip. Errors: registry.taxpayer_unknown."""
    found = await store.taxpayer(tx, taxpayer_id)
    if found is None:
        raise errors.TaxpayerUnknown()
    return found


def taxpayer_part(taxpayer_id: int) -> Part:
    """The taxpayer as a reading part of the caller's one statement; `taxpayer_of_part` reads the answer."""
    return store.taxpayer_part(taxpayer_id)


def taxpayer_of_part(rows: Sequence[Mapping[str, Any]]) -> Taxpayer:
    """What `taxpayer_part` answered. Errors: registry.taxpayer_unknown."""
    if not rows:
        raise errors.TaxpayerUnknown()
    return store.taxpayer_of_row(rows[0])


async def taxpayers(tx: Tx, taxpayer_ids: Sequence[int]) -> dict[int, Taxpayer]:
    """Several taxpayers by id; unknown ones are left out. One round trip."""
    return await store.taxpayers(tx, taxpayer_ids)


async def taxpayer_of_uscc(tx: Tx, uscc: str) -> Taxpayer:
    """The taxpayer with this code. Two round trips. Errors: registry.taxpayer_unknown."""
    found = await store.taxpayer_id_of_uscc(tx, uscc.strip().upper())
    if found is None:
        raise errors.TaxpayerUnknown()
    return await taxpayer(tx, found)


def _mark(sort: str, last: Taxpayer) -> str:
    value = {"name": last.name, "uscc": last.uscc or "", "registered_on": last.registered_on.isoformat()}[
        sort.removeprefix("-")
    ]
    return base64.urlsafe_b64encode(orjson.dumps([sort, value, last.taxpayer_id])).decode().rstrip("=")


def _place(cursor: str, sort: str) -> tuple[str, int]:
    try:
        told = orjson.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (binascii.Error, ValueError):
        raise errors.CursorWrong() from None
    match told:
        case [str(of_sort), str(value), int(number)] if of_sort == sort and 0 < number <= _LARGEST_ID:
            if "\x00" not in value:
                return value, number
    raise errors.CursorWrong()


async def search(
    tx: Tx,
    *,
    text: str = "",
    vat_kind: str | None = None,
    status: str | None = None,
    office_code: str | None = None,
    sort: str = "name",
    cursor: str | None = None,
    limit: int = 50,
    ids: Sequence[int] | None = None,
) -> tuple[list[Taxpayer], str | None, int]:
    """Taxpayers by part of the name or of the USCC, of an office and those below it; at most those in `ids`.

    `sort` is name, uscc or registered_on, with a minus for the reverse. Gives a page, the mark of the next one, and
    the total (up to 1,000). Two round trips. Errors: registry.cursor_wrong.
    """
    key = sort.removeprefix("-")
    if key not in SORTS:
        raise ValueError(f"cannot sort by {key}")
    if ids is not None and not ids:
        return [], None, 0
    size = max(1, min(limit, LARGEST_PAGE))
    found, total = await store.search(
        tx,
        text=text.strip().replace("\x00", ""),
        vat_kind=vat_kind,
        status=status,
        office_code=office_code,
        ids=ids,
        sort=key,
        is_descending=sort.startswith("-"),
        after=_place(cursor, sort) if cursor else None,
        limit=size + 1,
    )
    following = _mark(sort, found[size - 1]) if len(found) > size else None
    return found[:size], following, total


async def office_name(tx: Tx, code: str) -> str:
    """The name of a tax office; its code when we do not know it. One round trip."""
    found = await store.office(tx, code)
    return found.name if found else code


async def office_names(tx: Tx, codes: Collection[str]) -> dict[str, str]:
    """The same for several offices, by code. One round trip, none without codes."""
    known = await store.office_names(tx, sorted(codes)) if codes else {}
    return {code: known.get(code, code) for code in codes}


def office_part(code: str) -> Part:
    """The tax office as a reading part of the caller's one statement; `office_name_of_part` reads the answer."""
    return store.office_part(code)


def office_name_of_part(rows: Sequence[Mapping[str, Any]], code: str) -> str:
    """What `office_part` answered; the code when we do not know it."""
    return str(rows[0]["name"]) if rows else code


async def office(tx: Tx, code: str) -> Office | None:
    """A tax office; none when we do not know it. One round trip."""
    return await store.office(tx, code)


async def offices(tx: Tx) -> list[Office]:
    """Every tax office of the list, by code. One round trip."""
    return await store.offices(tx)


async def load_offices(tx: Tx, offices: Sequence[Office]) -> None:
    """Add or correct tax offices of the official list."""
    await store.load_offices(tx, offices)


async def load_taxpayers(tx: Tx, taxpayers: Sequence[Taxpayer]) -> None:
    """Load taxpayers from a register, through COPY; their offices come first (`office_name` is not stored).

    UniqueViolationError when an id or a USCC exists.
    """
    await store.load_taxpayers(tx, taxpayers)
