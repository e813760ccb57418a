"""The officer's workbench on the wire: find, timeline, views."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from palmtax.plumbing.wire import Fen, Wire
from palmtax.registry import TaxpayerOut

Word = Annotated[str, Field(max_length=40)]
Value = Annotated[str, Field(max_length=100)]


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
        "return", "draft", "order", "invoice", "import", "certificate", "authorisation", "session", "other"
    ]
    subject_id: UUID | None
    summary: str
    summary_en: str
    digest_sm3: str


class TimelinePage(Wire):
    """A page of the timeline, newest first."""

    entries: list[TimelineEntry]
    next_cursor: str | None


class SavedView(Wire):
    """An officer's saved filter and columns for the taxpayer table."""

    view_id: UUID
    name: str = Field(min_length=1, max_length=40)
    query: str = Field(max_length=100)
    filters: dict[str, str]
    columns: list[str]
    sort: str


class SavedViewIn(Wire):
    """A view to keep under a name."""

    name: str = Field(min_length=1, max_length=40)
    query: str = Field(default="", max_length=100)
    filters: dict[Word, Value] = Field(default_factory=dict, max_length=20)
    columns: list[Word] = Field(default_factory=list, max_length=20)
    sort: str = Field(default="name", max_length=40)
