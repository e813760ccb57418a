"""Rows into values; a row may come from the database as it is, or as JSON from one statement of several parts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from palmtax.filing.model.history import History, HistoryEntry
from palmtax.filing.model.returns import Draft, Return

HISTORY_COLUMNS = (
    "return_id", "return_no", "sequence", "kind", "amends_return_id", "obligation_id", "draft_id",
    "void_reason", "taxes",
)  # fmt: skip
DRAFT_COLUMNS = (
    "taxpayer_id", "draft_id", "version", "tax_type_code", "period", "sequence", "kind", "amends_return_id",
    "corrections", "started_channel", "last_channel", "updated_at",
)  # fmt: skip
RETURN_COLUMNS = (
    "taxpayer_id", "return_id", "return_no", "tax_type_code", "period", "sequence", "kind", "draft_id",
    "amends_return_id", "obligation_id", "idempotency_key", "request_hash", "filed_at",
    "filed_channel", "filed_by", "due_on", "law_on", "rule_version", "facts", "fields", "result", "lines", "taxes",
    "charges", "void_reason",
)  # fmt: skip


def _uuid(value: Any) -> UUID | None:
    return UUID(value) if isinstance(value, str) else value


def _id(value: Any) -> UUID:
    return UUID(value) if isinstance(value, str) else UUID(int=value.int)


def _instant(value: Any) -> datetime:
    return datetime.fromisoformat(value) if isinstance(value, str) else value


def _day(value: Any) -> date:
    return date.fromisoformat(value) if isinstance(value, str) else value


def _bytes(value: Any) -> bytes:
    return bytes.fromhex(value.removeprefix("\\x")) if isinstance(value, str) else bytes(value)


def history_entry(row: Mapping[str, Any]) -> HistoryEntry:
    """One act of a period's history."""
    return HistoryEntry(
        return_id=_id(row["return_id"]),
        return_no=row["return_no"],
        sequence=row["sequence"],
        kind=row["kind"],
        amends_return_id=_uuid(row["amends_return_id"]),
        obligation_id=_id(row["obligation_id"]),
        draft_id=_uuid(row["draft_id"]),
        void_reason=row["void_reason"],
        taxes=row["taxes"],
    )


def draft_of(row: Mapping[str, Any]) -> Draft:
    """A draft."""
    values = {name: row[name] for name in DRAFT_COLUMNS}
    values |= {"draft_id": _id(row["draft_id"]), "amends_return_id": _uuid(row["amends_return_id"])}
    values["updated_at"] = _instant(row["updated_at"])
    return Draft(**values)


def return_of(row: Mapping[str, Any], entries: Sequence[Mapping[str, Any]]) -> Return:
    """A return with the history of its period."""
    values = {name: row[name] for name in RETURN_COLUMNS}
    for name in ("return_id", "obligation_id"):
        values[name] = _id(row[name])
    for name in ("draft_id", "amends_return_id"):
        values[name] = _uuid(row[name])
    for name in ("due_on", "law_on"):
        values[name] = _day(row[name])
    values["filed_at"] = _instant(row["filed_at"])
    values["request_hash"] = _bytes(row["request_hash"])
    return Return(**values, history=History([history_entry(entry) for entry in entries]))
