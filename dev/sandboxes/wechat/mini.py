"""The mini program's server interfaces: sign-in, phone number, links and codes that open it, checking of texts."""

from __future__ import annotations

import base64
import hmac
import secrets
import sqlite3
import struct
import zlib
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from sandboxes.errcodes import asked_of, done, refused
from sandboxes.ground import Sandbox
from sandboxes.wechat.apps import MINI, Apps

CODE_SECONDS = 300
SIGN_IN_PER_MINUTE = 100
LINK_LONGEST_SECONDS = 30 * 86_400
VISIT_SECONDS = 7200
"""A text is checked only for somebody who used the mini program in the last two hours."""
VERSIONS = frozenset({"release", "trial", "develop"})
RISKY = ("特3456书yuuo莞6543李zxcz蒜7782法fgnv级", "代开发票", "出售发票")
"""Contains the platform's own published sample of a bad text; the rest is ours (assumed)."""
SCENE = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!#$&'()*+,/:;=?@-._~")


def paths(sandbox: Sandbox, apps: Apps) -> dict[tuple[str, str], Any]:
    """Method and path of each interface."""
    mini = Mini(sandbox, apps)
    return {
        ("GET", "/sns/jscode2session"): mini.sign_in,
        ("POST", "/wxa/business/getuserphonenumber"): mini.phone_number,
        ("GET", "/wxa/checksession"): mini.check_session,
        ("GET", "/wxa/resetusersessionkey"): mini.reset_session,
        ("POST", "/wxa/generate_urllink"): mini.url_link,
        ("POST", "/wxa/generatescheme"): mini.scheme,
        ("POST", "/wxa/getwxacodeunlimit"): mini.code_picture,
        ("POST", "/wxa/msg_sec_check"): mini.check_text,
    }


def session_key_of(sandbox: Sandbox, openid: str) -> str:
    """Under what WeChat encrypts for this user now; empty before the first sign-in."""
    return sandbox.state.setting(f"session_key:{openid}", "")


def new_session_key(sandbox: Sandbox, openid: str) -> str:
    """Another key from now on: each `wx.login` makes one (assumed: always)."""
    key = base64.b64encode(secrets.token_bytes(16)).decode()
    sandbox.state.set(f"session_key:{openid}", key)
    return key


class Mini:
    """The documented interfaces."""

    def __init__(self, sandbox: Sandbox, apps: Apps) -> None:
        self.sandbox = sandbox
        self.apps = apps

    async def sign_in(self, request: Request) -> dict[str, Any]:
        """`GET /sns/jscode2session`: a code is good once, for five minutes."""
        asked = request.query_params
        app = self.apps.by_secret(asked.get("appid"), asked.get("secret"))
        if app.kind != MINI:
            raise refused("48001")
        if asked.get("grant_type") != "authorization_code":
            raise refused("40002")
        if not asked.get("js_code"):
            raise refused("41008")
        code = self._fresh(asked["js_code"], "login")
        self.apps.limit(f"sign_in:{code['openid']}", SIGN_IN_PER_MINUTE)
        self._spend(code)
        user = self.apps.holder(app, code["openid"])
        if user is None:
            raise refused("40029")
        self.sandbox.state.set(f"visit:{user['openid']}", str(self.sandbox.now()))
        session_key = session_key_of(self.sandbox, user["openid"]) or new_session_key(self.sandbox, user["openid"])
        return {"session_key": session_key, "openid": user["openid"], "unionid": user["unionid"]}

    async def check_session(self, request: Request) -> dict[str, Any]:
        """`GET /wxa/checksession?openid=&signature=&sig_method=hmac_sha256`: 87009 when the signature is of another key."""
        self._signed_session(request)
        return done()

    async def reset_session(self, request: Request) -> dict[str, Any]:
        """`GET /wxa/resetusersessionkey`: the former key ends, the answer has the new one."""
        openid = self._signed_session(request)
        return done(openid=openid, session_key=new_session_key(self.sandbox, openid))

    def _signed_session(self, request: Request) -> str:
        app, asked = self.apps.by_token(request, MINI), request.query_params
        user = self.apps.holder(app, asked.get("openid"))
        if user is None:
            raise refused("40003")
        if asked.get("sig_method") != "hmac_sha256":
            raise refused("40097")
        key = session_key_of(self.sandbox, user["openid"])
        # The key is taken as it is written, in base64 (assumed).
        signature = hmac.digest(key.encode(), b"", "sha256").hex()
        if not key or not hmac.compare_digest(signature, str(asked.get("signature", ""))):
            raise refused("87009")
        return str(user["openid"])

    async def phone_number(self, request: Request) -> dict[str, Any]:
        """`POST /wxa/business/getuserphonenumber`: the number behind a code of the phone button."""
        app = self.apps.by_token(request, MINI)
        asked = await asked_of(request)
        if not isinstance(asked.get("code"), str):
            raise refused("41008")
        code = self._fresh(asked["code"], "phone")
        self._spend(code)
        info = {
            "phoneNumber": code["phone"],
            "purePhoneNumber": code["phone"],
            "countryCode": "86",
            "watermark": {"timestamp": int(self.sandbox.now()), "appid": app.app_id},
        }
        return done(phone_info=info)

    async def url_link(self, request: Request) -> dict[str, Any]:
        """`POST /wxa/generate_urllink`: an https link that opens a page, at most 30 days."""
        app = self.apps.by_token(request, MINI)
        asked = await asked_of(request)
        link = f"{self.sandbox.options.public_url}/wechat/sandbox/link/{secrets.token_urlsafe(8)}"
        self._keep(app.app_id, "url_link", link, asked, asked)
        return done(url_link=link)

    async def scheme(self, request: Request) -> dict[str, Any]:
        """`POST /wxa/generatescheme`: a `weixin://` link that opens a page, at most 30 days."""
        app = self.apps.by_token(request, MINI)
        asked = await asked_of(request)
        page = asked.get("jump_wxa", {})
        if not isinstance(page, dict):
            raise refused("40097")
        link = f"weixin://dl/business/?t={secrets.token_hex(6)}"
        self._keep(app.app_id, "scheme", link, page, asked)
        return done(openlink=link)

    async def code_picture(self, request: Request) -> Response:
        """`POST /wxa/getwxacodeunlimit`: a picture to scan; scene of at most 32 visible characters."""
        app = self.apps.by_token(request, MINI)
        asked = await asked_of(request)
        scene, page = asked.get("scene"), asked.get("page", "pages/index/index")
        if not isinstance(scene, str) or not 1 <= len(scene) <= 32 or not set(scene) <= SCENE:
            raise refused("40129")
        if not isinstance(page, str) or page.startswith("/") or "?" in page:
            raise refused("41030")
        if str(asked.get("env_version", "release")) not in VERSIONS:
            raise refused("40097")
        self.apps.limit("wxacode", self.sandbox.options.limits.code_per_minute)
        text = f"{app.app_id} {page} {scene}"
        return Response(_picture(text), media_type="image/png")

    async def check_text(self, request: Request) -> dict[str, Any]:
        """`POST /wxa/msg_sec_check` version 2: pass or risky."""
        app = self.apps.by_token(request, MINI)
        asked = await asked_of(request)
        content, scene = asked.get("content"), asked.get("scene")
        if asked.get("version") != 2 or scene not in (1, 2, 3, 4):
            raise refused("40097")
        if not isinstance(content, str) or not content:
            raise refused("44004")
        if len(content) > 2500:
            raise refused("45002")
        user = self.apps.holder(app, asked.get("openid"))
        if user is None:
            raise refused("40003")
        visited = float(self.sandbox.state.setting(f"visit:{user['openid']}", "0"))
        if self.sandbox.now() - visited > VISIT_SECONDS:
            raise refused("61010")
        suggest, label = ("risky", 20006) if any(word in content for word in RISKY) else ("pass", 100)
        detail = {"strategy": "content_model", "errcode": 0, "suggest": suggest, "label": label, "prob": 90}
        result = {"suggest": suggest, "label": label}
        return done(result=result, detail=[detail], trace_id=secrets.token_hex(12))

    def _keep(self, app_id: str, kind: str, link: str, page: dict[str, Any], asked: dict[str, Any]) -> None:
        path, query = page.get("path", ""), page.get("query", "")
        if not isinstance(path, str) or "?" in path or len(path) > 1024:
            raise refused("40165")
        if not isinstance(query, str) or len(query) > 1024 or str(page.get("env_version", "release")) not in VERSIONS:
            raise refused("85402" if isinstance(query, str) and len(query) <= 1024 else "40097")
        now = self.sandbox.now()
        expires = asked.get("expire_time")
        if asked.get("expire_type", 0) == 1:
            days = asked.get("expire_interval")
            expires = now + days * 86_400 if isinstance(days, int) else None
        elif expires is None:
            expires = now + LINK_LONGEST_SECONDS
        if not isinstance(expires, int | float) or not now + 60 <= expires <= now + LINK_LONGEST_SECONDS + 60:
            raise refused("85401")
        self.apps.limit_daily("link", self.sandbox.options.limits.link_daily)
        self.sandbox.state.run(
            "insert into wechat_link values (?, ?, ?, ?, ?, ?)", link, app_id, kind, path, query, expires
        )

    def _fresh(self, text: str, kind: str) -> sqlite3.Row:
        code = self.sandbox.state.row("select * from wechat_code where code = ? and kind = ?", text, kind)
        if code is None or self.sandbox.now() - code["made_at"] > CODE_SECONDS:
            raise refused("40029")
        return code

    def _spend(self, code: sqlite3.Row) -> None:
        spend = "update wechat_code set used_at = ? where code = ? and used_at is null"
        if self.sandbox.state.run(spend, self.sandbox.now(), code["code"]) == 0:
            raise refused("40163" if code["kind"] == "login" else "40029")


def _picture(text: str, side: int = 33, scale: int = 8) -> bytes:
    """A PNG that carries the text in a tEXt chunk and draws blocks of its hash: to scan here, not with a camera."""
    bits = bytearray()
    seed = zlib.crc32(text.encode())
    for _ in range(side):
        row = bytearray()
        for _ in range(side):
            seed = (seed * 1103515245 + 12345) & 0x7FFFFFFF
            row += (b"\x00" if seed >> 16 & 1 else b"\xff") * scale
        bits += (b"\x00" + bytes(row)) * scale
    header = struct.pack(">IIBBBBB", side * scale, side * scale, 8, 0, 0, 0, 0)
    chunks = (
        (b"IHDR", header),
        (b"tEXt", b"wxacode\x00" + text.encode("latin-1", "replace")),
        (b"IDAT", zlib.compress(bytes(bits))),
        (b"IEND", b""),
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    )
