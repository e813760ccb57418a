"""News of channels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID


@dataclass(frozen=True, slots=True)
class EventReceived:
    """Somebody outside did something: followed, wrote, scanned, clicked. `person_id` 0: nobody we know yet."""

    name: ClassVar[str] = "channels.event_received"
    channel: str
    event_id: UUID
    kind: str
    person_id: int


@dataclass(frozen=True, slots=True)
class LightChanged:
    """A channel turned green, amber or red."""

    name: ClassVar[str] = "channels.light_changed"
    channel: str
    light: str
    before: str
