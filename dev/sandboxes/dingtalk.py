"""DingTalk: a group robot with signed sends, its hearing of what people say to it, and sealed event callbacks."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
import sqlite3
import time
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from sandboxes import callbacks, chats
from sandboxes.callbacks import STALE_SECONDS, Answer, Packed, Target
from sandboxes.control import PAGES
from sandboxes.envelope import BadEnvelope, Envelope
from sandboxes.errcodes import done, guarded
from sandboxes.ground import Refusal, Sandbox, read_object
from sandboxes.wechat.callbacks import OVERSIZE_BYTES

EVENTS, ROBOT = "dingtalk", "dingtalk_robot"
WINDOW_SECONDS = 3600
LONGEST_BYTES = 20_000
KINDS: dict[str, tuple[str, ...]] = {
    "text": ("content",),
    "link": ("title", "text", "messageUrl"),
    "markdown": ("title", "text"),
    "actionCard": ("title", "text"),
    "feedCard": ("links",),
}


def refused(code: int, words: str) -> Refusal:
    """DingTalk's errcodes come with HTTP 200."""
    return Refusal({"errcode": code, "errmsg": words})


def signature(secret: str, timestamp: str) -> str:
    """base64(HMAC-SHA256(secret, timestamp + newline + secret))."""
    return base64.b64encode(hmac.digest(secret.encode(), f"{timestamp}\n{secret}".encode(), "sha256")).decode()


def envelope(sandbox: Sandbox) -> Envelope:
    """The event subscription's secrets; what closes the text is the app key."""
    section = sandbox.credentials.sections["dingtalk"]
    return Envelope(section["token"], section["encoding_aes_key"], section["app_key"])


def routes(sandbox: Sandbox) -> list[Route]:
    """Mounted at /dingtalk."""
    section = sandbox.credentials.sections["dingtalk"]

    async def send(request: Request) -> dict[str, Any]:
        """`POST /robot/send?access_token=&timestamp=&sign=`: to the group."""
        _check_caller(section, request)
        if not request.headers.get("content-type", "").startswith("application/json"):
            raise refused(43004, "invalid http header Content-Type")
        asked = await read_object(request)
        if asked is None:
            raise refused(40035, "缺少参数 json")
        content = _content(asked)
        if sandbox.count("robot", 60) >= sandbox.options.limits.robot_per_minute:
            raise refused(410100, "发送速度太快而限流")
        sandbox.happened("robot")
        at = asked.get("at") if isinstance(asked.get("at"), dict) else {}
        chats.add(sandbox, "dingtalk", "robot", "group", asked["msgtype"], {**content, "at": at})
        return done()

    async def say(request: Request) -> dict[str, Any]:
        """`POST /sandbox/say {person, text}`: somebody says something to the robot in the group."""
        asked = await read_object(request) or {}
        person, text = asked.get("person"), asked.get("text")
        if not isinstance(person, str) or not isinstance(text, str) or not (person and text):
            raise Refusal({"error": "person and text"}, 422)
        chats.add(sandbox, "dingtalk", "robot", "group", "text", {"content": text, "from": person}, is_ours=False)
        body = {
            "msgtype": "text",
            "text": {"content": f" {text}"},
            "msgId": "msg" + secrets.token_urlsafe(18),
            "createAt": int(sandbox.now() * 1000),
            "conversationType": "2",
            "conversationId": "cid" + hashlib.sha256(section["app_key"].encode()).hexdigest()[:20],
            "conversationTitle": "沙箱群",
            "senderId": "$:LWCP_v1:$" + hashlib.sha256(person.encode()).hexdigest()[:24],
            "senderNick": person,
            "senderStaffId": person,
            "robotCode": section["app_key"],
            "sessionWebhook": f"{sandbox.options.public_url}/dingtalk/robot/send?access_token={section['access_token']}",
        }
        return {"callback_id": callbacks.plan(sandbox, ROBOT, person, json.dumps(body, ensure_ascii=False))}

    async def event(request: Request) -> dict[str, Any]:
        """`POST /sandbox/event {EventType, …}`: a sealed event, such as check_url or user_leave_org."""
        asked = await read_object(request) or {}
        if not isinstance(asked.get("EventType"), str):
            raise Refusal({"error": "EventType is missing"}, 422)
        body = {"TimeStamp": str(int(sandbox.now() * 1000)), "CorpId": section["app_key"], **asked}
        return {"callback_id": callbacks.plan(sandbox, EVENTS, "corp", json.dumps(body, ensure_ascii=False))}

    async def group(_: Request) -> dict[str, Any]:
        """`GET /sandbox/group`: what stands in the group."""
        return {"chat": chats.of(sandbox, "dingtalk", "robot", "group")}

    async def page(_: Request) -> Response:
        return HTMLResponse((PAGES / "dingtalk.html").read_text())

    async def set_callback(request: Request) -> Response:
        return await callbacks.set_from(sandbox, request, (EVENTS, ROBOT))

    async def listed(request: Request) -> dict[str, Any]:
        return {"callbacks": callbacks.listed(sandbox, request.query_params.get("target", EVENTS))}

    paths = {
        ("POST", "/robot/send"): send,
        ("POST", "/sandbox/say"): say,
        ("POST", "/sandbox/event"): event,
        ("GET", "/sandbox/group"): group,
        ("GET", "/sandbox/"): page,
        ("POST", "/sandbox/callback"): set_callback,
        ("GET", "/sandbox/callbacks"): listed,
    }
    return [
        Route(path, guarded(sandbox, "dingtalk", handle), methods=[method]) for (method, path), handle in paths.items()
    ]


def _check_caller(section: dict[str, Any], request: Request) -> None:
    asked = request.query_params
    token, stamp, sign = asked.get("access_token", ""), asked.get("timestamp", ""), asked.get("sign", "")
    if not secrets.compare_digest(token.encode(), section["access_token"].encode()):
        raise refused(400101, "access_token不存在")
    # Milliseconds, at most an hour off.
    if not (stamp.isascii() and stamp.isdecimal()) or abs(time.time() - int(stamp[:16]) / 1000) > WINDOW_SECONDS:
        raise refused(310000, "invalid timestamp")
    if not hmac.compare_digest(sign.encode(), signature(section["secret"], stamp).encode()):
        raise refused(310000, "sign not match")


def _content(asked: dict[str, Any]) -> dict[str, Any]:
    kind = asked.get("msgtype")
    if not isinstance(kind, str) or kind not in KINDS:
        raise refused(400105, "不支持的消息类型")
    content = asked.get(kind)
    if not isinstance(content, dict) or not all(content.get(name) for name in KINDS[kind]):
        raise refused(40035, f"缺少参数 {kind}")
    if (
        kind == "actionCard"
        and not (content.get("singleTitle") and content.get("singleURL"))
        and not content.get("btns")
    ):
        raise refused(40035, "缺少参数 btns")
    if len(json.dumps(content, ensure_ascii=False).encode()) > LONGEST_BYTES:
        raise refused(40035, "消息过长")
    return content


def _pack_event(sandbox: Sandbox, body: str, spoil: str) -> Packed:
    own = envelope(sandbox)
    used = own.stranger() if spoil == "forged" else own
    stamp = str(int((time.time() - (STALE_SECONDS if spoil == "stale" else 0)) * 1000))
    nonce = secrets.token_urlsafe(8)
    if spoil == "oversized":
        body = json.dumps({**json.loads(body), "padding": "x" * OVERSIZE_BYTES})
    sealed = used.seal(body)
    signed = used.sign(stamp, nonce, sealed)
    if spoil == "tampered":
        sealed = ("A" if sealed[0] != "A" else "B") + sealed[1:]
    content = _nested() if spoil == "bomb" else json.dumps({"encrypt": sealed}).encode()
    query = {"signature": signed, "msg_signature": signed, "timestamp": stamp, "nonce": nonce}
    return Packed(query, content, {"Content-Type": "application/json"})


def _pack_robot(sandbox: Sandbox, body: str, spoil: str) -> Packed:
    """What the robot hears carries its signature in the headers `timestamp` and `sign`, by the app secret."""
    secret = sandbox.credentials.sections["dingtalk"]["app_secret"]
    lag = 2 * STALE_SECONDS if spoil == "stale" else 0
    stamp = str(int((time.time() - lag) * 1000))
    sign = signature(secrets.token_hex(16) if spoil == "forged" else secret, stamp)
    if spoil == "tampered":
        sign = ("A" if sign[0] != "A" else "B") + sign[1:]
    if spoil == "oversized":
        body = json.dumps({**json.loads(body), "padding": "x" * OVERSIZE_BYTES})
    content = _nested() if spoil == "bomb" else body.encode()
    return Packed({}, content, {"Content-Type": "application/json; charset=utf-8", "timestamp": stamp, "sign": sign})


def _nested() -> bytes:
    """JSON's bomb: a hundred thousand brackets."""
    return b"[" * 100_000 + b"]" * 100_000


def _event_taken(sandbox: Sandbox, answer: Answer) -> bool:
    """Only a rightly sealed and signed `success` ends an event."""
    try:
        found = json.loads(answer.body)
        sealed, own = str(found["encrypt"]), envelope(sandbox)
        is_signed = own.is_signed(str(found["msg_signature"]), str(found["timeStamp"]), str(found["nonce"]), sealed)
        return answer.status == 200 and is_signed and own.open(sealed) == "success"
    except (ValueError, KeyError, TypeError, BadEnvelope):
        return False


def _robot_taken(_: Sandbox, answer: Answer) -> bool:
    return answer.status == 200


def _robot_heard(sandbox: Sandbox, row: sqlite3.Row, answer: Answer) -> None:
    """The robot may answer in the same breath: a message as it would send."""
    try:
        found = json.loads(answer.body) if answer.status == 200 else {}
        content = _content(found) if isinstance(found, dict) and found.get("msgtype") else None
    except (ValueError, Refusal):
        return
    if content is not None:
        chats.add(sandbox, "dingtalk", "robot", "group", found["msgtype"], {**content, "to": row["sender"]})


TARGETS = {
    EVENTS: Target(EVENTS, _pack_event, _event_taken, gaps=(5, 5)),
    ROBOT: Target(ROBOT, _pack_robot, _robot_taken, _robot_heard, gaps=()),
}
"""Events are repeated (how often is assumed); what the robot heard is said once."""
