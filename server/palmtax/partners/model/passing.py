"""A pass: a person who agreed before goes into a feature's page without being asked again. Pure."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlencode, urlsplit, urlunsplit
from uuid import UUID

PASS_LASTS = timedelta(seconds=60)
PASS_NAME = "palmtax_pass"  # noqa: S105 the name of a parameter


@dataclass(frozen=True, slots=True)
class KeptPass:
    """A pass as it is stored, found by its digest."""

    application_id: UUID
    taxpayer_id: int
    consent_id: UUID
    feature_id: UUID
    scopes: tuple[str, ...]
    expires_at: datetime


def new_pass() -> str:
    """A pass with 256 random bits."""
    return f"ptp_{secrets.token_urlsafe(32)}"


def entered(page: str, issuer: str, value: str) -> str:
    """The page's address, told who we are and with the pass (as OpenID Connect Core §4 begins a sign-in elsewhere).

    >>> entered("https://a.example/x?y=1", "https://tax.example", "ptp_z")
    'https://a.example/x?y=1&iss=https%3A%2F%2Ftax.example&palmtax_pass=ptp_z'
    """
    parts = urlsplit(page)
    query = "&".join(one for one in (parts.query, urlencode({"iss": issuer, PASS_NAME: value})) if one)
    return urlunsplit(parts._replace(query=query))
