"""Queries on webhook addresses, their secrets and their deliveries."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from palmtax import privacy
from palmtax.base.identifiers import uuid7
from palmtax.partners.model.hooks import Delivery, Endpoint
from palmtax.plumbing.database import Tx

_SIGNING = "partners.signing"
_COLUMNS = "endpoint_id, application_id, url, events, state, failures, failing_since, tried_at, last_error, made_at"
_SHOWN = "delivery_id, event, state, tries, last_status, last_error, created_at, next_at, done_at"


def _endpoint(row: Mapping[str, Any]) -> Endpoint:
    return Endpoint(**dict(row.items()) | {"events": tuple(row["events"])})


async def add(tx: Tx, one: Endpoint, *, secret: str) -> None:
    """A new address with its secret. Two round trips."""
    await tx.execute(
        "insert into partners_endpoint (endpoint_id, application_id, url, events, state, failures, last_error, made_at)"
        " values ($1, $2, $3, $4, 'on', 0, '', $5)",
        one.endpoint_id, one.application_id, one.url, list(one.events), one.made_at,
    )  # fmt: skip
    await add_secret(tx, one.endpoint_id, secret)


async def add_secret(tx: Tx, endpoint_id: UUID, secret: str) -> None:
    """A secret that signs from now on."""
    await tx.execute(
        "insert into partners_signing (endpoint_id, secret_id, secret_sealed) values ($1, $2, $3)",
        endpoint_id, uuid7(), privacy.seal(secret, _SIGNING),
    )  # fmt: skip


async def end_secrets(tx: Tx, endpoint_id: UUID, *, at: datetime) -> None:
    """The secrets there are sign until an instant; an end that was set before stays."""
    await tx.execute(
        "update partners_signing set expires_at = $2 where endpoint_id = $1 and expires_at is null", endpoint_id, at
    )


async def secrets_of(tx: Tx, endpoint_id: UUID, now: datetime) -> tuple[str, ...]:
    """The secrets that sign now, newest first."""
    rows = await tx.fetch(
        "select secret_sealed from partners_signing where endpoint_id = $1 and (expires_at is null or expires_at > $2)"
        " order by secret_id desc limit 3",
        endpoint_id, now,
    )  # fmt: skip
    return tuple(privacy.unseal(row["secret_sealed"], _SIGNING) for row in rows)


async def of_application(tx: Tx, application_id: UUID) -> list[Endpoint]:
    """The addresses of an application, oldest first."""
    rows = await tx.fetch(
        f"select {_COLUMNS} from partners_endpoint where application_id = $1 order by made_at, endpoint_id",
        application_id,
    )
    return [_endpoint(row) for row in rows]


async def of_applications(tx: Tx, application_ids: list[UUID], event: str) -> list[Endpoint]:
    """The addresses that are on and want an event."""
    rows = await tx.fetch(
        f"select {_COLUMNS} from partners_endpoint where application_id = any($1) and state = 'on' and $2 = any(events)",
        application_ids, event,
    )  # fmt: skip
    return [_endpoint(row) for row in rows]


async def find(tx: Tx, endpoint_id: UUID) -> Endpoint | None:
    """One address."""
    row = await tx.fetchrow(f"select {_COLUMNS} from partners_endpoint where endpoint_id = $1", endpoint_id)
    return _endpoint(row) if row else None


async def remove(tx: Tx, endpoint_id: UUID) -> None:
    """Take an address away with its secrets; what waits for it is dropped. Two round trips."""
    await tx.execute("delete from partners_delivery where endpoint_id = $1", endpoint_id)
    await tx.execute("delete from partners_endpoint where endpoint_id = $1", endpoint_id)


async def turn(tx: Tx, endpoint_id: UUID, *, state: str) -> bool:
    """On or disabled; whether it was not so before."""
    return bool(
        await tx.fetchval(
            "update partners_endpoint set state = $2, failures = 0, failing_since = null where endpoint_id = $1"
            " and state <> $2 returning true",
            endpoint_id, state,
        )
    )  # fmt: skip


async def note_try(tx: Tx, endpoint_id: UUID, *, is_good: bool, error: str, at: datetime) -> None:
    """Keep how an address does."""
    await tx.execute(
        "update partners_endpoint set tried_at = $4, last_error = $3, failures = case when $2 then 0 else failures + 1 end,"
        " failing_since = case when $2 then null else coalesce(failing_since, $4) end where endpoint_id = $1",
        endpoint_id, is_good, error, at,
    )  # fmt: skip


async def add_delivery(tx: Tx, endpoint_id: UUID, delivery_id: UUID, event: str, body: str, at: datetime) -> bool:
    """A delivery is wanted; false when this news is known already."""
    return bool(
        await tx.fetchval(
            "insert into partners_delivery (endpoint_id, delivery_id, event, body, state, tries, last_error, created_at,"
            " next_at) values ($1, $2, $3, $4, 'wanted', 0, '', $5, $5) on conflict (endpoint_id, delivery_id) do nothing"
            " returning true",
            endpoint_id, delivery_id, event, body, at,
        )
    )  # fmt: skip


async def take_delivery(
    tx: Tx, endpoint_id: UUID, delivery_id: UUID, *, now: datetime, lease_until: datetime
) -> tuple[str, str, int] | None:
    """Event, body and number of this try, when the delivery is due and nobody else has it."""
    row = await tx.fetchrow(
        "update partners_delivery set tries = tries + 1, next_at = $4 where endpoint_id = $1 and delivery_id = $2"
        " and state = 'wanted' and next_at <= $3 returning event, body, tries",
        endpoint_id, delivery_id, now, lease_until,
    )  # fmt: skip
    return (row["event"], row["body"], row["tries"]) if row else None


async def settle_delivery(
    tx: Tx, endpoint_id: UUID, delivery_id: UUID, *, state: str, status: int | None, error: str,
    next_at: datetime | None, now: datetime,
) -> None:  # fmt: skip
    """What became of a try."""
    await tx.execute(
        "update partners_delivery set state = $3, last_status = $4, last_error = $5, next_at = $6,"
        " done_at = case when $3 = 'wanted' then null else $7::timestamptz end"
        " where endpoint_id = $1 and delivery_id = $2 and state = 'wanted'",
        endpoint_id, delivery_id, state, status, error, next_at, now,
    )  # fmt: skip


async def deliveries(tx: Tx, endpoint_id: UUID, limit: int) -> list[Delivery]:
    """The newest deliveries of an address."""
    rows = await tx.fetch(
        f"select {_SHOWN} from partners_delivery where endpoint_id = $1 order by created_at desc limit $2",
        endpoint_id, limit,
    )  # fmt: skip
    return [Delivery(**dict(row.items())) for row in rows]


async def revive(tx: Tx, endpoint_id: UUID, delivery_id: UUID, now: datetime) -> bool:
    """A dead delivery is wanted again; whether it was dead."""
    return bool(
        await tx.fetchval(
            "update partners_delivery set state = 'wanted', tries = 0, next_at = $3, done_at = null"
            " where endpoint_id = $1 and delivery_id = $2 and state = 'dead' returning true",
            endpoint_id, delivery_id, now,
        )
    )  # fmt: skip


async def left_lying(tx: Tx, before: datetime, limit: int) -> list[tuple[UUID, UUID]]:
    """Deliveries that should have been tried before an instant: a worker died with them."""
    rows = await tx.fetch(
        "select endpoint_id, delivery_id from partners_delivery where state = 'wanted' and next_at < $1"
        " order by next_at limit $2",
        before, limit,
    )  # fmt: skip
    return [(row["endpoint_id"], row["delivery_id"]) for row in rows]


async def forget(tx: Tx, before: datetime) -> None:
    """Drop deliveries that are over."""
    await tx.execute("delete from partners_delivery where created_at < $1 and state <> 'wanted'", before)
