"""Queries of reports of offences: sealed on the way in, opened on the way out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson

from palmtax import privacy
from palmtax.complaints.model.rating import Report
from palmtax.plumbing.database import Tx

_REPORT, _INFORMANT = "complaints_report.report", "complaints_report.informant"
_REPLY, _APPLICATION = "complaints_report.reply", "complaints_report.application"
_SELECT = (
    "select report_id, report_no, report_sealed, office_code, state, received_at, due_on, reply_sealed, answered_at"
    " from complaints_report"
)


def informant_hash(taxpayer_id: int, person_id: int) -> bytes:
    """By which an informant finds their reports again; nobody else can tell whose it is."""
    return privacy.fingerprint(f"{taxpayer_id}:{person_id}", _INFORMANT)


def id_of_application(application_id: UUID) -> UUID:
    """The report of an application: the same each time, and no way back without the key."""
    return UUID(bytes=privacy.fingerprint(str(application_id), _APPLICATION)[:16])


def _report(row: Mapping[str, Any]) -> Report:
    told = orjson.loads(privacy.unseal(row["report_sealed"], _REPORT))
    reply = row["reply_sealed"]
    return Report(
        report_id=row["report_id"],
        report_no=row["report_no"],
        who=told["who"],
        facts=told["facts"],
        is_named=told["is_named"],
        office_code=row["office_code"],
        state=row["state"],
        received_at=row["received_at"],
        due_on=row["due_on"],
        answer=privacy.unseal(reply, _REPLY) if reply else "",
        answered_at=row["answered_at"],
    )


async def insert(tx: Tx, report: Report, *, taxpayer_id: int, person_id: int) -> None:
    """Keep a report. One round trip. UniqueViolationError when it was kept before."""
    told = orjson.dumps({"who": report.who, "facts": report.facts, "is_named": report.is_named}).decode()
    await tx.execute(
        "insert into complaints_report (report_id, report_no, report_sealed, informant_sealed, informant_hash,"
        " office_code, state, received_at, due_on) values ($1, $2, $3, $4, $5, $6, 'received', $7, $8)",
        report.report_id,
        report.report_no,
        privacy.seal(told, _REPORT),
        privacy.seal(f"{taxpayer_id}:{person_id}", _INFORMANT),
        informant_hash(taxpayer_id, person_id),
        report.office_code,
        report.received_at,
        report.due_on,
    )


async def report(tx: Tx, report_id: UUID) -> Report | None:
    """One report. One round trip."""
    row = await tx.fetchrow(f"{_SELECT} where report_id = $1", report_id)
    return _report(row) if row else None


async def of_informant(tx: Tx, *, taxpayer_id: int, person_id: int) -> list[Report]:
    """One's own reports, newest first. Reads all shards. One round trip."""
    rows = await tx.fetch(
        f"{_SELECT} where informant_hash = $1 order by received_at desc limit 100",
        informant_hash(taxpayer_id, person_id),
    )
    return [_report(row) for row in rows]


async def informant(tx: Tx, report_id: UUID) -> tuple[int, int] | None:
    """Who made a report: taxpayer and person. One round trip."""
    found = await tx.fetchval("select informant_sealed from complaints_report where report_id = $1", report_id)
    if found is None:
        return None
    taxpayer_id, _, person_id = privacy.unseal(found, _INFORMANT).partition(":")
    return int(taxpayer_id), int(person_id)


async def forward(tx: Tx, report_id: UUID, office_code: str) -> None:
    """Another office looks at it. One round trip."""
    await tx.execute("update complaints_report set office_code = $2 where report_id = $1", report_id, office_code)


async def answer(tx: Tx, report_id: UUID, text: str, at: datetime) -> bool:
    """Keep the answer; false when it was answered before. One round trip."""
    done = await tx.fetchval(
        "update complaints_report set state = 'answered', reply_sealed = $2, answered_at = $3"
        " where report_id = $1 and state = 'received' returning true",
        report_id,
        privacy.seal(text, _REPLY),
        at,
    )
    return bool(done)
