"""A taxpayer's file on the wire: find, timeline."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from palmtax.plumbing.wire import Fen, Wire
from palmtax.registry import TaxpayerOut


class TaxpayerHit(Wire):
    """One line of the search result; phones and names of persons are masked."""

    taxpayer_id: int
    name: str
    uscc: str | None
    kind: str
    vat_kind: str
    office_name: str
    contact_name_masked: str
    contact_phone_masked: str
    owed_fen: Fen
    overdue_returns: int
    last_act_at: datetime | None


class TaxpayerHitPage(Wire):
    """A page of hits; `total` up to 1,000."""

    hits: list[TaxpayerHit]
    next_cursor: str | None
    total: int


class ContactOut(Wire):
    """A person with a hat for this taxpayer, masked."""

    name_masked: str
    phone_masked: str
    role_name: str
    role_name_en: str
    valid_until: date | None


class TaxpayerFile(Wire):
    """What an officer sees on opening a taxpayer."""

    taxpayer: TaxpayerOut
    contacts: list[ContactOut]
    owed_fen: Fen
    overdue_returns: int


class TimelineEntry(Wire):
    """One act on the taxpayer's file, whatever channel it came through."""

    entry_id: UUID
    at: datetime
    act: str
    act_name: str
    act_name_en: str
    channel: str
    who_masked: str
    role_name: str
    role_name_en: str
    subject_kind: Literal[
        "return",
        "draft",
        "order",
        "invoice",
        "import",
        "certificate",
        "authorisation",
        "session",
        "application",
        "case",
        "other",
    ]
    subject_id: UUID | None
    summary: str
    summary_en: str
    digest_sm3: str


class TimelinePage(Wire):
    """A page of the timeline, newest first."""

    entries: list[TimelineEntry]
    next_cursor: str | None
