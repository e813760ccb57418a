"""Messages of the app to members: every needed kind, duplicate check, recall, cards that change after an answer."""

from __future__ import annotations

import hashlib
import json
import re
import secrets
from typing import Any

from starlette.requests import Request

from sandboxes import chats, media
from sandboxes.errcodes import asked_of, done, refused
from sandboxes.wecom import cards
from sandboxes.wecom.family import Family

CARD_SECONDS = 72 * 3600
RECALL_SECONDS = 24 * 3600
SAME_SECONDS, SAME_LONGEST_SECONDS = 1800, 4 * 3600
LONGEST_TEXT_BYTES = 2048
KINDS: dict[str, tuple[str, ...]] = {
    "text": ("content",),
    "markdown": ("content",),
    "image": ("media_id",),
    "voice": ("media_id",),
    "video": ("media_id",),
    "file": ("media_id",),
    "textcard": ("title", "description", "url"),
    "news": ("articles",),
    "mpnews": ("articles",),
    "miniprogram_notice": ("appid", "title"),
    "template_card": ("card_type",),
}
MISSING = {"title": "41016", "description": "41033", "content": "44004"}
"""Errcode of a missing field; any other is 40058."""


def paths(family: Family) -> dict[tuple[str, str], Any]:
    """Method and path of each interface."""
    sending = Sending(family)
    return {
        ("POST", "/cgi-bin/message/send"): sending.send,
        ("POST", "/cgi-bin/message/recall"): sending.recall,
        ("POST", "/cgi-bin/message/update_template_card"): sending.update_card,
    }


class Sending:
    """The documented interfaces."""

    def __init__(self, family: Family) -> None:
        self.family = family
        self.sandbox = family.sandbox

    async def send(self, request: Request) -> dict[str, Any]:
        """`POST /cgi-bin/message/send`."""
        self.family.token(request)
        asked = await asked_of(request)
        self._agent(asked)
        receivers, invalid = self._receivers(asked)
        kind, content = self._content(asked)
        if not receivers:
            raise refused("81013")
        digest = hashlib.sha256(json.dumps([sorted(receivers), kind, content], sort_keys=True).encode()).hexdigest()
        again = self._same(asked, digest)
        if again:
            return done(**invalid, msgid=again)
        self._count_day(len(receivers))
        msgid, now = secrets.token_urlsafe(40), self.sandbox.now()
        chat_ids = [self._show(userid, kind, content, msgid) for userid in receivers if self._may_receive(userid)]
        self.sandbox.state.run(
            "insert into wecom_message values (?, ?, ?, ?, ?, ?, null)",
            msgid,
            self.family.server,
            digest,
            json.dumps({"msgtype": kind, "content": content}, ensure_ascii=False),
            now,
            json.dumps(chat_ids),
        )
        more = {"response_code": cards.new_code(self.sandbox, msgid)} if cards.is_updatable(kind, content) else {}
        return done(**invalid, msgid=msgid, **more)

    async def recall(self, request: Request) -> dict[str, Any]:
        """`POST /cgi-bin/message/recall {msgid}`: within 24 hours."""
        self.family.token(request)
        row = self.sandbox.state.row(
            "select * from wecom_message where msgid = ? and server = ?",
            str((await asked_of(request)).get("msgid", "")),
            self.family.server,
        )
        if row is None or self.sandbox.now() - row["made_at"] > RECALL_SECONDS:
            raise refused("40058", "msgid")
        self.sandbox.state.run(
            "update wecom_message set recalled_at = ? where msgid = ?", self.sandbox.now(), row["msgid"]
        )
        for chat_id in json.loads(row["chat_ids"]):
            chats.replace(self.sandbox, chat_id, {}, "recalled")
        return done()

    async def update_card(self, request: Request) -> dict[str, Any]:
        """`POST /cgi-bin/message/update_template_card {userids, agentid, response_code, button | template_card}`."""
        self.family.token(request)
        asked = await asked_of(request)
        self._agent(asked)
        row = cards.living(self.sandbox, self.family.server, asked.get("response_code"), CARD_SECONDS)
        # The errcode of a spent, late or wrong code is not in the public list (assumed: 40058).
        if row is None:
            raise refused("40058", "response_code")
        button, card = asked.get("button"), asked.get("template_card")
        if isinstance(card, dict):
            cards.check(card, is_update=True)
        elif not isinstance(button, dict) or not button.get("replace_name"):
            raise refused("40058", "button or template_card")
        wanted, found = {str(one).lower() for one in asked.get("userids") or []}, set()
        cards.spend(self.sandbox, row["response_code"])
        for chat_id in json.loads(row["chat_ids"]):
            chat = chats.one(self.sandbox, chat_id)
            if chat is None or not (asked.get("atall") == 1 or chat["holder"].lower() in wanted):
                continue
            found.add(chat["holder"].lower())
            self._change(chat, button, card)
        return done(invaliduser=[one for one in asked.get("userids") or [] if str(one).lower() not in found])

    def _change(self, chat: dict[str, Any], button: Any, card: Any) -> None:
        if isinstance(card, dict):
            content = {**card, "task_id": chat["content"].get("task_id", ""), "msgid": chat["content"]["msgid"]}
            chats.replace(self.sandbox, chat["chat_id"], content, "shown")
        else:
            content = {**chat["content"], "replace_name": button["replace_name"]}
            chats.replace(self.sandbox, chat["chat_id"], content, "done")

    def _agent(self, asked: dict[str, Any]) -> None:
        if "agentid" not in asked:
            raise refused("41011")
        if str(asked["agentid"]) != str(self.family.agent_id):
            raise refused("40056")

    def _receivers(self, asked: dict[str, Any]) -> tuple[list[str], dict[str, str]]:
        users, parties, tags = (
            [one for one in str(asked.get(name) or "").split("|") if one] for name in ("touser", "toparty", "totag")
        )
        for names, most, code in ((users, 1000, "40032"), (parties, 100, "82002"), (tags, 100, "82003")):
            if len(names) > most:
                raise refused(code)
        if "@all" in users:
            return [one["userid"] for one in self.family.members()], _invalid([], [], [])
        known = {one: row["userid"] for one in users if (row := self.family.member(one)) is not None}
        found = dict.fromkeys(known.values())
        bad_parties = []
        for party in parties:
            inside = self.family.members(int(party)) if party.isdecimal() else []
            found.update(dict.fromkeys(one["userid"] for one in inside))
            if not inside:
                bad_parties.append(party)
        # Tags are not kept here: every tag is invalid.
        return list(found), _invalid([one for one in users if one not in known], bad_parties, tags)

    def _content(self, asked: dict[str, Any]) -> tuple[str, dict[str, Any]]:
        kind = asked.get("msgtype")
        if not isinstance(kind, str) or kind not in KINDS:
            raise refused("40008")
        content = asked.get(kind)
        if not isinstance(content, dict):
            raise refused("44004" if kind in {"text", "markdown"} else "40058", kind)
        for name in KINDS[kind]:
            if not content.get(name):
                raise refused(MISSING.get(name, "40058"), name)
        if kind in {"text", "markdown"}:
            # Longer texts are cut, not refused.
            cut = str(content["content"]).encode()[:LONGEST_TEXT_BYTES].decode("utf-8", "ignore")
            content = {**content, "content": cut}
        if "media_id" in content and not media.is_kept(self.sandbox, self.family.corp_id, content["media_id"], kind):
            raise refused("40007")
        if "articles" in content and not 1 <= len(content["articles"]) <= 8:
            raise refused("45008")
        if kind == "template_card":
            cards.check(content)
        if kind == "miniprogram_notice" and "@all" in str(asked.get("touser")):
            raise refused("40058", "miniprogram_notice to @all")
        if kind == "textcard" and not re.match(r"https?://", str(content["url"])):
            raise refused("40058", "url")
        return kind, content

    def _same(self, asked: dict[str, Any], digest: str) -> str:
        if asked.get("enable_duplicate_check") != 1:
            return ""
        seconds = min(int(asked.get("duplicate_check_interval") or SAME_SECONDS), SAME_LONGEST_SECONDS)
        row = self.sandbox.state.row(
            "select msgid from wecom_message where server = ? and digest = ? and made_at > ?",
            self.family.server,
            digest,
            self.sandbox.now() - seconds,
        )
        return row["msgid"] if row else ""

    def _count_day(self, people: int) -> None:
        count = self.sandbox.state.number("select count(*) from wecom_member where server = ?", self.family.server)
        most = self.sandbox.options.limits.member_daily * max(1, int(count))
        if self.sandbox.count(f"sent:{self.family.server}", 86_400) + people > most:
            raise refused("45009")
        self.sandbox.happened(f"sent:{self.family.server}", people)

    def _may_receive(self, userid: str) -> bool:
        """30 a minute and 1,000 an hour per member; what is more is dropped without a word."""
        limits, name = self.sandbox.options.limits, f"sent:{self.family.server}:{userid}"
        if (
            self.sandbox.count(name, 60) >= limits.member_per_minute
            or self.sandbox.count(name, 3600) >= limits.member_hourly
        ):
            return False
        self.sandbox.happened(name)
        return True

    def _show(self, userid: str, kind: str, content: dict[str, Any], msgid: str) -> int:
        return chats.add(
            self.sandbox, self.family.server, str(self.family.agent_id), userid, kind, {**content, "msgid": msgid}
        )


def _invalid(users: list[str], parties: list[str], tags: list[str]) -> dict[str, str]:
    named = {"invaliduser": users, "invalidparty": parties, "invalidtag": tags}
    return {name: "|".join(found) for name, found in named.items()} | {"unlicenseduser": ""}
