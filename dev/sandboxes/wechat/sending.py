"""Messages to followers and users: template, subscription and customer-service messages, each by its own rule."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any

from starlette.requests import Request

from sandboxes import callbacks, chats, media, templates
from sandboxes.envelope import xml
from sandboxes.errcodes import asked_of, done, refused
from sandboxes.ground import Sandbox
from sandboxes.wechat import windows
from sandboxes.wechat.apps import ACCOUNT, MINI, App, Apps

SAME_SECONDS = 600
"""One `client_msg_id` to one openid is one message for ten minutes."""
LONGEST_TEXT_BYTES = 2048
CUSTOMER_KINDS: dict[str, dict[str, tuple[str, ...]]] = {
    ACCOUNT: {
        "text": ("content",),
        "image": ("media_id",),
        "voice": ("media_id",),
        "video": ("media_id",),
        "news": ("articles",),
        "msgmenu": ("list",),
        "miniprogrampage": ("appid", "pagepath", "title"),
    },
    MINI: {
        "text": ("content",),
        "image": ("media_id",),
        "link": ("title", "url"),
        "miniprogrampage": ("title", "pagepath"),
    },
}
"""Kinds of customer-service messages with the fields each must have."""


def paths(sandbox: Sandbox, apps: Apps) -> dict[tuple[str, str], Any]:
    """Method and path of each interface."""
    sending = Sending(sandbox, apps)
    return {
        ("POST", "/cgi-bin/message/template/send"): sending.template,
        ("GET", "/cgi-bin/template/get_all_private_template"): sending.templates,
        ("GET", "/wxaapi/newtmpl/gettemplate"): sending.subscriptions,
        ("POST", "/cgi-bin/message/subscribe/bizsend"): sending.account_subscription,
        ("POST", "/cgi-bin/message/subscribe/send"): sending.mini_subscription,
        ("POST", "/cgi-bin/message/custom/send"): sending.customer,
    }


class Sending:
    """The documented interfaces."""

    def __init__(self, sandbox: Sandbox, apps: Apps) -> None:
        self.sandbox = sandbox
        self.apps = apps

    async def template(self, request: Request) -> dict[str, Any]:
        """`POST /cgi-bin/message/template/send`: to followers only; the result comes as TEMPLATESENDJOBFINISH."""
        app = self.apps.by_token(request, ACCOUNT)
        asked = await asked_of(request)
        openid = self._receiver(app, asked)
        template = app.template(asked.get("template_id"), "template")
        if self._wrong(template, asked):
            raise refused("47003", f"{self._wrong(template, asked)} invalid")
        if not self._follows(app, openid):
            raise refused("43004")
        again = f"client_msg_id:{openid}:{asked.get('client_msg_id')}"
        if asked.get("client_msg_id") and self.sandbox.count(again, SAME_SECONDS):
            return done(msgid=int(self.sandbox.state.setting(again)))
        self.apps.limit_daily(f"template:{app.app_id}", self.sandbox.options.limits.template_daily)
        msgid = secrets.randbelow(9 * 10**17) + 10**17
        if asked.get("client_msg_id"):
            self.sandbox.happened(again)
            self.sandbox.state.set(again, str(msgid))
        self._finish(app, openid, template, asked, msgid)
        return done(msgid=msgid)

    def _finish(self, app: App, openid: str, template: dict[str, Any], asked: dict[str, Any], msgid: int) -> None:
        status = "success"
        if self.sandbox.state.setting(f"blocked:{openid}"):
            status = "failed:user block"
        elif self.sandbox.faults.take("wechat", "undelivered"):
            status = "failed: system failed"
        if status == "success":
            self._show(app, openid, "template", template, asked)
        event = {"MsgType": "event", "Event": "TEMPLATESENDJOBFINISH", "MsgID": msgid, "Status": status}
        self._tell(app, openid, event)

    async def templates(self, request: Request) -> dict[str, Any]:
        """`GET /cgi-bin/template/get_all_private_template`."""
        app = self.apps.by_token(request, ACCOUNT)
        return {
            "template_list": [
                {"template_id": one["template_id"], "title": one["title"], "content": _places(one), "example": ""}
                for one in app.templates.values()
                if one["kind"] == "template"
            ]
        }

    async def subscriptions(self, request: Request) -> dict[str, Any]:
        """`GET /wxaapi/newtmpl/gettemplate`: type 2 is once, 3 lasting."""
        app = self.apps.by_token(request, ACCOUNT, MINI)
        data = [
            {
                "priTmplId": one["template_id"],
                "title": one["title"],
                "content": _places(one),
                "example": "",
                "type": 2 if one["kind"] == "once" else 3,
            }
            for one in app.templates.values()
            if one["kind"] != "template"
        ]
        return done(data=data)

    async def account_subscription(self, request: Request) -> dict[str, Any]:
        """`POST /cgi-bin/message/subscribe/bizsend`: one authorisation, one message (or lasting)."""
        app = self.apps.by_token(request, ACCOUNT)
        return self._subscription(app, await asked_of(request))

    async def mini_subscription(self, request: Request) -> dict[str, Any]:
        """`POST /cgi-bin/message/subscribe/send`: the mini program's."""
        app = self.apps.by_token(request, MINI)
        asked = await asked_of(request)
        page = asked.get("page", "")
        if not isinstance(page, str) or page.startswith(("/", "http:", "https:")):
            raise refused("41030")
        if str(asked.get("miniprogram_state", "formal")) not in {"formal", "trial", "developer"}:
            raise refused("40097")
        return self._subscription(app, asked)

    def _subscription(self, app: App, asked: dict[str, Any]) -> dict[str, Any]:
        openid = self._receiver(app, asked)
        template = app.template(asked.get("template_id"), "once", "lasting")
        wrong = self._wrong(template, asked)
        if wrong:
            raise refused("47003", f"{wrong} invalid")
        consent = (app.app_id, openid, template["template_id"])
        use = (
            "update wechat_consent set left_count = left_count - ? where app = ? and openid = ? and template_id = ?"
            " and is_refused = 0 and left_count > 0"
        )
        # A lasting subscription is not used up.
        if not self.sandbox.state.run(use, int(template["kind"] == "once"), *consent):
            raise refused("43101")
        msgid = secrets.randbelow(9 * 10**17) + 10**17
        self._show(app, openid, "subscription", template, asked)
        sent = {
            "TemplateId": template["template_id"], "MsgID": str(msgid), "ErrorCode": 0, "ErrorStatus": "success",
        }  # fmt: skip
        event = {"MsgType": "event", "Event": "subscribe_msg_sent_event", "SubscribeMsgSentEvent": {"List": sent}}
        self._tell(app, openid, event)
        return done(msgid=msgid)

    async def customer(self, request: Request) -> dict[str, Any]:
        """`POST /cgi-bin/message/custom/send`: only after the person did something, so many and so long."""
        app = self.apps.by_token(request, ACCOUNT, MINI)
        asked = await asked_of(request)
        openid = self._receiver(app, asked)
        kind, kinds = asked.get("msgtype"), CUSTOMER_KINDS[app.kind]
        if not isinstance(kind, str) or kind not in kinds:
            raise refused("40008")
        content = asked.get(kind)
        if not isinstance(content, dict) or not all(content.get(name) for name in kinds[kind]):
            raise refused("44004")
        self._check_customer(app, kind, content)
        windows.use(self.sandbox, app, openid)
        chats.add(self.sandbox, "wechat", app.app_id, openid, kind, content)
        return done()

    def _check_customer(self, app: App, kind: str, content: dict[str, Any]) -> None:
        if kind == "text" and len(str(content["content"]).encode()) > LONGEST_TEXT_BYTES:
            raise refused("45002")
        if kind == "news" and (not isinstance(content["articles"], list) or len(content["articles"]) != 1):
            raise refused("45008")
        if "media_id" in content and not media.is_kept(self.sandbox, app.app_id, content["media_id"], kind):
            raise refused("40007")

    def _receiver(self, app: App, asked: dict[str, Any]) -> str:
        openid = asked.get("touser")
        if not isinstance(openid, str) or self.apps.holder(app, openid) is None:
            raise refused("40003")
        return openid

    def _follows(self, app: App, openid: str) -> bool:
        found = "select 1 from wechat_follower where app = ? and openid = ? and followed_at is not null"
        return self.sandbox.state.row(found, app.app_id, openid) is not None

    def _wrong(self, template: dict[str, Any], asked: dict[str, Any]) -> str:
        return templates.fault_of(template, asked.get("data"))

    def _show(self, app: App, openid: str, kind: str, template: dict[str, Any], asked: dict[str, Any]) -> None:
        aim = asked.get("miniprogram")
        page = asked.get("page", "") or (aim.get("pagepath", "") if isinstance(aim, dict) else "")
        content = {
            "title": template["title"],
            "lines": templates.shown(template, asked["data"]),
            "template_id": template["template_id"],
            "url": asked.get("url", "") or (page if str(page).startswith("http") else ""),
            "page": "" if str(page).startswith("http") else page,
        }
        chats.add(self.sandbox, "wechat", app.app_id, openid, kind, content)

    def _tell(self, app: App, openid: str, event: Mapping[str, object]) -> None:
        fields = {
            "ToUserName": app.original_id, "FromUserName": openid, "CreateTime": int(self.sandbox.now()), **event,
        }  # fmt: skip
        callbacks.plan(self.sandbox, app.channel, openid, xml(fields))


def _places(template: dict[str, Any]) -> str:
    return "\n".join(f"{label}:{{{{{key}.DATA}}}}" for key, label in template["places"])
