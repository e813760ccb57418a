"""Alipay: the gateway with signed forms (RSA2), a life channel's followers, mini-program codes, and its news to us.

The codes of the life channel (PUB.*) and the window of the timestamp are assumed.
"""

from __future__ import annotations

import base64
import json
import re
import secrets
import time
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl, unquote, urlencode
from xml.etree.ElementTree import ParseError
from xml.sax.saxutils import escape

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey, generate_private_key
from defusedxml.ElementTree import fromstring
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from sandboxes import callbacks, chats
from sandboxes.callbacks import STALE_SECONDS, Answer, Packed, Target, is_loopback
from sandboxes.control import PAGES
from sandboxes.ground import CHINA, LARGEST_BODY, Json, Refusal, Sandbox, read_object
from sandboxes.wechat.callbacks import OVERSIZE_BYTES
from sandboxes.wechat.oauth import new_code, with_query

LIFE = "alipay_life"
HOLDER = "sandbox_alipay"
"""The cookie that says whose Alipay this browser is; the phone page sets it."""
WINDOW_SECONDS = 900
WINDOW_HOURS = 48
"""For words after something the user did."""
CODE_SECONDS = 300
SAID = "alipay.mobile.public.message.notify"
CHECK = "alipay.service.check"


def content_of(parameters: dict[str, str]) -> str:
    """What is signed: everything but `sign` that is not empty, by name."""
    return "&".join(f"{name}={parameters[name]}" for name in sorted(parameters) if name != "sign" and parameters[name])


def signed(key: RSAPrivateKey, text: str) -> str:
    """RSA2."""
    return base64.b64encode(key.sign(text.encode(), PKCS1v15(), hashes.SHA256())).decode()


def _own(sandbox: Sandbox) -> RSAPrivateKey:
    pem = (sandbox.options.state_dir / "alipay_private.pem").read_bytes()
    key = serialization.load_pem_private_key(pem, password=None)
    if not isinstance(key, RSAPrivateKey):
        raise TypeError("alipay_private.pem is not an RSA key")
    return key


def _theirs(sandbox: Sandbox) -> RSAPublicKey:
    """The public key that the app's owner would have entered in the console."""
    pem = sandbox.credentials.sections["alipay"]["app_private_key"].encode()
    key = serialization.load_pem_private_key(pem, password=None)
    if not isinstance(key, RSAPrivateKey):
        raise TypeError("the app's key is not an RSA key")
    return key.public_key()


def _is_signed(key: RSAPublicKey, text: str, signature: str) -> bool:
    try:
        key.verify(base64.b64decode(signature, validate=True), text.encode(), PKCS1v15(), hashes.SHA256())
    except (ValueError, InvalidSignature):
        return False
    return True


def refused(code: str, sub: str, words: str) -> Refusal:
    """The gateway answers refusals with HTTP 200 too."""
    return Refusal({"code": code, "msg": "Business Failed", "sub_code": sub, "sub_msg": words})


def routes(sandbox: Sandbox) -> list[Route]:
    """Mounted at /alipay."""
    section, own, theirs = sandbox.credentials.sections["alipay"], _own(sandbox), _theirs(sandbox)

    async def gateway(request: Request) -> Response:
        """`POST /gateway.do`: every method."""
        name, asked = "error", {}
        try:
            asked = await _asked(request)
            _check(section, theirs, asked)
            handle = METHODS.get(asked["method"])
            if handle is None:
                raise refused("40004", "isv.invalid-method", "不存在的方法名")
            name = asked["method"].replace(".", "_")
            if fault := sandbox.faults.take("alipay", "refuse"):
                raise refused("40004", fault.code or "isp.unknow-error", "planned")
            content = {"code": "10000", "msg": "Success", **handle(sandbox, section, asked)}
        except Refusal as refusal:
            content = refusal.content
        raw = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
        sign = signed(generate_private_key(65537, 2048) if sandbox.faults.take("alipay", "unsigned") else own, raw)
        return PlainTextResponse(f'{{"{name}_response":{raw},"sign":"{sign}"}}', media_type="text/html;charset=utf-8")

    async def act(request: Request) -> Response:
        """`POST /sandbox/{follow, unfollow, write, tap, enter} {person, text?, key?}`."""
        asked = await read_object(request) or {}
        person, what = asked.get("person"), request.url.path.rpartition("/")[2]
        if not isinstance(person, str) or not person or len(person) > 40:
            return Json({"error": "person"}, 422)
        user = _user(sandbox, person)
        if what in ("follow", "unfollow"):
            at = sandbox.now() if what == "follow" else None
            sandbox.state.run("update alipay_user set followed_at = ? where person = ?", at, person)
        sandbox.state.set(f"alipay_act:{user}", str(sandbox.now()))
        fields = _said(sandbox, section, user, what, asked)
        return Json({"user_id": user, "callback_id": callbacks.plan(sandbox, LIFE, user, json.dumps(fields))})

    async def code(request: Request) -> Response:
        """`POST /sandbox/auth-code {person}`: what `my.getAuthCode` gives."""
        asked = await read_object(request) or {}
        user = _user(sandbox, str(asked.get("person", ""))[:40] or "某人")
        return Json({"auth_code": new_code(sandbox, "alipay", "auth_base", user), "user_id": user})

    async def authorise(request: Request) -> Response:
        """`GET /oauth2/publicAppAuthorize.htm`: silently back with `auth_code` and `state`.

        Who it is says the cookie of the phone page, or `sandbox_person`. The way back is this machine only (assumed).
        """
        asked = request.query_params
        person = (asked.get("sandbox_person") or unquote(request.cookies.get(HOLDER, "")))[:40]
        way_back = asked.get("redirect_uri", "")
        if asked.get("app_id") != section["app_id"] or asked.get("scope") != "auth_base" or not person:
            return PlainTextResponse("app_id, scope, sandbox_person", 400)
        if not is_loopback(way_back):
            return PlainTextResponse("redirect_uri 与应用回调地址不一致", 400)
        made = {
            "auth_code": new_code(sandbox, "alipay", "auth_base", _user(sandbox, person)),
            "state": asked.get("state", ""),
        }
        return RedirectResponse(with_query(way_back, app_id=section["app_id"], scope="auth_base", **made))

    async def phone(request: Request) -> Response:
        """`GET /sandbox/phone?person=`: the chat with the life channel."""
        user = _user(sandbox, request.query_params.get("person", "")[:40] or "某人")
        row = sandbox.state.row("select followed_at from alipay_user where user_id = ?", user)
        chat = chats.of(sandbox, "alipay", LIFE, user)
        return Json({"user_id": user, "is_following": bool(row and row["followed_at"]), "chat": chat})

    async def page(_: Request) -> Response:
        return HTMLResponse((PAGES / "alipay.html").read_text())

    async def verify_url(_: Request) -> Response:
        """`POST /sandbox/verify-url`: the console's check of our address."""
        return await _verify(sandbox, own, theirs)

    async def set_callback(request: Request) -> Response:
        return await callbacks.set_from(sandbox, request, (LIFE,))

    acts = [
        Route(f"/sandbox/{what}", act, methods=["POST"]) for what in ("follow", "unfollow", "write", "tap", "enter")
    ]
    return [
        Route("/gateway.do", gateway, methods=["GET", "POST"]),
        Route("/oauth2/publicAppAuthorize.htm", authorise, methods=["GET"]),
        *acts,
        Route("/sandbox/auth-code", code, methods=["POST"]),
        Route("/sandbox/phone", phone, methods=["GET"]),
        Route("/sandbox/", page, methods=["GET"]),
        Route("/sandbox/verify-url", verify_url, methods=["POST"]),
        Route("/sandbox/callback", set_callback, methods=["POST"]),
    ]


async def _asked(request: Request) -> dict[str, str]:
    body = await request.body()
    if len(body) > LARGEST_BODY:
        raise refused("40002", "isv.request-too-large", "请求过大")
    pairs = [*request.query_params.multi_items(), *parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True)]
    return dict(pairs)


def _check(section: dict[str, Any], theirs: RSAPublicKey, asked: dict[str, str]) -> None:
    if asked.get("app_id") != section["app_id"]:
        raise refused("40002", "isv.invalid-app-id", "无效的AppID参数")
    for name in ("method", "charset", "sign_type", "timestamp", "version"):
        if not asked.get(name):
            raise refused("40001", f"isv.missing-{name.replace('_', '-')}", f"缺少{name}参数")
    if not asked.get("sign"):
        raise refused("40001", "isv.missing-signature", "缺少签名参数")
    if asked["sign_type"] != "RSA2" or not _is_signed(theirs, content_of(asked), asked["sign"]):
        raise refused("40002", "isv.invalid-signature", "验签出错")
    try:
        at = datetime.strptime(asked["timestamp"], "%Y-%m-%d %H:%M:%S").replace(tzinfo=CHINA).timestamp()
    except ValueError:
        raise refused("40002", "isv.invalid-timestamp", "非法的时间戳参数") from None
    if abs(time.time() - at) > WINDOW_SECONDS:
        raise refused("40002", "isv.invalid-timestamp", "非法的时间戳参数")


def _content(asked: dict[str, str]) -> dict[str, Any]:
    try:
        content = json.loads(asked.get("biz_content", ""))
    except (ValueError, RecursionError):
        content = None
    if not isinstance(content, dict):
        raise refused("40002", "isv.invalid-parameter", "biz_content")
    return content


def _template(section: dict[str, Any], number: Any) -> dict[str, Any]:
    for template in section["templates"].values():
        if template["template_id"] == number:
            return dict(template)
    raise refused("40004", "PUB.TEMPLATE_NOT_EXIST", "模板不存在")


def _lines(template: dict[str, Any], given: Any) -> list[list[str]]:
    lines = []
    for key, label in template["places"]:
        value = (
            given.get(key, {}).get("value") if isinstance(given, dict) and isinstance(given.get(key), dict) else None
        )
        if not isinstance(value, str) or not value.strip():
            raise refused("40004", "PUB.TEMPLATE_CONTEXT_ERROR", f"模板参数 {key}")
        lines.append([label, value])
    return lines


def _send(sandbox: Sandbox, section: dict[str, Any], asked: dict[str, str]) -> dict[str, Any]:
    """`alipay.open.public.message.single.send`: to a follower."""
    content = _content(asked)
    user, template = str(content.get("to_user_id", "")), content.get("template")
    row = sandbox.state.row("select followed_at from alipay_user where user_id = ?", user)
    if row is None:
        raise refused("40004", "PUB.USER_NOT_EXIST", "用户不存在")
    if row["followed_at"] is None:
        raise refused("40004", "PUB.USER_NOT_FOLLOW", "用户未关注")
    found = _template(section, template.get("template_id") if isinstance(template, dict) else None)
    context = template.get("context") if isinstance(template, dict) else None
    shown = {"title": found["title"], "lines": _lines(found, context), "url": str((context or {}).get("url", ""))}
    number = chats.add(sandbox, "alipay", LIFE, user, "template", shown)
    return {"msg_id": f"alipay{number:012d}"}


def _send_mini(sandbox: Sandbox, section: dict[str, Any], asked: dict[str, str]) -> dict[str, Any]:
    """`alipay.open.app.mini.templatemessage.send`: `data` is JSON in JSON, as the platform wants it."""
    content = _content(asked)
    user = str(content.get("to_user_id", ""))
    if sandbox.state.row("select 1 from alipay_user where user_id = ?", user) is None:
        raise refused("40004", "PUB.USER_NOT_EXIST", "用户不存在")
    found = _template(section, content.get("user_template_id"))
    try:
        data = json.loads(content.get("data", ""))
    except (ValueError, TypeError):
        raise refused("40004", "PUB.TEMPLATE_CONTEXT_ERROR", "data") from None
    shown = {"title": found["title"], "lines": _lines(found, data), "page": str(content.get("page", ""))}
    chats.add(sandbox, "alipay", LIFE, user, "template", shown)
    return {}


def _token(sandbox: Sandbox, _: dict[str, Any], asked: dict[str, str]) -> dict[str, Any]:
    """`alipay.system.oauth.token`: a code is good once, 5 minutes (assumed)."""
    row = sandbox.state.row("select * from oauth_code where code = ? and app = 'alipay'", asked.get("code", ""))
    if asked.get("grant_type") != "authorization_code" or row is None or row["used_at"] is not None:
        raise refused("40002", "isv.code-invalid", "授权码code无效")
    if sandbox.now() - row["made_at"] > CODE_SECONDS:
        raise refused("40002", "isv.code-invalid", "授权码code无效")
    sandbox.state.run("update oauth_code set used_at = ? where code = ?", sandbox.now(), asked["code"])
    return {
        "user_id": row["holder"], "open_id": row["holder"][::-1], "access_token": secrets.token_hex(20), "expires_in": 1296000,
        "refresh_token": secrets.token_hex(20), "re_expires_in": 2592000,
    }  # fmt: skip


def _answer(sandbox: Sandbox, _: dict[str, Any], asked: dict[str, str]) -> dict[str, Any]:
    """`alipay.open.public.message.custom.send`: to a follower, within 48 hours of what they did; texts only here."""
    content = _content(asked)
    user, text = str(content.get("to_user_id", "")), content.get("text")
    row = sandbox.state.row("select followed_at from alipay_user where user_id = ?", user)
    if row is None:
        raise refused("40004", "PUB.USER_NOT_EXIST", "用户不存在")
    if row["followed_at"] is None:
        raise refused("40004", "PUB.USER_NOT_FOLLOW", "用户未关注")
    words = text.get("content") if isinstance(text, dict) else None
    if content.get("msg_type") != "text" or not isinstance(words, str) or not words:
        raise refused("40002", "isv.invalid-parameter", "msg_type or text")
    if sandbox.now() - float(sandbox.state.setting(f"alipay_act:{user}", "0")) > WINDOW_HOURS * 3600:
        raise refused("40004", "PUB.SEND_TIME_LIMIT", "超过互动时间")  # the code's name is assumed
    chats.add(sandbox, "alipay", LIFE, user, "text", {"content": words})
    return {}


METHODS = {
    "alipay.open.public.message.custom.send": _answer,
    "alipay.open.public.message.single.send": _send,
    "alipay.open.app.mini.templatemessage.send": _send_mini,
    "alipay.system.oauth.token": _token,
}


def _user(sandbox: Sandbox, person: str) -> str:
    """The user's number, 16 digits beginning with 2088; made at the first look."""
    sandbox.state.run(
        "insert into alipay_user values (?, ?, null) on conflict do nothing",
        person,
        f"2088{secrets.randbelow(10**12):012d}",
    )
    row = sandbox.state.row("select user_id from alipay_user where person = ?", person)
    return str(row["user_id"]) if row else ""


EVENTS = {"follow": "follow", "unfollow": "unfollow", "tap": "click", "enter": "enter"}


def _said(sandbox: Sandbox, section: dict[str, Any], user: str, what: str, asked: dict[str, Any]) -> dict[str, Any]:
    fields: dict[str, Any] = {
        "AppId": section["app_id"], "FromAlipayUserId": user, "FromUserId": user, "MsgId": secrets.token_hex(12),
    }  # fmt: skip
    if what != "write":
        return {**fields, "MsgType": "event", "EventType": EVENTS[what], "ActionParam": str(asked.get("key", ""))[:128]}
    text = str(asked.get("text", ""))[:2000]
    chats.add(sandbox, "alipay", LIFE, user, "text", {"content": text}, is_ours=False)
    return {**fields, "MsgType": "text", "Text": {"Content": text}}


def _xml(fields: dict[str, Any]) -> str:
    def part(name: str, value: Any) -> str:
        inner = "".join(part(n, v) for n, v in value.items()) if isinstance(value, dict) else escape(str(value))
        return f"<{name}>{inner}</{name}>"

    return "<XML>" + "".join(part(name, value) for name, value in fields.items()) + "</XML>"


def _form(key: RSAPrivateKey, service: str, content: str) -> dict[str, str]:
    given = {"service": service, "charset": "UTF-8", "sign_type": "RSA2", "biz_content": content}
    return given | {"sign": signed(key, content_of(given))}


BOMB = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]><XML><AppId>&b;</AppId></XML>'


def _pack(sandbox: Sandbox, body: str, spoil: str) -> Packed:
    lag = 2 * STALE_SECONDS if spoil == "stale" else 0
    fields = {**json.loads(body), "CreateTime": int((time.time() - lag) * 1000)}
    if spoil == "oversized":
        fields["Padding"] = "x" * OVERSIZE_BYTES
    key = generate_private_key(65537, 2048) if spoil == "forged" else _own(sandbox)
    given = _form(key, SAID, BOMB if spoil == "bomb" else _xml(fields))
    if spoil == "tampered":
        given["biz_content"] = given["biz_content"].replace("<XML>", "<XML><Extra>1</Extra>", 1)
    return Packed({}, urlencode(given).encode(), {"Content-Type": "application/x-www-form-urlencoded;charset=UTF-8"})


def _answer_of(sandbox: Sandbox, body: bytes) -> str:
    """What stands inside a rightly signed `<alipay>` answer; ValueError otherwise."""
    try:
        text = body.decode()
        root = fromstring(text)
    except (ParseError, UnicodeDecodeError) as error:
        raise ValueError("not XML") from error
    inner = re.search(r"<response>(.*)</response>", text, re.DOTALL)
    signature = root.findtext("sign") or ""
    if root.tag != "alipay" or inner is None or not _is_signed(_theirs(sandbox), inner[1], signature):
        raise ValueError("not signed by the app")
    return inner[1]


def _is_taken(sandbox: Sandbox, answer: Answer) -> bool:
    try:
        return answer.status == 200 and "<MsgType>ack</MsgType>" in _answer_of(sandbox, answer.body)
    except ValueError:
        return False


async def _verify(sandbox: Sandbox, own: RSAPrivateKey, theirs: RSAPublicKey) -> Json:
    """A POST whose answer must hold the app's public key, signed."""
    app_id = sandbox.credentials.sections["alipay"]["app_id"]
    given = _form(own, CHECK, _xml({"AppId": app_id, "EventType": "verifygw"}))
    answer = await callbacks.post_once(sandbox, LIFE, urlencode(given).encode(), "application/x-www-form-urlencoded")
    bare = base64.b64encode(
        theirs.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    ).decode()
    try:
        is_good = answer.status == 200 and f"<biz_content>{bare}</biz_content>" in _answer_of(sandbox, answer.body)
    except ValueError:
        is_good = False
    return Json({"is_good": is_good, "status": answer.status}, 200 if is_good else 422)


TARGETS = {LIFE: Target(LIFE, _pack, _is_taken, gaps=(5, 5))}
"""How often a message is repeated is assumed."""
