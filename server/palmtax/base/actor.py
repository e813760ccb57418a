"""Who is asking: one natural person under one hat, through one channel."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

Channel = Literal["miniprogram", "h5", "app", "workbench", "api", "system", "gov_wechat", "wecom", "kiosk"]
HatKind = Literal["self", "enterprise", "agent", "officer"]
NATURAL_BASE = 7_000_000_000_000
"""A natural person is a taxpayer too: this and the person's number."""


@dataclass(frozen=True, slots=True)
class Hat:
    """A role that a person holds now: for a taxpayer (self, enterprise, agent) or in a tax office (officer)."""

    hat_id: UUID
    kind: HatKind
    role_code: str
    taxpayer_id: int | None
    office_code: str | None
    scopes: frozenset[str]


@dataclass(frozen=True, slots=True)
class Visit:
    """One of our screens inside a partner's page: whose, the only routes it may call, and the values it is held to."""

    application: str
    routes: frozenset[str]
    holds: tuple[tuple[str, str], ...] = ()
    """Names under which routes know the one thing that is shown, each with its value: in a path, a body or a row."""

    def covers(self, route: str, places: Mapping[str, str]) -> bool:
        """Whether a route (`GET /api/…/{id}`) may be called with these values of its path."""
        return route in self.routes and all(places.get(name, value) == value for name, value in self.holds)

    def held(self, name: str) -> str | None:
        """The value that this name is held to; none when it may be any."""
        return dict(self.holds).get(name)


@dataclass(frozen=True, slots=True)
class Actor:
    """The person behind a request, what they may do, and how they came in.

    `second_factor` is true while a fresh second proof (SMS or face) is valid for this session. `visit`: not a whole session.
    """

    person_id: int
    session_id: UUID
    hat: Hat | None
    channel: Channel
    request_id: str
    second_factor: bool = False
    visit: Visit | None = None

    @property
    def taxpayer_id(self) -> int | None:
        """The taxpayer acted for; none for officers and before a hat is chosen. In one's own hat: the natural person."""
        if self.hat is None:
            return None
        return NATURAL_BASE + self.person_id if self.hat.kind == "self" else self.hat.taxpayer_id

    @property
    def is_officer(self) -> bool:
        """Whether the hat is an officer's."""
        return self.hat is not None and self.hat.kind == "officer"

    def may(self, scope: str) -> bool:
        """Whether the hat carries this scope."""
        return self.hat is not None and scope in self.hat.scopes
