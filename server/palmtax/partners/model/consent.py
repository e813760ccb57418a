"""A consent: one person lets one application do some things for one taxpayer until a day. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from palmtax.base.actor import Actor
from palmtax.partners.model.application import PartnerApplication

EndReason = Literal["taken_back", "replaced", "application_suspended", "sandbox_left"]


@dataclass(frozen=True, slots=True)
class Consent:
    """A consent as it is kept; it lives while not ended, not over, and its hat is still held."""

    taxpayer_id: int
    consent_id: UUID
    application_id: UUID
    person_id: int
    hat_id: UUID
    scopes: tuple[str, ...]
    is_sandbox: bool
    given_at: datetime
    until_at: datetime
    ended_at: datetime | None
    end_reason: str | None

    def lives(self, now: datetime) -> bool:
        """Whether it still allows anything."""
        return self.ended_at is None and self.until_at > now


@dataclass(frozen=True, slots=True)
class Partner:
    """Who is behind a call to `/open/v1`: the application, and the person who let it act (none: its own name).

    Features that stand on this domain (city features, embedded pages) take a `Partner` and nothing else from a token.
    """

    application: PartnerApplication
    scopes: frozenset[str]
    consent: Consent | None = None
    actor: Actor | None = None
    family_id: UUID | None = None
