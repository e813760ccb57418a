"""Queries on printing kiosks and the visits to them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from palmtax.channels.model.kiosks import Ending, Kiosk, Paper, Visit
from palmtax.plumbing.database import Tx

_KIOSK = ", ".join(one.name for one in fields(Kiosk))
_VISIT = ", ".join(one.name for one in fields(Visit))


def _kiosk(row: Any) -> Kiosk | None:
    return Kiosk(**row) if row else None


def _visit(row: Any) -> Visit | None:
    return Visit(**row) if row else None


async def add(tx: Tx, one: Kiosk, *, pairing_hash: bytes, registered_by: int) -> bool:
    """A new machine; false when the hall has one of this name. One round trip."""
    done = await tx.fetchval(
        "insert into channels_kiosk (office_code, kiosk_id, name, name_en, place, place_en, paper, pairing_hash,"
        " pairing_expires_at, registered_by, registered_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"
        " on conflict (office_code, name) where revoked_at is null do nothing returning true",
        one.office_code, one.kiosk_id, one.name, one.name_en, one.place, one.place_en, one.paper, pairing_hash,
        one.pairing_expires_at, registered_by, one.registered_at,
    )  # fmt: skip
    return bool(done)


async def of_hall(tx: Tx, office_code: str) -> list[Kiosk]:
    """The machines of a hall, those in use first. One round trip."""
    rows = await tx.fetch(
        f"select {_KIOSK} from channels_kiosk where office_code = $1"
        " order by revoked_at desc nulls first, name, registered_at limit 200",
        office_code,
    )
    return [Kiosk(**row) for row in rows]


async def kiosk(tx: Tx, office_code: str, kiosk_id: UUID) -> Kiosk | None:
    """One machine. One round trip."""
    return _kiosk(
        await tx.fetchrow(
            f"select {_KIOSK} from channels_kiosk where office_code = $1 and kiosk_id = $2", office_code, kiosk_id
        )
    )


async def of_secret(tx: Tx, office_code: str, kiosk_id: UUID, secret_hash: bytes) -> Kiosk | None:
    """The machine that holds this secret and was not revoked. One round trip."""
    return _kiosk(
        await tx.fetchrow(
            f"select {_KIOSK} from channels_kiosk where office_code = $1 and kiosk_id = $2 and secret_hash = $3"
            " and revoked_at is null",
            office_code,
            kiosk_id,
            secret_hash,
        )
    )


async def set_code(tx: Tx, one: Kiosk, *, pairing_hash: bytes, expires_at: datetime) -> bool:
    """Another pairing code in place of the one before; false when it was revoked. One round trip."""
    done = await tx.fetchval(
        "update channels_kiosk set pairing_hash = $3, pairing_expires_at = $4 where office_code = $1 and kiosk_id = $2"
        " and revoked_at is null returning true",
        one.office_code, one.kiosk_id, pairing_hash, expires_at,
    )  # fmt: skip
    return bool(done)


async def of_code(tx: Tx, pairing_hash: bytes, now: datetime) -> Kiosk | None:
    """The machine that a living pairing code is for. One round trip, to every shard: nobody knows the hall yet."""
    return _kiosk(
        await tx.fetchrow(
            f"select {_KIOSK} from channels_kiosk where pairing_hash = $1 and pairing_expires_at > $2"
            " and revoked_at is null",
            pairing_hash,
            now,
        )
    )


async def pair(tx: Tx, one: Kiosk, *, pairing_hash: bytes, secret_hash: bytes, at: datetime) -> bool:
    """The code is spent, the machine holds the secret, an older one is worthless; false when it was spent. One round trip."""
    done = await tx.fetchval(
        "update channels_kiosk set secret_hash = $4, paired_at = $5, seen_at = $5, paper = 'ok', pairing_hash = null,"
        " pairing_expires_at = null where office_code = $1 and kiosk_id = $2 and pairing_hash = $3"
        " and revoked_at is null returning true",
        one.office_code, one.kiosk_id, pairing_hash, secret_hash, at,
    )  # fmt: skip
    return bool(done)


async def revoke(tx: Tx, one: Kiosk, *, at: datetime, reason: str) -> bool:
    """Out of use from now on; false when it was. One round trip."""
    done = await tx.fetchval(
        "update channels_kiosk set revoked_at = $3, revoked_reason = $4, pairing_hash = null, pairing_expires_at = null"
        " where office_code = $1 and kiosk_id = $2 and revoked_at is null returning true",
        one.office_code, one.kiosk_id, at, reason,
    )  # fmt: skip
    return bool(done)


async def seen(tx: Tx, one: Kiosk, at: datetime) -> None:
    """It is alive. One round trip."""
    await tx.execute(
        "update channels_kiosk set seen_at = $3 where office_code = $1 and kiosk_id = $2",
        one.office_code, one.kiosk_id, at,
    )  # fmt: skip


async def set_paper(tx: Tx, one: Kiosk, paper: Paper) -> None:
    """How the last print left it. One round trip."""
    await tx.execute(
        "update channels_kiosk set paper = $3 where office_code = $1 and kiosk_id = $2 and paper <> $3",
        one.office_code, one.kiosk_id, paper,
    )  # fmt: skip


async def take_number(tx: Tx, number: str, visit_id: UUID, *, now: datetime, until: datetime) -> bool:
    """The digits lead to this visit; false while they lead to another. One round trip."""
    done = await tx.fetchval(
        # lint: statements — this table is led by the digits themselves
        "insert into channels_visit_number as kept (number, visit_id, expires_at) values ($1, $2, $3)"
        " on conflict (number) do update set visit_id = excluded.visit_id, expires_at = excluded.expires_at"
        " where kept.expires_at <= $4 returning true",
        number, visit_id, until, now,
    )  # fmt: skip
    return bool(done)


async def visit_of_number(tx: Tx, number: str, now: datetime) -> UUID | None:
    """The visit that the digits lead to now. One round trip."""
    found: UUID | None = await tx.fetchval(
        "select visit_id from channels_visit_number where number = $1 and expires_at > $2", number, now
    )
    return found


async def add_visit(tx: Tx, one: Visit, *, secret_hash: bytes, at: datetime) -> None:
    """A code for the screen. One round trip."""
    await tx.execute(
        "insert into channels_visit (visit_id, secret_hash, office_code, kiosk_id, number, state, made_at, expires_at)"
        " values ($1, $2, $3, $4, $5, 'waiting', $6, $7)",
        one.visit_id, secret_hash, one.office_code, one.kiosk_id, one.number, at, one.expires_at,
    )  # fmt: skip


async def visit(tx: Tx, visit_id: UUID) -> Visit | None:
    """A visit by its number. One round trip."""
    return _visit(await tx.fetchrow(f"select {_VISIT} from channels_visit where visit_id = $1", visit_id))


async def visit_at(tx: Tx, one: Kiosk, visit_id: UUID, secret_hash: bytes) -> Visit | None:
    """The visit, for the machine whose it is and that knows its secret. One round trip."""
    return _visit(
        await tx.fetchrow(
            f"select {_VISIT} from channels_visit where visit_id = $1 and secret_hash = $2 and office_code = $3"
            " and kiosk_id = $4",
            visit_id,
            secret_hash,
            one.office_code,
            one.kiosk_id,
        )
    )


async def open_visit(
    tx: Tx, one: Visit, *, person_id: int, hat_id: UUID, taxpayer_id: int, title: str, now: datetime, until: datetime,
    idle_at: datetime,
) -> bool:  # fmt: skip
    """It is this person's; false when somebody was quicker, or it is too old. One round trip."""
    done = await tx.fetchval(
        # lint: statements — a visit is led by its number; whose it is becomes known later
        "update channels_visit set state = 'open', person_id = $2, hat_id = $3, taxpayer_id = $4, title = $5,"
        " expires_at = $7, idle_at = $8 where visit_id = $1 and state = 'waiting' and expires_at > $6 returning true",
        one.visit_id, person_id, hat_id, taxpayer_id, title, now, until, idle_at,
    )  # fmt: skip
    return bool(done)


async def stay(tx: Tx, visit_id: UUID, *, now: datetime, idle_at: datetime) -> Visit | None:
    """Somebody is there: idle only later; none when it is over. One round trip."""
    return _visit(
        await tx.fetchrow(
            "update channels_visit set idle_at = least($3, expires_at) where visit_id = $1 and state = 'open'"
            f" and expires_at > $2 and idle_at > $2 returning {_VISIT}",
            visit_id,
            now,
            idle_at,
        )
    )


async def end_visit(tx: Tx, visit_id: UUID, *, now: datetime, why: Ending) -> bool:
    """It is over, and says nothing of whom it was for; false when it was. One round trip."""
    done = await tx.fetchval(
        "update channels_visit set state = 'ended', ended_at = $2, end_reason = $3, title = '' where visit_id = $1"
        " and state <> 'ended' returning true",
        visit_id, now, why,
    )  # fmt: skip
    return bool(done)


async def forget(tx: Tx, before: datetime) -> None:
    """Drop visits made before an instant, and their digits. Two round trips."""
    await tx.execute("delete from channels_visit where made_at < $1", before)
    await tx.execute("delete from channels_visit_number where expires_at < $1", before)


async def names(tx: Tx, places: Sequence[tuple[str, UUID]]) -> dict[UUID, Kiosk]:
    """Machines by their number, revoked ones too. One round trip for each hall."""
    found: dict[UUID, Kiosk] = {}
    for office_code in {one[0] for one in places}:
        rows = await tx.fetch(
            f"select {_KIOSK} from channels_kiosk where office_code = $1 and kiosk_id = any($2)",
            office_code, [number for office, number in places if office == office_code],
        )  # fmt: skip
        found |= {row["kiosk_id"]: Kiosk(**row) for row in rows}
    return found


KEPT = timedelta(days=7)
"""How long a visit is kept; what it printed stays."""
