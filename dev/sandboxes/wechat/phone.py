"""What the WeChat app on somebody's phone does for a mini program: it knows who holds it and makes codes."""

from __future__ import annotations

import base64
import json
import re
import secrets
import sqlite3
from typing import Any

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.padding import PKCS7
from starlette.requests import Request

from sandboxes import tokens
from sandboxes.ground import Refusal, Sandbox, read_object
from sandboxes.wechat.apps import Apps
from sandboxes.wechat.mini import new_session_key, session_key_of


def paths(sandbox: Sandbox, apps: Apps) -> dict[tuple[str, str], Any]:
    """Method and path of each act."""
    phone = Phone(sandbox, apps)
    return {
        ("POST", "/sandbox/users"): phone.register,
        ("GET", "/sandbox/users"): phone.listed,
        ("POST", "/sandbox/wx-login"): phone.login,
        ("POST", "/sandbox/phone-code"): phone.phone_code,
        ("POST", "/sandbox/phone-encrypted"): phone.phone_encrypted,
        ("POST", "/sandbox/revoke-tokens"): phone.revoke_tokens,
    }


class Phone:
    """Users and their codes."""

    def __init__(self, sandbox: Sandbox, apps: Apps) -> None:
        self.sandbox = sandbox
        self.apps = apps

    async def register(self, request: Request) -> dict[str, Any]:
        """`POST /wechat/sandbox/users`: one `{person, unionid?, phone?, nickname?}`, or `{"users": [...]}`."""
        asked = await read_object(request) or {}
        users = asked.get("users", [asked])
        if not isinstance(users, list) or not all(isinstance(u, dict) and u.get("person") for u in users):
            raise Refusal({"error": "each user needs person (any text naming the human)"}, 422)
        with self.sandbox.state.change():
            made = [self.apps.save(user) for user in users]
        return {"users": [dict(user) for user in made]}

    async def listed(self, _: Request) -> dict[str, Any]:
        """`GET /wechat/sandbox/users`: who has WeChat here."""
        return {"users": [dict(user) for user in self.sandbox.state.rows("select * from wechat_user order by person")]}

    async def login(self, request: Request) -> dict[str, Any]:
        """`POST /wechat/sandbox/wx-login {person | unionid | openid | phone}`: what `wx.login` gives, `{code}`.

        A `person` not seen before gets WeChat at once.
        """
        user = self.apps.user(await read_object(request) or {})
        new_session_key(self.sandbox, user["openid"])
        return {"errMsg": "login:ok", "code": self._code("login", user["openid"], None), "openid": user["openid"]}

    async def phone_code(self, request: Request) -> dict[str, Any]:
        """`POST /wechat/sandbox/phone-code {person | openid | …, phone?}`: what the phone button gives, `{code}`."""
        asked = await read_object(request) or {}
        user, phone = self._button(asked)
        return {"errMsg": "getPhoneNumber:ok", "code": self._code("phone", user["openid"], phone)}

    async def phone_encrypted(self, request: Request) -> dict[str, Any]:
        """`POST …/phone-encrypted {person | openid | …, phone?}`: the same in an older WeChat, `{encryptedData, iv}`."""
        user, phone = self._button(await read_object(request) or {})
        key = session_key_of(self.sandbox, user["openid"])
        if not key:
            raise Refusal({"error": "wx.login comes first"}, 409)
        mark = {"timestamp": int(self.sandbox.now()), "appid": self.apps.mini.app_id}
        told = {"phoneNumber": phone, "purePhoneNumber": phone, "countryCode": "86", "watermark": mark}
        vector, padder = secrets.token_bytes(16), PKCS7(128).padder()
        plain = padder.update(json.dumps(told).encode()) + padder.finalize()
        cipher = Cipher(algorithms.AES128(base64.b64decode(key)), modes.CBC(vector)).encryptor()
        data = base64.b64encode(cipher.update(plain) + cipher.finalize()).decode()
        return {"errMsg": "getPhoneNumber:ok", "encryptedData": data, "iv": base64.b64encode(vector).decode()}

    def _button(self, asked: dict[str, Any]) -> tuple[sqlite3.Row, str]:
        user = self.apps.user({name: asked[name] for name in asked if name != "phone"} or asked)
        phone = asked.get("phone") or user["phone"]
        if not isinstance(phone, str) or not re.fullmatch(r"1[3-9]\d{9}", phone):
            raise Refusal({"error": "phone missing or malformed"}, 422)
        return user, phone

    async def revoke_tokens(self, request: Request) -> dict[str, Any]:
        """`POST /wechat/sandbox/revoke-tokens {app_id?}`: access tokens become invalid (as after a forced refresh)."""
        wanted = (await read_object(request) or {}).get("app_id")
        chosen = [app.app_id for app in self.apps.all if wanted in (None, app.app_id)]
        return {"revoked": sum(tokens.revoke(self.sandbox, app_id) for app_id in chosen)}

    def _code(self, kind: str, openid: str, phone: str | None) -> str:
        code = secrets.token_urlsafe(24)
        self.sandbox.state.run(
            "insert into wechat_code values (?, ?, ?, ?, ?, null)", code, kind, openid, phone, self.sandbox.now()
        )
        return code
