"""The WeChat platform behind a mini program: sign-in codes, stable tokens, phone numbers, and a phone to make codes."""

from __future__ import annotations

import base64
import hashlib
import re
import secrets
import sqlite3
from typing import Any

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from sandboxes.ground import Json, Refusal, Sandbox, read_object

CODE_SECONDS = 300
TOKEN_SECONDS = 7200
OVERLAP_SECONDS = 300
FORCED_DAILY = 20
FORCED_GAP_SECONDS = 30
SIGN_IN_PER_MINUTE = 100
TOKEN_PER_MINUTE = 10_000

WORDS = {
    "-1": "system error",
    "40001": "invalid credential, access_token is invalid or not latest",
    "40002": "invalid grant_type",
    "40013": "invalid appid",
    "40014": "invalid access_token",
    "40029": "invalid code",
    "40125": "invalid appsecret",
    "40163": "code been used",
    "40226": "code blocked",
    "41001": "access_token missing",
    "41002": "appid missing",
    "41004": "appsecret missing",
    "41008": "missing code",
    "42001": "access_token expired",
    "45009": "reach max api daily quota limit",
    "45011": "api minute-quota reach limit, must slower, retry next minute",
    "47001": "data format error",
}
"""The platform's own English for each errcode."""


def refused(code: str) -> Refusal:
    """An errcode answer; the platform gives these with HTTP 200 and a trace id."""
    return Refusal({"errcode": int(code), "errmsg": f"{WORDS.get(code, 'error')}, rid: {secrets.token_hex(12)}"})


def routes(sandbox: Sandbox) -> list[Route]:
    """Mounted at /wechat."""
    platform, phone = Platform(sandbox), Phone(sandbox)

    def guarded(handle: Any, *, plain: bool = False) -> Any:
        async def answer(request: Request) -> Response:
            fault = None if "/sandbox/" in request.url.path else sandbox.faults.take("wechat", "errcode")
            try:
                if fault:
                    raise refused(fault.code or "-1")
                content, status = await handle(request), 200
            except Refusal as refusal:
                content, status = refusal.content, refusal.status
            body = Json(content, status)
            # sns/jscode2session really answers JSON as text/plain.
            return PlainTextResponse(body.body, status) if plain else body

        return answer

    return [
        Route("/sns/jscode2session", guarded(platform.sign_in, plain=True)),
        Route("/cgi-bin/stable_token", guarded(platform.stable_token), methods=["POST"]),
        Route("/wxa/business/getuserphonenumber", guarded(platform.phone_number), methods=["POST"]),
        Route("/sandbox/users", guarded(phone.register), methods=["POST"]),
        Route("/sandbox/users", guarded(phone.listed), methods=["GET"]),
        Route("/sandbox/wx-login", guarded(phone.login), methods=["POST"]),
        Route("/sandbox/phone-code", guarded(phone.phone_code), methods=["POST"]),
        Route("/sandbox/revoke-tokens", guarded(phone.revoke_tokens), methods=["POST"]),
    ]


class Platform:
    """The documented server interfaces."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox

    async def sign_in(self, request: Request) -> dict[str, Any]:
        """`GET /sns/jscode2session`: a code is good once, for five minutes."""
        asked = request.query_params
        self._app(asked.get("appid"), asked.get("secret"))
        if asked.get("grant_type") != "authorization_code":
            raise refused("40002")
        if not asked.get("js_code"):
            raise refused("41008")
        code = self._fresh(asked["js_code"], "login")
        self._limit(f"sign_in:{code['openid']}", SIGN_IN_PER_MINUTE)
        self._spend(code)
        user = self.sandbox.state.row("select * from wechat_user where openid = ?", code["openid"])
        if user is None:
            raise refused("40029")
        session_key = base64.b64encode(secrets.token_bytes(16)).decode()
        return {"session_key": session_key, "openid": user["openid"], "unionid": user["unionid"]}

    async def stable_token(self, request: Request) -> dict[str, Any]:
        """`POST /cgi-bin/stable_token`: the same token until its last five minutes, or a forced new one."""
        asked = await read_object(request)
        if asked is None:
            raise refused("47001")
        if asked.get("grant_type") != "client_credential":
            raise refused("40002")
        self._app(asked.get("appid"), asked.get("secret"))
        self._limit("token", TOKEN_PER_MINUTE)
        return self._forced() if asked.get("force_refresh") is True else self._normal()

    async def phone_number(self, request: Request) -> dict[str, Any]:
        """`POST /wxa/business/getuserphonenumber`: the number behind a code of the phone button."""
        self._token(request.query_params.get("access_token"))
        asked = await read_object(request)
        if asked is None:
            raise refused("47001")
        if not isinstance(asked.get("code"), str):
            raise refused("41008")
        code = self._fresh(asked["code"], "phone")
        self._spend(code)
        info = {
            "phoneNumber": code["phone"],
            "purePhoneNumber": code["phone"],
            "countryCode": "86",
            "watermark": {"timestamp": int(self.sandbox.now()), "appid": self.sandbox.credentials.app_id},
        }
        return {"errcode": 0, "errmsg": "ok", "phone_info": info}

    def _app(self, app_id: Any, secret: Any) -> None:
        if not app_id:
            raise refused("41002")
        if app_id != self.sandbox.credentials.app_id:
            raise refused("40013")
        if not secret:
            raise refused("41004")
        if not secrets.compare_digest(str(secret).encode(), self.sandbox.credentials.app_secret.encode()):
            raise refused("40125")

    def _fresh(self, text: str, kind: str) -> sqlite3.Row:
        code = self.sandbox.state.row("select * from wechat_code where code = ? and kind = ?", text, kind)
        if code is None or self.sandbox.now() - code["made_at"] > CODE_SECONDS:
            raise refused("40029")
        return code

    def _spend(self, code: sqlite3.Row) -> None:
        spend = "update wechat_code set used_at = ? where code = ? and used_at is null"
        if self.sandbox.state.run(spend, self.sandbox.now(), code["code"]) == 0:
            raise refused("40163" if code["kind"] == "login" else "40029")

    def _normal(self) -> dict[str, Any]:
        state, now = self.sandbox.state, self.sandbox.now()
        current = state.row(
            "select * from wechat_token where revoked = 0 and expires_at > ? order by made_at desc limit 1",
            now + OVERLAP_SECONDS,
        )
        if current:
            return {"access_token": current["token"], "expires_in": int(current["expires_at"] - now)}
        return self._new_token(now)

    def _forced(self) -> dict[str, Any]:
        state, now = self.sandbox.state, self.sandbox.now()
        today = "select count(*) from wechat_call where name = 'forced' and at > ?"
        if state.number(today, now - 86_400) >= FORCED_DAILY:
            raise refused("45009")
        if state.number(today, now - FORCED_GAP_SECONDS):
            raise refused("45011")
        with state.change():
            state.run("insert into wechat_call values ('forced', ?)", now)
            state.run("update wechat_token set revoked = 1 where revoked = 0")
        return self._new_token(now)

    def _new_token(self, now: float) -> dict[str, Any]:
        token = f"{secrets.randbelow(90) + 10}_" + secrets.token_urlsafe(96)
        self.sandbox.state.run("insert into wechat_token values (?, ?, ?, 0)", token, now, now + TOKEN_SECONDS)
        return {"access_token": token, "expires_in": TOKEN_SECONDS}

    def _token(self, text: str | None) -> None:
        if not text:
            raise refused("41001")
        if not re.fullmatch(r"\d{2}_[\w-]{20,}", text):
            raise refused("40014")
        token = self.sandbox.state.row("select * from wechat_token where token = ?", text)
        if token is None or token["revoked"]:
            raise refused("40001")
        if self.sandbox.now() >= token["expires_at"]:
            raise refused("42001")

    def _limit(self, name: str, per_minute: int) -> None:
        state, now = self.sandbox.state, self.sandbox.now()
        if state.number("select count(*) from wechat_call where name = ? and at > ?", name, now - 60) >= per_minute:
            raise refused("45011")
        state.run("delete from wechat_call where at < ?", now - 86_400)
        state.run("insert into wechat_call values (?, ?)", name, now)


class Phone:
    """What the WeChat app on somebody's phone does: it knows who holds it and makes codes."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox

    async def register(self, request: Request) -> dict[str, Any]:
        """`POST /wechat/sandbox/users`: one `{person, unionid?, phone?, nickname?}`, or `{"users": [...]}`."""
        asked = await read_object(request) or {}
        users = asked.get("users", [asked])
        if not isinstance(users, list) or not all(isinstance(u, dict) and u.get("person") for u in users):
            raise Refusal({"error": "each user needs person (any text naming the human)"}, 422)
        with self.sandbox.state.change():
            made = [self._save(user) for user in users]
        return {"users": [dict(user) for user in made]}

    async def listed(self, _: Request) -> dict[str, Any]:
        """`GET /wechat/sandbox/users`: who has WeChat here."""
        return {"users": [dict(user) for user in self.sandbox.state.rows("select * from wechat_user order by person")]}

    async def login(self, request: Request) -> dict[str, Any]:
        """`POST /wechat/sandbox/wx-login {person | unionid | openid | phone}`: what `wx.login` gives, `{code}`.

        A `person` not seen before gets WeChat at once.
        """
        user = self._user(await read_object(request) or {})
        return {"errMsg": "login:ok", "code": self._code("login", user["openid"], None), "openid": user["openid"]}

    async def phone_code(self, request: Request) -> dict[str, Any]:
        """`POST /wechat/sandbox/phone-code {person | openid | …, phone?}`: what the phone button gives, `{code}`."""
        asked = await read_object(request) or {}
        user = self._user({name: asked[name] for name in asked if name != "phone"} or asked)
        phone = asked.get("phone") or user["phone"]
        if not isinstance(phone, str) or not re.fullmatch(r"1[3-9]\d{9}", phone):
            raise Refusal({"error": "phone missing or malformed"}, 422)
        return {"errMsg": "getPhoneNumber:ok", "code": self._code("phone", user["openid"], phone)}

    async def revoke_tokens(self, _: Request) -> dict[str, Any]:
        """`POST /wechat/sandbox/revoke-tokens`: every access token becomes invalid (as after a forced refresh)."""
        return {"revoked": self.sandbox.state.run("update wechat_token set revoked = 1 where revoked = 0")}

    def _user(self, asked: dict[str, Any]) -> sqlite3.Row:
        for name in ("person", "openid", "unionid", "phone"):
            if asked.get(name):
                found = self.sandbox.state.row(
                    f"select * from wechat_user where {name} = ?",
                    str(asked[name]),
                )
                if found is None and name == "person":
                    return self._save(asked)
                if found is None:
                    raise Refusal({"error": f"no WeChat user with this {name}"}, 404)
                return found
        raise Refusal({"error": "name the user by person, openid, unionid or phone"}, 422)

    def _save(self, user: dict[str, Any]) -> sqlite3.Row:
        person = str(user["person"])
        digest = hashlib.sha256(f"{self.sandbox.credentials.app_id}:{person}".encode()).digest()
        openid = "o" + base64.urlsafe_b64encode(digest).decode()[:27]
        union = "oU" + base64.urlsafe_b64encode(hashlib.sha256(f"union:{person}".encode()).digest()).decode()[:26]
        self.sandbox.state.run(
            "insert into wechat_user values (?, ?, ?, ?, ?) on conflict (person) do update set"
            " unionid = coalesce(?, unionid), phone = coalesce(excluded.phone, phone), nickname = excluded.nickname",
            person,
            user.get("unionid") or union,
            openid,
            user.get("phone"),
            user.get("nickname") or person,
            user.get("unionid"),
        )
        saved = self.sandbox.state.row("select * from wechat_user where person = ?", person)
        if saved is None:
            raise RuntimeError("a saved user vanished")
        return saved

    def _code(self, kind: str, openid: str, phone: str | None) -> str:
        code = secrets.token_urlsafe(24)
        self.sandbox.state.run(
            "insert into wechat_code values (?, ?, ?, ?, ?, null)", code, kind, openid, phone, self.sandbox.now()
        )
        return code
