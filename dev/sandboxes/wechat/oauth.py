"""Web sign-in of the official account: the authorise page, and the code behind it."""

from __future__ import annotations

import html
import json
import secrets
import sqlite3
from string import Template
from typing import Any
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit, urlunsplit

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from sandboxes import tokens
from sandboxes.callbacks import is_loopback
from sandboxes.control import PAGES
from sandboxes.errcodes import refused
from sandboxes.ground import Sandbox
from sandboxes.wechat.apps import ACCOUNT, Apps

CODE_SECONDS = 300
SCOPES = ("snsapi_base", "snsapi_userinfo")
HOLDER = "sandbox_wechat"
"""The cookie that says whose WeChat this browser is; the phone page sets it."""


def paths(sandbox: Sandbox, apps: Apps) -> dict[tuple[str, str], Any]:
    """Method and path of each interface."""
    oauth = OAuth(sandbox, apps)
    return {
        ("GET", "/connect/oauth2/authorize"): oauth.authorise,
        ("GET", "/connect/oauth2/allow"): oauth.allow,
        ("GET", "/sns/oauth2/access_token"): oauth.access_token,
        ("GET", "/sns/userinfo"): oauth.user_info,
    }


def with_query(url: str, **more: str) -> str:
    """An address with these parameters added."""
    parts = urlsplit(url)
    query = [(name, value) for name, value in parse_qsl(parts.query, keep_blank_values=True) if name not in more]
    return urlunsplit(parts._replace(query=urlencode([*query, *more.items()])))


def new_code(sandbox: Sandbox, app: str, scope: str, holder: str) -> str:
    """A code for somebody, good once and for five minutes."""
    code = secrets.token_hex(16)
    sandbox.state.run("insert into oauth_code values (?, ?, ?, ?, ?, null)", code, app, scope, holder, sandbox.now())
    return code


def spend_code(sandbox: Sandbox, app: str, code: str | None, used: str = "40163") -> sqlite3.Row:
    """Whose code it is: 41008 missing, 40029 wrong, late or another app's, `used` when spent."""
    if not code:
        raise refused("41008")
    row = sandbox.state.row("select * from oauth_code where code = ? and app = ?", code, app)
    if row is None or sandbox.now() - row["made_at"] > CODE_SECONDS:
        raise refused("40029")
    if not sandbox.state.run(
        "update oauth_code set used_at = ? where code = ? and used_at is null", sandbox.now(), code
    ):
        raise refused(used)
    return row


class OAuth:
    """The documented addresses."""

    def __init__(self, sandbox: Sandbox, apps: Apps) -> None:
        self.sandbox = sandbox
        self.apps = apps

    async def authorise(self, request: Request) -> Response:
        """`GET /connect/oauth2/authorize`: `snsapi_base` silently, `snsapi_userinfo` after a yes; who, the phone knows."""
        asked = request.query_params
        wrong = self._wrong(
            asked.get("appid"), asked.get("redirect_uri"), asked.get("scope"), asked.get("response_type")
        )
        if wrong:
            return HTMLResponse(f"<meta charset=utf-8><h1>{html.escape(wrong)}</h1>", 400)
        person = asked.get("sandbox_person") or unquote(request.cookies.get(HOLDER, ""))
        if person and asked["scope"] == "snsapi_base":
            return self._back(asked["appid"], asked["redirect_uri"], asked.get("state", ""), asked["scope"], person)
        people = [row["person"] for row in self.sandbox.state.rows("select person from wechat_user order by person")]
        facts = {
            "people": [person] if person else people,
            "appid": asked["appid"],
            "scope": asked["scope"],
            "redirect_uri": asked["redirect_uri"],
            "state": asked.get("state", ""),
        }
        page = Template((PAGES / "authorise.html").read_text())
        shown = json.dumps(facts, ensure_ascii=False).replace("<", "\\u003c")
        return HTMLResponse(page.substitute(nonce=secrets.token_urlsafe(12), facts=shown))

    async def allow(self, request: Request) -> Response:
        """The page's yes: back to where it came from, with `code` and `state`."""
        asked = request.query_params
        wrong = self._wrong(asked.get("appid"), asked.get("redirect_uri"), asked.get("scope"), "code")
        if wrong or not asked.get("person"):
            return HTMLResponse(f"<meta charset=utf-8><h1>{html.escape(wrong or 'person')}</h1>", 400)
        return self._back(
            asked["appid"], asked["redirect_uri"], asked.get("state", ""), asked["scope"], asked["person"]
        )

    async def access_token(self, request: Request) -> dict[str, Any]:
        """`GET /sns/oauth2/access_token`: who it is; a code is good once, for five minutes."""
        asked = request.query_params
        app = self.apps.by_secret(asked.get("appid"), asked.get("secret"))
        if asked.get("grant_type") != "authorization_code":
            raise refused("40002")
        row = spend_code(self.sandbox, app.app_id, asked.get("code"))
        token, seconds = tokens.new(self.sandbox, f"oauth:{row['holder']}")
        user = self.apps.holder(app, row["holder"])
        content = {
            "access_token": token,
            "expires_in": seconds,
            "refresh_token": secrets.token_urlsafe(64),
            "openid": row["holder"],
            "scope": row["scope"],
        }
        if row["scope"] == "snsapi_userinfo" and user is not None:
            content["unionid"] = user["unionid"]
            self.sandbox.state.set(f"oauth_userinfo:{token}", row["holder"])
        return content

    async def user_info(self, request: Request) -> dict[str, Any]:
        """`GET /sns/userinfo?access_token=&openid=`: only with the web token of a yes."""
        asked = request.query_params
        owner, code = tokens.problem(self.sandbox, asked.get("access_token"))
        if code:
            raise refused(code)
        if owner != f"oauth:{asked.get('openid')}":
            raise refused("40003")
        if not self.sandbox.state.setting(f"oauth_userinfo:{asked['access_token']}"):
            raise refused("48001")
        found = [self.apps.holder(app, asked["openid"]) for app in self.apps.all if app.kind == ACCOUNT]
        user = next((one for one in found if one is not None), None)
        if user is None:
            raise refused("40003")
        return {
            "openid": asked["openid"],
            "nickname": user["nickname"],
            "sex": 0,
            "province": "",
            "city": "",
            "country": "",
            "headimgurl": "",
            "privilege": [],
            "unionid": user["unionid"],
        }

    def _wrong(self, app_id: str | None, redirect_uri: str | None, scope: str | None, kind: str | None) -> str:
        if app_id not in {app.app_id for app in self.apps.all if app.kind == ACCOUNT}:
            return "appid 参数错误 (10012)"
        if not redirect_uri:
            return "redirect_uri 不能为空 (10011)"
        # The registered domain of the sandbox's account is this machine (assumed).
        if not is_loopback(redirect_uri):
            return "redirect_uri 域名与后台配置不一致 (10003)"
        if scope not in SCOPES or kind != "code":
            return "scope 参数错误 (10005)"
        return ""

    def _back(self, app_id: str, redirect_uri: str, state: str, scope: str, person: str) -> Response:
        user = self.apps.user({"person": person})
        openid = self.apps.openid(self.apps.by_id(app_id), user["person"])
        code = new_code(self.sandbox, app_id, scope, openid)
        return RedirectResponse(with_query(redirect_uri, code=code, state=state), 302)
