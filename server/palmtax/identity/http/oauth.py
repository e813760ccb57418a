"""Signing in inside WeChat or Alipay: the app asks for their page, comes back with a code, and is signed in without typing."""

from __future__ import annotations

import secrets
from urllib.parse import urlsplit

import structlog
from fastapi import Request, Response

from palmtax.identity import errors
from palmtax.identity.actions import oauth
from palmtax.identity.adapters import FindAccount, WeChatAccountPort
from palmtax.identity.http.shapes import session_out
from palmtax.identity.model.tokens import OAUTH_BINDS, Device
from palmtax.identity.schemas import OAuthBegun, OAuthBind, OAuthIn, OAuthOut, OAuthSignIn
from palmtax.identity.store.oauth import Found
from palmtax.plumbing.edge import Edge, Router, may_anyone, may_person
from palmtax.plumbing.outbound import OutsideRefused, OutsideUnavailable
from palmtax.plumbing.settings import ServerSettings

router = Router(prefix="/api/identity", tags=["identity"])
log = structlog.get_logger()
COOKIE = "palmtax_browser"
"""Which browser began; no page can read it, and no other site's form sends it."""
RATE = "600/minute"
"""From one address: many phones stand behind one of a mobile network."""


@router.post("/oauth")
async def begin_oauth(
    told: OAuthIn, request: Request, response: Response, edge: Edge = may_anyone(rate=RATE)
) -> OAuthBegun:
    """WeChat's or Alipay's page to go to for a silent sign-in. Errors: identity.account_unknown."""
    account = await _account(edge, told.account)
    public_url = edge.settings.of(ServerSettings).public_url.rstrip("/")
    browser = browser_of(request) or secrets.token_urlsafe(24)
    async with edge.transaction() as tx:
        state = await oauth.begin(
            tx, clock=edge.clock, browser=browser, account=told.account, place=told.place, whose=told.whose
        )
    remember(response, browser, public_url)
    return OAuthBegun(address=account.authorise_address(f"{public_url}/", state))


@router.post("/sessions/oauth")
async def sign_in_by_oauth(
    told: OAuthSignIn, request: Request, edge: Edge = may_anyone(records="identity.signed_in", rate=RATE)
) -> OAuthOut:
    """Sign in by the code that WeChat or Alipay (`auth_code`) sent this browser back with; the state is spent by it.

    Errors: identity.oauth_stale, identity.account_unknown, identity.wechat_code_refused, identity.wechat_unavailable,
    identity.alipay_code_refused, identity.alipay_unavailable.
    """
    async with edge.transaction() as tx:
        begun = await oauth.spend(tx, clock=edge.clock, browser=browser_of(request), state=told.state)
    found = await _asked(await _account(edge, begun.account), told.code)
    device = Device(told.device.name, told.device.channel)
    async with edge.transaction() as tx:
        signed = await oauth.sign_in(tx, clock=edge.clock, found=found, device=device, request_id=edge.request_id)
        if signed is None:
            await oauth.keep_for_binding(tx, clock=edge.clock, state=told.state, found=found)
        session = await session_out(tx, edge, signed) if signed else None
    return OAuthOut(session=session, place=begun.place, whose=begun.whose)


@router.post("/oauth/binding", status_code=204)
async def bind_oauth(
    told: OAuthBind, request: Request, edge: Edge = may_person(records="identity.address_bound", rate="30/hour")
) -> None:
    """The WeChat or Alipay of this browser is mine. Errors: identity.oauth_stale, identity.address_taken."""
    async with edge.transaction() as tx:
        await oauth.bind(tx, actor=edge.actor, clock=edge.clock, browser=browser_of(request), state=told.state)


def remember(response: Response, browser: str, public_url: str) -> None:
    """Let the browser know itself again."""
    response.set_cookie(
        COOKIE, browser, max_age=int(OAUTH_BINDS.total_seconds()) * 2, path=router.prefix, httponly=True, samesite="lax",
        secure=urlsplit(public_url).scheme == "https",
    )  # fmt: skip


def browser_of(request: Request) -> str:
    """Which browser asks; empty for one that we have not seen."""
    known = request.cookies.get(COOKIE, "")
    return known if 20 <= len(known) <= 64 else ""


async def _account(edge: Edge, name: str) -> WeChatAccountPort:
    find: FindAccount | None = edge.outside.get("wechat_accounts")
    account = await find(name) if find else None
    if account is None:
        raise errors.AccountUnknown(account=name)
    return account


async def _asked(account: WeChatAccountPort, code: str) -> Found:
    is_alipay = account.family == "alipay"
    try:
        who = await account.sign_in(code)
        unionid = who.unionid or await account.unionid(who.openid)
    except OutsideRefused as refused:
        log.info("identity.wechat_failed", told=refused.code, kind="OutsideRefused")
        raise (errors.AlipayCodeRefused() if is_alipay else errors.WeChatCodeRefused()) from None
    except OutsideUnavailable as fault:
        log.warning("identity.wechat_failed", told=fault.code, kind="OutsideUnavailable")
        raise (errors.AlipayUnavailable() if is_alipay else errors.WeChatUnavailable()) from None
    return Found(account.app_id, who.openid, unionid, account.family)
