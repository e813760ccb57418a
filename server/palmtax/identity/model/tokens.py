"""Opaque tokens: random, shown once, kept only as fingerprints; and how long everything lasts. Pure."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar
from uuid import UUID

from pydantic import Field

from palmtax.plumbing.settings import Section

ACCESS_LASTS = timedelta(minutes=15)
SESSION_LASTS = timedelta(days=30)
"""A taxpayer's session, counted from its last refresh."""
WORKBENCH_LASTS = timedelta(hours=12)
"""An officer's session, counted from sign-in and never longer: a working day (等保 session limit)."""
SECOND_FACTOR_LASTS = timedelta(minutes=10)
CODE_LASTS = timedelta(minutes=5)
MAIL_CODE_LASTS = timedelta(minutes=15)
"""A letter may take its time."""
WRONG_CODES = 5
CODE_LOCK_LASTS = timedelta(minutes=15)
TICKET_LASTS = timedelta(minutes=2)
TICKET_COLLECT = timedelta(seconds=30)
"""A confirmed ticket may be collected at least this long, even when its two minutes are nearly over."""
OAUTH_LASTS = timedelta(minutes=5)
"""WeChat's code lives as long."""
OAUTH_BINDS = timedelta(minutes=15)
"""Somebody not known yet signs in the ordinary way within this time, and their WeChat is bound."""

_LARGEST_PERSON = 2**53 - 1


class CodeSettings(Section):
    """How often one number may ask for a one-time code."""

    section: ClassVar[str] = "codes"
    gap_seconds: int = Field(60, ge=0, le=3600, description="between two codes to one number, seconds")
    a_day: int = Field(10, ge=1, le=10_000, description="codes to one number in 24 hours")
    mails_a_day: int = Field(20, ge=1, le=10_000, description="codes by e-mail that one person asks for in 24 hours")


@dataclass(frozen=True, slots=True)
class Device:
    """What signs in: a name its owner will recognise, and the channel."""

    name: str
    channel: str


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A new or renewed session; the tokens are readable here and nowhere else."""

    person_id: int
    session_id: UUID
    access_token: str
    access_expires_at: datetime
    refresh_token: str


def new_token(person_id: int) -> str:
    """A token with 256 random bits; its head leads to the person's shard and proves nothing."""
    return f"{person_id:x}.{secrets.token_urlsafe(32)}"


def person_of_token(token: str) -> int | None:
    """The person a token leads to; none when it has not our form.

    >>> person_of_token("ff.abc"), person_of_token("x.abc"), person_of_token("ff"), person_of_token("-1.a")
    (255, None, None, None)
    """
    head, dot, tail = token.partition(".")
    if not dot or not tail or not 1 <= len(head) <= 14 or not token.isascii():
        return None
    if any(digit not in "0123456789abcdef" for digit in head):
        return None
    person_id = int(head, 16)
    return person_id if 0 < person_id <= _LARGEST_PERSON else None


def new_person_id() -> int:
    """A number for a new person: random, so it tells nothing and needs no sequence; JavaScript holds it and NATURAL_BASE more exactly."""
    return secrets.randbelow(2**53 - 2**43) + 2**40


def new_code() -> str:
    """A one-time code of six digits."""
    return f"{secrets.randbelow(1_000_000):06d}"


def session_end(channel: str, signed_in_at: datetime, now: datetime) -> datetime:
    """Until when a session may be refreshed."""
    return signed_in_at + WORKBENCH_LASTS if channel == "workbench" else now + SESSION_LASTS
