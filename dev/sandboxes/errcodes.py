"""Answers with an errcode, as WeChat, WeCom and DingTalk give them: HTTP 200 and a number in the body."""

from __future__ import annotations

import secrets
from typing import Any

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from sandboxes.ground import Json, Refusal, Sandbox, read_object

WORDS = {
    "-1": "system error",
    "40001": "invalid credential, access_token is invalid or not latest",
    "40002": "invalid grant_type",
    "40003": "invalid openid",
    "40004": "invalid media type",
    "40005": "invalid file type",
    "40006": "invalid meida size",
    "40007": "invalid media_id",
    "40008": "invalid message type",
    "40013": "invalid appid",
    "40014": "invalid access_token",
    "40016": "invalid button size",
    "40017": "invalid button type",
    "40018": "invalid button name size",
    "40019": "invalid button key size",
    "40020": "invalid button url size",
    "40023": "invalid sub button size",
    "40025": "invalid sub button name size",
    "40029": "invalid code",
    "40032": "invalid userid list size",
    "40037": "invalid template_id",
    "40052": "invalid action name",
    "40053": "invalid action info",
    "40056": "invalid agentid",
    "40058": "invalid Request Parameter",
    "40066": "invalid party list",
    "40097": "invalid args",
    "40125": "invalid appsecret",
    "40129": "invalid scene",
    "40163": "code been used",
    "40165": "invalid weapp pagepath",
    "40226": "code blocked",
    "41001": "access_token missing",
    "41002": "appid missing",
    "41004": "appsecret missing",
    "41005": "media data missing",
    "41008": "missing code",
    "41009": "missing userid",
    "41011": "missing agentid",
    "41016": "missing title",
    "41030": "invalid page",
    "41033": "missing description",
    "42001": "access_token expired",
    "43004": "require subscribe",
    "43101": "user refuse to accept the msg",
    "44004": "empty content",
    "45002": "content size out of limit",
    "45008": "article size out of limit",
    "45009": "reach max api daily quota limit",
    "45011": "api minute-quota reach limit, must slower, retry next minute",
    "45015": "response out of time limit or subscription is canceled",
    "45033": "api concurrent out of limit",
    "45047": "out of response count limit",
    "45056": "too many tag now, no need to add new",
    "45058": "can't modify sys tag",
    "45059": "can't add this tag to user, too many tags",
    "45157": "invalid tag name",
    "45158": "tag name too long",
    "45159": "invalid tag id",
    "46003": "menu no exist",
    "47001": "data format error",
    "47003": "argument invalid!",
    "48001": "api unauthorized",
    "48006": "forbid to clear quota because of reaching the limit",
    "49003": "not match openid with appid",
    "60003": "department not found",
    "60020": "not allow to access from your ip",
    "60111": "userid not found",
    "61010": "code is expired",
    "65301": "no such conditional menu",
    "65302": "no such user",
    "65303": "there is no selfmenu, please create selfmenu first",
    "65304": "match rule empty",
    "65305": "menu count limit",
    "65307": "conditional menu is empty",
    "65316": "too many domains in the menus",
    "65320": "match rule contains privacy information",
    "81013": "user & party & tag all invalid",
    "82002": "invalid party list size",
    "82003": "invalid tag list size",
    "84014": "user ticket expired",
    "84015": "invalid user ticket",
    "84061": "not external contact",
    "85401": "time limit between 1min and 30day",
    "85402": "invalid env_version",
    "87009": "invalid signature",
    "95000": "invalid open_kfid",
}
"""The platforms' own English for each errcode (WeCom says corpid and corpsecret where WeChat says appid and secret)."""


def refused(code: str, detail: str = "") -> Refusal:
    """An errcode answer; the platforms give these with HTTP 200 and a trace id."""
    words = WORDS.get(code, "error") + (f" {detail}" if detail else "")
    return Refusal({"errcode": int(code), "errmsg": f"{words}, rid: {secrets.token_hex(12)}"})


def done(**more: Any) -> dict[str, Any]:
    """A good answer."""
    return {"errcode": 0, "errmsg": "ok", **more}


async def asked_of(request: Request) -> dict[str, Any]:
    """The JSON body, or 47001."""
    asked = await read_object(request)
    if asked is None:
        raise refused("47001")
    return asked


def guarded(sandbox: Sandbox, server: str, handle: Any, *, plain: bool = False) -> Any:
    """A route that turns refusals into answers and takes the fault `errcode` (never on the sandbox's own paths)."""

    async def answer(request: Request) -> Response:
        fault = None if "/sandbox/" in request.url.path else sandbox.faults.take(server, "errcode")
        try:
            if fault:
                raise refused(fault.code or "-1")
            content, status = await handle(request), 200
        except Refusal as refusal:
            content, status = refusal.content, refusal.status
        if isinstance(content, Response):
            return content
        body = Json(content, status)
        # Some of the older interfaces really answer JSON as text/plain.
        return PlainTextResponse(body.body, status) if plain else body

    return answer
