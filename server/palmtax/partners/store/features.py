"""Queries on city features, their versions, and the passes of people on the way into one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from palmtax.partners.model.passing import KeptPass
from palmtax.partners.model.versions import FeatureFinding, FeatureState, FeatureVersion
from palmtax.partners.store.grants import digest
from palmtax.plumbing.database import Tx

_COLUMNS = (
    "f.feature_id, f.code, f.application_id, v.version, v.state, v.text, v.findings, v.checked_at, v.reviewed_by,"
    " v.state_reason, v.made_by, v.made_at, v.changed_at, v.has_been_listed, v.failed_nights"
)
_FROM = "partners_feature f join partners_feature_version v on v.feature_id = f.feature_id"
_PASS = "application_id, taxpayer_id, consent_id, feature_id, scopes, expires_at"  # noqa: S105 names of columns


def _version(row: Mapping[str, Any]) -> FeatureVersion:
    values = dict(row.items())
    return FeatureVersion(**values | {"findings": tuple(FeatureFinding(**one) for one in values["findings"])})


async def add_feature(tx: Tx, *, feature_id: UUID, code: str, application_id: UUID | None, at: datetime) -> bool:
    """A new feature; whether its code was free."""
    made = await tx.fetchval(
        "insert into partners_feature (feature_id, code, application_id, made_at) values ($1, $2, $3, $4)"
        " on conflict (code) do nothing returning true",
        feature_id, code, application_id, at,
    )  # fmt: skip
    return bool(made)


async def owner_of(tx: Tx, code: str) -> tuple[UUID, UUID | None] | None:
    """The feature of a code and its application."""
    row = await tx.fetchrow("select feature_id, application_id from partners_feature where code = $1", code)
    return (row["feature_id"], row["application_id"]) if row else None


async def hold(tx: Tx, feature_id: UUID) -> None:
    """Its versions move one at a time."""
    await tx.execute("select 1 from partners_feature where feature_id = $1 for update", feature_id)


async def count_of(tx: Tx, application_id: UUID | None) -> int:
    """How many features an application has."""
    return int(
        await tx.fetchval(
            "select count(*) from partners_feature where application_id is not distinct from $1", application_id
        )
    )


async def add_version(tx: Tx, one: FeatureVersion) -> None:
    """A new version."""
    await tx.execute(
        "insert into partners_feature_version (feature_id, version, state, text, findings, state_reason, made_by,"
        " made_at, changed_at, has_been_listed) values ($1, $2, $3, $4, '[]', '', $5, $6, $6, false)",
        one.feature_id, one.version, one.state, one.text, one.made_by, one.made_at,
    )  # fmt: skip


async def change(tx: Tx, one: FeatureVersion) -> None:
    """Write what may change."""
    await tx.execute(
        "update partners_feature_version set state = $3, findings = $4, checked_at = $5, reviewed_by = $6,"
        " state_reason = $7, changed_at = $8, has_been_listed = $9, failed_nights = $10"
        " where feature_id = $1 and version = $2",
        one.feature_id, one.version, one.state, [asdict(found) for found in one.findings], one.checked_at,
        one.reviewed_by, one.state_reason, one.changed_at, one.has_been_listed, one.failed_nights,
    )  # fmt: skip


async def supersede(tx: Tx, feature_id: UUID, states: list[FeatureState], at: datetime) -> None:
    """Versions in these states have had their day."""
    await tx.execute(
        "update partners_feature_version set state = 'superseded', reviewed_by = null, changed_at = $3"
        " where feature_id = $1 and state = any($2)",
        feature_id, states, at,
    )  # fmt: skip


async def versions(tx: Tx, feature_id: UUID, limit: int = 50) -> list[FeatureVersion]:
    """The versions of a feature, newest first."""
    rows = await tx.fetch(
        f"select {_COLUMNS} from {_FROM} where f.feature_id = $1 order by v.version desc limit $2", feature_id, limit
    )
    return [_version(row) for row in rows]


async def page(
    tx: Tx, *, state: str | None, application_id: UUID | None, before: tuple[datetime, UUID] | None, limit: int
) -> list[FeatureVersion]:
    """The newest version of each feature, those that changed last first; of one application when it is given."""
    at, number = before or (None, None)
    rows = await tx.fetch(
        f"select {_COLUMNS} from {_FROM} where v.version = (select max(n.version) from partners_feature_version n"
        " where n.feature_id = f.feature_id) and ($1::text is null or v.state = $1)"
        " and ($2::uuid is null or f.application_id = $2)"
        " and ($3::timestamptz is null or (v.changed_at, f.feature_id) < ($3, $4))"
        " order by v.changed_at desc, f.feature_id desc limit $5",
        state, application_id, at, number, limit,
    )  # fmt: skip
    return [_version(row) for row in rows]


async def listed(tx: Tx, limit: int = 500) -> list[FeatureVersion]:
    """What is listed somewhere now, of applications that are live, by code."""
    rows = await tx.fetch(
        f"select {_COLUMNS} from {_FROM} left join partners_application a on a.application_id = f.application_id"
        " where v.state = 'listed' and (f.application_id is null or a.state = 'live') order by f.code limit $1",
        limit,
    )
    return [_version(row) for row in rows]


async def listed_one(tx: Tx, feature_id: UUID) -> FeatureVersion | None:
    """The listed version of a feature whose application is live."""
    row = await tx.fetchrow(
        f"select {_COLUMNS} from {_FROM} left join partners_application a on a.application_id = f.application_id"
        " where f.feature_id = $1 and v.state = 'listed' and (f.application_id is null or a.state = 'live')",
        feature_id,
    )
    return _version(row) if row else None


async def add_pass(tx: Tx, value: str, kept: KeptPass) -> None:
    """A pass that may be used once."""
    await tx.execute(
        f"insert into partners_pass (pass_hash, {_PASS}) values ($1, $2, $3, $4, $5, $6, $7)",
        digest(value), kept.application_id, kept.taxpayer_id, kept.consent_id, kept.feature_id, list(kept.scopes),
        kept.expires_at,
    )  # fmt: skip


async def spend_pass(tx: Tx, value: str, application_id: UUID, now: datetime) -> KeptPass | None:
    """Use a pass of this application that is not over; of two at once one gets nothing."""
    row = await tx.fetchrow(
        "update partners_pass set used_at = $3 where pass_hash = $1 and application_id = $2 and used_at is null"
        f" and expires_at > $3 returning {_PASS}",
        digest(value), application_id, now,
    )  # fmt: skip
    return KeptPass(**dict(row.items()) | {"scopes": tuple(row["scopes"])}) if row else None


async def forget(tx: Tx, before: datetime) -> None:
    """Drop passes that are long over."""
    await tx.execute("delete from partners_pass where expires_at < $1", before)
