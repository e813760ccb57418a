"""Queries on tickets to embedded screens, and on the visits they become."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from palmtax.partners.model.screens import KeptVisit
from palmtax.partners.store.grants import digest
from palmtax.plumbing.database import Tx

_KEPT = "visit_id, application_id, taxpayer_id, consent_id, family_id, screen, subject, expires_at"


def _visit(row: Mapping[str, Any] | None) -> KeptVisit | None:
    return KeptVisit(**dict(row.items())) if row else None


def _values(kept: KeptVisit) -> tuple[Any, ...]:
    return (
        kept.visit_id, kept.application_id, kept.taxpayer_id, kept.consent_id, kept.family_id, kept.screen,
        kept.subject, kept.expires_at,
    )  # fmt: skip


async def add_ticket(tx: Tx, value: str, kept: KeptVisit) -> None:
    """A ticket that may be used once."""
    await tx.execute(
        f"insert into partners_embed_ticket (ticket_hash, {_KEPT}) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        digest(value), *_values(kept),
    )  # fmt: skip


async def spend_ticket(tx: Tx, value: str, now: datetime) -> KeptVisit | None:
    """Use a ticket that is not over; of two at once one gets nothing."""
    return _visit(
        await tx.fetchrow(
            "update partners_embed_ticket set used_at = $2 where ticket_hash = $1 and used_at is null"
            f" and expires_at > $2 returning {_KEPT}",
            digest(value), now,
        )
    )  # fmt: skip


async def add(tx: Tx, token: str, kept: KeptVisit) -> None:
    """A visit begins."""
    await tx.execute(
        f"insert into partners_visit (token_hash, {_KEPT}) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        digest(token), *_values(kept),
    )  # fmt: skip


async def find(tx: Tx, token: str, now: datetime) -> KeptVisit | None:
    """A visit that is neither over nor ended."""
    return _visit(
        await tx.fetchrow(
            f"select {_KEPT} from partners_visit where token_hash = $1 and ended_at is null and expires_at > $2",
            digest(token), now,
        )
    )  # fmt: skip


async def end(tx: Tx, token: str, now: datetime) -> None:
    """The person left."""
    await tx.execute(
        "update partners_visit set ended_at = $2 where token_hash = $1 and ended_at is null", digest(token), now
    )


async def forget(tx: Tx, before: datetime) -> None:
    """Drop what is long over. Two round trips."""
    await tx.execute("delete from partners_embed_ticket where expires_at < $1", before)
    await tx.execute("delete from partners_visit where expires_at < $1", before)
