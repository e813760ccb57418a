"""WeChat's server interfaces for a mini program: sign-in, stable access token, phone number."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx

from palmtax.base.clock import SystemClock
from palmtax.identity.adapters import WeChatIdentity
from palmtax.identity.model.encrypted import BadEncrypted, opened, session_signature
from palmtax.identity.store import wechat_keys
from palmtax.plumbing.database import Database
from palmtax.plumbing.outbound import OutsideRefused, OutsideUnavailable, retrying
from palmtax.plumbing.tokens import TokenKeeper

SPENT_CODES = frozenset({"40029", "40163"})
"""Refusals that a fresh `wx.login` (or another tap on the phone button) cures."""
BLOCKED_CODES = frozenset({"40226"})
"""WeChat holds the user back as risky; another way to sign in is needed."""
TOKEN_CODES = frozenset({"40001", "40014", "42001"})
_CLOCK = SystemClock()
BUSY_CODES = frozenset({"-1", "45009", "45011"})


@dataclass(frozen=True)
class WeChatSettings:
    """One mini program: `app_id`, its `secret`, and the platform's address (production: https://api.weixin.qq.com)."""

    app_id: str
    secret: str = field(repr=False)
    base_url: str

    @classmethod
    def from_credentials(cls, section: Mapping[str, Any], base_url: str) -> WeChatSettings:
        """From the `wechat` section of a credentials file."""
        return cls(section["app_id"], section["app_secret"], base_url)


class WeChat:
    """A client of one mini program's interfaces; session keys never leave it, and lie sealed."""

    def __init__(self, settings: WeChatSettings, http: httpx.AsyncClient, database: Database) -> None:
        self._settings = settings
        self._http = http
        self._database = database
        self._tokens = TokenKeeper(database, f"wechat_mini:{settings.app_id}", self._fetch_token)

    @property
    def app_id(self) -> str:
        """The mini program these openids belong to."""
        return self._settings.app_id

    async def sign_in(self, js_code: str) -> WeChatIdentity:
        """Who made this `wx.login` code: good once, for five minutes. Refused with 40029, 40163, 40226, …"""
        query = {
            "appid": self._settings.app_id,
            "secret": self._settings.secret,
            "js_code": js_code,
            "grant_type": "authorization_code",
        }
        answer = await retrying("wechat", lambda: self._ask("GET", "/sns/jscode2session", query), tries=2)
        openid, unionid = answer.get("openid"), answer.get("unionid")
        if not isinstance(openid, str) or not openid:
            raise OutsideUnavailable("unreadable", "jscode2session without openid")
        await self._keep_key(openid, answer.get("session_key"))
        return WeChatIdentity(openid, unionid if isinstance(unionid, str) and unionid else None)

    async def phone_number(self, phone_code: str) -> str:
        """The mainland number behind a code of the phone button; `foreign_number` is refused by us."""
        path, body = "/wxa/business/getuserphonenumber", {"code": phone_code}
        answer = await retrying("wechat", lambda: self._ask_with_token("POST", path, {}, body), tries=2)
        return _mainland(answer.get("phone_info"))

    async def phone_in(self, openid: str, data: str, vector: str) -> str:
        """The mainland number that an older WeChat encrypted for us (`encryptedData`, `iv`); good once.

        Refused by us: `session_unknown`, `session_over`, `not_for_us`, `foreign_number`.
        """
        async with self._database.statement() as tx:
            key = await wechat_keys.key(tx, app_id=self.app_id, openid=openid)
        if key is None:
            raise OutsideRefused("session_unknown", "no sign-in before")
        try:
            found = opened(key, data, vector, app_id=self.app_id, now=_CLOCK.now())
        except BadEncrypted:
            is_alive = await self._is_alive(openid, key)
            raise OutsideRefused("not_for_us" if is_alive else "session_over", "cannot be opened") from None
        number = _mainland(found)
        await self._reset(openid, key)
        return number

    async def _is_alive(self, openid: str, key: str) -> bool:
        """Whether the platform still encrypts under this key (checksession)."""
        try:
            await self._ask_with_token("GET", "/wxa/checksession", _signed(openid, key))
        except OutsideRefused:
            return False
        return True

    async def _reset(self, openid: str, key: str) -> None:
        """End a key that was used, so that what was encrypted under it is worthless to whoever has a copy."""
        try:
            answer = await self._ask_with_token("GET", "/wxa/resetusersessionkey", _signed(openid, key))
            await self._keep_key(openid, answer.get("session_key"))
        except (OutsideRefused, OutsideUnavailable):
            async with self._database.transaction() as tx:
                await wechat_keys.drop(tx, app_id=self.app_id, openid=openid)

    async def _keep_key(self, openid: str, key: Any) -> None:
        if isinstance(key, str) and key:
            async with self._database.transaction() as tx:
                await wechat_keys.keep(tx, app_id=self.app_id, openid=openid, key=key, at=_CLOCK.now())

    async def _ask_with_token(
        self, method: str, path: str, query: Mapping[str, str], body: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        """One try, and one more with a fresh token when the platform no longer takes ours; never a loop."""
        token = await self._tokens.get()
        try:
            return await self._ask(method, path, {"access_token": token, **query}, body)
        except OutsideRefused as refused:
            if refused.code not in TOKEN_CODES:
                raise
        await self._tokens.drop(token)
        return await self._ask(method, path, {"access_token": await self._tokens.get(), **query}, body)

    async def _fetch_token(self) -> tuple[str, int]:
        """The stable token and the seconds it lives; the platform gives every process the same one."""
        asked = {
            "grant_type": "client_credential",
            "appid": self._settings.app_id,
            "secret": self._settings.secret,
            "force_refresh": False,
        }
        answer = await self._ask("POST", "/cgi-bin/stable_token", {}, asked)
        token, seconds = answer.get("access_token"), answer.get("expires_in")
        if not isinstance(token, str) or not token or not isinstance(seconds, int):
            raise OutsideUnavailable("unreadable", "stable_token without access_token")
        return token, seconds

    async def _ask(
        self, method: str, path: str, query: Mapping[str, str], body: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        try:
            answer = await self._http.request(method, self._settings.base_url + path, params=query, json=body)
        except httpx.TransportError as error:
            raise OutsideUnavailable("transport", type(error).__name__) from None
        if answer.status_code != httpx.codes.OK:
            raise OutsideUnavailable(f"http_{answer.status_code}")
        try:
            content = answer.json()
        except ValueError:
            raise OutsideUnavailable("unreadable", "not JSON") from None
        if not isinstance(content, dict):
            raise OutsideUnavailable("unreadable", "not an object")
        code = str(content.get("errcode", 0))
        if code in BUSY_CODES:
            raise OutsideUnavailable(code, str(content.get("errmsg", "")))
        if code != "0":
            raise OutsideRefused(code, str(content.get("errmsg", "")))
        return content


def _signed(openid: str, key: str) -> dict[str, str]:
    return {"openid": openid, "signature": session_signature(key), "sig_method": "hmac_sha256"}


def _mainland(info: Any) -> str:
    if not isinstance(info, dict) or not isinstance(info.get("purePhoneNumber"), str):
        raise OutsideUnavailable("unreadable", "no phone number")
    number: str = info["purePhoneNumber"]
    if str(info.get("countryCode")) != "86" or not re.fullmatch(r"1[3-9]\d{9}", number):
        raise OutsideRefused("foreign_number", "not a mainland mobile number")
    return number


__all__ = ["BLOCKED_CODES", "SPENT_CODES", "WeChat", "WeChatSettings"]
