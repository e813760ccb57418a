"""Signing in from an officers' chat: the workbench asks for the platform's page, comes back with a code, is signed in."""

from __future__ import annotations

import secrets

import structlog
from fastapi import Request, Response

from palmtax.identity import errors
from palmtax.identity.actions import chats, oauth
from palmtax.identity.adapters import FindChat, OfficeChatPort
from palmtax.identity.http.oauth import RATE, browser_of, remember
from palmtax.identity.http.shapes import session_out
from palmtax.identity.model.addresses import FAMILY_NAMES
from palmtax.identity.model.tokens import Device
from palmtax.identity.schemas import ChatBound, ChatOAuthIn, ChatSignedIn, ChatSignIn, DirectorySynced, OAuthBegun
from palmtax.plumbing.edge import Edge, Router, may_anyone, may_officer, may_person
from palmtax.plumbing.outbound import OutsideRefused, OutsideUnavailable
from palmtax.plumbing.outbox import enqueue
from palmtax.plumbing.settings import ServerSettings

router = Router(prefix="/api/identity", tags=["identity"])
log = structlog.get_logger()
WAY_BACK = "/workbench/enter"


@router.post("/chat-oauth")
async def begin_chat_oauth(
    told: ChatOAuthIn, request: Request, response: Response, edge: Edge = may_anyone(rate=RATE)
) -> OAuthBegun:
    """The platform's page to go to for a silent sign-in. Errors: identity.account_unknown."""
    chat = await _chat(edge, told.chat)
    public_url = edge.settings.of(ServerSettings).public_url.rstrip("/")
    browser = browser_of(request) or secrets.token_urlsafe(24)
    async with edge.transaction() as tx:
        state = await oauth.begin(tx, clock=edge.clock, browser=browser, account=told.chat, place=told.page, whose="")
    remember(response, browser, public_url)
    return OAuthBegun(address=chat.authorise_address(f"{public_url}{WAY_BACK}/{told.chat}", state))


@router.post("/sessions/chat-oauth")
async def sign_in_by_chat(
    told: ChatSignIn, request: Request, edge: Edge = may_anyone(records="identity.signed_in", rate=RATE)
) -> ChatSignedIn:
    """Sign in by the code that the platform sent this browser back with; the state is spent by it.

    Errors: identity.oauth_stale, identity.account_unknown, identity.chat_unbound, identity.wechat_code_refused,
    identity.wechat_unavailable.
    """
    chat, userid, page = await _came_back(edge, request, told)
    device = Device(FAMILY_NAMES[chat.family][0], "workbench")
    async with edge.transaction() as tx:
        signed = await chats.sign_in(
            tx, clock=edge.clock, family=chat.family, app_id=chat.app_id, userid=userid, device=device,
            request_id=edge.request_id,
        )  # fmt: skip
        return ChatSignedIn(session=await session_out(tx, edge, signed), page=page)


@router.post("/chat-oauth/binding")
async def bind_chat(
    told: ChatSignIn, request: Request, edge: Edge = may_person(records="identity.address_bound", rate="30/hour")
) -> ChatBound:
    """The member whose browser came back is me.

    Errors: identity.oauth_stale, identity.account_unknown, identity.chat_unbound, identity.address_taken,
    identity.wechat_code_refused, identity.wechat_unavailable.
    """
    chat, userid, page = await _came_back(edge, request, told)
    async with edge.transaction() as tx:
        await chats.bind(tx, actor=edge.actor, clock=edge.clock, family=chat.family, app_id=chat.app_id, userid=userid)
    return ChatBound(page=page)


@router.post("/chat-directories", status_code=202)
async def compare_directories(
    edge: Edge = may_officer("channels.switch", records="identity.address_bound", rate="30/hour"),
) -> DirectorySynced:
    """Compare the directories of the officers' chats with what is bound, now instead of within the hour."""
    async with edge.transaction() as tx:
        await enqueue(
            tx, "identity.compare_directories", {}, key="identity.compare_directories", request_id=edge.request_id
        )
    return DirectorySynced()


async def _chat(edge: Edge, name: str) -> OfficeChatPort:
    find: FindChat | None = edge.outside.get("office_chats")
    chat = await find(name) if find else None
    if chat is None:
        raise errors.AccountUnknown(account=name)
    return chat


async def _came_back(edge: Edge, request: Request, told: ChatSignIn) -> tuple[OfficeChatPort, str, str]:
    """The chat that was begun with in this browser, whose browser it is there, and the page that was asked for."""
    async with edge.transaction() as tx:
        begun = await oauth.spend(tx, clock=edge.clock, browser=browser_of(request), state=told.state)
    chat = await _chat(edge, begun.account)
    try:
        return chat, await chat.userid(told.code), begun.place
    except OutsideRefused as refused:
        log.info("identity.chat_failed", told=refused.code, kind="OutsideRefused")
        raise errors.WeChatCodeRefused() from None
    except OutsideUnavailable as fault:
        log.warning("identity.chat_failed", told=fault.code, kind="OutsideUnavailable")
        raise errors.WeChatUnavailable() from None
