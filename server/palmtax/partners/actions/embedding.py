"""Our screens in partners' pages: a one-time ticket, the visit it becomes, who a visit speaks for now."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from palmtax import evidence, identity
from palmtax.base.actor import Actor
from palmtax.base.clock import Clock, FixedClock
from palmtax.base.identifiers import uuid7
from palmtax.partners import errors
from palmtax.partners.actions.resolving import Standing, standing
from palmtax.partners.model.application import PartnerApplication
from palmtax.partners.model.consent import Partner
from palmtax.partners.model.screens import (
    TICKET_LASTS,
    VISIT_LASTS,
    VISIT_LEAD,
    KeptVisit,
    Screen,
    new_ticket_to_screen,
    new_visit_token,
    screens,
)
from palmtax.partners.store import applications
from palmtax.partners.store import visits as store
from palmtax.plumbing.database import Tx


@dataclass(frozen=True, slots=True)
class Ticket:
    """A way to a screen, readable here and nowhere else."""

    visit_id: UUID
    value: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Opened:
    """A visit that begins: its token, for whom, where to; readable here and nowhere else."""

    token: str
    kept: KeptVisit
    screen: Screen
    application: PartnerApplication
    actor: Actor
    hat_title: str


async def ask_for_screen(
    tx: Tx, *, clock: Clock, partner: Partner, screen_code: str, subject: UUID | None, scope: str
) -> Ticket:
    """A ticket to one screen for the person behind the token: once, in 60 seconds.

    `scope`: what the caller's route demands; screens of another scope are not asked for there. Errors:
    partners.token_not_taken (a token in the application's own name), partners.screen_unknown (also with a subject too
    many or too few), partners.hat_unfit.
    """
    screen, consent = screens().get(screen_code), partner.consent
    if partner.actor is None or consent is None or partner.family_id is None:
        raise errors.TokenNotTaken()
    if screen is None or screen.scope != scope or bool(screen.subject) != (subject is not None):
        raise errors.ScreenUnknown(screen=screen_code)
    if not partner.actor.may(screen.needs):
        raise errors.HatUnfit(scopes=screen.needs)
    value = new_ticket_to_screen()
    kept = KeptVisit(
        uuid7(), consent.application_id, consent.taxpayer_id, consent.consent_id, partner.family_id, screen.code,
        str(subject or ""), min(clock.now() + TICKET_LASTS, consent.until_at),
    )  # fmt: skip
    await store.add_ticket(tx, value, kept)
    await _record(tx, partner.actor, clock, "partners.embed_asked", kept, screen, partner.application)
    return Ticket(kept.visit_id, value, kept.expires_at)


async def open_screen(tx: Tx, *, clock: Clock, client_id: str, ticket: str, request_id: str) -> Opened:
    """A page of ours was opened with a ticket: it becomes a visit of a quarter of an hour.

    Errors: partners.ticket_not_taken (unknown, used, over, of another application, or its consent, hat, token or
    application ended meanwhile).
    """
    now = clock.now()
    asked = await store.spend_ticket(tx, ticket, now)
    found = await _standing(tx, clock, asked, request_id) if asked else None
    if asked is None or found is None or found.application.client_id != client_id:
        raise errors.TicketNotTaken()
    token, screen = new_visit_token(), screens()[asked.screen]
    kept = replace(asked, expires_at=min(now + VISIT_LASTS, found.consent.until_at))
    await store.add(tx, token, kept)
    actor = _visiting(found, kept)
    await _record(tx, actor, clock, "partners.embed_opened", kept, screen, found.application)
    titles = await identity.hat_titles(tx, clock=clock, person_id=actor.person_id)
    return Opened(token, kept, screen, found.application, actor, titles.get(found.consent.hat_id, ""))


async def leave_screen(tx: Tx, *, actor: Actor, clock: Clock, token: str) -> None:
    """The person leaves: the visit's token works no longer.

    Errors: partners.visit_unknown (a session that is no visit).
    """
    kept = await store.find(tx, token, clock.now()) if token.startswith(VISIT_LEAD) else None
    application = await applications.find(tx, kept.application_id) if kept else None
    if kept is None or application is None:
        raise errors.VisitUnknown()
    await store.end(tx, token, clock.now())
    await _record(tx, actor, clock, "partners.embed_left", kept, screens()[kept.screen], application)


async def resolve_caller(tx: Tx, *, access_token: str, channel: str, request_id: str, now: datetime) -> Actor | None:
    """Who a token speaks for now: a session of identity, or a visit, which may call its screen's routes and no others.

    A visit ends with what stands behind it: consent, hat, the tokens it came from, the application.
    """
    if not access_token.startswith(VISIT_LEAD):
        return await identity.resolve_actor(
            tx, access_token=access_token, channel=channel, request_id=request_id, now=now
        )
    kept = await store.find(tx, access_token, now)
    found = await _standing(tx, FixedClock(now), kept, request_id) if kept else None
    return _visiting(found, kept) if kept and found else None


async def frame_origins(tx: Tx, *, client_id: str) -> tuple[str, ...]:
    """The origins whose pages may frame ours for this application; none when it is unknown or off."""
    one = await applications.of_client(tx, client_id)
    return one.frame_origins if one is not None and one.is_on else ()


async def _standing(tx: Tx, clock: Clock, kept: KeptVisit, request_id: str) -> Standing | None:
    screen = screens().get(kept.screen)
    found = await standing(
        tx, clock=clock, application_id=kept.application_id, taxpayer_id=kept.taxpayer_id, consent_id=kept.consent_id,
        family_id=kept.family_id, request_id=request_id,
    )  # fmt: skip
    if found is None or screen is None or found.actor.is_officer or not found.actor.may(screen.needs):
        return None
    agreed = set(found.consent.scopes) & set(found.application.scopes)
    return found if screen.scope in agreed else None


def _visiting(found: Standing, kept: KeptVisit) -> Actor:
    visit = screens()[kept.screen].visit(found.application.name, kept.subject)
    return replace(found.actor, session_id=kept.visit_id, channel="api", second_factor=False, visit=visit)


async def _record(
    tx: Tx, actor: Actor, clock: Clock, act: str, kept: KeptVisit, screen: Screen, application: PartnerApplication
) -> None:
    await evidence.append(
        tx, actor=actor, clock=clock, act=act, taxpayer_id=kept.taxpayer_id, subject_id=kept.consent_id,
        payload={
            "client_id": application.client_id, "visit_id": str(kept.visit_id), "screen": screen.code,
            "subject": kept.subject,
        },
        summary={"application": application.name, "title": screen.title, "title_en": screen.title_en,
                 "through": application.name},
    )  # fmt: skip
