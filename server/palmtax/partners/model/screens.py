"""Our screens that may stand in a partner's page: the closed list `kinds/screens.yaml`, and the one-time way there. Pure."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from urllib.parse import urlencode
from uuid import UUID

import yaml

from palmtax.base.actor import Visit

FILE = Path(__file__).resolve().parents[1] / "kinds" / "screens.yaml"
TICKET_LASTS = timedelta(seconds=60)
VISIT_LASTS = timedelta(minutes=15)
"""Never longer than the consent; nothing renews it."""
VISIT_LEAD = "ptv_"
LEAVING = "DELETE /api/partners/embeds/own"


@dataclass(frozen=True, slots=True)
class Screen:
    """One screen; `subject` empty: it shows no one thing."""

    code: str
    title: str
    title_en: str
    scope: str
    needs: str
    places: tuple[str, ...]
    routes: frozenset[str]
    subject: str = ""
    holds: str = ""
    done: str = ""

    def address(self, subject: str) -> str:
        """The screen of the app with its query."""
        first = self.places[0]
        return f"{first}?{urlencode({self.subject: subject})}" if self.subject else first

    def visit(self, application: str, subject: str) -> Visit:
        """What a session for this screen may call."""
        return Visit(application, self.routes | {LEAVING}, ((self.holds, subject),) if self.holds else ())


@dataclass(frozen=True, slots=True)
class KeptVisit:
    """A ticket, or the session it became, as it is stored; found by its digest."""

    visit_id: UUID
    application_id: UUID
    taxpayer_id: int
    consent_id: UUID
    family_id: UUID
    screen: str
    subject: str
    expires_at: datetime


@cache
def screens() -> Mapping[str, Screen]:
    """Every screen by code, in the order of the file."""
    listed = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return {
        code: Screen(code=code, **entry | {"routes": frozenset(entry["routes"]), "places": tuple(entry["places"])})
        for code, entry in listed.items()
    }


def new_ticket_to_screen() -> str:
    """A ticket with 256 random bits."""
    return f"pte_{secrets.token_urlsafe(32)}"


def new_visit_token() -> str:
    """The token of a visit."""
    return f"{VISIT_LEAD}{secrets.token_urlsafe(32)}"


def embed_url(issuer: str, client_id: str, visit_id: UUID, ticket: str) -> str:
    """The one-time address: the ticket comes behind `#`, which no server logs and no referrer carries.

    >>> embed_url("https://tax.example", "pa_1", UUID(int=7), "pte_x")
    'https://tax.example/embed?app=pa_1&visit=00000000-0000-0000-0000-000000000007#pte_x'
    """
    return f"{issuer}/embed?{urlencode({'app': client_id, 'visit': str(visit_id)})}#{ticket}"
