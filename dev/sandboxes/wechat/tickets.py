"""Stable access tokens of both apps, the ticket of web pages, and the quota that can be cleared."""

from __future__ import annotations

import hashlib
from typing import Any

from starlette.requests import Request

from sandboxes import tokens
from sandboxes.errcodes import asked_of, done, refused
from sandboxes.ground import Sandbox, read_object
from sandboxes.wechat.apps import ACCOUNT, MINI, Apps

OVERLAP_SECONDS = 300
FORCED_DAILY = 20
FORCED_GAP_SECONDS = 30
TOKEN_PER_MINUTE = 10_000
CLEARED_MONTHLY = 10


def paths(sandbox: Sandbox, apps: Apps) -> dict[tuple[str, str], Any]:
    """Method and path of each interface."""
    tickets = Tickets(sandbox, apps)
    return {
        ("POST", "/cgi-bin/stable_token"): tickets.stable_token,
        ("GET", "/cgi-bin/ticket/getticket"): tickets.ticket,
        ("GET", "/cgi-bin/get_api_domain_ip"): tickets.addresses,
        ("POST", "/cgi-bin/clear_quota"): tickets.clear_quota,
        ("POST", "/sandbox/js-sdk"): tickets.configure,
    }


def js_signature(ticket: str, nonce: str, timestamp: str, url: str) -> str:
    """SHA-1, hex, of ticket, nonce, timestamp and the address without what follows #."""
    address = url.partition("#")[0]
    text = f"jsapi_ticket={ticket}&noncestr={nonce}&timestamp={timestamp}&url={address}"
    return hashlib.sha1(text.encode()).hexdigest()  # noqa: S324  # the protocol's own


class Tickets:
    """The documented interfaces."""

    def __init__(self, sandbox: Sandbox, apps: Apps) -> None:
        self.sandbox = sandbox
        self.apps = apps

    async def stable_token(self, request: Request) -> dict[str, Any]:
        """`POST /cgi-bin/stable_token`: the same token until its last five minutes, or a forced new one."""
        asked = await asked_of(request)
        if asked.get("grant_type") != "client_credential":
            raise refused("40002")
        app = self.apps.by_secret(asked.get("appid"), asked.get("secret"))
        self.apps.limit(f"token:{app.app_id}", TOKEN_PER_MINUTE)
        if asked.get("force_refresh") is True:
            token, seconds = self._forced(app.app_id)
        else:
            token, seconds = tokens.current(self.sandbox, app.app_id, OVERLAP_SECONDS)
        return {"access_token": token, "expires_in": seconds}

    async def ticket(self, request: Request) -> dict[str, Any]:
        """`GET /cgi-bin/ticket/getticket?type=jsapi`: 7,200 seconds, the same until then."""
        app = self.apps.by_token(request, ACCOUNT)
        kind = request.query_params.get("type")
        if kind not in {"jsapi", "wx_card"}:
            raise refused("40097")
        text, seconds = tokens.current(self.sandbox, f"ticket:{kind}:{app.app_id}")
        return done(ticket=text, expires_in=seconds)

    async def addresses(self, request: Request) -> dict[str, Any]:
        """`GET /cgi-bin/get_api_domain_ip`: the platform's own addresses; good for asking whether a token lives."""
        self.apps.by_token(request, ACCOUNT, MINI)
        return done(ip_list=["127.0.0.1"])

    async def clear_quota(self, request: Request) -> dict[str, Any]:
        """`POST /cgi-bin/clear_quota {appid}`: the day's counts begin anew; ten times a month."""
        app = self.apps.by_token(request, ACCOUNT, MINI)
        if (await asked_of(request)).get("appid") != app.app_id:
            raise refused("40013")
        month = int(self.sandbox.now() // (30 * 86_400))
        name = f"cleared:{app.app_id}:{month}"
        cleared = int(self.sandbox.state.setting(name, "0"))
        if cleared >= CLEARED_MONTHLY:
            raise refused("48006")
        self.sandbox.state.set(name, str(cleared + 1))
        self.sandbox.state.run("delete from call_made where name in ('link', ?)", f"template:{app.app_id}")
        return done()

    async def configure(self, request: Request) -> dict[str, Any]:
        """`POST /wechat/sandbox/js-sdk {appId, timestamp, nonceStr, signature, url}`: what `wx.config` finds."""
        asked = await read_object(request) or {}
        app = self.apps.by_id(asked.get("appId"))
        living = self.sandbox.state.rows(
            "select token from access_token where app = ? and revoked = 0 and expires_at > ?",
            f"ticket:jsapi:{app.app_id}",
            self.sandbox.now(),
        )
        nonce, stamp, url = (str(asked.get(name, "")) for name in ("nonceStr", "timestamp", "url"))
        if any(js_signature(row["token"], nonce, stamp, url) == asked.get("signature") for row in living):
            return {"errMsg": "config:ok"}
        return {"errMsg": "config:fail,invalid signature"}

    def _forced(self, app_id: str) -> tuple[str, int]:
        name = f"forced:{app_id}"
        if self.sandbox.count(name, 86_400) >= FORCED_DAILY:
            raise refused("45009")
        if self.sandbox.count(name, FORCED_GAP_SECONDS):
            raise refused("45011")
        with self.sandbox.state.change():
            self.sandbox.happened(name)
            tokens.revoke(self.sandbox, app_id)
        return tokens.new(self.sandbox, app_id)
