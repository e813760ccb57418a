"""Shapes of the public status page."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from pydantic import Field

from palmtax.channels.actions.publishing import Status
from palmtax.channels.store.incidents import Incident
from palmtax.plumbing.wire import Wire

StateOut = Literal["up", "degraded", "down", "maintenance", "unknown"]


class DayOut(Wire):
    """How a day was."""

    day: date
    state: StateOut


class LineOut(Wire):
    """A service or channel, now and in the last ninety days."""

    code: str
    title: str
    title_en: str
    is_channel: bool
    state: StateOut
    days: list[DayOut]


class NoteOut(Wire):
    """What was said about it, and when."""

    state: Literal["open", "watching", "closed", "cancelled"]
    text: str
    text_en: str
    said_at: datetime


class IncidentOut(Wire):
    """An incident or planned maintenance; notes the newest first. `version` is sent back with the next one."""

    incident_id: UUID
    kind: Literal["incident", "maintenance"]
    services: list[str]
    title: str
    title_en: str
    starts_at: datetime
    ends_at: datetime | None
    state: Literal["open", "watching", "closed", "cancelled"]
    version: int
    notes: list[NoteOut]


class StatusOut(Wire):
    """What works now. `is_stale`: we cannot look at this moment; this is how it was at `as_of`."""

    as_of: datetime
    is_stale: bool = Field(False, description="the last state known, not one of now")
    overall: StateOut
    lines: list[LineOut]
    incidents: list[IncidentOut]
    maintenance: list[IncidentOut]


def shape_incident(one: Incident) -> IncidentOut:
    """A notice for the wire."""
    return IncidentOut(
        incident_id=one.incident_id, kind=one.kind, services=list(one.services), title=one.title, title_en=one.title_en,
        starts_at=one.starts_at, ends_at=one.ends_at, state=one.state, version=one.version,
        notes=[NoteOut(state=n.state, text=n.text, text_en=n.text_en, said_at=n.said_at) for n in one.notes],
    )  # fmt: skip


def shape_status(one: Status) -> StatusOut:
    """The public state for the wire."""
    return StatusOut(
        as_of=one.as_of,
        overall=one.overall,
        lines=[
            LineOut(
                code=line.code, title=line.title, title_en=line.title_en, is_channel=line.is_channel, state=line.state,
                days=[DayOut(day=day, state=state) for day, state in line.days],
            )
            for line in one.lines
        ],
        incidents=[shape_incident(incident) for incident in one.incidents],
        maintenance=[shape_incident(incident) for incident in one.maintenance],
    )  # fmt: skip
