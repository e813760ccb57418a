"""Applications on the wire, as their developers see them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from palmtax.base.identifiers import BadIdentifier, check_uscc
from palmtax.partners.actions.applications import Particulars
from palmtax.partners.errors import RequestWrong
from palmtax.partners.model.application import LONGEST_ADDRESS, MOST_ORIGINS, MOST_REDIRECTS, PartnerApplication
from palmtax.partners.store.usage import DayUsage
from palmtax.plumbing.wire import Wire

StateName = Literal["sandbox", "review", "live", "suspended"]
Address = Annotated[str, Field(min_length=8, max_length=LONGEST_ADDRESS)]
ScopeCode = Annotated[str, Field(min_length=3, max_length=60, pattern=r"^[a-z][a-z._]+$")]
Email = Annotated[str, Field(max_length=200, pattern=r"^[^@\s<>]{1,64}@[^@\s<>]{1,120}\.[a-zA-Z]{2,24}$")]
Words = Annotated[str, Field(min_length=4, max_length=300, description="people read it before they agree")]


class EditIn(Wire):
    """What a developer may change while the application is in the sandbox."""

    redirect_uris: list[Address] = Field(max_length=MOST_REDIRECTS)
    scopes: list[ScopeCode] = Field(min_length=1, max_length=30)
    frame_origins: list[Address] = Field(
        default_factory=list, max_length=MOST_ORIGINS, description="origins of pages that may frame ours (embed)"
    )
    purpose: Words
    purpose_en: Words
    email: Email


class RegisterIn(EditIn):
    """A new application."""

    name: str = Field(min_length=2, max_length=40)
    name_en: str = Field(min_length=2, max_length=60)
    organisation: str = Field(min_length=2, max_length=60)
    uscc: str | None = Field(None, max_length=18, description="unified social credit code of the organisation")

    def particulars(self) -> Particulars:
        """The same as a value. Errors: partners.request_wrong (uscc)."""
        try:
            uscc = check_uscc(self.uscc) if self.uscc else None
        except BadIdentifier:
            raise RequestWrong(what="uscc") from None
        return Particulars(
            name=self.name.strip(), name_en=self.name_en.strip(), organisation=self.organisation.strip(), uscc=uscc,
            email=self.email, purpose=self.purpose.strip(), purpose_en=self.purpose_en.strip(),
            redirect_uris=tuple(dict.fromkeys(self.redirect_uris)), scopes=tuple(dict.fromkeys(self.scopes)),
            frame_origins=tuple(dict.fromkeys(self.frame_origins)),
        )  # fmt: skip


class RegisteredOut(Wire):
    """A new application with its secret: shown once."""

    application_id: UUID
    client_id: str
    client_secret: str
    state: StateName


class ClientSecretOut(Wire):
    """A new secret: shown once."""

    client_secret: str
    old_secret_until: datetime | None


class PartnerUsageOut(Wire):
    """Calls of a day with one scope."""

    day: date
    scope: str
    calls: int
    refused: int


class OwnApplicationOut(Wire):
    """An application as its developer sees it."""

    client_id: str
    name: str
    name_en: str
    organisation: str
    purpose: str
    purpose_en: str
    email: str
    redirect_uris: list[str]
    scopes: list[str]
    frame_origins: list[str]
    state: StateName
    state_reason: str
    is_checked: bool = Field(description="one officer found it good; another must confirm")
    changed_at: datetime
    secrets_that_work: int
    consents: int
    usage: list[PartnerUsageOut]


def shape_registered(made: PartnerApplication, secret: str) -> RegisteredOut:
    """A new application for the wire."""
    return RegisteredOut(
        application_id=made.application_id, client_id=made.client_id, client_secret=secret, state=made.state
    )


def shape_usage(found: list[DayUsage]) -> list[PartnerUsageOut]:
    """Calls for the wire."""
    return [PartnerUsageOut(day=one.day_on, scope=one.scope, calls=one.calls, refused=one.refused) for one in found]


def shape_own(one: PartnerApplication, *, secrets: int, consents: int, found: list[DayUsage]) -> OwnApplicationOut:
    """An application for its developer."""
    return OwnApplicationOut(
        client_id=one.client_id, name=one.name, name_en=one.name_en, organisation=one.organisation,
        purpose=one.purpose, purpose_en=one.purpose_en, email=one.email, redirect_uris=list(one.redirect_uris),
        scopes=list(one.scopes), frame_origins=list(one.frame_origins), state=one.state,
        state_reason=one.state_reason, is_checked=one.checked_by is not None,
        changed_at=one.changed_at, secrets_that_work=secrets, consents=consents, usage=shape_usage(found),
    )  # fmt: skip
