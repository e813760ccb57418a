"""Applications on the wire, as officers see them."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from pydantic import Field

from palmtax.partners.model.application import PartnerApplication
from palmtax.partners.schemas.consents import PartnerScopeOut, shape_scopes
from palmtax.partners.schemas.developers import PartnerUsageOut, StateName, shape_usage
from palmtax.partners.schemas.webhooks import WebhookEndpointOut
from palmtax.partners.store.usage import DayUsage
from palmtax.plumbing.wire import Wire


class DeskApplicationOut(Wire):
    """A row of the list."""

    application_id: UUID
    client_id: str
    name: str
    name_en: str
    organisation: str
    state: StateName
    is_checked: bool = Field(description="one officer found it good; another must confirm")
    is_checked_by_me: bool
    consents: int
    calls: int = Field(description="of the last seven days")
    refused: int
    changed_at: datetime


class DeskApplicationPage(Wire):
    """Applications, those that changed last first."""

    applications: list[DeskApplicationOut]
    cursor: str | None


class DeskApplicationWhole(Wire):
    """One application whole."""

    row: DeskApplicationOut
    uscc: str | None
    email: str
    purpose: str
    purpose_en: str
    state_reason: str
    redirect_uris: list[str]
    frame_origins: list[str]
    scopes: list[PartnerScopeOut]
    is_by_developer: bool
    made_at: datetime
    usage: list[PartnerUsageOut]
    endpoints: list[WebhookEndpointOut]


class PartnerReasonIn(Wire):
    """Why; the developer reads it."""

    reason: str = Field(max_length=300)


def shape_row(one: PartnerApplication, *, me: int, consents: int, called: tuple[int, int]) -> DeskApplicationOut:
    """A row for the wire."""
    return DeskApplicationOut(
        application_id=one.application_id, client_id=one.client_id, name=one.name, name_en=one.name_en,
        organisation=one.organisation, state=one.state, is_checked=one.checked_by is not None,
        is_checked_by_me=one.checked_by == me, consents=consents, calls=called[0], refused=called[1],
        changed_at=one.changed_at,
    )  # fmt: skip


def shape_whole(
    one: PartnerApplication, row: DeskApplicationOut, found: list[DayUsage], endpoints: list[WebhookEndpointOut]
) -> DeskApplicationWhole:
    """One application for the wire."""
    return DeskApplicationWhole(
        row=row, uscc=one.uscc, email=one.email, purpose=one.purpose, purpose_en=one.purpose_en,
        state_reason=one.state_reason, redirect_uris=list(one.redirect_uris),
        frame_origins=list(one.frame_origins), scopes=shape_scopes(one.scopes),
        is_by_developer=one.made_by is None, made_at=one.made_at, usage=shape_usage(found), endpoints=endpoints,
    )  # fmt: skip
