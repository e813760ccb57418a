"""Queries of letters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime
from typing import Any
from uuid import UUID

from palmtax.knowledge.model.letters import Letter
from palmtax.plumbing.database import Tx

_COLUMNS = tuple(field.name for field in fields(Letter))
_SELECT = f"select {', '.join(_COLUMNS)} from knowledge_letter where taxpayer_id = $1"


def _letter(row: Mapping[str, Any]) -> Letter:
    return Letter(**{name: row[name] for name in _COLUMNS})


async def insert(tx: Tx, letter: Letter) -> bool:
    """Keep a letter; false when its application asked one before. One round trip."""
    places = ", ".join(f"${number}" for number in range(1, len(_COLUMNS) + 1))
    added = await tx.fetchval(
        f"insert into knowledge_letter ({', '.join(_COLUMNS)}) values ({places})"
        " on conflict (taxpayer_id, application_id) do nothing returning true",
        *(getattr(letter, name) for name in _COLUMNS),
    )
    return bool(added)


async def letter(tx: Tx, taxpayer_id: int, letter_id: UUID) -> Letter | None:
    """One letter. One round trip."""
    row = await tx.fetchrow(f"{_SELECT} and letter_id = $2", taxpayer_id, letter_id)
    return _letter(row) if row else None


async def of_application(tx: Tx, taxpayer_id: int, application_id: UUID) -> Letter | None:
    """The letter that an application asked. One round trip."""
    row = await tx.fetchrow(f"{_SELECT} and application_id = $2", taxpayer_id, application_id)
    return _letter(row) if row else None


async def of_taxpayer(tx: Tx, taxpayer_id: int, limit: int) -> list[Letter]:
    """A taxpayer's letters, newest first. One round trip."""
    rows = await tx.fetch(f"{_SELECT} order by letter_id desc limit $2", taxpayer_id, limit)
    return [_letter(row) for row in rows]


async def answer(
    tx: Tx, taxpayer_id: int, letter_id: UUID, *, text: str, person_id: int, at: datetime
) -> Letter | None:
    """Keep the answer; none when it was answered before. One round trip."""
    row = await tx.fetchrow(
        "update knowledge_letter set state = 'answered', answer = $3, answered_by = $4, answered_at = $5"
        " where taxpayer_id = $1 and letter_id = $2 and state = 'asked' returning *",
        taxpayer_id,
        letter_id,
        text,
        person_id,
        at,
    )
    return _letter(row) if row else None


async def forward(tx: Tx, taxpayer_id: int, letter_id: UUID, office_code: str) -> None:
    """Another office answers it. One round trip."""
    await tx.execute(
        "update knowledge_letter set office_code = $3 where taxpayer_id = $1 and letter_id = $2",
        taxpayer_id,
        letter_id,
        office_code,
    )
