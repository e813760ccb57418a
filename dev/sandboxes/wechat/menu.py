"""The official account's menu: at most three buttons, five below each, every length checked."""

from __future__ import annotations

import json
from typing import Any

from starlette.requests import Request

from sandboxes.errcodes import asked_of, done, refused
from sandboxes.ground import Sandbox
from sandboxes.wechat.apps import ACCOUNT, Apps

TAPS = frozenset(
    {"click", "scancode_push", "scancode_waitmsg", "pic_sysphoto", "pic_photo_or_album", "pic_weixin",
     "location_select"}
)  # fmt: skip
KINDS = TAPS | {"view", "miniprogram", "media_id", "view_limited", "article_id", "article_view_limited"}
LEVELS = (("40018", 16, "40019"), ("40025", 60, "40019"))
"""Bytes of a name on each level, with the errcode of a longer one."""


def paths(sandbox: Sandbox, apps: Apps) -> dict[tuple[str, str], Any]:
    """Method and path of each interface."""

    async def create(request: Request) -> dict[str, Any]:
        """`POST /cgi-bin/menu/create {button: […]}`."""
        app = apps.by_token(request, ACCOUNT)
        asked = await asked_of(request)
        buttons = asked.get("button")
        if not isinstance(buttons, list) or not 1 <= len(buttons) <= 3:
            raise refused("40016")
        for button in buttons:
            _check(button, 0)
        sandbox.state.set(f"menu:{app.app_id}", json.dumps({"button": buttons}, ensure_ascii=False))
        return done()

    async def get(request: Request) -> dict[str, Any]:
        """`GET /cgi-bin/menu/get`: what was made, or 46003."""
        app = apps.by_token(request, ACCOUNT)
        found = of(sandbox, app.app_id)
        if not found:
            raise refused("46003")
        return {"menu": found}

    async def delete(request: Request) -> dict[str, Any]:
        """`GET /cgi-bin/menu/delete`."""
        app = apps.by_token(request, ACCOUNT)
        sandbox.state.run("delete from setting where name = ?", f"menu:{app.app_id}")
        return done()

    return {
        ("POST", "/cgi-bin/menu/create"): create,
        ("GET", "/cgi-bin/menu/get"): get,
        ("GET", "/cgi-bin/menu/delete"): delete,
    }


def of(sandbox: Sandbox, app_id: str) -> dict[str, Any]:
    """The menu as it stands; empty when none was made."""
    found: dict[str, Any] = json.loads(sandbox.state.setting(f"menu:{app_id}", "{}"))
    return found


def _check(button: Any, level: int) -> None:
    code, longest, _ = LEVELS[level]
    if not isinstance(button, dict) or not isinstance(button.get("name"), str):
        raise refused(code)
    if not 1 <= len(button["name"].encode()) <= longest:
        raise refused(code)
    below = button.get("sub_button")
    if below and level == 0:
        if not isinstance(below, list) or len(below) > 5:
            raise refused("40023")
        for one in below:
            _check(one, 1)
        return
    if str(button.get("type")) not in KINDS:
        raise refused("40017")
    _check_aim(button)


def _check_aim(button: dict[str, Any]) -> None:
    kind, key, url = button["type"], button.get("key", ""), button.get("url", "")
    if kind in TAPS and not 1 <= len(str(key).encode()) <= 128:
        raise refused("40019")
    if kind in {"view", "miniprogram"} and not (
        str(url).startswith(("http://", "https://")) and len(str(url).encode()) <= 1024
    ):
        raise refused("40020")
    if kind == "miniprogram" and not (button.get("appid") and button.get("pagepath")):
        raise refused("40013" if not button.get("appid") else "40165")
