"""The push services of phone vendors: Huawei Push Kit (tokens by client credentials) and Xiaomi (one key), and their phones."""

from __future__ import annotations

import json
import secrets
from typing import Any
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sandboxes import chats, tokens
from sandboxes.ground import LARGEST_BODY, Json, Refusal, Sandbox, read_object

VENDORS = ("huawei", "xiaomi")


def routes(sandbox: Sandbox) -> list[Route]:
    """Mounted at /vendor-push."""
    huawei, xiaomi = (sandbox.credentials.sections[f"push_{vendor}"] for vendor in VENDORS)

    async def token(request: Request) -> Response:
        """`POST /huawei/oauth2/v3/token`: client credentials."""
        asked = await _form(request)
        if asked.get("grant_type") != "client_credentials":
            return Json({"error": 1101, "error_description": "unsupported grant_type"}, 400)
        if (asked.get("client_id"), asked.get("client_secret")) != (huawei["app_id"], huawei["client_secret"]):
            return Json({"error": 1101, "error_description": "invalid client"}, 400)
        made, seconds = tokens.current(sandbox, f"huawei:{huawei['app_id']}")
        return Json({"access_token": made, "expires_in": seconds, "token_type": "Bearer"})

    async def push(request: Request) -> Response:
        """`POST /huawei/v1/{app}/messages:send`."""
        given = request.headers.get("authorization", "").removeprefix("Bearer ")
        app, problem = tokens.problem(sandbox, given)
        if problem:
            return Json({"code": "80200003" if problem == "42001" else "80200001", "msg": "Oauth authentication error"})
        if app != f"huawei:{request.path_params['app']}":
            return Json({"code": "80300002", "msg": "no permission"})
        return _answer(lambda asked: _to_huawei(sandbox, asked), await read_object(request))

    async def regid(request: Request) -> Response:
        """`POST /xiaomi/v3/message/regid`: a form, and the app's key in a header."""
        asked = await _form(request)
        if request.headers.get("authorization") != f"key={xiaomi['app_secret']}":
            return Json({"result": "error", "code": 21301, "description": "认证失败", "reason": "Invalid app secret"})
        return _answer(lambda one: _to_xiaomi(sandbox, xiaomi, one), asked)

    async def register(request: Request) -> Response:
        """`POST /sandbox/devices {person, vendor}`: what the SDK on the phone gives; `{token, is_gone}` ends one."""
        asked = await read_object(request) or {}
        if asked.get("is_gone"):
            gone = "update vendor_device set gone_at = ? where token = ?"
            return Json({"gone": sandbox.state.run(gone, sandbox.now(), str(asked.get("token", "")))})
        vendor, person = asked.get("vendor"), asked.get("person")
        if vendor not in VENDORS or not isinstance(person, str) or not person:
            return Json({"error": f"person, and vendor one of {list(VENDORS)}"}, 422)
        made = secrets.token_urlsafe(48)
        sandbox.state.run("insert into vendor_device values (?, ?, ?, null)", made, vendor, person[:40])
        return Json({"token": made}, 201)

    async def inbox(request: Request) -> Response:
        """`GET /sandbox/inbox?vendor=&person=`: the notifications on a phone."""
        asked = request.query_params
        vendor = asked.get("vendor", "")
        return Json({"messages": chats.of(sandbox, "vendor_push", vendor, asked.get("person", ""))})

    async def revoke(_: Request) -> Response:
        """`POST /sandbox/revoke-tokens`."""
        return Json({"revoked": tokens.revoke(sandbox, f"huawei:{huawei['app_id']}")})

    return [
        Route("/huawei/oauth2/v3/token", token, methods=["POST"]),
        Route("/huawei/v1/{app}/messages:send", push, methods=["POST"]),
        Route("/xiaomi/v3/message/regid", regid, methods=["POST"]),
        Route("/sandbox/devices", register, methods=["POST"]),
        Route("/sandbox/inbox", inbox, methods=["GET"]),
        Route("/sandbox/revoke-tokens", revoke, methods=["POST"]),
    ]


async def _form(request: Request) -> dict[str, str]:
    body = await request.body()
    return dict(parse_qsl(body[:LARGEST_BODY].decode("utf-8", "replace"), keep_blank_values=True))


def _answer(handle: Any, asked: dict[str, Any] | None) -> Json:
    try:
        return Json(handle(asked or {}))
    except Refusal as refusal:
        return Json(refusal.content, refusal.status)


def _phone(sandbox: Sandbox, vendor: str, token: str) -> str:
    """Whose phone it is; nobody's when the device no longer listens."""
    row = sandbox.state.row(
        "select person from vendor_device where token = ? and vendor = ? and gone_at is null", token, vendor
    )
    return str(row["person"]) if row else ""


def _show(sandbox: Sandbox, vendor: str, person: str, tag: str, shown: dict[str, str]) -> None:
    """A newer notification of the same tag takes the place of the one still there."""
    for one in chats.of(sandbox, "vendor_push", vendor, person):
        if tag and one["content"]["tag"] == tag:
            chats.replace(sandbox, one["chat_id"], shown | {"tag": tag}, "shown")
            return
    chats.add(sandbox, "vendor_push", vendor, person, "notification", shown | {"tag": tag})


def _to_huawei(sandbox: Sandbox, asked: dict[str, Any]) -> dict[str, Any]:
    if fault := sandbox.faults.take("vendor_push", "refuse"):
        raise Refusal({"code": fault.code or "81000001", "msg": "planned"})
    message = asked.get("message")
    try:
        (token,), shown = message["token"], message["android"]["notification"]  # type: ignore[index]  # caught below
        title, body, url = str(shown["title"]), str(shown["body"]), str(shown["click_action"]["url"])
    except (KeyError, TypeError, ValueError):
        raise Refusal({"code": "80100003", "msg": "Incorrect message structure"}) from None
    if len(json.dumps(message).encode()) > 4096:
        raise Refusal({"code": "80300008", "msg": "message body too large"})
    person = _phone(sandbox, "huawei", str(token))
    if not person:
        raise Refusal({"code": "80300007", "msg": "All the tokens are invalid"})
    _show(sandbox, "huawei", person, str(shown.get("tag", "")), {"title": title, "body": body, "url": url})
    return {"code": "80000000", "msg": "Success", "requestId": secrets.token_hex(12)}


def _to_xiaomi(sandbox: Sandbox, section: dict[str, Any], asked: dict[str, Any]) -> dict[str, Any]:
    if fault := sandbox.faults.take("vendor_push", "refuse"):
        raise Refusal({"result": "error", "code": int(fault.code or 10001), "description": "planned"})
    if asked.get("restricted_package_name") != section["package"]:
        raise Refusal({"result": "error", "code": 22000, "description": "应用不存在"})
    if not all(asked.get(name) for name in ("registration_id", "title", "description")):
        raise Refusal({"result": "error", "code": 10016, "description": "缺少必选参数"})
    person = _phone(sandbox, "xiaomi", asked["registration_id"])
    if not person:
        raise Refusal({"result": "error", "code": 20301, "description": "没有有效的目标设备"})
    shown = {"title": asked["title"][:50], "body": asked["description"][:128], "url": asked.get("extra.web_uri", "")}
    _show(sandbox, "xiaomi", person, "", shown)
    return {"result": "ok", "code": 0, "description": "成功", "data": {"id": "sdm" + secrets.token_hex(10)}}
