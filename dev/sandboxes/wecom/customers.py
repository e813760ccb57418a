"""External contacts: ways to add a member, who added whom, and the welcome within twenty seconds."""

from __future__ import annotations

import json
import secrets
from typing import Any

from starlette.requests import Request

from sandboxes import chats
from sandboxes.errcodes import asked_of, done, refused
from sandboxes.wecom.family import Family

WELCOME_SECONDS = 20
LONGEST_STATE = 30


def paths(family: Family) -> dict[tuple[str, str], Any]:
    """Method and path of each interface."""
    customers = Customers(family)
    prefix = "/cgi-bin/externalcontact"
    return {
        ("GET", f"{prefix}/get_follow_user_list"): customers.follow_users,
        ("GET", f"{prefix}/list"): customers.listed,
        ("GET", f"{prefix}/get"): customers.get,
        ("POST", f"{prefix}/add_contact_way"): customers.add_way,
        ("POST", f"{prefix}/get_contact_way"): customers.get_way,
        ("POST", f"{prefix}/del_contact_way"): customers.delete_way,
        ("POST", f"{prefix}/send_welcome_msg"): customers.welcome,
    }


class Customers:
    """The documented interfaces."""

    def __init__(self, family: Family) -> None:
        self.family = family
        self.sandbox = family.sandbox

    async def follow_users(self, request: Request) -> dict[str, Any]:
        """`GET …/get_follow_user_list`: members who may have customers (here all)."""
        self.family.token(request)
        return done(follow_user=[one["userid"] for one in self.family.members()])

    async def listed(self, request: Request) -> dict[str, Any]:
        """`GET …/list?userid=`: a member's customers; 84061 when there are none."""
        self.family.token(request)
        member = self.family.member(request.query_params.get("userid"))
        if member is None:
            raise refused("60111")
        rows = self.sandbox.state.rows(
            "select external_userid from wecom_customer where server = ? and userid = ?",
            self.family.server,
            member["userid"],
        )
        if not rows:
            raise refused("84061")
        return done(external_userid=[row["external_userid"] for row in rows])

    async def get(self, request: Request) -> dict[str, Any]:
        """`GET …/get?external_userid=`."""
        self.family.token(request)
        rows = self.sandbox.state.rows(
            "select * from wecom_customer where server = ? and external_userid = ?",
            self.family.server,
            request.query_params.get("external_userid"),
        )
        if not rows:
            raise refused("84061")
        contact = {"external_userid": rows[0]["external_userid"], "name": rows[0]["person"], "type": 1, "gender": 0}
        follows = [
            {"userid": row["userid"], "remark": "", "state": row["state"], "createtime": int(row["added_at"])}
            for row in rows
        ]
        return done(external_contact=contact, follow_user=follows)

    async def add_way(self, request: Request) -> dict[str, Any]:
        """`POST …/add_contact_way {type, scene, user, state}`: a code customers scan; state at most 30 characters."""
        self.family.token(request)
        asked = await asked_of(request)
        if asked.get("type") not in (1, 2) or asked.get("scene") not in (1, 2):
            raise refused("40058", "type or scene")
        if len(str(asked.get("state", ""))) > LONGEST_STATE:
            raise refused("40058", "state")
        users = asked.get("user")
        if not isinstance(users, list) or not users or (asked["type"] == 1 and len(users) > 1) or len(users) > 100:
            raise refused("40058", "user")
        if any(self.family.member(one) is None for one in users):
            raise refused("60111")
        config_id = secrets.token_hex(16)
        self.sandbox.state.run(
            "insert into wecom_way values (?, ?, ?)", config_id, self.family.server, json.dumps(asked)
        )
        return done(config_id=config_id, qr_code=f"https://wework.qpic.cn/wwpic/{config_id}/0")

    async def get_way(self, request: Request) -> dict[str, Any]:
        """`POST …/get_contact_way {config_id}`."""
        self.family.token(request)
        config_id = str((await asked_of(request)).get("config_id", ""))
        return done(contact_way={"config_id": config_id, **self.way(config_id)})

    async def delete_way(self, request: Request) -> dict[str, Any]:
        """`POST …/del_contact_way {config_id}`."""
        self.family.token(request)
        config_id = str((await asked_of(request)).get("config_id", ""))
        self.way(config_id)
        self.sandbox.state.run("delete from wecom_way where config_id = ?", config_id)
        return done()

    async def welcome(self, request: Request) -> dict[str, Any]:
        """`POST …/send_welcome_msg {welcome_code, text}`: once, within twenty seconds of the adding."""
        self.family.token(request)
        asked = await asked_of(request)
        text = asked.get("text")
        if not isinstance(text, dict) or not text.get("content"):
            raise refused("40058", "text")
        row = self.sandbox.state.row(
            "select rowid, * from wecom_customer where server = ? and welcome_code = ?",
            self.family.server,
            str(asked.get("welcome_code", "")),
        )
        # 41050 and 41051 are documented as late and as already talking; a spent code is taken for the latter (assumed).
        if row is None or self.sandbox.now() - row["added_at"] > WELCOME_SECONDS:
            raise refused("41050")
        spend = "update wecom_customer set welcomed_at = ? where rowid = ? and welcomed_at is null"
        if not self.sandbox.state.run(spend, self.sandbox.now(), row["rowid"]):
            raise refused("41051")
        chats.add(self.sandbox, self.family.server, "customer", row["external_userid"], "text", text)
        return done()

    def way(self, config_id: str) -> dict[str, Any]:
        """What a code was made with, or 40058."""
        row = self.sandbox.state.row(
            "select asked from wecom_way where server = ? and config_id = ?", self.family.server, config_id
        )
        if row is None:
            raise refused("40058", "config_id")
        found: dict[str, Any] = json.loads(row["asked"])
        return found
