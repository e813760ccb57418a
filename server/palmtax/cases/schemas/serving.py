"""Served documents that nobody reads, on the wire."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from pydantic import Field

from palmtax.cases.schemas.cases import PersonId, Reason
from palmtax.plumbing.wire import Wire


class ServiceReader(Wire):
    """To whom it went, masked, and when they read it first."""

    name: str
    read_at: datetime | None


class ServiceContact(Wire):
    """Somebody an officer may call; the number is masked."""

    person_id: int
    name_masked: str
    phone_masked: str
    role_name: str
    role_name_en: str


class ServiceAttempt(Wire):
    """What an officer did before."""

    step: Literal["phone", "paper"]
    outcome: Literal["reached", "not_reached", "wrong_number", "posted", "handed", "left"]
    outcome_name: str
    outcome_name_en: str
    at: datetime
    officer_name: str
    person_name: str
    on_day: date | None
    receipt_no: str
    note: str


class UnreadDocument(Wire):
    """The document behind a case: when it counted as served, who read it, what was done, whom one may call."""

    document_no: str
    title: str
    title_en: str
    served_on: date
    entered_at: datetime
    law: str
    step: Literal["entered", "other_way", "phone", "paper", "done"]
    readers: list[ServiceReader]
    contacts: list[ServiceContact]
    attempts: list[ServiceAttempt]
    calls_left: int


class PhoneAsked(Wire):
    """Whose number, and why it is needed."""

    person_id: PersonId
    reason: Reason


class PhoneShown(Wire):
    """A number in the clear; it is kept nowhere."""

    phone: str


class CallIn(Wire):
    """A call that was made, and what came of it."""

    person_id: PersonId
    outcome: Literal["reached", "not_reached", "wrong_number"]
    note: str = Field(default="", max_length=500)
    version: int = Field(ge=1, le=2**31 - 1)


class PaperIn(Wire):
    """It went on paper: how, when, under which number of the receipt."""

    outcome: Literal["posted", "handed", "left"]
    on_day: date
    receipt_no: str = Field(min_length=1, max_length=60, pattern=r"\S")
    note: str = Field(default="", max_length=500)
    version: int = Field(ge=1, le=2**31 - 1)
