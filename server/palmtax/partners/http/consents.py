"""What a person does: answer an application's request, see what they allowed and who read what, take it back."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlsplit
from uuid import UUID

from fastapi import Cookie

from palmtax import identity
from palmtax.partners.actions import asking, consenting
from palmtax.partners.http.authority import issuer_of
from palmtax.partners.http.oauth import BROWSER_COOKIE
from palmtax.partners.schemas.consents import (
    ConsentAnsweredOut,
    ConsentApprovalIn,
    ConsentAskOut,
    ConsentReadingOut,
    ConsentRefusalIn,
    PartnerConsentOut,
    shape_consent,
    shape_reading,
    shape_scopes,
)
from palmtax.plumbing.edge import Edge, Router, may_person

router = Router(prefix="/api/partners", tags=["partners"])
Browser = Annotated[str, Cookie(alias=BROWSER_COOKIE, max_length=100)]


@router.get("/asks/{request_id}")
async def read_ask(request_id: UUID, browser: Browser = "", edge: Edge = may_person(rate="60/minute")) -> ConsentAskOut:
    """An application's request, to the browser that brought it."""
    async with edge.transaction() as tx:
        shown = await asking.show(tx, actor=edge.actor, clock=edge.clock, request_id=request_id, browser=browser)
    one, hat, said = shown.application, edge.actor.hat, shown.is_read
    is_taxpayers = hat is not None and not edge.actor.is_officer
    return ConsentAskOut(
        request_id=request_id, ticket=shown.ticket, is_read=said, name=one.name if said else "",
        name_en=one.name_en if said else "", organisation=one.organisation if said else "",
        purpose=one.purpose if said else "", purpose_en=one.purpose_en if said else "", leads_to=urlsplit(shown.ask.redirect_uri).netloc,
        is_trial=one.is_sandboxed, fits=is_taxpayers and shown.is_invented == one.is_sandboxed,
        scopes=shape_scopes(shown.ask.scopes, hat.scopes if hat else frozenset()), expires_at=shown.ask.expires_at,
    )  # fmt: skip


@router.post("/asks/{request_id}/approval")
async def approve_ask(
    request_id: UUID,
    given: ConsentApprovalIn,
    browser: Browser = "",
    edge: Edge = may_person(records="partners.consent_given", rate="30/minute"),
) -> ConsentAnsweredOut:
    """Yes, under the hat worn, to some or all of it, until a day."""
    async with edge.transaction() as tx:
        to = await asking.approve(
            tx, actor=edge.actor, clock=edge.clock, request_id=request_id, browser=browser, ticket=given.ticket,
            scopes=tuple(dict.fromkeys(given.scopes)), days=given.days, issuer=issuer_of(edge.house),
        )  # fmt: skip
    return ConsentAnsweredOut(redirect_to=to)


@router.post("/asks/{request_id}/refusal")
async def refuse_ask(
    request_id: UUID, given: ConsentRefusalIn, browser: Browser = "", edge: Edge = may_person(rate="30/minute")
) -> ConsentAnsweredOut:
    """No; the application hears only that."""
    async with edge.transaction() as tx:
        to = await asking.refuse(
            tx, actor=edge.actor, clock=edge.clock, request_id=request_id, browser=browser, ticket=given.ticket,
            issuer=issuer_of(edge.house),
        )  # fmt: skip
    return ConsentAnsweredOut(redirect_to=to)


@router.get("/consents")
async def list_partner_consents(edge: Edge = may_person(rate="60/minute")) -> list[PartnerConsentOut]:
    """What I allowed over all my hats; for who may authorise, also what others allowed for the taxpayer."""
    async with edge.statement() as tx:
        found = await consenting.consents_of(tx, actor=edge.actor)
        titles = await identity.hat_titles(tx, clock=edge.clock, person_id=edge.actor.person_id)
    return [
        shape_consent(one, application, clock=edge.clock, person_id=edge.actor.person_id, titles=titles)
        for one, application in found
    ]


@router.delete("/consents/{consent_id}", status_code=204)
async def take_back_consent(
    consent_id: UUID, edge: Edge = may_person(records="partners.consent_ended", rate="60/minute")
) -> None:
    """Take a consent back: at once."""
    async with edge.transaction() as tx:
        await consenting.take_back(tx, actor=edge.actor, clock=edge.clock, consent_id=consent_id)


@router.get("/consents/{consent_id}/readings")
async def list_readings(consent_id: UUID, edge: Edge = may_person(rate="60/minute")) -> list[ConsentReadingOut]:
    """What was read under a consent, and when, the newest hundred."""
    async with edge.statement() as tx:
        found = await consenting.readings_of(tx, actor=edge.actor, consent_id=consent_id)
    return [shape_reading(one) for one in found]
