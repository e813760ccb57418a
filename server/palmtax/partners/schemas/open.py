"""The stable surface for partners: few fields, each needed, names of persons masked. Only ever added to within v1."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field

from palmtax.plumbing.wire import Fen, FenNotNegative, Wire

ScreenCode = Annotated[str, Field(pattern=r"^[a-z_]{2,30}$", description="see /developers#embed")]


class OpenMatter(Wire):
    """A matter that was found."""

    code: str
    title: str
    title_en: str
    say: str
    say_en: str


class OpenMatters(Wire):
    """What was found, best first."""

    matters: list[OpenMatter]


class OpenTaxpayer(Wire):
    """For whom the application acts."""

    consent_id: UUID = Field(description="names the taxpayer towards you; webhooks carry it too")
    name: str = Field(description="of a natural person masked: 张*三")
    uscc: str | None
    kind: Literal["natural_person", "business"]
    status: str
    role_code: str
    role: str
    role_en: str
    until: datetime


class OpenReturnDue(Wire):
    """A return that is owed."""

    tax_name: str
    tax_name_en: str
    period: str
    due_on: date
    days_left: int = Field(description="negative when overdue")
    state: Literal["not_open", "open", "draft", "overdue", "unpaid", "paid", "done"]
    return_id: UUID | None = Field(description="once filed; `/open/v1/embeds/payment` takes it while unpaid")


class OpenReturnsDue(Wire):
    """Returns from the oldest that is not done."""

    returns: list[OpenReturnDue]


class OpenMonth(Wire):
    """What was issued in a month, without VAT; red ones taken off."""

    month: str = Field(description="YYYY-MM")
    count: int
    amount_fen: Fen
    tax_fen: Fen


class OpenInvoiceSums(Wire):
    """Months in their order."""

    months: list[OpenMonth]


class OpenApplication(Wire):
    """How far an application is; not what was written in it."""

    application_id: UUID
    application_no: str
    matter_code: str
    title: str
    title_en: str
    state: Literal[
        "draft", "submitted", "in_review", "supplement", "approved", "refused", "withdrawn", "lapsed", "discarded"
    ]
    state_name: str
    state_name_en: str
    submitted_at: datetime | None
    due_on: date | None
    updated_at: datetime


class OpenApplications(Wire):
    """Applications, newest first."""

    applications: list[OpenApplication]
    next_cursor: str | None


class OpenDraftIn(Wire):
    """A draft for the person to look at."""

    matter_code: str = Field(min_length=1, max_length=60)
    answers: dict[Annotated[str, Field(min_length=1, max_length=60)], Any] = Field(
        default_factory=dict, max_length=100, description="by code of the question, as in the matter's guide"
    )


class OpenDraftOut(Wire):
    """The draft, and where the person looks at it and hands it in, or not."""

    application_id: UUID
    application_no: str
    confirm_url: str


class OpenCertificate(Wire):
    """A certificate, and the code by which anybody can check it."""

    certificate_no: str
    state: Literal["valid", "superseded"]
    total_fen: FenNotNegative
    paid_on: date
    verify_code: str
    verify_url: str


class OpenCertificates(Wire):
    """Certificates, newest first."""

    certificates: list[OpenCertificate]


class OpenEmbedIn(Wire):
    """One of our screens for a page of yours."""

    screen: ScreenCode
    subject: UUID | None = Field(None, description="of `progress`: the application_id")


class OpenEmbedPaymentIn(Wire):
    """The payment page of one return."""

    return_id: UUID


class OpenEmbed(Wire):
    """A one-time address for an iframe or web view."""

    visit_id: UUID
    url: str = Field(
        description="works once, in 60 seconds; frame it from a registered origin, or open it in a web view"
    )
    expires_at: datetime
