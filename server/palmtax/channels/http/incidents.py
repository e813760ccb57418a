"""Routes by which officers tell the public: incidents and planned maintenance; and the diff before a roll-back."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from palmtax.channels.actions import announcing, looking
from palmtax.channels.adapters.process import process_of
from palmtax.channels.http.callbacks import Name
from palmtax.channels.model.monitoring import services
from palmtax.channels.schemas.monitoring import (
    ChoiceOut,
    DiffOut,
    IncidentIn,
    IncidentMadeOut,
    IncidentNoteIn,
    NoticesOut,
)
from palmtax.channels.schemas.status import IncidentOut, shape_incident
from palmtax.channels.store import incidents
from palmtax.plumbing.edge import Edge, Router, may_officer

router = Router(prefix="/api/channels", tags=["channels"])
BACK = timedelta(days=90)


@router.get("/incidents")
async def list_incidents(edge: Edge = may_officer("channels.read")) -> NoticesOut:
    """Notices to the public of the last ninety days, and what one can be about."""
    known = await process_of(edge.house).memory.known(edge.house.database, edge.clock)
    async with edge.transaction() as tx:
        found = await incidents.since(tx, edge.clock.now() - BACK)
    choices = [ChoiceOut(code=one.code, title=one.title, title_en=one.title_en) for one in services().services]
    choices += [
        ChoiceOut(code=name, title=one.manifest.title, title_en=one.manifest.title_en)
        for name, one in known.channels.items()
    ]
    return NoticesOut(incidents=[shape_incident(one) for one in found], choices=choices)


@router.post("/incidents")
async def open_incident(
    given: IncidentIn, edge: Edge = may_officer("channels.switch", records="channels.incident_opened", rate="30/minute")
) -> IncidentMadeOut:
    """Tell the public of an incident, or of planned maintenance; it stands on the status page at once."""
    process = process_of(edge.house)
    known = await process.memory.known(edge.house.database, edge.clock)
    window = (given.window.starts_at, given.window.ends_at) if given.window else None
    async with edge.transaction() as tx:
        number = await announcing.announce(
            tx, actor=edge.actor, clock=edge.clock, about=given.services, channels=known.channels, title=given.title,
            title_en=given.title_en, text=given.text, text_en=given.text_en, window=window,
        )  # fmt: skip
    process.board.forget()
    return IncidentMadeOut(incident_id=number)


@router.post("/incidents/{incident_id}/notes")
async def update_incident(
    incident_id: UUID,
    given: IncidentNoteIn,
    edge: Edge = may_officer("channels.switch", records="channels.incident_updated", rate="30/minute"),
) -> IncidentOut:
    """Say more about it: being watched, over, or (maintenance) cancelled."""
    async with edge.transaction() as tx:
        one = await announcing.update(
            tx, actor=edge.actor, clock=edge.clock, incident_id=incident_id, version=given.version, state=given.state,
            text=given.text, text_en=given.text_en,
        )  # fmt: skip
    process_of(edge.house).board.forget()
    return shape_incident(one)


@router.get("/{name}/rollback")
async def read_roll_back(name: Name, edge: Edge = may_officer("channels.switch")) -> DiffOut:
    """What a roll-back would change."""
    (await process_of(edge.house).memory.known(edge.house.database, edge.clock)).channel(name)
    async with edge.statement() as tx:
        version, lines = await looking.roll_back_diff(tx, channel=name)
    return DiffOut(version=version, lines=lines)
