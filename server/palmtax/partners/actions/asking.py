"""A request for a consent: checked before anybody is sent anywhere, shown to one browser and one session, answered once."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from palmtax.base.actor import Actor
from palmtax.base.clock import Clock
from palmtax.base.identifiers import uuid7
from palmtax.partners import errors
from palmtax.partners.actions.consenting import consent_with_code
from palmtax.partners.model.application import PartnerApplication
from palmtax.partners.model.oauth import (
    API_PATH,
    REQUEST_LASTS,
    AuthoriseAsk,
    is_challenge,
    is_state,
    leads_back,
    new_ticket,
    read_scopes,
)
from palmtax.partners.model.scopes import of_people
from palmtax.partners.store import applications, consents, grants
from palmtax.plumbing.database import Tx


@dataclass(frozen=True, slots=True)
class Asked:
    """A request that may be shown, and the secret of the browser that brought it."""

    ask: AuthoriseAsk
    browser: str


@dataclass(frozen=True, slots=True)
class Shown:
    """What the consent page shows: the application, what it asks, and the ticket that answers it."""

    ask: AuthoriseAsk
    application: PartnerApplication
    is_invented: bool
    ticket: str

    @property
    def is_read(self) -> bool:
        """Whether its words may be shown: officers have read them, or the taxpayer is an invented one of its developer."""
        return self.is_invented or not self.application.is_sandboxed


async def client_to_send_back(tx: Tx, members: Mapping[str, str]) -> tuple[PartnerApplication, str]:
    """The application and the address to which the browser may be sent: nobody is sent to an address that is not its.

    Errors: partners.client_not_believed, partners.request_wrong (redirect_uri), partners.client_may_not.
    """
    application = await applications.of_client(tx, members.get("client_id", ""))
    if application is None:
        raise errors.ClientNotBelieved()
    redirect_uri = members.get("redirect_uri", "")
    if redirect_uri not in application.redirect_uris:
        raise errors.RequestWrong(what="redirect_uri")
    if not application.is_on:
        raise errors.ClientMayNot()
    return application, redirect_uri


async def ask(
    tx: Tx, *, clock: Clock, application: PartnerApplication, redirect_uri: str, members: Mapping[str, str], issuer: str
) -> Asked:
    """Keep a request until a person answers it, ten minutes.

    Errors: partners.response_type_unknown, partners.request_wrong (state, code_challenge…), partners.scope_too_wide,
    partners.target_wrong.
    """
    scopes = checked_members(application, members, issuer)
    browser = new_ticket()
    kept = AuthoriseAsk(
        request_id=uuid7(), application_id=application.application_id, redirect_uri=redirect_uri, scopes=scopes,
        state=members["state"], challenge=members["code_challenge"], expires_at=clock.now() + REQUEST_LASTS,
        browser_hash=grants.digest(browser),
    )  # fmt: skip
    await grants.add_ask(tx, kept, clock.now())
    return Asked(kept, browser)


def checked_members(application: PartnerApplication, members: Mapping[str, str], issuer: str) -> tuple[str, ...]:
    """The scopes asked for, when the request is whole. Errors: as `ask`."""
    if members.get("response_type") != "code":
        raise errors.ResponseTypeUnknown()
    if not is_state(members.get("state", "")):
        raise errors.RequestWrong(what="state")
    if members.get("code_challenge_method") != "S256":
        raise errors.RequestWrong(what="code_challenge_method")
    if not is_challenge(members.get("code_challenge", "")):
        raise errors.RequestWrong(what="code_challenge")
    if members.get("resource", issuer + API_PATH) != issuer + API_PATH:
        raise errors.TargetWrong()
    asked = read_scopes(members.get("scope", ""))
    wide = [code for code in asked if code not in of_people(application.scopes)]
    if wide or not asked:
        raise errors.ScopeTooWide(scopes=", ".join(wide)[:200] or "scope")
    return asked


async def show(tx: Tx, *, actor: Actor, clock: Clock, request_id: UUID, browser: str) -> Shown:
    """The request, to the browser that brought it; from now on this session's page alone can answer.

    Errors: partners.ask_unknown (also of another browser), partners.ask_over, partners.application_unknown.
    """
    kept, application = await _kept(tx, clock=clock, request_id=request_id, browser=browser)
    ticket = new_ticket()
    await grants.show_ask(tx, request_id, ticket=ticket, person_id=actor.person_id, session_id=actor.session_id)
    is_invented = actor.taxpayer_id is not None and await consents.is_invented(tx, actor.taxpayer_id)
    return Shown(kept, application, is_invented, ticket)


async def approve(
    tx: Tx,
    *,
    actor: Actor,
    clock: Clock,
    request_id: UUID,
    browser: str,
    ticket: str,
    scopes: tuple[str, ...],
    days: int,
    issuer: str,
) -> str:
    """The person agrees, under the hat they wear, to some of what is asked, for some days; where to go now.

    Errors: partners.ask_unknown, partners.ask_over, partners.scope_too_wide, partners.hat_unfit,
    partners.sandbox_apart, partners.client_may_not, plumbing.second_factor_needed (the request goes on waiting).
    """
    kept, application = await _own(tx, actor=actor, clock=clock, request_id=request_id, browser=browser, ticket=ticket)
    wide = [code for code in scopes if code not in kept.scopes]
    if wide or not scopes:
        raise errors.ScopeTooWide(scopes=", ".join(wide)[:200] or "scope")
    await grants.answer_ask(tx, request_id, clock.now())
    code = await consent_with_code(
        tx, actor=actor, clock=clock, application=application, scopes=scopes,
        until_at=clock.now() + timedelta(days=days), redirect_uri=kept.redirect_uri, challenge=kept.challenge,
    )  # fmt: skip
    return leads_back(kept.redirect_uri, {"code": code, "state": kept.state, "iss": issuer})


async def refuse(
    tx: Tx, *, actor: Actor, clock: Clock, request_id: UUID, browser: str, ticket: str, issuer: str
) -> str:
    """The person does not agree; where to go now. Errors: partners.ask_unknown, partners.ask_over."""
    kept, _ = await _own(tx, actor=actor, clock=clock, request_id=request_id, browser=browser, ticket=ticket)
    await grants.answer_ask(tx, request_id, clock.now())
    return leads_back(kept.redirect_uri, {"error": "access_denied", "state": kept.state, "iss": issuer})


async def _own(
    tx: Tx, *, actor: Actor, clock: Clock, request_id: UUID, browser: str, ticket: str
) -> tuple[AuthoriseAsk, PartnerApplication]:
    kept, application = await _kept(tx, clock=clock, request_id=request_id, browser=browser)
    is_same = (kept.person_id, kept.session_id) == (actor.person_id, actor.session_id)
    if not is_same or kept.ticket_hash is None or not hmac.compare_digest(kept.ticket_hash, grants.digest(ticket)):
        raise errors.AskUnknown()
    return kept, application


async def _kept(tx: Tx, *, clock: Clock, request_id: UUID, browser: str) -> tuple[AuthoriseAsk, PartnerApplication]:
    kept = await grants.ask(tx, request_id)
    if kept is None or kept.browser_hash is None or not hmac.compare_digest(kept.browser_hash, grants.digest(browser)):
        raise errors.AskUnknown()
    if kept.answered_at is not None or kept.expires_at <= clock.now():
        raise errors.AskOver()
    application = await applications.find(tx, kept.application_id)
    if application is None:
        raise errors.ApplicationUnknown()
    return kept, application
