"""Queries on sessions, refresh tokens and sign-in tickets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from palmtax.base.actor import Actor, Hat
from palmtax.identity.model.people import DeviceSession
from palmtax.plumbing.database import Tx

_RESOLVE = (
    "select s.session_id, s.channel, s.second_factor_until > $3 as second_factor, h.hat_id, h.kind, h.role_code,"
    " h.taxpayer_id, h.office_code, h.scopes"
    " from identity_session s left join identity_hat h on h.person_id = s.person_id and h.hat_id = s.hat_id"
    " and h.revoked_at is null and h.valid_from <= $4 and (h.valid_until is null or h.valid_until >= $4)"
    " where s.person_id = $1 and s.access_hash = $2 and s.ended_at is null and s.access_expires_at > $3"
    " and s.expires_at > $3"
)


async def resolve(
    tx: Tx, *, person_id: int, access_hash: bytes, request_id: str, now: datetime, today: date
) -> Actor | None:
    """The actor behind an access token, with a hat only while it is valid; one round trip, one shard."""
    row = await tx.fetchrow(_RESOLVE, person_id, access_hash, now, today)
    if row is None:
        return None
    hat = None
    if row["hat_id"] is not None:
        hat = Hat(
            hat_id=row["hat_id"],
            kind=row["kind"],
            role_code=row["role_code"],
            taxpayer_id=row["taxpayer_id"],
            office_code=row["office_code"],
            scopes=frozenset(row["scopes"]),
        )
    return Actor(person_id, row["session_id"], hat, row["channel"], request_id, bool(row["second_factor"]))


async def add_session(
    tx: Tx,
    *,
    person_id: int,
    session_id: UUID,
    access_hash: bytes,
    access_expires_at: datetime,
    expires_at: datetime,
    hat_id: UUID | None,
    channel: str,
    device_name: str,
    way: str,
    now: datetime,
) -> None:
    """A new session."""
    await tx.execute(
        "insert into identity_session (person_id, session_id, access_hash, access_expires_at, expires_at, hat_id,"
        " channel, device_name, way, signed_in_at, last_seen_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10)",
        person_id,
        session_id,
        access_hash,
        access_expires_at,
        expires_at,
        hat_id,
        channel,
        device_name,
        way,
        now,
    )


async def add_refresh(tx: Tx, *, person_id: int, token_hash: bytes, session_id: UUID, now: datetime) -> None:
    """A refresh token of a session's family."""
    await tx.execute(
        "insert into identity_refresh (person_id, token_hash, session_id, issued_at) values ($1, $2, $3, $4)",
        person_id,
        token_hash,
        session_id,
        now,
    )


async def spend_refresh(tx: Tx, *, person_id: int, token_hash: bytes, now: datetime) -> UUID | None:
    """Use a refresh token: its session the first time, none afterwards; of two at once one wins."""
    found: UUID | None = await tx.fetchval(
        "update identity_refresh set used_at = $3 where person_id = $1 and token_hash = $2 and used_at is null"
        " returning session_id",
        person_id,
        token_hash,
        now,
    )
    return found


async def living_session_of_spent(tx: Tx, *, person_id: int, token_hash: bytes) -> UUID | None:
    """The session of a refresh token that was already used, while that session still lives."""
    found: UUID | None = await tx.fetchval(
        "select r.session_id from identity_refresh r join identity_session s on s.person_id = r.person_id"
        " and s.session_id = r.session_id where r.person_id = $1 and r.token_hash = $2 and r.used_at is not null"
        " and s.ended_at is null",
        person_id,
        token_hash,
    )
    return found


@dataclass(frozen=True, slots=True)
class SessionKept:
    """What renewing a session needs to know of it."""

    channel: str
    signed_in_at: datetime


async def session_for_renewal(tx: Tx, *, person_id: int, session_id: UUID, now: datetime) -> SessionKept | None:
    """A living session, locked until the transaction ends."""
    row = await tx.fetchrow(
        "select channel, signed_in_at from identity_session where person_id = $1 and session_id = $2"
        " and ended_at is null and expires_at > $3 for update",
        person_id,
        session_id,
        now,
    )
    return SessionKept(row["channel"], row["signed_in_at"]) if row else None


async def renew_session(
    tx: Tx,
    *,
    person_id: int,
    session_id: UUID,
    access_hash: bytes,
    access_expires_at: datetime,
    expires_at: datetime,
    now: datetime,
) -> None:
    """Put a new access token in the place of the old one, which ends at once."""
    await tx.execute(
        "update identity_session set access_hash = $3, access_expires_at = $4, expires_at = $5, last_seen_at = $6"
        " where person_id = $1 and session_id = $2",
        person_id,
        session_id,
        access_hash,
        access_expires_at,
        expires_at,
        now,
    )


async def devices(tx: Tx, person_id: int, now: datetime) -> list[DeviceSession]:
    """The devices on which a person is signed in, the latest first."""
    rows = await tx.fetch(
        "select session_id, device_name, channel, signed_in_at, last_seen_at from identity_session"
        " where person_id = $1 and ended_at is null and expires_at > $2 order by last_seen_at desc, session_id",
        person_id,
        now,
    )
    return [
        DeviceSession(r["session_id"], r["device_name"], r["channel"], r["signed_in_at"], r["last_seen_at"])
        for r in rows
    ]


async def has_session(tx: Tx, *, person_id: int, session_id: UUID) -> bool:
    """Whether the session is the person's, living or ended."""
    return bool(
        await tx.fetchval(
            "select true from identity_session where person_id = $1 and session_id = $2", person_id, session_id
        )
    )


async def end_session(tx: Tx, *, person_id: int, session_id: UUID, reason: str, now: datetime) -> bool:
    """End one session of the person; False when it was ended or is not theirs."""
    done = await tx.fetchval(
        "update identity_session set ended_at = $3, end_reason = $4 where person_id = $1 and session_id = $2"
        " and ended_at is null returning session_id",
        person_id,
        session_id,
        now,
        reason,
    )
    return done is not None


async def end_sessions(tx: Tx, *, person_id: int, reason: str, now: datetime) -> list[UUID]:
    """End every session of the person; those that were ended by this."""
    rows = await tx.fetch(
        "update identity_session set ended_at = $2, end_reason = $3 where person_id = $1 and ended_at is null"
        " returning session_id",
        person_id,
        now,
        reason,
    )
    return [row["session_id"] for row in rows]


async def put_on(tx: Tx, *, person_id: int, session_id: UUID, hat_id: UUID, today: date) -> bool:
    """Put a valid hat of the same person on the session; False when there is none. Two round trips."""
    done = await tx.fetchval(
        "update identity_session set hat_id = $3 where person_id = $1 and session_id = $2 and exists (select 1"
        " from identity_hat h where h.person_id = $1 and h.hat_id = $3 and h.revoked_at is null"
        " and h.valid_from <= $4 and (h.valid_until is null or h.valid_until >= $4)) returning session_id",
        person_id,
        session_id,
        hat_id,
        today,
    )
    if done is None:
        return False
    await tx.execute("update identity_person set last_hat_id = $2 where person_id = $1", person_id, hat_id)
    return True


async def last_hat(tx: Tx, person_id: int) -> UUID | None:
    """The hat the person put on last."""
    found: UUID | None = await tx.fetchval("select last_hat_id from identity_person where person_id = $1", person_id)
    return found


async def worn(tx: Tx, *, person_id: int, session_id: UUID) -> tuple[UUID | None, datetime | None]:
    """The hat on a session and until when its second factor holds."""
    row = await tx.fetchrow(
        "select hat_id, second_factor_until from identity_session where person_id = $1 and session_id = $2",
        person_id,
        session_id,
    )
    return (row["hat_id"], row["second_factor_until"]) if row else (None, None)


async def set_second_factor(tx: Tx, *, person_id: int, session_id: UUID, until: datetime) -> None:
    """Note the second proof on this session only."""
    await tx.execute(
        "update identity_session set second_factor_until = $3 where person_id = $1 and session_id = $2",
        person_id,
        session_id,
        until,
    )


async def purge(tx: Tx, *, sessions_before: datetime, codes_before: datetime) -> None:
    """Forget what is no longer needed: sessions ended or expired before one day, codes and tickets before another."""
    await tx.execute("delete from identity_session where ended_at < $1 or expires_at < $1", sessions_before)
    await tx.execute("delete from identity_refresh where issued_at < $1", sessions_before)
    await tx.execute("delete from identity_sms_code where expires_at < $1", codes_before)
    await tx.execute("delete from identity_sign_in_ticket where expires_at < $1", codes_before)


@dataclass(frozen=True, slots=True)
class Ticket:
    """A sign-in ticket as it stands."""

    state: str
    person_id: int | None
    device_name: str
    expires_at: datetime
    is_handed_out: bool


def _ticket(row: Mapping[str, Any]) -> Ticket:
    return Ticket(
        row["state"], row["person_id"], row["device_name"], row["expires_at"], row["handed_out_at"] is not None
    )


_TICKET = "state, person_id, device_name, expires_at, handed_out_at"


async def add_ticket(
    tx: Tx, *, ticket_id: UUID, poll_hash: bytes, device_name: str, now: datetime, expires_at: datetime
) -> None:
    """A new ticket, waiting to be scanned."""
    await tx.execute(
        "insert into identity_sign_in_ticket (ticket_id, poll_hash, state, device_name, created_at, expires_at)"
        " values ($1, $2, 'waiting', $3, $4, $5)",
        ticket_id,
        poll_hash,
        device_name,
        now,
        expires_at,
    )


async def ticket(tx: Tx, ticket_id: UUID) -> Ticket | None:
    """A ticket by its number."""
    row = await tx.fetchrow(f"select {_TICKET} from identity_sign_in_ticket where ticket_id = $1", ticket_id)
    return _ticket(row) if row else None


async def ticket_for_screen(tx: Tx, *, ticket_id: UUID, poll_hash: bytes) -> Ticket | None:
    """A ticket for the screen that knows its secret."""
    row = await tx.fetchrow(
        f"select {_TICKET} from identity_sign_in_ticket where ticket_id = $1 and poll_hash = $2", ticket_id, poll_hash
    )
    return _ticket(row) if row else None


async def scan_ticket(tx: Tx, *, ticket_id: UUID, person_id: int, now: datetime) -> bool:
    """The ticket becomes this person's; False when it is not waiting any more."""
    done = await tx.fetchval(
        "update identity_sign_in_ticket set state = 'scanned', person_id = $2 where ticket_id = $1"
        " and state = 'waiting' and expires_at > $3 returning ticket_id",
        ticket_id,
        person_id,
        now,
    )
    return done is not None


async def answer_ticket(
    tx: Tx, *, ticket_id: UUID, person_id: int, state: str, now: datetime, collect_by: datetime
) -> bool:
    """Confirm or refuse a ticket this person scanned; False when it is not theirs or past that."""
    done = await tx.fetchval(
        "update identity_sign_in_ticket set state = $3, expires_at = greatest(expires_at, $5) where ticket_id = $1"
        " and person_id = $2 and state = 'scanned' and expires_at > $4 returning ticket_id",
        ticket_id,
        person_id,
        state,
        now,
        collect_by,
    )
    return done is not None


async def collect_ticket(tx: Tx, *, ticket_id: UUID, now: datetime) -> int | None:
    """Hand a confirmed ticket out, once: the person to sign in."""
    found = await tx.fetchval(
        "update identity_sign_in_ticket set handed_out_at = $2 where ticket_id = $1 and state = 'confirmed'"
        " and handed_out_at is null and expires_at > $2 returning person_id",
        ticket_id,
        now,
    )
    return int(found) if found is not None else None
