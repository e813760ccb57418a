"""Shapes of printing kiosks: for the desk, for the machine, for the phone."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, field_validator

from palmtax.channels.actions.printing import Choice, Printed
from palmtax.channels.actions.visits import Shown
from palmtax.channels.model.kiosks import Ending, Kiosk, Outcome, Paper, Print, Source, Visit
from palmtax.plumbing.wire import Wire

Line = Annotated[str, Field(min_length=1, max_length=40, pattern=r"\S")]
LineEn = Annotated[str, Field(min_length=1, max_length=80, pattern=r"\S")]
Copies = Annotated[int, Field(ge=1, le=20, strict=True)]


class KioskIn(Wire):
    """A machine to register: how people recognise it, in both languages."""

    name: Line
    name_en: LineEn
    place: Line
    place_en: LineEn

    @field_validator("*")
    @classmethod
    def _trimmed(cls, value: str) -> str:
        return value.strip()


class KioskReasonIn(Wire):
    """Why a machine is taken out of use."""

    reason: Annotated[str, Field(min_length=2, max_length=200, pattern=r"\S")]


class KioskOut(Wire):
    """A machine for its officers."""

    kiosk_id: UUID
    office_code: str
    name: str
    name_en: str
    place: str
    place_en: str
    state: Literal["new", "online", "silent", "revoked"]
    paper: Paper
    registered_at: datetime
    paired_at: datetime | None
    seen_at: datetime | None
    pairing_expires_at: datetime | None
    revoked_at: datetime | None
    revoked_reason: str


class KioskCodeOut(Wire):
    """A pairing code, readable here and never again."""

    kiosk: KioskOut
    pairing_code: str
    page_url: str


class PairingIn(Wire):
    """The code that an officer got."""

    code: Annotated[str, Field(min_length=8, max_length=20, pattern=r"^[A-Za-z0-9 -]+$")]


class KioskSelf(Wire):
    """What a machine says of itself on its screen; `closed` is why it may not be used now."""

    name: str
    name_en: str
    place: str
    place_en: str
    paper: Paper
    closed: str
    closed_en: str


class PairedOut(Wire):
    """The machine's secret, readable here and never again."""

    secret: str
    kiosk: KioskSelf


class VisitBegun(Wire):
    """A code for the screen; `secret` stays with the machine."""

    visit_id: UUID
    secret: str
    number: str
    qr_text: str
    expires_at: datetime
    seconds: int


class VisitOut(Wire):
    """Where a visit stands; seconds are counted from this answer."""

    state: Literal["waiting", "open", "ended"]
    why: Ending
    title: str
    idle_seconds: int
    seconds: int


class PrintableOut(Wire):
    """A paper that may be printed, and how many copies are left today."""

    source: Source
    paper_id: UUID
    kind: Literal["tax_paid", "receipt", "notice", "decision", "certificate", "result"]
    no: str
    title: str
    title_en: str
    issued_at: datetime
    left: int


class PrintIn(Wire):
    """Print one paper."""

    source: Source
    paper_id: UUID
    copies: Copies


class PrintResultIn(Wire):
    """What came of it; `printed` copies came out although not all did."""

    result: Outcome
    printed: Annotated[int, Field(ge=0, le=20, strict=True)] = 0


class PrintOut(Wire):
    """A print as it stands; an empty `result`: the machine has not said yet."""

    print_id: UUID
    paper_no: str
    title: str
    title_en: str
    copies: int
    printed: int
    result: Literal["", "done", "no_paper", "jammed"]
    started_at: datetime


class PrintedOut(Wire):
    """A print of the taxpayer with the machine it was made at."""

    one: PrintOut
    name: str
    name_en: str
    place: str
    place_en: str


class VisitSeen(Wire):
    """What a phone sees of a code before it confirms: which machine, where it stands, which digits it shows."""

    visit_id: UUID
    state: Literal["waiting", "open", "ended"]
    number: str
    name: str
    name_en: str
    place: str
    place_en: str
    hall: str
    hall_en: str


def shape_kiosk(one: Kiosk, now: datetime) -> KioskOut:
    """A machine for its officers."""
    same = {name: getattr(one, name) for name in KioskOut.model_fields if name != "state"}
    return KioskOut(**same, state=one.state_at(now))


def shape_self(one: Kiosk, closed: tuple[str, str] | None) -> KioskSelf:
    """A machine for its own screen."""
    zh, en = closed or ("", "")
    return KioskSelf(
        name=one.name, name_en=one.name_en, place=one.place, place_en=one.place_en, paper=one.paper, closed=zh,
        closed_en=en,
    )  # fmt: skip


def shape_visit(one: Visit, now: datetime) -> VisitOut:
    """Where a visit stands."""
    return VisitOut(
        state=one.state, why=one.end_reason, title=one.title,
        idle_seconds=_left(one.idle_at, now), seconds=_left(one.expires_at, now),
    )  # fmt: skip


def _left(until: datetime | None, now: datetime) -> int:
    return max(0, int((until - now).total_seconds())) if until else 0


def shape_choice(one: Choice) -> PrintableOut:
    """A paper on the list."""
    same = {name: getattr(one.paper, name) for name in PrintableOut.model_fields if name != "left"}
    return PrintableOut(**same, left=one.left)


def shape_print(one: Print) -> PrintOut:
    """A print."""
    return PrintOut(**{name: getattr(one, name) for name in PrintOut.model_fields})


def shape_printed(told: Printed) -> PrintedOut:
    """A print with its machine."""
    at = told.kiosk
    return PrintedOut(
        one=shape_print(told.one), name=at.name if at else "—", name_en=at.name_en if at else "—",
        place=at.place if at else "", place_en=at.place_en if at else "",
    )  # fmt: skip


def shape_seen(shown: Shown, hall: tuple[str, str]) -> VisitSeen:
    """A code with its machine."""
    visit, at = shown.visit, shown.kiosk
    return VisitSeen(
        visit_id=visit.visit_id, state=visit.state, number=visit.number, name=at.name, name_en=at.name_en,
        place=at.place, place_en=at.place_en, hall=hall[0], hall_en=hall[1],
    )  # fmt: skip
