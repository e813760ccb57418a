"""What officers send and see of applications."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from palmtax import cases
from palmtax.matters.schemas.applications import ApplicationOut, Code
from palmtax.plumbing.wire import Wire

Reason = Annotated[str, Field(max_length=1000)]


class OpinionAsk(Wire):
    """The first officer's yes or no."""

    outcome: Literal["yes", "no"]
    reason: Reason = ""
    case_version: int


class ConfirmAsk(Wire):
    """The second officer agrees or not."""

    is_agreed: bool
    reason: Reason = ""
    case_version: int


class SupplementAsk(Wire):
    """What the taxpayer must add."""

    text: str = Field(min_length=2, max_length=1000)
    asks: list[Code] = Field(default_factory=list, max_length=50)
    papers: list[Code] = Field(default_factory=list, max_length=20)
    days: int = Field(default=10, ge=1, le=60)
    case_version: int


class BulkAsk(Wire):
    """One decision over many applications."""

    application_ids: list[UUID] = Field(min_length=1, max_length=200)
    outcome: Literal["yes", "no"]
    reason: Reason = ""


class BulkRow(Wire):
    """What happens (or would) to one of them."""

    application_id: UUID
    is_ok: bool
    code: str
    text: str
    text_en: str


class DecisionsOut(Wire):
    """What happened, or in a preview what would."""

    is_preview: bool
    rows: list[BulkRow]


class EffectLine(Wire):
    """A value that a yes will use."""

    label: str
    label_en: str
    value: str
    value_en: str


class EffectOut(Wire):
    """Something that a yes will do."""

    code: str
    title: str
    title_en: str
    lines: list[EffectLine]


class ApplicationDesk(Wire):
    """An application on an officer's desk: as the taxpayer sees it, its case, what a yes does, the usual reasons for a no.

    `law` and `law_en` cite the same places in the same order; the document's title is empty where a yes gives none.
    """

    application: ApplicationOut
    case: cases.CaseRow
    taxpayer_name: str
    uscc: str | None
    reasons_no: list[str]
    reasons_no_en: list[str]
    effects: list[EffectOut]
    document_title: str
    document_title_en: str
    needs_two: bool
    law: list[str]
    law_en: list[str]
