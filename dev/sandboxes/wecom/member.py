"""What members and customers do: read, tap a card, write, add a member, ask the customer service."""

from __future__ import annotations

import hashlib
import json
import re
import secrets
import time
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from sandboxes import callbacks, chats, tokens
from sandboxes.control import PAGES
from sandboxes.ground import Refusal, read_object
from sandboxes.wecom import cards
from sandboxes.wecom.customers import Customers
from sandboxes.wecom.family import Family
from sandboxes.wecom.kf import Service

USERID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_\-@.]{0,63}")


class Member:
    """Acts on the sandbox's side."""

    def __init__(self, family: Family) -> None:
        self.family = family
        self.sandbox = family.sandbox
        self.service = Service(family)
        self.customers = Customers(family)

    def paths(self) -> dict[tuple[str, str], Any]:
        """Method and path of each act."""
        return {
            ("GET", "/sandbox/"): self.page,
            ("GET", "/sandbox/phone"): self.look,
            ("GET", "/sandbox/members"): self.members,
            ("POST", "/sandbox/members"): self.register,
            ("POST", "/sandbox/leave"): self.leave,
            ("POST", "/sandbox/departments"): self.departments,
            ("POST", "/sandbox/write"): self.write,
            ("POST", "/sandbox/enter"): self.enter,
            ("POST", "/sandbox/tap"): self.tap,
            ("POST", "/sandbox/event"): self.event,
            ("POST", "/sandbox/customer-adds"): self.customer_adds,
            ("POST", "/sandbox/kf-enter"): self.kf_enter,
            ("POST", "/sandbox/kf-write"): self.kf_write,
            ("GET", "/sandbox/kf"): self.kf_look,
            ("POST", "/sandbox/revoke-tokens"): self.revoke_tokens,
            ("POST", "/sandbox/callback"): self.callback,
            ("GET", "/sandbox/callbacks"): self.callbacks,
            ("POST", "/sandbox/verify-url"): self.verify_url,
        }

    async def page(self, _: Request) -> Response:
        """The member's phone, to look at and tap."""
        return HTMLResponse((PAGES / "wecom.html").read_text())

    async def look(self, request: Request) -> dict[str, Any]:
        """`GET …/phone?userid=`: the app's messages to this member."""
        member = self._member({"userid": request.query_params.get("userid")})
        chat = chats.of(self.sandbox, self.family.server, str(self.family.agent_id), member["userid"])
        return {"member": member, "chat": chat, "server": self.family.server}

    async def members(self, _: Request) -> dict[str, Any]:
        """`GET …/members`."""
        return {"members": self.family.members()}

    async def register(self, request: Request) -> dict[str, Any]:
        """`POST …/members`: one `{userid, name, mobile?, email?, departments?, position?}`, or `{"members": […]}`.

        With `is_told: true` the app hears of it (change_contact), as apps do that may see the directory.
        """
        asked = await read_object(request) or {}
        members = asked.get("members", [asked])
        if not isinstance(members, list) or not all(_is_member(one) for one in members):
            raise Refusal({"error": "each member needs userid (1 to 64 of A-Z a-z 0-9 _ - @ .) and name"}, 422)
        with self.sandbox.state.change():
            for one in members:
                self.sandbox.state.run(
                    "insert into wecom_member values (?, ?, ?, ?, ?, ?, ?) on conflict do update set"
                    " name = excluded.name, mobile = excluded.mobile, email = excluded.email,"
                    " departments = excluded.departments, position = excluded.position",
                    self.family.server,
                    one["userid"],
                    one["name"],
                    str(one.get("mobile", "")),
                    str(one.get("email", "")),
                    json.dumps(one.get("departments", [1])),
                    str(one.get("position", "")),
                )
        if asked.get("is_told"):
            for one in members:
                self._contact_changed("create_user", one["userid"])
        return {"members": [self._member(one) for one in members]}

    async def leave(self, request: Request) -> dict[str, Any]:
        """`POST …/leave {userid}`: the member is no longer in the directory; the app hears of it."""
        _, member = await self._asked(request)
        self.sandbox.state.run(
            "delete from wecom_member where server = ? and userid = ?", self.family.server, member["userid"]
        )
        return {"callback_id": self._contact_changed("delete_user", member["userid"])}

    def _contact_changed(self, change: str, userid: str) -> int:
        return self.family.tell(
            "sys", {"MsgType": "event", "Event": "change_contact", "ChangeType": change, "UserID": userid}
        )

    async def departments(self, request: Request) -> dict[str, Any]:
        """`POST …/departments {id, name, parentid?}`."""
        asked = await read_object(request) or {}
        if not isinstance(asked.get("id"), int) or not asked.get("name"):
            raise Refusal({"error": "id (number) and name"}, 422)
        self.sandbox.state.run(
            "insert into wecom_department values (?, ?, ?, ?, ?) on conflict do update set name = excluded.name",
            self.family.server,
            asked["id"],
            str(asked["name"]),
            asked.get("parentid", 1) if isinstance(asked.get("parentid", 1), int) else 1,
            asked["id"],
        )
        return {"id": asked["id"]}

    async def write(self, request: Request) -> dict[str, Any]:
        """`POST …/write {userid, text}`: a text to the app."""
        asked, member = await self._asked(request)
        text = asked.get("text")
        if not isinstance(text, str) or not text:
            raise Refusal({"error": "text is missing"}, 422)
        agent = str(self.family.agent_id)
        chats.add(self.sandbox, self.family.server, agent, member["userid"], "text", {"content": text}, is_ours=False)
        fields = {"MsgType": "text", "Content": text, "MsgId": secrets.randbelow(9 * 10**18), "AgentID": agent}
        return {"callback_id": self.family.tell(member["userid"], fields)}

    async def enter(self, request: Request) -> dict[str, Any]:
        """`POST …/enter {userid}`: the enter_agent event."""
        _, member = await self._asked(request)
        fields = {"MsgType": "event", "Event": "enter_agent", "EventKey": "", "AgentID": str(self.family.agent_id)}
        return {"callback_id": self.family.tell(member["userid"], fields)}

    async def tap(self, request: Request) -> dict[str, Any]:
        """`POST …/tap {userid, chat_id, key, selected: {question: [option ids]}}`: answers a card once."""
        asked, member = await self._asked(request)
        chat = chats.one(self.sandbox, asked.get("chat_id"))
        if chat is None or chat["server"] != self.family.server or chat["holder"] != member["userid"]:
            raise Refusal({"error": "no such card on this phone"}, 404)
        card, selected = chat["content"], asked.get("selected", {})
        if chat["state"] != "shown" or asked.get("key") not in _keys(card) or not isinstance(selected, dict):
            raise Refusal({"error": "已经处理过，或没有这个按钮 (answered already, or no such button)"}, 409)
        chats.replace(self.sandbox, chat["chat_id"], {**card, "chosen": asked["key"]}, "waiting")
        items = [
            {"QuestionKey": question, "OptionIds": {"OptionId": [str(one) for one in options]}}
            for question, options in selected.items()
            if isinstance(options, list)
        ]
        fields: dict[str, object] = {
            "MsgType": "event",
            "Event": "template_card_event",
            "EventKey": asked["key"],
            "TaskId": card.get("task_id", ""),
            "CardType": card["card_type"],
            "ResponseCode": cards.new_code(self.sandbox, card["msgid"]),
            "AgentID": str(self.family.agent_id),
        }
        if items:
            fields["SelectedItems"] = {"SelectedItem": items}
        return {"callback_id": self.family.tell(member["userid"], fields)}

    async def event(self, request: Request) -> dict[str, Any]:
        """`POST …/event {userid, fields}`: anything at all."""
        asked, member = await self._asked(request)
        if not isinstance(asked.get("fields"), dict):
            raise Refusal({"error": "fields must be an object"}, 422)
        return {"callback_id": self.family.tell(member["userid"], asked["fields"])}

    async def customer_adds(self, request: Request) -> dict[str, Any]:
        """`POST …/customer-adds {person, config_id}`: somebody scans a contact way; change_external_contact."""
        asked = await read_object(request) or {}
        way, person = self.customers.way(str(asked.get("config_id", ""))), asked.get("person")
        if not person:
            raise Refusal({"error": "person is missing"}, 422)
        userid, customer = way["user"][0], _customer(self.family.corp_id, str(person))
        welcome = secrets.token_urlsafe(24)
        self.sandbox.state.run(
            "insert into wecom_customer values (?, ?, ?, ?, ?, ?, ?, null) on conflict do update set"
            " added_at = excluded.added_at, welcome_code = excluded.welcome_code, welcomed_at = null",
            self.family.server,
            customer,
            str(person),
            userid,
            str(way.get("state", "")),
            self.sandbox.now(),
            welcome,
        )
        fields = {
            "MsgType": "event",
            "Event": "change_external_contact",
            "ChangeType": "add_external_contact",
            "UserID": userid,
            "ExternalUserID": customer,
            "State": str(way.get("state", "")),
            "WelcomeCode": welcome,
        }
        return {"external_userid": customer, "callback_id": self.family.tell("sys", fields)}

    async def kf_enter(self, request: Request) -> dict[str, Any]:
        """`POST …/kf-enter {person, open_kfid, scene?}`: a customer opens the conversation."""
        customer, open_kfid, asked = await self._customer_of(request)
        self.service.enter(open_kfid, customer, str(asked.get("scene", "")))
        return {"external_userid": customer}

    async def kf_write(self, request: Request) -> dict[str, Any]:
        """`POST …/kf-write {person, open_kfid, text}`: a customer writes."""
        customer, open_kfid, asked = await self._customer_of(request)
        if not isinstance(asked.get("text"), str) or not asked["text"]:
            raise Refusal({"error": "text is missing"}, 422)
        self.service.write(open_kfid, customer, asked["text"])
        return {"external_userid": customer}

    async def kf_look(self, request: Request) -> dict[str, Any]:
        """`GET …/kf?person=&open_kfid=`: the conversation as the customer sees it."""
        asked = request.query_params
        customer = _customer(self.family.corp_id, asked.get("person", ""))
        return {"chat": chats.of(self.sandbox, self.family.server, asked.get("open_kfid", ""), customer)}

    async def revoke_tokens(self, _: Request) -> dict[str, Any]:
        """`POST …/revoke-tokens`."""
        return {"revoked": tokens.revoke(self.sandbox, self.family.corp_id)}

    async def callback(self, request: Request) -> Response:
        """`POST …/callback {url}`: where news go."""
        return await callbacks.set_from(self.sandbox, request, (self.family.target,))

    async def callbacks(self, _: Request) -> dict[str, Any]:
        """`GET …/callbacks`."""
        return {"callbacks": callbacks.listed(self.sandbox, self.family.target)}

    async def verify_url(self, _: Request) -> Response:
        """`POST …/verify-url`: the console's GET with a sealed `echostr`; the plain text must come back in a second."""
        echo = str(secrets.randbelow(10**19))
        sealed, stamp, nonce = self.family.envelope.seal(echo), str(int(time.time())), str(secrets.randbelow(10**10))
        signed = self.family.envelope.sign(stamp, nonce, sealed)
        query = {"msg_signature": signed, "timestamp": stamp, "nonce": nonce, "echostr": sealed}
        return await callbacks.check_url(self.sandbox, self.family.target, query, echo, 1)

    async def _asked(self, request: Request) -> tuple[dict[str, Any], dict[str, Any]]:
        asked = await read_object(request) or {}
        return asked, self._member(asked)

    def _member(self, asked: dict[str, Any]) -> dict[str, Any]:
        row = self.family.member(asked.get("userid"))
        if row is None:
            raise Refusal({"error": "no member with this userid"}, 404)
        return {**dict(row), "departments": json.loads(row["departments"])}

    async def _customer_of(self, request: Request) -> tuple[str, str, dict[str, Any]]:
        asked = await read_object(request) or {}
        if not asked.get("person"):
            raise Refusal({"error": "person is missing"}, 422)
        open_kfid = str(self.service.account(asked.get("open_kfid"))["open_kfid"])
        return _customer(self.family.corp_id, str(asked["person"])), open_kfid, asked


def _is_member(one: Any) -> bool:
    return (
        isinstance(one, dict)
        and isinstance(one.get("userid"), str)
        and bool(USERID.fullmatch(one["userid"]))
        and isinstance(one.get("name"), str)
        and bool(one["name"])
        and isinstance(one.get("departments", [1]), list)
    )


def _customer(corp_id: str, person: str) -> str:
    return "wm" + hashlib.sha256(f"{corp_id}:{person}".encode()).hexdigest()[:30]


def _keys(card: dict[str, Any]) -> set[str]:
    buttons = [*card.get("button_list", []), card.get("submit_button") or {}]
    menu = card.get("action_menu") or {}
    return {str(one["key"]) for one in [*buttons, *menu.get("action_list", [])] if one.get("key")}
