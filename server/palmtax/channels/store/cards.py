"""Queries of the cards that officers have before them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from palmtax.plumbing.database import Tx

CODE_LASTS = timedelta(hours=72)
"""How long a card can be changed after it was sent or pressed (channels.md §5)."""
KEPT = timedelta(days=7)
"""A tap on a card that cannot be changed any more is still answered so long."""
BUSY = timedelta(seconds=30)
"""How long one process may take over changing a card."""
_COLUMNS = "subject_id, delivery_id, channel, kind, taxpayer_id, person_id, codes, shown, answer, answer_en, answer_to"


@dataclass(frozen=True, slots=True)
class Kept:
    """A card out there: what stands on it, by which codes it can still be changed, what its last tap was answered."""

    subject_id: UUID
    delivery_id: UUID
    channel: str
    kind: str
    taxpayer_id: int
    person_id: int
    codes: list[str]
    shown: str
    answer: str
    answer_en: str
    answer_to: str


async def keep(tx: Tx, card: Kept, at: datetime) -> None:
    """Write a card down that was sent; of one that was pressed before we noted it, what stands on it. One round trip."""
    await tx.execute(
        "insert into channels_card as c (subject_id, delivery_id, channel, kind, taxpayer_id, person_id, codes, shown,"
        " answer, answer_en, answer_to, coded_at) values ($1, $2, $3, $4, $5, $6, $7, $8, '', '', '', $9)"
        " on conflict (subject_id, delivery_id, channel) do update set codes = excluded.codes || c.codes,"
        " shown = excluded.shown, coded_at = excluded.coded_at",
        card.subject_id, card.delivery_id, card.channel, card.kind, card.taxpayer_id, card.person_id, card.codes,
        card.shown, at,
    )  # fmt: skip


async def note_answer(tx: Tx, card: Kept, at: datetime) -> None:
    """A card was pressed: the code of the tap, and what it was answered while the thing stands so. One round trip."""
    await tx.execute(
        "insert into channels_card as c (subject_id, delivery_id, channel, kind, taxpayer_id, person_id, codes, shown,"
        " answer, answer_en, answer_to, coded_at) values ($1, $2, $3, $4, $5, $6, $7, '', $8, $9, $10, $11)"
        " on conflict (subject_id, delivery_id, channel) do update set codes = c.codes || excluded.codes, shown = '',"
        " answer = excluded.answer, answer_en = excluded.answer_en, answer_to = excluded.answer_to,"
        " coded_at = excluded.coded_at",
        card.subject_id, card.delivery_id, card.channel, card.kind, card.taxpayer_id, card.person_id, card.codes,
        card.answer, card.answer_en, card.answer_to, at,
    )  # fmt: skip


async def handed(tx: Tx, channel: str, reference: str) -> tuple[int, UUID] | None:
    """The taxpayer's number and the delivery behind a platform's number. One round trip."""
    row = await tx.fetchrow(
        "select taxpayer_id, delivery_id from channels_handed where provider_ref = $1 and channel = $2",
        reference,
        channel,
    )
    return (row["taxpayer_id"], row["delivery_id"]) if row else None


async def about(tx: Tx, subject_id: UUID, at: datetime) -> list[Kept]:
    """The cards about a thing that can still be changed. One round trip."""
    rows = await tx.fetch(
        f"select {_COLUMNS} from channels_card where subject_id = $1 and cardinality(codes) > 0 and coded_at > $2"
        " order by delivery_id",
        subject_id, at - CODE_LASTS,
    )  # fmt: skip
    return [Kept(**dict(row.items())) for row in rows]


async def has_any(tx: Tx, subject_id: UUID) -> bool:
    """Whether anybody has a card about a thing. One round trip."""
    return bool(await tx.fetchval("select true from channels_card where subject_id = $1 limit 1", subject_id))


async def take(tx: Tx, card: Kept, at: datetime) -> bool:
    """Take a card for changing it; false while another process does, or when one has since it was read. One round trip."""
    taken = await tx.fetchval(
        "update channels_card set busy_until = $4 where subject_id = $1 and delivery_id = $2 and channel = $3"
        " and (busy_until is null or busy_until <= $5) and codes = $6 returning true",
        card.subject_id, card.delivery_id, card.channel, at + BUSY, at, card.codes,
    )  # fmt: skip
    return bool(taken)


async def changed(tx: Tx, card: Kept, *, code: str, shown: str) -> None:
    """A code was spent on a card; `shown` is what stands on it now. One round trip."""
    await tx.execute(
        "update channels_card set codes = array_remove(codes, $4), shown = $5, busy_until = null"
        " where subject_id = $1 and delivery_id = $2 and channel = $3",
        card.subject_id, card.delivery_id, card.channel, code, shown,
    )  # fmt: skip


async def forget(tx: Tx, before: datetime) -> None:
    """Drop cards that nobody can change any more. One round trip."""
    await tx.execute("delete from channels_card where coded_at < $1", before)
