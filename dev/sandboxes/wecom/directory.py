"""Tokens, members, departments, and sign-in of members on web pages."""

from __future__ import annotations

import html
import json
import secrets
from string import Template
from typing import Any
from urllib.parse import unquote

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from sandboxes import media, tokens
from sandboxes.callbacks import is_loopback
from sandboxes.control import PAGES
from sandboxes.errcodes import asked_of, done, refused
from sandboxes.wechat.oauth import new_code, spend_code, with_query
from sandboxes.wecom.family import Family

SCOPES = frozenset({"snsapi_base", "snsapi_privateinfo"})
TICKET_SECONDS = 1800


def paths(family: Family) -> dict[tuple[str, str], Any]:
    """Method and path of each interface."""
    directory = Directory(family)
    return {
        ("GET", "/cgi-bin/gettoken"): directory.get_token,
        ("GET", "/cgi-bin/user/get"): directory.user,
        ("GET", "/cgi-bin/user/simplelist"): directory.simple_list,
        ("GET", "/cgi-bin/department/list"): directory.departments,
        ("GET", "/cgi-bin/auth/getuserinfo"): directory.user_info,
        ("GET", "/cgi-bin/user/getuserinfo"): directory.old_user_info,
        ("POST", "/cgi-bin/auth/getuserdetail"): directory.user_detail,
        ("GET", "/cgi-bin/get_jsapi_ticket"): directory.ticket,
        ("GET", "/cgi-bin/get_api_domain_ip"): directory.addresses,
        ("POST", "/cgi-bin/media/upload"): directory.upload,
        ("GET", "/cgi-bin/media/get"): directory.download,
        ("GET", "/connect/oauth2/authorize"): directory.authorise,
        ("GET", "/connect/oauth2/allow"): directory.allow,
    }


class Directory:
    """The documented interfaces."""

    def __init__(self, family: Family) -> None:
        self.family = family
        self.sandbox = family.sandbox

    async def get_token(self, request: Request) -> dict[str, Any]:
        """`GET /cgi-bin/gettoken?corpid=&corpsecret=`: 7,200 seconds."""
        token, seconds = self.family.new_token(request.query_params)
        return done(access_token=token, expires_in=seconds)

    async def user(self, request: Request) -> dict[str, Any]:
        """`GET /cgi-bin/user/get?userid=`."""
        self.family.token(request)
        if not request.query_params.get("userid"):
            raise refused("41009")
        row = self.family.member(request.query_params["userid"])
        if row is None:
            raise refused("60111")
        found = _shown(dict(row))
        # Since 2022 personal data come only with the member's own yes (getuserdetail); the government's server still has them.
        return done(**found, **({"mobile": row["mobile"]} if self.family.server == "gov" else {}))

    async def simple_list(self, request: Request) -> dict[str, Any]:
        """`GET /cgi-bin/user/simplelist?department_id=`."""
        self.family.token(request)
        number = self._department(request.query_params.get("department_id"))
        found = [
            {"userid": one["userid"], "name": one["name"], "department": one["departments"]}
            for one in self.family.members(number)
        ]
        return done(userlist=found)

    async def departments(self, request: Request) -> dict[str, Any]:
        """`GET /cgi-bin/department/list?id=`: this one and all below it."""
        self.family.token(request)
        rows = self.sandbox.state.rows(
            "select * from wecom_department where server = ? order by id", self.family.server
        )
        wanted = {self._department(request.query_params.get("id") or "1")}
        for _ in rows:
            wanted |= {row["id"] for row in rows if row["parent_id"] in wanted}
        found = [
            {"id": row["id"], "name": row["name"], "parentid": row["parent_id"], "order": row["sort"]}
            for row in rows
            if row["id"] in wanted
        ]
        return done(department=found)

    async def user_info(self, request: Request) -> dict[str, Any]:
        """`GET /cgi-bin/auth/getuserinfo?code=`: userid, and a ticket for private data when the member agreed."""
        self.family.token(request)
        row = spend_code(self.sandbox, self.family.corp_id, request.query_params.get("code"), used="40029")
        content = {"userid": row["holder"]}
        if row["scope"] == "snsapi_privateinfo":
            ticket = secrets.token_urlsafe(64)
            self.sandbox.state.run(
                "insert into access_token values (?, ?, ?, ?, 0)",
                ticket,
                f"member:{self.family.corp_id}:{row['holder']}",
                self.sandbox.now(),
                self.sandbox.now() + TICKET_SECONDS,
            )
            content |= {"user_ticket": ticket}
        return done(**content)

    async def old_user_info(self, request: Request) -> dict[str, Any]:
        """`GET /cgi-bin/user/getuserinfo?code=`: the older spelling, which the government's gateway has."""
        found = await self.user_info(request)
        return done(UserId=found["userid"], DeviceId="")

    async def user_detail(self, request: Request) -> dict[str, Any]:
        """`POST /cgi-bin/auth/getuserdetail {user_ticket}`: phone and address of a member who agreed."""
        self.family.token(request)
        row = self.sandbox.state.row(
            "select * from access_token where token = ?", str((await asked_of(request)).get("user_ticket", ""))
        )
        owner = f"member:{self.family.corp_id}:"
        if row is None or not row["app"].startswith(owner):
            raise refused("84015")
        if row["expires_at"] <= self.sandbox.now():
            raise refused("84014")
        member = self.family.member(row["app"].removeprefix(owner))
        if member is None:
            raise refused("60111")
        return done(userid=member["userid"], gender="0", avatar="", mobile=member["mobile"], email=member["email"])

    async def ticket(self, request: Request) -> dict[str, Any]:
        """`GET /cgi-bin/get_jsapi_ticket`."""
        self.family.token(request)
        if self.sandbox.count(f"ticket:{self.family.corp_id}", 3600) >= 400:
            raise refused("45009")
        self.sandbox.happened(f"ticket:{self.family.corp_id}")
        text, seconds = tokens.current(self.sandbox, f"ticket:jsapi:{self.family.corp_id}")
        return done(ticket=text, expires_in=seconds)

    async def addresses(self, request: Request) -> dict[str, Any]:
        """`GET /cgi-bin/get_api_domain_ip`: the platform's own addresses; good for asking whether a token lives."""
        self.family.token(request)
        return done(ip_list=["127.0.0.1"])

    async def upload(self, request: Request) -> dict[str, Any]:
        """`POST /cgi-bin/media/upload?type=image|voice|video|file`."""
        self.family.token(request)
        return await media.keep(self.sandbox, self.family.corp_id, request, ("image", "voice", "video", "file"))

    async def download(self, request: Request) -> Response:
        """`GET /cgi-bin/media/get?media_id=`."""
        self.family.token(request)
        return media.give(self.sandbox, self.family.corp_id, request.query_params.get("media_id", ""))

    async def authorise(self, request: Request) -> Response:
        """`GET /connect/oauth2/authorize?appid=<corp id>&…&agentid=`: who, this browser's member cookie knows."""
        asked = request.query_params
        wrong = self._wrong(
            asked.get("appid"), asked.get("redirect_uri"), asked.get("scope"), asked.get("response_type")
        )
        if not wrong and asked["scope"] != "snsapi_base" and asked.get("agentid") != str(self.family.agent_id):
            wrong = "agentid 参数错误"
        if wrong:
            return HTMLResponse(f"<meta charset=utf-8><h1>{html.escape(wrong)}</h1>", 400)
        userid = asked.get("sandbox_person") or unquote(request.cookies.get(f"sandbox_{self.family.server}", ""))
        if userid and asked["scope"] == "snsapi_base" and self.family.member(userid):
            return self._back(asked["redirect_uri"], asked.get("state", ""), asked["scope"], userid)
        facts = {
            "people": [userid] if userid else [one["userid"] for one in self.family.members()],
            "appid": asked["appid"],
            "scope": asked["scope"],
            "redirect_uri": asked["redirect_uri"],
            "state": asked.get("state", ""),
        }
        page = Template((PAGES / "authorise.html").read_text())
        shown = json.dumps(facts, ensure_ascii=False).replace("<", "\\u003c")
        return HTMLResponse(page.substitute(nonce=secrets.token_urlsafe(12), facts=shown))

    async def allow(self, request: Request) -> Response:
        """The page's yes."""
        asked = request.query_params
        wrong = self._wrong(self.family.corp_id, asked.get("redirect_uri"), asked.get("scope"), "code")
        if wrong or self.family.member(asked.get("person")) is None:
            return HTMLResponse(f"<meta charset=utf-8><h1>{html.escape(wrong or 'person')}</h1>", 400)
        return self._back(asked["redirect_uri"], asked.get("state", ""), asked["scope"], asked["person"])

    def _wrong(self, corp_id: str | None, redirect_uri: str | None, scope: str | None, kind: str | None) -> str:
        if corp_id != self.family.corp_id:
            return "appid 参数错误 (40013)"
        # Trusted domains of the sandbox's app are this machine (assumed).
        if not redirect_uri or not is_loopback(redirect_uri):
            return "redirect_uri 未登记可信域名 (50001)"
        return "" if scope in SCOPES and kind == "code" else "scope 参数错误"

    def _back(self, redirect_uri: str, state: str, scope: str, userid: str) -> Response:
        code = new_code(self.sandbox, self.family.corp_id, scope, userid)
        return RedirectResponse(with_query(redirect_uri, code=code, state=state), 302)

    def _department(self, text: str | None) -> int:
        found = self.sandbox.state.row(
            "select id from wecom_department where server = ? and id = ?", self.family.server, text
        )
        if found is None:
            raise refused("60003")
        return int(found["id"])


def _shown(row: dict[str, Any]) -> dict[str, Any]:
    departments = json.loads(row["departments"])
    return {
        "userid": row["userid"],
        "name": row["name"],
        "department": departments,
        "main_department": departments[0] if departments else 1,
        "position": row["position"],
        "status": 1,
        "enable": 1,
    }
