"""The two apps of one owner: who they are, whose token it is, who a person is to each of them."""

from __future__ import annotations

import base64
import hashlib
import secrets
import sqlite3
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request

from sandboxes import tokens
from sandboxes.envelope import Envelope
from sandboxes.errcodes import refused
from sandboxes.ground import Refusal, Sandbox

MINI, ACCOUNT = "wechat_mini", "wechat_oa"
"""The kinds of apps; the first app of a kind is the channel of that name."""
SECTIONS = {MINI: "wechat", ACCOUNT: "official_account", "wechat_oa_linan": "official_account_linan"}
"""Credentials of each channel; the last is a second city's official account."""


@dataclass(frozen=True)
class App:
    """One app of a kind; `channel` is what the product calls it."""

    kind: str
    channel: str
    title: str
    app_id: str
    secret: str
    original_id: str
    envelope: Envelope
    templates: dict[str, dict[str, Any]]

    def template(self, template_id: Any, *kinds: str) -> dict[str, Any]:
        """The approved template with this id and one of these kinds, or 40037."""
        for template in self.templates.values():
            if template["template_id"] == template_id and template["kind"] in kinds:
                return template
        raise refused("40037")


class Apps:
    """Finds apps and people; every documented interface begins here."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        sections = sandbox.credentials.sections
        self.all = tuple(_app(channel, sections[name]) for channel, name in SECTIONS.items())
        self.mini, self.account = (next(app for app in self.all if app.channel == one) for one in (MINI, ACCOUNT))

    def by_id(self, app_id: Any) -> App:
        """The app of this id, or 40013."""
        if not app_id:
            raise refused("41002")
        for app in self.all:
            if app.app_id == app_id:
                return app
        raise refused("40013")

    def by_secret(self, app_id: Any, secret: Any) -> App:
        """The app whose secret the caller knows; 41002, 40013, 41004, 40125."""
        app = self.by_id(app_id)
        if not secret:
            raise refused("41004")
        if not secrets.compare_digest(str(secret).encode(), app.secret.encode()):
            raise refused("40125")
        return app

    def by_token(self, request: Request, *kinds: str) -> App:
        """The app of a living access token; 48001 when this interface is not for its kind."""
        app_id, code = tokens.problem(self.sandbox, request.query_params.get("access_token"))
        if code:
            raise refused(code)
        app = next((app for app in self.all if app.app_id == app_id), None)
        if app is None:
            raise refused("40001")
        if app.kind not in kinds:
            raise refused("48001")
        return app

    def limit(self, name: str, per_minute: int) -> None:
        """Count a call of `name`; 45011 above so many a minute."""
        if self.sandbox.count(name, 60) >= per_minute:
            raise refused("45011")
        self.sandbox.happened(name)

    def limit_daily(self, name: str, most: int) -> None:
        """Count a call of `name`; 45009 above so many in 24 hours (or since clear_quota)."""
        if self.sandbox.count(name, 86_400) >= most:
            raise refused("45009")
        self.sandbox.happened(name)

    def user(self, asked: dict[str, Any]) -> sqlite3.Row:
        """The person an act of the sandbox names by person, openid (of any app), unionid or phone; 404 or 422."""
        for name in ("person", "openid", "unionid", "phone"):
            if asked.get(name):
                found = self._user(name, str(asked[name]))
                if found is None and name == "person":
                    return self.save(asked)
                if found is None:
                    raise Refusal({"error": f"no WeChat user with this {name}"}, 404)
                return found
        raise Refusal({"error": "name the user by person, openid, unionid or phone"}, 422)

    def _user(self, name: str, value: str) -> sqlite3.Row | None:
        if name == "openid":
            return next((found for app in self.all if (found := self.holder(app, value)) is not None), None)
        return self.sandbox.state.row(f"select * from wechat_user where {name} = ?", value)

    def holder(self, app: App, openid: Any) -> sqlite3.Row | None:
        """Whose openid of this app it is."""
        if app.kind == MINI:
            return self.sandbox.state.row("select * from wechat_user where openid = ?", str(openid))
        return self.sandbox.state.row(
            "select u.* from wechat_user u join wechat_follower f on f.person = u.person"
            " where f.app = ? and f.openid = ?",
            app.app_id,
            str(openid),
        )

    def openid(self, app: App, person: str) -> str:
        """Who this person is to this app; the official account's openids are noted when first used."""
        openid = openid_of(app.app_id, person)
        if app.kind == ACCOUNT:
            self.sandbox.state.run(
                "insert into wechat_follower values (?, ?, ?, null, '', '') on conflict do nothing",
                app.app_id,
                openid,
                person,
            )
        return openid

    def save(self, user: dict[str, Any]) -> sqlite3.Row:
        """Give a person WeChat, or change what is known; what is not said again stays."""
        person = str(user["person"])
        said = {name: str(user[name]) if user.get(name) else None for name in ("unionid", "phone", "nickname")}
        union = "oU" + base64.urlsafe_b64encode(hashlib.sha256(f"union:{person}".encode()).digest()).decode()[:26]
        self.sandbox.state.run(
            "insert into wechat_user values (?, ?, ?, ?, ?) on conflict (person) do update set"
            " unionid = coalesce(?, unionid), phone = coalesce(excluded.phone, phone), nickname = excluded.nickname",
            person,
            said["unionid"] or union,
            openid_of(self.mini.app_id, person),
            said["phone"],
            said["nickname"] or person,
            said["unionid"],
        )
        saved = self.sandbox.state.row("select * from wechat_user where person = ?", person)
        if saved is None:
            raise RuntimeError("a saved user vanished")
        self.openid(self.account, person)
        return saved


def openid_of(app_id: str, person: str) -> str:
    """28 characters, different per app."""
    digest = hashlib.sha256(f"{app_id}:{person}".encode()).digest()
    return "o" + base64.urlsafe_b64encode(digest).decode()[:27]


def _app(channel: str, section: dict[str, Any]) -> App:
    kind = MINI if channel == MINI else ACCOUNT
    envelope = Envelope(section["token"], section["encoding_aes_key"], section["app_id"])
    title = section.get("title", "掌税小程序")
    return App(
        kind,
        channel,
        title,
        section["app_id"],
        section["app_secret"],
        section["original_id"],
        envelope,
        section["templates"],
    )
