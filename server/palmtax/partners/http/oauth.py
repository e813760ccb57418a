"""OAuth 2.1: authorise, token, revoke, introspect, register, metadata. Answers and errors in the words of the RFCs."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl

from fastapi import Request, Response
from fastapi.responses import JSONResponse, RedirectResponse

from palmtax.base.errors import PalmtaxError
from palmtax.partners import errors
from palmtax.partners.actions import applications, asking, granting, opening
from palmtax.partners.http.authority import believed, issuer_of, one_header
from palmtax.partners.model.application import PartnerApplication
from palmtax.partners.model.oauth import Tokens, leads_back, metadata, read_basic, read_form
from palmtax.partners.model.passing import PASS_NAME
from palmtax.partners.model.scopes import partner_scopes
from palmtax.partners.schemas.developers import RegisteredOut, RegisterIn, shape_registered
from palmtax.partners.schemas.oauth import IntrospectionOut, MetadataOut, TokenOut
from palmtax.plumbing.edge import Edge, Router, language_of, may_anyone, problem

router = Router(prefix="/oauth", tags=["partners"])
metadata_router = Router(prefix="/.well-known", tags=["partners"])
router.include_in_schema = metadata_router.include_in_schema = False
"""These speak the RFCs' forms and words, which the metadata (RFC 8414) describes; the document tells of our own shapes."""
RATE = "600/minute"
"""From one address: servers of partners call from few. Guessing secrets is limited for each client."""
BROWSER_COOKIE = "palmtax_ask"
_FORM: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {"application/x-www-form-urlencoded": {"schema": {"type": "object", "additionalProperties": {"type": "string"}}}},
    }
}  # fmt: skip
_NO_STORE = {"cache-control": "no-store", "pragma": "no-cache"}


def refused(request: Request, refusal: PalmtaxError) -> Response:
    """A refusal in the form of RFC 6749 §5.2; other refusals as everywhere in this house."""
    if not isinstance(refusal, errors.OAuthRefusal):
        return problem(request, refusal)
    text, hint = refusal.words("en")
    body = {"error": refusal.oauth, "error_description": f"{text}. {hint}.", "code": refusal.code}
    if language_of(request) == "zh":
        body["error_description_zh"] = "。".join(refusal.words("zh"))
    headers = dict(_NO_STORE)
    if refusal.status == 401:
        headers["www-authenticate"] = 'Basic realm="palmtax"'
    return JSONResponse(body, status_code=refusal.status, headers=headers)


async def _form_of(request: Request) -> dict[str, str]:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    found = read_form(await request.body()) if kind == "application/x-www-form-urlencoded" else None
    if found is None:
        raise errors.RequestWrong(what="body")
    return found


async def _client(edge: Edge, form: dict[str, str]) -> PartnerApplication:
    """The application that calls, by exactly one way of authentication (RFC 6749 §2.3)."""
    header = one_header(edge.request)
    if header and ("client_secret" in form or read_basic(header) is None):
        raise errors.ClientNotBelieved()
    client_id, secret = read_basic(header) or (form.get("client_id", ""), form.get("client_secret", ""))
    if form.get("client_id", client_id) != client_id:
        raise errors.ClientNotBelieved()
    return await believed(edge.house, client_id, secret)


@router.get("/authorize", response_class=RedirectResponse, status_code=303)
async def authorise(request: Request, edge: Edge = may_anyone(rate="60/minute")) -> Response:
    """A browser comes with an application's wish; it is sent to the page where the person decides.

    Without a known client and one of its own addresses nobody is sent anywhere. Every other refusal goes back to the
    application, with its `state` and our `iss`. With a pass (city features) nobody is asked: the consent is there.
    """
    pairs = parse_qsl(request.url.query, keep_blank_values=True, max_num_fields=30)
    members, issuer = dict(pairs), issuer_of(edge.house)
    try:
        if len(members) != len(pairs):
            raise errors.RequestWrong(what="query")
        async with edge.statement() as tx:
            application, redirect_uri = await asking.client_to_send_back(tx, members)
    except errors.OAuthRefusal as refusal:
        return problem(request, refusal)
    try:
        async with edge.transaction() as tx:
            if PASS_NAME in members:
                to = await opening.enter_silently(
                    tx, clock=edge.clock, application=application, redirect_uri=redirect_uri, members=members,
                    issuer=issuer,
                )  # fmt: skip
                return RedirectResponse(to, status_code=303, headers=_NO_STORE)
            asked = await asking.ask(
                tx, clock=edge.clock, application=application, redirect_uri=redirect_uri, members=members, issuer=issuer
            )
    except errors.OAuthRefusal as refusal:
        back = {"error": refusal.oauth, "error_description": refusal.words("en")[0], "iss": issuer}
        if members.get("state"):
            back["state"] = members["state"]
        return RedirectResponse(leads_back(redirect_uri, back), status_code=303, headers=_NO_STORE)
    answer = RedirectResponse(
        f"{issuer}/#/consents/ask/index?request={asked.ask.request_id}", status_code=303, headers=_NO_STORE
    )
    answer.set_cookie(
        BROWSER_COOKIE, asked.browser, max_age=600, path="/api/partners/asks", httponly=True, samesite="lax",
        secure=issuer.startswith("https:"),
    )  # fmt: skip
    return answer


@router.post("/token", response_model=TokenOut, openapi_extra=_FORM)
async def token(request: Request, edge: Edge = may_anyone(records="partners.token_reused", rate=RATE)) -> Response:
    """Tokens for a code, for a refresh token (which is spent), or in the application's own name."""
    try:
        form = await _form_of(request)
        application = await _client(edge, form)
        async with edge.transaction() as tx:
            done = await granting.grant(
                tx, clock=edge.clock, application=application, form=form, issuer=issuer_of(edge.house)
            )
    except PalmtaxError as refusal:
        return refused(request, refusal)
    return JSONResponse(_shaped(done), headers=_NO_STORE) if isinstance(done, Tokens) else refused(request, done)


def _shaped(given: Tokens) -> dict[str, object]:
    body: dict[str, object] = {
        "access_token": given.access_token, "token_type": "Bearer", "expires_in": given.expires_in,
        "scope": " ".join(given.scopes),
    }  # fmt: skip
    return body | ({"refresh_token": given.refresh_token} if given.refresh_token else {})


@router.post(
    "/revoke", openapi_extra=_FORM, response_model=None, responses={200: {"content": {"application/json": {}}}}
)
async def revoke(request: Request, edge: Edge = may_anyone(records="partners.token_revoked", rate=RATE)) -> Response:
    """Give a token back (RFC 7009); what is unknown or another's is answered alike and stays."""
    try:
        form = await _form_of(request)
        application = await _client(edge, form)
        async with edge.transaction() as tx:
            await granting.revoke(tx, clock=edge.clock, application=application, token=form.get("token", ""))
    except PalmtaxError as refusal:
        return refused(request, refusal)
    return JSONResponse({}, headers=_NO_STORE)


@router.post("/introspect", response_model=IntrospectionOut, openapi_extra=_FORM)
async def introspect(request: Request, edge: Edge = may_anyone(rate=RATE)) -> Response:
    """What one of the application's own tokens allows (RFC 7662)."""
    try:
        form = await _form_of(request)
        application = await _client(edge, form)
        async with edge.statement() as tx:
            found = await granting.introspect(
                tx, clock=edge.clock, application=application, token=form.get("token", ""), issuer=issuer_of(edge.house)
            )
    except PalmtaxError as refusal:
        return refused(request, refusal)
    return JSONResponse(found, headers=_NO_STORE)


@router.post("/register", status_code=201)
async def register(
    given: RegisterIn, edge: Edge = may_anyone(records="partners.application_registered", rate="10/hour")
) -> RegisteredOut:
    """A developer registers an application for the sandbox; the secret is in this answer and nowhere else."""
    async with edge.transaction() as tx:
        made, secret = await applications.register(
            tx, actor=None, clock=edge.clock, given=given.particulars(), request_id=edge.request_id
        )
    return shape_registered(made, secret)


@metadata_router.get("/oauth-authorization-server")
async def read_metadata(edge: Edge = may_anyone(rate=RATE)) -> MetadataOut:
    """What this authorisation server can do (RFC 8414)."""
    return MetadataOut.model_validate(metadata(issuer_of(edge.house), list(partner_scopes())))
