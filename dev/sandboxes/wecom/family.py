"""One enterprise: its ids and secrets, its living tokens, its members, and the gateway in front of the government's."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import secrets
import sqlite3
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request

from sandboxes import callbacks, tokens
from sandboxes.envelope import Envelope, xml
from sandboxes.errcodes import refused
from sandboxes.ground import Refusal, Sandbox

SECTIONS = {"wecom": ("wecom", "wecom"), "gov": ("gov_wechat", "gov_wechat")}
"""Credentials section and channel name of each server."""
GATEWAY_WINDOW_SECONDS = 300
"""How far off `x-tif-timestamp` may be (assumed)."""
NONCE = re.compile(r"[0-9a-f]{6,16}-[0-9a-f]{1,64}")
Handle = Callable[[Request], Awaitable[Any]]


@dataclass(frozen=True)
class Family:
    """What every interface of one server begins with."""

    sandbox: Sandbox
    server: str
    target: str
    corp_id: str
    secret: str
    agent_id: int
    envelope: Envelope
    section: dict[str, Any]

    @classmethod
    def of(cls, sandbox: Sandbox, server: str) -> Family:
        """The enterprise of this server."""
        name, target = SECTIONS[server]
        section = sandbox.credentials.sections[name]
        envelope = Envelope(section["token"], section["encoding_aes_key"], section["corp_id"])
        return cls(
            sandbox, server, target, section["corp_id"], section["secret"], section["agent_id"], envelope, section
        )

    def behind_gateway(self, handle: Handle) -> Handle:
        """Government WeChat: nothing gets through without rightly signed `x-tif-…` headers."""
        if self.server != "gov":
            return handle

        async def checked(request: Request) -> Any:
            problem = self._gateway_problem(request)
            if problem:
                # Status and shape of the gateway's own refusals are not public (assumed).
                raise Refusal({"errcode": 403, "errmsg": f"x-tif: {problem}"}, 403)
            return await handle(request)

        return checked

    def _gateway_problem(self, request: Request) -> str:
        given = {
            name: request.headers.get(f"x-tif-{name}", "") for name in ("paasid", "timestamp", "nonce", "signature")
        }
        if not all(given.values()):
            return "header missing"
        if given["paasid"] != self.section["paas_id"]:
            return "unknown paasid"
        stamp, nonce = given["timestamp"], given["nonce"]
        if not stamp.isdecimal() or abs(time.time() - int(stamp)) > GATEWAY_WINDOW_SECONDS:
            return "timestamp out of window"
        if not NONCE.fullmatch(nonce):
            return "nonce malformed"
        expected = gateway_signature(stamp, nonce, self.section["paas_token"])
        if not hmac.compare_digest(given["signature"].encode(), expected.encode()):
            return "signature mismatch"
        return "" if self.sandbox.is_new("x-tif", nonce) else "nonce used"

    def token(self, request: Request) -> None:
        """The living token of this enterprise's app, or 41001, 40014, 42001."""
        app, code = tokens.problem(self.sandbox, request.query_params.get("access_token"))
        if code:
            # Unknown and revoked tokens are 40014 here, where WeChat says 40001.
            raise refused("40014" if code == "40001" else code)
        if app != self.corp_id:
            raise refused("40014")

    def new_token(self, asked: Any) -> tuple[str, int]:
        """What gettoken gives: the same until it ends; 41002, 40013, 41004, 40001."""
        if not asked.get("corpid"):
            raise refused("41002", "corpid")
        if asked["corpid"] != self.corp_id:
            raise refused("40013", "corpid")
        if not asked.get("corpsecret"):
            raise refused("41004", "corpsecret")
        if not secrets.compare_digest(asked["corpsecret"].encode(), self.secret.encode()):
            raise refused("40001")
        return tokens.current(self.sandbox, self.corp_id)

    def member(self, userid: Any) -> sqlite3.Row | None:
        """A member by userid, whatever its case."""
        return self.sandbox.state.row(
            "select * from wecom_member where server = ? and userid = ?", self.server, str(userid)
        )

    def members(self, department: int | None = None) -> list[dict[str, Any]]:
        """All members, or those straight in a department."""
        rows = self.sandbox.state.rows("select * from wecom_member where server = ? order by userid", self.server)
        every = [{**dict(row), "departments": json.loads(row["departments"])} for row in rows]
        return [one for one in every if department is None or department in one["departments"]]

    def tell(self, userid: str, fields: Mapping[str, object]) -> int:
        """News of the app to the product."""
        body = {"ToUserName": self.corp_id, "FromUserName": userid, "CreateTime": int(self.sandbox.now()), **fields}
        return callbacks.plan(self.sandbox, self.target, userid, xml(body))


def gateway_signature(timestamp: str, nonce: str, paas_token: str) -> str:
    """hex(sha256(timestamp + token + nonce + timestamp))."""
    return hashlib.sha256(f"{timestamp}{paas_token}{nonce}{timestamp}".encode()).hexdigest()
