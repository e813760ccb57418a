"""An accepted return as it was kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from palmtax.filing.model.history import EntryKind, History


@dataclass(frozen=True, slots=True)
class Return:
    """A return with everything it was accepted with; amounts in fen.

    `taxes` is what each tax comes to, `charges` what this return booked (for an amendment the differences).
    """

    taxpayer_id: int
    return_id: UUID
    return_no: str
    tax_type_code: str
    period: str
    sequence: int
    kind: EntryKind
    draft_id: UUID | None
    amends_return_id: UUID | None
    obligation_id: UUID
    idempotency_key: str
    request_hash: bytes
    filed_at: datetime
    filed_channel: str
    filed_by: int
    due_on: date
    law_on: date
    rule_version: str
    facts: dict[str, Any]
    fields: list[dict[str, Any]]
    result: dict[str, Any]
    lines: list[dict[str, Any]]
    taxes: dict[str, int]
    charges: dict[str, int]
    void_reason: str | None
    history: History


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft as it was kept: corrections on top of what the pool and the registry say."""

    taxpayer_id: int
    draft_id: UUID
    version: int
    tax_type_code: str
    period: str
    sequence: int
    kind: EntryKind
    amends_return_id: UUID | None
    corrections: dict[str, dict[str, Any]]
    started_channel: str
    last_channel: str
    updated_at: datetime
