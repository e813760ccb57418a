"""WeChat customer service (微信客服): messages are fetched by cursor; answers have their window and count."""

from __future__ import annotations

import json
import secrets
import sqlite3
from typing import Any

from starlette.requests import Request

from sandboxes import chats
from sandboxes.errcodes import asked_of, done, refused
from sandboxes.ground import Sandbox
from sandboxes.wecom.family import Family

PULL_SECONDS = 600
"""How long the Token of a kf_msg_or_event is good for sync_msg."""
WINDOW_SECONDS = 48 * 3600
WELCOME_SECONDS = 20
CUSTOMER, SYSTEM, SERVICER = 3, 4, 5
NEW, ROBOT, QUEUE, STAFF, ENDED = range(5)
KINDS = frozenset({"text", "image", "voice", "video", "file", "link", "miniprogram", "msgmenu", "location"})
TOKENLESS_PER_MINUTE = 10
"""Pulls without a Token are limited hard; the number is ours (assumed)."""


def paths(family: Family) -> dict[tuple[str, str], Any]:
    """Method and path of each interface."""
    service = Service(family)
    return {
        ("POST", "/cgi-bin/kf/account/add"): service.add_account,
        ("POST", "/cgi-bin/kf/account/list"): service.accounts,
        ("POST", "/cgi-bin/kf/add_contact_way"): service.contact_way,
        ("POST", "/cgi-bin/kf/sync_msg"): service.sync,
        ("POST", "/cgi-bin/kf/send_msg"): service.send,
        ("POST", "/cgi-bin/kf/send_msg_on_event"): service.send_on_event,
        ("POST", "/cgi-bin/kf/service_state/get"): service.state,
        ("POST", "/cgi-bin/kf/service_state/trans"): service.move,
    }


class Service:
    """The documented interfaces, and the customer's side of them."""

    def __init__(self, family: Family) -> None:
        self.family = family
        self.sandbox: Sandbox = family.sandbox

    async def add_account(self, request: Request) -> dict[str, Any]:
        """`POST /cgi-bin/kf/account/add {name}`: at most 16 characters."""
        self.family.token(request)
        name = (await asked_of(request)).get("name")
        if not isinstance(name, str) or not 1 <= len(name) <= 16:
            raise refused("40058", "name")
        open_kfid = "wk" + secrets.token_urlsafe(22)
        self.sandbox.state.run("insert into kf_account values (?, ?, ?)", open_kfid, self.family.server, name)
        return done(open_kfid=open_kfid)

    async def accounts(self, request: Request) -> dict[str, Any]:
        """`POST /cgi-bin/kf/account/list`."""
        self.family.token(request)
        rows = self.sandbox.state.rows("select * from kf_account where server = ? order by rowid", self.family.server)
        return done(account_list=[{"open_kfid": row["open_kfid"], "name": row["name"], "avatar": ""} for row in rows])

    async def contact_way(self, request: Request) -> dict[str, Any]:
        """`POST /cgi-bin/kf/add_contact_way {open_kfid, scene}`: the address that opens the conversation."""
        self.family.token(request)
        asked = await asked_of(request)
        account = self.account(asked.get("open_kfid"))
        scene = asked.get("scene", "")
        if len(str(scene)) > 32:
            raise refused("40058", "scene")
        return done(url=f"https://work.weixin.qq.com/kfid/{account['open_kfid']}?enc_scene={scene}")

    async def sync(self, request: Request) -> dict[str, Any]:
        """`POST /cgi-bin/kf/sync_msg {cursor, token, limit, open_kfid}`: what came since the cursor."""
        self.family.token(request)
        asked = await asked_of(request)
        account = self.account(asked.get("open_kfid"))
        self._check_pull(asked.get("token"), account["open_kfid"])
        limit, cursor = asked.get("limit", 1000), asked.get("cursor") or "0"
        if not isinstance(limit, int) or not 1 <= limit <= 1000 or not str(cursor).isdecimal():
            raise refused("40058", "limit or cursor")
        rows = self.sandbox.state.rows(
            "select * from kf_message where server = ? and open_kfid = ? and seq > ? order by seq limit ?",
            self.family.server,
            account["open_kfid"],
            int(str(cursor)[:18]),
            limit + 1,
        )
        page = rows[:limit]
        return done(
            next_cursor=str(page[-1]["seq"]) if page else str(cursor),
            has_more=int(len(rows) > limit),
            msg_list=[_shown(row) for row in page],
        )

    async def send(self, request: Request) -> dict[str, Any]:
        """`POST /cgi-bin/kf/send_msg`: five messages within 48 hours of what the customer wrote."""
        self.family.token(request)
        asked = await asked_of(request)
        account = self.account(asked.get("open_kfid"))
        kind, content = self._content(asked)
        session = self._session(account["open_kfid"], asked.get("touser"))
        if session is None:
            raise refused("84061")
        # The numbers of these three refusals stand in no list we could read in full (assumed).
        if session["state"] in {QUEUE, ENDED}:
            raise refused("95018", "send msg session status invalid")
        if session["closes_at"] < self.sandbox.now():
            raise refused("95002", "send msg time limit")
        if session["left_count"] <= 0:
            raise refused("95001", "send msg count limit")
        msgid = self._msgid(asked)
        if self._known(msgid):
            return done(msgid=msgid)
        self.sandbox.state.run("update kf_session set left_count = left_count - 1 where rowid = ?", session["rowid"])
        self._put(account["open_kfid"], asked["touser"], SERVICER, kind, content, msgid)
        chats.add(self.sandbox, self.family.server, account["open_kfid"], asked["touser"], kind, content)
        return done(msgid=msgid)

    async def send_on_event(self, request: Request) -> dict[str, Any]:
        """`POST /cgi-bin/kf/send_msg_on_event {code, msgtype}`: the welcome, once, within twenty seconds."""
        self.family.token(request)
        asked = await asked_of(request)
        kind, content = self._content(asked)
        name = f"kf_welcome:{asked.get('code')}"
        kept = json.loads(self.sandbox.state.setting(name, "{}"))
        if not kept or self.sandbox.now() - kept["at"] > WELCOME_SECONDS:
            raise refused("40058", "code")
        self.sandbox.state.run("delete from setting where name = ?", name)
        msgid = self._msgid(asked)
        self._put(kept["open_kfid"], kept["customer"], SERVICER, kind, content, msgid)
        chats.add(self.sandbox, self.family.server, kept["open_kfid"], kept["customer"], kind, content)
        return done(msgid=msgid)

    async def state(self, request: Request) -> dict[str, Any]:
        """`POST /cgi-bin/kf/service_state/get`: 0 new, 1 robot, 2 queue, 3 staff, 4 ended."""
        self.family.token(request)
        asked = await asked_of(request)
        session = self._session(self.account(asked.get("open_kfid"))["open_kfid"], asked.get("external_userid"))
        if session is None:
            return done(service_state=NEW, servicer_userid="")
        return done(service_state=session["state"], servicer_userid=session["servicer"])

    async def move(self, request: Request) -> dict[str, Any]:
        """`POST /cgi-bin/kf/service_state/trans`: hand over to robot, queue, a member, or end."""
        self.family.token(request)
        asked = await asked_of(request)
        session = self._session(self.account(asked.get("open_kfid"))["open_kfid"], asked.get("external_userid"))
        wanted, servicer = asked.get("service_state"), ""
        if session is None or session["state"] == ENDED or wanted not in (ROBOT, QUEUE, STAFF, ENDED):
            raise refused("40058", "service_state")
        if wanted == STAFF:
            member = self.family.member(asked.get("servicer_userid"))
            if member is None:
                raise refused("60111")
            servicer = member["userid"]
        self.sandbox.state.run(
            "update kf_session set state = ?, servicer = ? where rowid = ?", wanted, servicer, session["rowid"]
        )
        return done(msg_code=secrets.token_urlsafe(16))

    def account(self, open_kfid: Any) -> sqlite3.Row:
        """A customer-service account, or 95000."""
        row = self.sandbox.state.row(
            "select * from kf_account where server = ? and open_kfid = ?", self.family.server, str(open_kfid)
        )
        if row is None:
            raise refused("95000")
        return row

    def enter(self, open_kfid: str, customer: str, scene: str) -> str:
        """The customer opens the conversation; the welcome code."""
        code = secrets.token_urlsafe(16)
        kept = {"at": self.sandbox.now(), "open_kfid": open_kfid, "customer": customer}
        self.sandbox.state.set(f"kf_welcome:{code}", json.dumps(kept))
        self.sandbox.state.run(
            "insert into kf_session values (?, ?, ?, 0, '', 0, 0) on conflict do nothing",
            self.family.server,
            open_kfid,
            customer,
        )
        event = {"event_type": "enter_session", "scene": scene, "welcome_code": code}
        self._put(open_kfid, customer, SYSTEM, "event", event, secrets.token_urlsafe(16))
        self._news(open_kfid)
        return code

    def write(self, open_kfid: str, customer: str, text: str) -> None:
        """The customer writes: the window of 48 hours and its count begin anew; an ended conversation opens again."""
        self.sandbox.state.run(
            "insert into kf_session values (?, ?, ?, 0, '', ?, ?) on conflict do update set"
            " closes_at = excluded.closes_at, left_count = excluded.left_count,"
            " state = case when state = 4 then 0 else state end",
            self.family.server,
            open_kfid,
            customer,
            self.sandbox.now() + WINDOW_SECONDS,
            self.sandbox.options.limits.kf_after_writing,
        )
        self._put(open_kfid, customer, CUSTOMER, "text", {"content": text}, secrets.token_urlsafe(16))
        chats.add(self.sandbox, self.family.server, open_kfid, customer, "text", {"content": text}, is_ours=False)
        self._news(open_kfid)

    def _news(self, open_kfid: str) -> None:
        token = "ENC" + secrets.token_urlsafe(24)
        self.sandbox.state.set(f"kf_token:{token}", json.dumps({"at": self.sandbox.now(), "open_kfid": open_kfid}))
        event = {"MsgType": "event", "Event": "kf_msg_or_event", "Token": token, "OpenKfId": open_kfid}
        self.family.tell("sys", event)

    def _check_pull(self, token: Any, open_kfid: str) -> None:
        if not token:
            name = f"kf_pull:{self.family.server}"
            if self.sandbox.count(name, 60) >= TOKENLESS_PER_MINUTE:
                raise refused("45009")
            self.sandbox.happened(name)
            return
        kept = json.loads(self.sandbox.state.setting(f"kf_token:{token}", "{}"))
        if not kept or kept["open_kfid"] != open_kfid or self.sandbox.now() - kept["at"] > PULL_SECONDS:
            raise refused("40058", "token")

    def _content(self, asked: dict[str, Any]) -> tuple[str, dict[str, Any]]:
        kind = asked.get("msgtype")
        if not isinstance(kind, str) or kind not in KINDS:
            raise refused("40008")
        content = asked.get(kind)
        if not isinstance(content, dict) or (kind == "text" and not content.get("content")):
            raise refused("40058", kind)
        if kind == "text" and len(str(content["content"]).encode()) > 2048:
            raise refused("45002")
        return kind, content

    def _session(self, open_kfid: str, customer: Any) -> sqlite3.Row | None:
        return self.sandbox.state.row(
            "select rowid, * from kf_session where server = ? and open_kfid = ? and external_userid = ?",
            self.family.server,
            open_kfid,
            str(customer),
        )

    def _msgid(self, asked: dict[str, Any]) -> str:
        given = asked.get("msgid")
        if given is not None and not (isinstance(given, str) and 1 <= len(given.encode()) <= 32):
            raise refused("40058", "msgid")
        return given or secrets.token_urlsafe(16)

    def _known(self, msgid: str) -> bool:
        found = "select 1 from kf_message where server = ? and msgid = ?"
        return self.sandbox.state.row(found, self.family.server, msgid) is not None

    def _put(self, open_kfid: str, customer: str, origin: int, kind: str, content: dict[str, Any], msgid: str) -> None:
        self.sandbox.state.run(
            "insert into kf_message (server, msgid, open_kfid, external_userid, origin, msgtype, content, at)"
            " values (?, ?, ?, ?, ?, ?, ?, ?)",
            self.family.server,
            msgid,
            open_kfid,
            customer,
            origin,
            kind,
            json.dumps(content, ensure_ascii=False),
            self.sandbox.now(),
        )


def _shown(row: sqlite3.Row) -> dict[str, Any]:
    content = json.loads(row["content"])
    who = {"open_kfid": row["open_kfid"], "external_userid": row["external_userid"]}
    base = {"msgid": row["msgid"], "send_time": int(row["at"]), "origin": row["origin"], "msgtype": row["msgtype"]}
    if row["origin"] == SYSTEM:
        return {**base, "event": {**content, **who}}
    return {**base, **who, row["msgtype"]: content}
