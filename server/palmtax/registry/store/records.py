"""Queries on records of the register; a row is added, and the one it replaces is marked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

import orjson

from palmtax import privacy
from palmtax.plumbing.database import Tx
from palmtax.plumbing.together import Part
from palmtax.registry.model import Record

_ABOUT = "registry_record.data"
_COLUMNS = (
    "taxpayer_id, record_id, record_no, kind, data_sealed, valid_from, valid_until, known_at, application_id,"
    " application_no, matter_code"
)
_CURRENT = (
    f"select {_COLUMNS} from registry_record where taxpayer_id = $1 and kind = any($2) and superseded_at is null"
    " and valid_from <= $3 and (valid_until is null or valid_until > $3) order by known_at desc, record_id desc"
)


def sealed(data: Mapping[str, Any]) -> bytes:
    """The data as it lies in the database."""
    return privacy.seal(orjson.dumps(data, default=str, option=orjson.OPT_NON_STR_KEYS).decode(), _ABOUT)


def _instant(value: Any) -> datetime:
    return datetime.fromisoformat(value) if isinstance(value, str) else value


def _day(value: Any) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) else value


def _uuid(value: Any) -> UUID:
    return UUID(value) if isinstance(value, str) else UUID(int=value.int)


def record_of(row: Mapping[str, Any]) -> Record:
    """A record from its row, or from the row as JSON of one statement of several parts."""
    raw = row["data_sealed"]
    content = bytes.fromhex(raw.removeprefix("\\x")) if isinstance(raw, str) else bytes(raw)
    valid_from = _day(row["valid_from"])
    assert valid_from is not None  # noqa: S101 the column is not null
    return Record(
        taxpayer_id=row["taxpayer_id"],
        record_id=_uuid(row["record_id"]),
        record_no=row["record_no"],
        kind=row["kind"],
        data=orjson.loads(privacy.unseal(content, _ABOUT)),
        valid_from=valid_from,
        valid_until=_day(row["valid_until"]),
        known_at=_instant(row["known_at"]),
        application_id=_uuid(row["application_id"]),
        application_no=row["application_no"],
        matter_code=row["matter_code"],
    )


def row_part(record: Record, *, cause: str, reason: str, office_code: str) -> Part:
    """A new row, as a part of one statement; UniqueViolationError when the application has done this already."""
    args = (
        record.taxpayer_id, record.record_id, record.record_no, record.kind, sealed(record.data), record.valid_from,
        record.valid_until, record.known_at, cause, reason, record.application_id, record.application_no,
        record.matter_code, office_code,
    )  # fmt: skip
    sql = (
        "insert into registry_record (taxpayer_id, record_id, record_no, kind, data_sealed, valid_from, valid_until,"
        " known_at, cause, reason, application_id, application_no, matter_code, office_code)"
        " values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)"
    )
    return Part("record", sql, args)


async def of_cause(tx: Tx, taxpayer_id: int, application_id: UUID, cause: str) -> Record | None:
    """What the application has added for this cause."""
    row = await tx.fetchrow(
        f"select {_COLUMNS} from registry_record where taxpayer_id = $1 and application_id = $2 and cause = $3",
        taxpayer_id, application_id, cause,
    )  # fmt: skip
    return record_of(row) if row else None


async def supersede(tx: Tx, taxpayer_id: int, record_id: UUID, at: datetime) -> None:
    """A newer row tells more about this record."""
    await tx.execute(
        "update registry_record set superseded_at = $3 where taxpayer_id = $1 and record_id = $2"
        " and superseded_at is null",
        taxpayer_id, record_id, at,
    )  # fmt: skip


async def current(tx: Tx, taxpayer_id: int, kinds: Sequence[str], today: date) -> list[Record]:
    """Records of these kinds that count on a day, newest first. One round trip."""
    return [record_of(row) for row in await tx.fetch(_CURRENT, taxpayer_id, list(kinds), today)]


def current_part(taxpayer_id: int, kinds: Sequence[str], today: date) -> Part:
    """The same as a reading part of one statement."""
    return Part("records", _CURRENT, (taxpayer_id, list(kinds), today), fetch=True)


async def locked(tx: Tx, taxpayer_id: int, record_no: str, today: date) -> Record | None:
    """The record of this number that counts today, held until the transaction ends."""
    row = await tx.fetchrow(
        f"select {_COLUMNS} from registry_record where taxpayer_id = $1 and record_no = $2 and superseded_at is null"
        " and (valid_until is null or valid_until > $3) for update",
        taxpayer_id, record_no, today,
    )  # fmt: skip
    return record_of(row) if row else None


async def lock_kind(tx: Tx, taxpayer_id: int, kind: str, today: date) -> list[Record]:
    """The records of a kind that count today, held until the transaction ends; the same order for everybody."""
    rows = await tx.fetch(
        f"select {_COLUMNS} from registry_record where taxpayer_id = $1 and kind = $2 and superseded_at is null"
        " and (valid_until is null or valid_until > $3) order by record_id for update",
        taxpayer_id, kind, today,
    )  # fmt: skip
    return [record_of(row) for row in rows]
