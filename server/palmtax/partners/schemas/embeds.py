"""Embedded screens on the wire, as our page in a partner's frame asks for them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from palmtax import identity
from palmtax.base.clock import Clock
from palmtax.partners.actions.embedding import Opened
from palmtax.plumbing.wire import Wire


class EmbedOpeningIn(Wire):
    """What the one-time address carried."""

    client_id: Annotated[str, Field(max_length=60)]
    ticket: Annotated[str, Field(min_length=20, max_length=100)]


class VisitHatOut(Wire):
    """For whom the person acts in the page."""

    hat_id: UUID
    kind: Literal["self", "enterprise", "agent"]
    role_code: str
    role_name: str
    role_name_en: str
    taxpayer_id: int | None
    title: str
    scopes: list[str]


class EmbedOpenedOut(Wire):
    """A visit that begins: for one screen, under one hat, a quarter of an hour."""

    access_token: str
    expires_at: datetime
    today: date
    screen: str
    title: str
    title_en: str
    place: str = Field(description="the screen of the app, with its query")
    places: list[str] = Field(description="the screens that open here, and no others")
    done: str = Field(description="the screen at which the partner's page is told `done`; empty: never")
    name: str = Field(description="the application in whose page it stands")
    name_en: str
    organisation: str
    origins: list[str] = Field(description="the only origins that are told anything")
    hat: VisitHatOut


def shape_opened_screen(one: Opened, clock: Clock) -> EmbedOpenedOut:
    """A visit for the wire."""
    hat = one.actor.hat
    if hat is None or hat.kind == "officer":
        raise RuntimeError("a visit without a taxpayer's hat")
    role_name, role_name_en = identity.role_name(hat.role_code)
    return EmbedOpenedOut(
        access_token=one.token, expires_at=one.kept.expires_at, today=clock.today(), screen=one.screen.code,
        title=one.screen.title, title_en=one.screen.title_en, place=one.screen.address(one.kept.subject), places=list(one.screen.places),
        done=one.screen.done, name=one.application.name, name_en=one.application.name_en,
        organisation=one.application.organisation, origins=list(one.application.frame_origins),
        hat=VisitHatOut(
            hat_id=hat.hat_id, kind=hat.kind, role_code=hat.role_code, role_name=role_name, role_name_en=role_name_en,
            taxpayer_id=one.actor.taxpayer_id, title=one.hat_title, scopes=sorted(hat.scopes),
        ),
    )  # fmt: skip
