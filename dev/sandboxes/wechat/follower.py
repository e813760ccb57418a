"""What people do in WeChat: follow, scan, write, tap, decide on subscriptions; each act is told to the product."""

from __future__ import annotations

import base64
import json
import secrets
import sqlite3
import time
from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from sandboxes import callbacks, chats, media
from sandboxes.control import PAGES
from sandboxes.envelope import signature, xml
from sandboxes.ground import Json, Refusal, Sandbox, read_object
from sandboxes.wechat import callbacks as packing
from sandboxes.wechat import menu, tags, windows
from sandboxes.wechat.apps import ACCOUNT, App, Apps

WISHES = frozenset({"accept", "reject"})


class Follower:
    """Acts of one person; `app` names the channel: `wechat_oa` unless said, `wechat_oa_linan`, `wechat_mini`."""

    def __init__(self, sandbox: Sandbox, apps: Apps) -> None:
        self.sandbox = sandbox
        self.apps = apps

    def paths(self) -> dict[tuple[str, str], Any]:
        """Method and path of each act."""
        return {
            ("GET", "/sandbox/"): self.page,
            ("GET", "/sandbox/phone"): self.look,
            ("POST", "/sandbox/follow"): self.follow,
            ("POST", "/sandbox/unfollow"): self.unfollow,
            ("POST", "/sandbox/scan"): self.scan,
            ("POST", "/sandbox/write"): self.write,
            ("POST", "/sandbox/picture"): self.picture,
            ("POST", "/sandbox/place"): self.place,
            ("POST", "/sandbox/tap-menu"): self.tap_menu,
            ("POST", "/sandbox/enter"): self.enter,
            ("POST", "/sandbox/block"): self.block,
            ("POST", "/sandbox/dialog"): self.dialog,
            ("GET", "/sandbox/dialog"): self.dialog_answer,
            ("POST", "/sandbox/subscribe"): self.subscribe,
            ("POST", "/sandbox/change-subscription"): self.change_subscription,
            ("POST", "/sandbox/open"): self.open_link,
            ("GET", "/sandbox/link/{link}"): self.follow_link,
            ("POST", "/sandbox/event"): self.event,
            ("POST", "/sandbox/callback"): self.callback,
            ("GET", "/sandbox/callbacks"): self.callbacks,
            ("POST", "/sandbox/mode"): self.mode,
            ("POST", "/sandbox/verify-url"): self.verify_url,
        }

    async def page(self, _: Request) -> Response:
        """The phone, to look at and tap."""
        return HTMLResponse((PAGES / "wechat.html").read_text())

    async def look(self, request: Request) -> dict[str, Any]:
        """`GET /wechat/sandbox/phone?person=&account=`: all that stands on this phone."""
        user = self.apps.user({"person": request.query_params.get("person", "")})
        account = self._account({"app": request.query_params.get("account", ACCOUNT)})
        mini = self.apps.mini
        openid = self.apps.openid(account, user["person"])
        follower = self._follower(openid)
        asked = self.sandbox.state.rows(
            "select * from wechat_dialog where openid in (?, ?) and answer is null order by made_at",
            openid,
            user["openid"],
        )
        return {
            "user": {**dict(user), "account_openid": openid},
            "title": account.title,
            "is_following": follower["followed_at"] is not None,
            "menu": menu.shown_to(self.sandbox, account.app_id, openid),
            "account": chats.of(self.sandbox, "wechat", account.app_id, openid),
            "mini": chats.of(self.sandbox, "wechat", mini.app_id, user["openid"]),
            "dialogs": [self._dialog_shown(row) for row in asked],
            "app_base": self._app_base(),
        }

    async def follow(self, request: Request) -> dict[str, Any]:
        """`POST …/follow {person}`: subscribe, found by search."""
        asked, user = await self._asked(request)
        return self._follow(self._account(asked), user, asked.get("scene", ""), "", "ADD_SCENE_SEARCH")

    async def unfollow(self, request: Request) -> dict[str, Any]:
        """`POST …/unfollow {person}`: no more messages, consents and windows gone."""
        asked, user = await self._asked(request)
        app = self._account(asked)
        openid = self.apps.openid(app, user["person"])
        self.sandbox.state.run("update wechat_follower set followed_at = null where openid = ?", openid)
        windows.close_all(self.sandbox, app, openid)
        tags.strip(self.sandbox, openid)
        return self._tell(app, openid, {"MsgType": "event", "Event": "unsubscribe", "EventKey": ""})

    async def scan(self, request: Request) -> dict[str, Any]:
        """`POST …/scan {person, ticket | url}`: a code with a scene; who does not follow yet does so."""
        asked, user = await self._asked(request)
        code = self.sandbox.state.row(
            "select * from wechat_qr where ticket = ? or url = ?", asked.get("ticket"), asked.get("url")
        )
        if code is None or (code["expires_at"] and code["expires_at"] < self.sandbox.now()):
            raise Refusal({"error": "二维码已失效 (no such code, or it has expired)"}, 404)
        app = self.apps.by_id(code["app"])
        openid = self.apps.openid(app, user["person"])
        if self._follower(openid)["followed_at"] is None:
            return self._follow(app, user, code["scene"], code["ticket"], "ADD_SCENE_QR_CODE")
        windows.open_for(self.sandbox, app, openid, "scan")
        event = {"MsgType": "event", "Event": "SCAN", "EventKey": code["scene"], "Ticket": code["ticket"]}
        return self._tell(app, openid, event)

    async def write(self, request: Request) -> dict[str, Any]:
        """`POST …/write {person, text, app?}`: a text message; opens the window of 48 hours."""
        asked, user = await self._asked(request)
        app, text = self._app(asked), asked.get("text")
        if not isinstance(text, str) or not text:
            raise Refusal({"error": "text is missing"}, 422)
        openid = self._reachable(app, user)
        windows.open_for(self.sandbox, app, openid, "write")
        chats.add(self.sandbox, "wechat", app.app_id, openid, "text", {"content": text}, is_ours=False)
        return self._tell(app, openid, {"MsgType": "text", "Content": text, "MsgId": _msg_id()})

    async def picture(self, request: Request) -> dict[str, Any]:
        """`POST …/picture {person, content, name?, url?, app?}`: a picture (base64); it can be fetched for three days."""
        asked, user = await self._asked(request)
        app = self._app(asked)
        openid = self._reachable(app, user)
        content = base64.b64decode(str(asked.get("content", "")))
        media_id = media.put(self.sandbox, app.app_id, "image", str(asked.get("name", "p.jpg")), "image/jpeg", content)
        windows.open_for(self.sandbox, app, openid, "write")
        told = {"media_id": media_id}
        chats.add(self.sandbox, "wechat", app.app_id, openid, "image", told, is_ours=False)
        url = str(asked.get("url") or f"http://mmbiz.qpic.cn/mmbiz_jpg/{media_id}/0")
        event = {"MsgType": "image", "PicUrl": url, "MediaId": media_id, "MsgId": _msg_id()}
        return self._tell(app, openid, event) | told

    async def place(self, request: Request) -> dict[str, Any]:
        """`POST …/place {person, latitude, longitude}`: the LOCATION event of a follower who consented."""
        asked, user = await self._asked(request)
        app = self._account(asked)
        openid = self._reachable(app, user)
        event = {
            "MsgType": "event",
            "Event": "LOCATION",
            "Latitude": str(asked.get("latitude", "")),
            "Longitude": str(asked.get("longitude", "")),
            "Precision": "40.0",
        }
        return self._tell(app, openid, event)

    async def tap_menu(self, request: Request) -> dict[str, Any]:
        """`POST …/tap-menu {person, key | url}`: CLICK, VIEW or view_miniprogram, as the button says."""
        asked, user = await self._asked(request)
        app = self._account(asked)
        openid = self._reachable(app, user)
        button = self._button(app, openid, asked)
        if button["type"] == "view":
            event, key = "VIEW", button["url"]
        elif button["type"] == "miniprogram":
            event, key = "view_miniprogram", button["pagepath"]
        else:
            event, key = "CLICK", button["key"]
            windows.open_for(self.sandbox, app, openid, "menu")
        told = self._tell(app, openid, {"MsgType": "event", "Event": event, "EventKey": key})
        return {**told, "opens": button.get("url", "") if event == "VIEW" else ""}

    async def enter(self, request: Request) -> dict[str, Any]:
        """`POST …/enter {person}`: the mini program's customer-service session."""
        asked, user = await self._asked(request)
        windows.open_for(self.sandbox, self.apps.mini, user["openid"], "enter")
        event = {"MsgType": "event", "Event": "user_enter_tempsession", "SessionFrom": str(asked.get("from", ""))}
        return self._tell(self.apps.mini, user["openid"], event)

    async def block(self, request: Request) -> dict[str, Any]:
        """`POST …/block {person, is_blocked}`: template messages end as `failed:user block`."""
        asked, user = await self._asked(request)
        openid = self.apps.openid(self._account(asked), user["person"])
        self.sandbox.state.set(f"blocked:{openid}", "1" if asked.get("is_blocked", True) else "")
        return {"openid": openid}

    async def dialog(self, request: Request) -> dict[str, Any]:
        """`POST …/dialog {person, app?, template_ids}`: `wx.requestSubscribeMessage` (a page asks, the phone shows it).

        At most three templates, once and lasting never together.
        """
        asked, user = await self._asked(request)
        app, ids = self._app(asked), asked.get("template_ids")
        if not isinstance(ids, list) or not 1 <= len(ids) <= 3:
            raise Refusal({"errMsg": "requestSubscribeMessage:fail", "errCode": 20003}, 422)
        kinds = {app.template(one, "once", "lasting")["kind"] for one in ids}
        if len(kinds) > 1:
            raise Refusal({"errMsg": "requestSubscribeMessage:fail Templates type must be same", "errCode": 20012}, 422)
        dialog_id = secrets.token_urlsafe(12)
        self.sandbox.state.run(
            "insert into wechat_dialog values (?, ?, ?, ?, null, ?)",
            dialog_id,
            app.app_id,
            self.apps.openid(app, user["person"]),
            json.dumps(ids),
            self.sandbox.now(),
        )
        return {"dialog_id": dialog_id}

    async def dialog_answer(self, request: Request) -> dict[str, Any]:
        """`GET …/dialog?dialog_id=`: what the page gets back; `answer` is null until the person decided."""
        row = self.sandbox.state.row(
            "select * from wechat_dialog where dialog_id = ?", request.query_params.get("dialog_id", "")
        )
        if row is None:
            raise Refusal({"error": "no such dialog"}, 404)
        answer = json.loads(row["answer"]) if row["answer"] else None
        return {"errMsg": "requestSubscribeMessage:ok" if answer else "", "answer": answer}

    async def subscribe(self, request: Request) -> dict[str, Any]:
        """`POST …/subscribe {person, app?, choices: {template_id: accept|reject}, dialog_id?}`: the person decides."""
        asked, user = await self._asked(request)
        app, choices = self._app(asked), asked.get("choices")
        if not isinstance(choices, dict) or not choices or not {str(wish) for wish in choices.values()} <= WISHES:
            raise Refusal({"error": "choices: {template_id: accept or reject}"}, 422)
        openid = self.apps.openid(app, user["person"])
        for template_id, wish in choices.items():
            self._consent(app, openid, app.template(template_id, "once", "lasting")["template_id"], wish)
        if asked.get("dialog_id"):
            self.sandbox.state.run(
                "update wechat_dialog set answer = ? where dialog_id = ? and answer is null",
                json.dumps(choices),
                asked["dialog_id"],
            )
        listed = [
            {"TemplateId": template_id, "SubscribeStatusString": wish, "PopupScene": 0}
            for template_id, wish in choices.items()
        ]
        event = {"MsgType": "event", "Event": "subscribe_msg_popup_event", "SubscribeMsgPopupEvent": {"List": listed}}
        return {**self._tell(app, openid, event), "answer": choices}

    async def change_subscription(self, request: Request) -> dict[str, Any]:
        """`POST …/change-subscription {person, app?, template_id}`: refused later, in the account's settings."""
        asked, user = await self._asked(request)
        app = self._app(asked)
        template = app.template(asked.get("template_id"), "once", "lasting")
        openid = self.apps.openid(app, user["person"])
        self._consent(app, openid, template["template_id"], "reject")
        listed = {"TemplateId": template["template_id"], "SubscribeStatusString": "reject"}
        event = {"MsgType": "event", "Event": "subscribe_msg_change_event", "SubscribeMsgChangeEvent": {"List": listed}}
        return self._tell(app, openid, event)

    async def open_link(self, request: Request) -> dict[str, Any]:
        """`POST …/open {link}`: the page a URL link or scheme opens."""
        asked = await read_object(request) or {}
        row = self.sandbox.state.row("select * from wechat_link where link = ?", str(asked.get("link", "")))
        if row is None or row["expires_at"] < self.sandbox.now():
            raise Refusal({"error": "链接已失效 (no such link, or it has expired)"}, 404)
        return {"app_id": row["app"], "path": row["path"], "query": row["query"], "url": self._page_url(row)}

    async def follow_link(self, request: Request) -> Response:
        """An opened URL link: on to the page, in this browser."""
        link = f"{self.sandbox.options.public_url}{request.url.path}"
        row = self.sandbox.state.row("select * from wechat_link where link = ?", link)
        if row is None or row["expires_at"] < self.sandbox.now():
            return Json({"error": "链接已失效 (no such link, or it has expired)"}, 404)
        return RedirectResponse(self._page_url(row), 302)

    async def event(self, request: Request) -> dict[str, Any]:
        """`POST …/event {person, app?, fields}`: anything at all, such as an event nobody knows yet."""
        asked, user = await self._asked(request)
        app, fields = self._app(asked), asked.get("fields")
        if not isinstance(fields, dict):
            raise Refusal({"error": "fields must be an object"}, 422)
        return self._tell(app, self.apps.openid(app, user["person"]), fields)

    async def callback(self, request: Request) -> Response:
        """`POST …/callback {url, target?}`: where news go."""
        return await callbacks.set_from(self.sandbox, request, (ACCOUNT, *(app.channel for app in self.apps.all)))

    async def callbacks(self, request: Request) -> dict[str, Any]:
        """`GET …/callbacks?target=`: what was sent, how often, what came back."""
        return {"callbacks": callbacks.listed(self.sandbox, request.query_params.get("target", ACCOUNT))}

    async def mode(self, request: Request) -> dict[str, Any]:
        """`POST …/mode {app?, is_sealed}`: plain mode or safe mode."""
        asked = await read_object(request) or {}
        channel = self._app(asked).channel
        self.sandbox.state.set(f"sealed:{channel}", "1" if asked.get("is_sealed", True) else "0")
        return {"app": channel, "is_sealed": packing.is_sealed(self.sandbox, channel)}

    async def verify_url(self, request: Request) -> Response:
        """`POST …/verify-url {app?}`: the console's GET with `echostr`, which must come back as it is."""
        app = self._app(await read_object(request) or {})
        stamp, nonce, echo = str(int(time.time())), str(secrets.randbelow(10**10)), str(secrets.randbelow(10**19))
        signed = signature(app.envelope.token, stamp, nonce)
        query = {"signature": signed, "timestamp": stamp, "nonce": nonce, "echostr": echo}
        return await callbacks.check_url(self.sandbox, app.channel, query, echo, 5)

    async def _asked(self, request: Request) -> tuple[dict[str, Any], sqlite3.Row]:
        asked = await read_object(request) or {}
        return asked, self.apps.user(asked)

    def _app(self, asked: dict[str, Any]) -> App:
        wanted = asked.get("app", ACCOUNT)
        for app in self.apps.all:
            if app.channel == wanted:
                return app
        raise Refusal({"error": f"app must be one of {[app.channel for app in self.apps.all]}"}, 422)

    def _account(self, asked: dict[str, Any]) -> App:
        app = self._app(asked)
        if app.kind != ACCOUNT:
            raise Refusal({"error": "only an official account has this"}, 422)
        return app

    def _follower(self, openid: str) -> sqlite3.Row:
        row = self.sandbox.state.row("select * from wechat_follower where openid = ?", openid)
        if row is None:
            raise Refusal({"error": "unknown openid"}, 404)
        return row

    def _reachable(self, app: App, user: sqlite3.Row) -> str:
        openid = self.apps.openid(app, user["person"])
        if app.kind == ACCOUNT and self._follower(openid)["followed_at"] is None:
            raise Refusal({"error": "先关注 (this person does not follow the account)"}, 409)
        return openid

    def _follow(self, app: App, user: sqlite3.Row, scene: str, ticket: str, how: str) -> dict[str, Any]:
        openid = self.apps.openid(app, user["person"])
        self.sandbox.state.run(
            "update wechat_follower set followed_at = ?, scene = ?, how = ? where openid = ?",
            self.sandbox.now(),
            str(scene),
            how,
            openid,
        )
        windows.open_for(self.sandbox, app, openid, "follow")
        event = {"MsgType": "event", "Event": "subscribe", "EventKey": f"qrscene_{scene}" if scene else ""}
        return self._tell(app, openid, {**event, **({"Ticket": ticket} if ticket else {})})

    def _consent(self, app: App, openid: str, template_id: str, wish: str) -> None:
        """An acceptance of a one-time template adds one; of a lasting one it counts once. A refusal takes all."""
        is_once = app.template(template_id, "once", "lasting")["kind"] == "once"
        added = int(wish == "accept")
        self.sandbox.state.run(
            "insert into wechat_consent values (?, ?, ?, ?, ?) on conflict do update set"
            " left_count = case when ? = 0 then 0 when ? then left_count + 1 else 1 end, is_refused = excluded.is_refused",
            app.app_id,
            openid,
            template_id,
            added,
            1 - added,
            added,
            is_once,
        )

    def _button(self, app: App, openid: str, asked: dict[str, Any]) -> dict[str, Any]:
        buttons = [
            one
            for button in menu.shown_to(self.sandbox, app.app_id, openid).get("button", [])
            for one in (button.get("sub_button") or [button])
        ]
        for button in buttons:
            aims = {button.get(name) for name in ("key", "url", "pagepath", "name")} - {None}
            if {asked.get("key"), asked.get("url")} & aims:
                found: dict[str, Any] = button
                return found
        raise Refusal({"error": "no such button in the menu"}, 404)

    def _dialog_shown(self, row: sqlite3.Row) -> dict[str, Any]:
        app = self.apps.by_id(row["app"])
        chosen = [app.template(one, "once", "lasting") for one in json.loads(row["template_ids"])]
        shown = [
            {"template_id": one["template_id"], "title": one["title"], "is_lasting": one["kind"] == "lasting"}
            for one in chosen
        ]
        return {"dialog_id": row["dialog_id"], "app": app.channel, "templates": shown}

    def _app_base(self) -> str:
        base = self.sandbox.options.callback_base
        return self.sandbox.options.app_base or (f"{base}/#/" if base else "")

    def _page_url(self, row: sqlite3.Row) -> str:
        return f"{self._app_base()}{row['path']}" + (f"?{row['query']}" if row["query"] else "")

    def _tell(self, app: App, openid: str, fields: Mapping[str, object]) -> dict[str, Any]:
        body = {"ToUserName": app.original_id, "FromUserName": openid, "CreateTime": int(self.sandbox.now()), **fields}
        number = callbacks.plan(self.sandbox, app.channel, openid, xml(body))
        return {"openid": openid, "callback_id": number}


def _msg_id() -> int:
    return secrets.randbelow(9 * 10**18) + 10**18
