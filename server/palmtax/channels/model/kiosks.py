"""Printing kiosks: the machine, a person's visit to it, what is printed, and by which rules. Pure."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Final, Literal
from uuid import UUID

from pydantic import Field

from palmtax.channels.model.manifest import Channel, Shape
from palmtax.channels.model.monitoring import Dated, read_kinds
from palmtax.channels.model.routing import Standing, is_on, opens_in

CHANNEL: Final = "kiosk"
Paper = Literal["ok", "out", "jam"]
Outcome = Literal["done", "no_paper", "jammed"]
Source = Literal["certificate", "document"]
VisitState = Literal["waiting", "open", "ended"]
Ending = Literal["", "finished", "idle", "over", "expired", "phone", "revoked", "hat"]
PAPER_AFTER: dict[Outcome, Paper] = {"done": "ok", "no_paper": "out", "jammed": "jam"}
_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Letters and digits that people do not take for one another."""


class KioskRule(Dated):
    """What counts from a day on; seconds."""

    copies_a_day: int = Field(ge=1, description="copies of one document for one person")
    idle_seconds: int = Field(ge=30)
    visit_seconds: int = Field(ge=60)
    code_seconds: int = Field(ge=30, description="how long the code on the screen may be scanned")
    pairing_seconds: int = Field(ge=60)


class KioskRules(Shape):
    """Every rule."""

    rules: tuple[KioskRule, ...]


@cache
def _rules() -> KioskRules:
    return KioskRules.model_validate(read_kinds("kiosk.yaml"))


def rule_on(day: date) -> KioskRule:
    """The rule of a day.

    >>> rule_on(date(2026, 11, 23)).copies_a_day
    3
    """
    known = [one for one in _rules().rules if one.is_in_force(day)]
    return max(known or _rules().rules[:1], key=lambda one: one.first_day)


@dataclass(frozen=True, slots=True)
class Kiosk:
    """A machine in a hall."""

    office_code: str
    kiosk_id: UUID
    name: str
    name_en: str
    place: str
    place_en: str
    paper: Paper
    registered_at: datetime
    paired_at: datetime | None
    seen_at: datetime | None
    pairing_expires_at: datetime | None
    revoked_at: datetime | None
    revoked_reason: str

    def state_at(self, now: datetime) -> Literal["new", "online", "silent", "revoked"]:
        """How it stands: never paired, heard of lately, silent for two minutes, or revoked."""
        if self.revoked_at is not None:
            return "revoked"
        if self.seen_at is None:
            return "new"
        return "online" if now - self.seen_at <= SILENT else "silent"


SILENT = timedelta(minutes=2)
"""A machine reports every half minute."""


@dataclass(frozen=True, slots=True)
class Visit:
    """One code on the screen, and once a phone has confirmed it, one person's minutes at the machine."""

    visit_id: UUID
    office_code: str
    kiosk_id: UUID
    number: str
    state: VisitState
    expires_at: datetime
    idle_at: datetime | None
    person_id: int | None
    hat_id: UUID | None
    taxpayer_id: int | None
    title: str
    end_reason: Ending

    def ending_at(self, now: datetime) -> Ending:
        """Why it is over by now; empty while it is not."""
        if self.state == "ended":
            return self.end_reason
        if self.expires_at <= now:
            return "expired" if self.state == "waiting" else "over"
        return "idle" if self.idle_at is not None and self.idle_at <= now else ""


@dataclass(frozen=True, slots=True)
class Printable:
    """A document that a visitor may print; `kind` is `tax_paid` or the kind of a document."""

    source: Source
    paper_id: UUID
    kind: str
    no: str
    title: str
    title_en: str
    issued_at: datetime


@dataclass(frozen=True, slots=True)
class Print:
    """One wish to print one document: how many copies, and what came of it."""

    taxpayer_id: int
    print_id: UUID
    person_id: int
    visit_id: UUID
    office_code: str
    kiosk_id: UUID
    source: Source
    paper_id: UUID
    paper_no: str
    title: str
    title_en: str
    copies: int
    printed: int
    result: Literal["", "done", "no_paper", "jammed"]
    started_at: datetime
    ended_at: datetime | None


def new_number() -> str:
    """Six digits to type on a phone instead of scanning."""
    return f"{secrets.randbelow(1_000_000):06d}"


def new_pairing_code() -> str:
    """Eight characters in two groups: good for one machine, once, for minutes."""
    code = "".join(secrets.choice(_LETTERS) for _ in range(8))
    return f"{code[:4]}-{code[4:]}"


def plain_code(typed: str) -> str:
    """A pairing code as it was given, however it was typed.

    >>> plain_code(" 7k3m 9qpx"), plain_code("7K3M-9QPX")
    ('7K3M-9QPX', '7K3M-9QPX')
    """
    bare = "".join(letter for letter in typed.upper() if letter.isalnum())
    return f"{bare[:4]}-{bare[4:]}"


def new_secret(office_code: str, kiosk_id: UUID) -> str:
    """What a machine proves itself with; its head leads to the row and proves nothing."""
    return f"{office_code}.{kiosk_id.hex}.{secrets.token_urlsafe(32)}"


def place_of_secret(secret: str) -> tuple[str, UUID] | None:
    """The hall and machine that a secret leads to; none when it has not our form.

    >>> place_of_secret(f"14403050000.{UUID(int=7).hex}.x"), place_of_secret("1.2.3"), place_of_secret("")
    (('14403050000', UUID('00000000-0000-0000-0000-000000000007')), None, None)
    """
    office_code, _, rest = secret.partition(".")
    number, _, tail = rest.partition(".")
    is_ours = len(office_code) == 11 and office_code.isdigit() and len(number) == 32 and number.isalnum() and tail
    try:
        return (office_code, UUID(hex=number)) if is_ours and secret.isascii() else None
    except ValueError:
        return None


def closed_because(
    channel: Channel, standing: Standing, office_code: str, at: datetime
) -> Literal["", "off", "region", "hours"]:
    """Why the machines of a hall are closed now; empty when they are open."""
    regions = channel.manifest.regions
    if not is_on(channel, standing):
        return "off"
    if regions and not any(office_code.startswith(one) for one in regions):
        return "region"
    return "hours" if opens_in(channel, at) > timedelta(0) else ""
