"""What officers tell the public: incidents opened, updated, closed; maintenance planned and cancelled."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from palmtax import evidence
from palmtax.base.actor import Actor
from palmtax.base.clock import Clock
from palmtax.base.identifiers import uuid7
from palmtax.channels.errors import IncidentMoved, IncidentOver, IncidentUnknown, ServiceUnknown, TimesWrong
from palmtax.channels.model.monitoring import services
from palmtax.channels.store import incidents as store
from palmtax.channels.store.incidents import Incident, Note
from palmtax.plumbing.database import Tx

State = Literal["open", "watching", "closed", "cancelled"]
OVER = frozenset({"closed", "cancelled"})


async def announce(
    tx: Tx, *, actor: Actor, clock: Clock, about: Sequence[str], channels: Iterable[str], title: str, title_en: str,
    text: str, text_en: str, window: tuple[datetime, datetime] | None = None,
) -> UUID:  # fmt: skip
    """Tell the public of an incident, or of maintenance in a `window` of time; gives its number.

    Errors: channels.service_unknown, channels.times_wrong.
    """
    known, now = {*(one.code for one in services().services), *channels}, clock.now()
    for name in about:
        if name not in known:
            raise ServiceUnknown(service=name[:40])
    if window is not None and (window[1] <= window[0] or window[1] <= now):
        raise TimesWrong()
    one = Incident(
        incident_id=uuid7(), kind="maintenance" if window else "incident", services=tuple(dict.fromkeys(about)),
        title=title, title_en=title_en, starts_at=window[0] if window else now, ends_at=window[1] if window else None,
        state="open", version=1,
    )  # fmt: skip
    await store.add(tx, one, actor.person_id)
    await store.say(tx, one.incident_id, Note(1, "open", text, text_en, now), actor.person_id)
    told = {"kind": one.kind, "services": list(one.services), "title": title}
    await _record(tx, actor, clock, one.incident_id, told, act="channels.incident_opened")
    return one.incident_id


async def update(
    tx: Tx, *, actor: Actor, clock: Clock, incident_id: UUID, version: int, state: State, text: str, text_en: str
) -> Incident:
    """Say more about it, and where it stands now.

    Errors: channels.incident_unknown, channels.incident_over, channels.incident_moved.
    """
    one, now = await store.one(tx, incident_id), clock.now()
    if one is None:
        raise IncidentUnknown()
    if one.state in OVER:
        raise IncidentOver()
    ends_at = now if state in OVER and (one.kind == "incident" or one.ends_at is None or one.ends_at > now) else None
    if not await store.move(tx, incident_id, state=state, version=version, ends_at=ends_at):
        raise IncidentMoved()
    await store.say(tx, incident_id, Note(version + 1, state, text, text_en, now), actor.person_id)
    await _record(tx, actor, clock, incident_id, {"state": state, "text": text}, act="channels.incident_updated")
    return await store.one(tx, incident_id) or one


async def _record(tx: Tx, actor: Actor, clock: Clock, incident_id: UUID, told: dict[str, Any], *, act: str) -> None:
    await evidence.append(
        tx, actor=actor, clock=clock, act=act, taxpayer_id=0, subject_id=incident_id, payload=told, summary=told
    )
