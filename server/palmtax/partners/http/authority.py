"""Who may call as an application: with an access token under `/open/v1`, or with client id and secret elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from fastapi import Depends, Request, Response

from palmtax.base.errors import PalmtaxError
from palmtax.partners import errors
from palmtax.partners.actions.counting import Allowance, take_one
from palmtax.partners.actions.granting import believe
from palmtax.partners.actions.resolving import resolve_partner
from palmtax.partners.model.application import PartnerApplication
from palmtax.partners.model.consent import Partner
from palmtax.partners.model.oauth import read_basic
from palmtax.partners.store import usage
from palmtax.plumbing import faults
from palmtax.plumbing.edge import Authority, Edge, House, language_of
from palmtax.plumbing.settings import ServerSettings

LONGEST_HEADER = 600
WRONG_SECRETS = "30/minute"
"""Guesses for one client id, from wherever they come."""


@dataclass(frozen=True, slots=True)
class PartnerEdge(Edge):
    """What a request of an application may use."""

    partner: Partner

    @property
    def application(self) -> PartnerApplication:
        """The application that calls."""
        return self.partner.application


def issuer_of(house: House) -> str:
    """This server's name in OAuth: its public address without a slash at the end."""
    return house.settings.of(ServerSettings).public_url.rstrip("/")


def one_header(request: Request) -> str:
    """The one Authorization header: two of them are read differently by proxies and servers, so they are refused."""
    found = request.headers.getlist("authorization")
    if len(found) > 1:
        raise errors.RequestWrong(what="Authorization")
    return found[0] if found and len(found[0]) <= LONGEST_HEADER else ""


@dataclass(frozen=True, slots=True)
class TokenAuthority(Authority):
    """A route under `/open/v1`: the scope that the token must carry, counted against the application's limits."""

    async def __call__(self, request: Request, response: Response) -> PartnerEdge:  # type: ignore[override]  # FastAPI reads the signature
        """Check the caller: 401, 403 and 429, with the headers that OAuth and clients expect."""
        house: House = request.app.state.house
        try:
            scheme, _, token = one_header(request).partition(" ")
            if scheme.lower() != "bearer" or not token.startswith("pta_"):
                raise errors.TokenNotTaken()
            async with house.database.statement() as tx:
                partner = await resolve_partner(
                    tx, clock=house.clock, access_token=token, issuer=issuer_of(house),
                    request_id=request.state.request_id,
                )  # fmt: skip
            allowance = await self._allowed(house, partner)
        except PalmtaxError as refusal:
            request.state.answer_headers = _refusal_headers(refusal)
            raise
        request.state.answer_headers = allowance.headers
        response.headers.update(allowance.headers)
        return PartnerEdge(house, request, partner.actor, language_of(request), request.state.request_id, partner)

    async def _allowed(self, house: House, partner: Partner) -> Allowance:
        scope, application = self.scope or "", partner.application
        async with house.database.statement() as tx:
            if scope not in partner.scopes:
                await usage.count(tx, application.application_id, house.clock.today(), scope, refused=True)
                raise errors.ScopeNeeded(scope=scope)
            allowed = await take_one(
                tx, clock=house.clock, limiter=house.limiter, application_id=application.application_id, scope=scope
            )
        if isinstance(allowed, errors.QuotaSpent):
            raise allowed
        return allowed


def _refusal_headers(refusal: PalmtaxError) -> dict[str, str]:
    if isinstance(refusal, errors.QuotaSpent):
        wait, limit = str(refusal.values["wait_seconds"]), str(refusal.values["limit"])
        return {"ratelimit-limit": limit, "ratelimit-remaining": "0", "ratelimit-reset": wait}
    if isinstance(refusal, errors.OAuthRefusal):
        scope = f', scope="{refusal.values["scope"]}"' if "scope" in refusal.values else ""
        return {"www-authenticate": f'Bearer error="{refusal.oauth}"{scope}'}
    return {}


@dataclass(frozen=True, slots=True)
class SecretAuthority(Authority):
    """A route that an application calls with its id and secret by HTTP Basic: its developer's own."""

    async def __call__(self, request: Request) -> PartnerEdge:
        """Check the caller: 401 and 429."""
        house: House = request.app.state.house
        given = read_basic(one_header(request))
        application = await believed(house, *(given or ("", "")))
        wait = house.limiter.wait_seconds(self.rate or "60/minute", f"developer {application.client_id}")
        if wait > 0:
            raise faults.TooOften(wait_seconds=int(wait) + 1)
        partner = Partner(application, frozenset())
        return PartnerEdge(house, request, None, language_of(request), request.state.request_id, partner)


async def believed(house: House, client_id: str, secret: str) -> PartnerApplication:
    """The application, when the secret is right; guessing is slow. Errors: partners.client_not_believed, plumbing.too_often."""
    try:
        async with house.database.statement() as tx:
            return await believe(tx, clock=house.clock, client_id=client_id, secret=secret)
    except errors.ClientNotBelieved:
        wait = house.limiter.wait_seconds(WRONG_SECRETS, f"client {client_id[:60]}")
        if wait > 0:
            raise faults.TooOften(wait_seconds=int(wait) + 1) from None
        raise


def may_application(scope: str, *, records: str | None = None) -> Any:
    """An application whose token carries the scope (`kinds/scopes.yaml`)."""
    return Depends(TokenAuthority("application", scope, records, False, None))


def may_developer(*, records: str | None = None, rate: str = "60/minute") -> Any:
    """An application with its id and secret, for what its developer does."""
    return Depends(SecretAuthority("application", None, records, False, rate))
