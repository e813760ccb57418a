"""The official account's menus: one for everybody, and others for followers with a tag (个性化菜单); every length checked.

Source: developers.weixin.qq.com, /doc/service/api/custommenu/. Language, sex and place are no rules any more (65320).
"""

from __future__ import annotations

import json
import secrets
from typing import Any
from urllib.parse import urlsplit

from starlette.requests import Request

from sandboxes.errcodes import asked_of, done, refused
from sandboxes.ground import Sandbox
from sandboxes.wechat import tags
from sandboxes.wechat.apps import ACCOUNT, Apps

TAPS = frozenset(
    {"click", "scancode_push", "scancode_waitmsg", "pic_sysphoto", "pic_photo_or_album", "pic_weixin",
     "location_select"}
)  # fmt: skip
KINDS = TAPS | {"view", "miniprogram", "media_id", "view_limited", "article_id", "article_view_limited"}
LEVELS = (("40018", 16, "40019"), ("40025", 60, "40019"))
"""Bytes of a name on each level, with the errcode of a longer one."""
PRIVATE_RULES = ("sex", "country", "province", "city", "language")
"""Rules about what people told WeChat of themselves: refused since the platform protects it."""
PLATFORMS = ("1", "2", "3")
OUR_PLATFORM = "2"
"""Everybody's phone here is an Android (assumed)."""
MOST_DOMAINS = 3
CHANGES_DAILY, TRIES_DAILY = 2000, 20_000


def paths(sandbox: Sandbox, apps: Apps) -> dict[tuple[str, str], Any]:
    """Method and path of each interface."""

    async def create(request: Request) -> dict[str, Any]:
        """`POST /cgi-bin/menu/create {button: […]}`: those for some followers stay."""
        app = apps.by_token(request, ACCOUNT)
        buttons = _buttons(await asked_of(request))
        sandbox.state.set(f"menu:{app.app_id}", json.dumps({"button": buttons}, ensure_ascii=False))
        return done()

    async def get(request: Request) -> dict[str, Any]:
        """`GET /cgi-bin/menu/get`: what was made, or 46003; a tag is told as `group_id`, as the platform does."""
        app = apps.by_token(request, ACCOUNT)
        found = of(sandbox, app.app_id)
        if not found:
            raise refused("46003")
        shown = [{**one, "matchrule": _told(one["matchrule"])} for one in reversed(conditional(sandbox, app.app_id))]
        return {"menu": found, **({"conditionalmenu": shown} if shown else {})}

    async def delete(request: Request) -> dict[str, Any]:
        """`GET /cgi-bin/menu/delete`: all of them."""
        app = apps.by_token(request, ACCOUNT)
        sandbox.state.run("delete from setting where name in (?, ?)", f"menu:{app.app_id}", f"menus:{app.app_id}")
        return done()

    async def add(request: Request) -> dict[str, Any]:
        """`POST /cgi-bin/menu/addconditional {button: […], matchrule: {…}}`: the newest that fits is shown."""
        app = apps.by_token(request, ACCOUNT)
        asked = await asked_of(request)
        apps.limit_daily(f"addconditional:{app.app_id}", CHANGES_DAILY)
        default, known = of(sandbox, app.app_id), conditional(sandbox, app.app_id)
        if not default:
            raise refused("65303")
        if not asked.get("button"):
            raise refused("65307")
        buttons, known_tags = _buttons(asked), {one["id"] for one in tags.of(sandbox, app.app_id)}
        rule = _rule(asked.get("matchrule"), known_tags)
        if len(_domains([default, *known, {"button": buttons}])) > MOST_DOMAINS:
            raise refused("65316")
        made = {"button": buttons, "matchrule": rule, "menuid": 10**8 + secrets.randbelow(9 * 10**8)}
        _keep(sandbox, app.app_id, [*known, made])
        return {"menuid": str(made["menuid"])}

    async def drop(request: Request) -> dict[str, Any]:
        """`POST /cgi-bin/menu/delconditional {menuid}`."""
        app = apps.by_token(request, ACCOUNT)
        number = str((await asked_of(request)).get("menuid", ""))
        apps.limit_daily(f"delconditional:{app.app_id}", CHANGES_DAILY)
        known = conditional(sandbox, app.app_id)
        if number not in {str(one["menuid"]) for one in known}:
            raise refused("65301")
        _keep(sandbox, app.app_id, [one for one in known if str(one["menuid"]) != number])
        return done()

    async def try_match(request: Request) -> dict[str, Any]:
        """`POST /cgi-bin/menu/trymatch {user_id}`: what this follower is shown."""
        app = apps.by_token(request, ACCOUNT)
        openid = (await asked_of(request)).get("user_id")
        apps.limit_daily(f"trymatch:{app.app_id}", TRIES_DAILY)
        if not isinstance(openid, str) or apps.holder(app, openid) is None:
            raise refused("65302")
        found = shown_to(sandbox, app.app_id, openid)
        if not found:
            raise refused("46003")
        return found

    return {
        ("POST", "/cgi-bin/menu/create"): create,
        ("GET", "/cgi-bin/menu/get"): get,
        ("GET", "/cgi-bin/menu/delete"): delete,
        ("POST", "/cgi-bin/menu/addconditional"): add,
        ("POST", "/cgi-bin/menu/delconditional"): drop,
        ("POST", "/cgi-bin/menu/trymatch"): try_match,
    }


def of(sandbox: Sandbox, app_id: str) -> dict[str, Any]:
    """The menu for everybody as it stands; empty when none was made."""
    found: dict[str, Any] = json.loads(sandbox.state.setting(f"menu:{app_id}", "{}"))
    return found


def conditional(sandbox: Sandbox, app_id: str) -> list[dict[str, Any]]:
    """Those for some followers, the newest last."""
    found: list[dict[str, Any]] = json.loads(sandbox.state.setting(f"menus:{app_id}", "[]"))
    return found


def shown_to(sandbox: Sandbox, app_id: str, openid: str) -> dict[str, Any]:
    """The menu of one follower: the newest whose rule fits, of several tags the last one put on counts."""
    last = next(iter(tags.worn(sandbox, openid)[::-1]), None)
    for one in reversed(conditional(sandbox, app_id)):
        rule = one["matchrule"]
        is_tagged = not rule.get("tag_id") or str(last) == rule["tag_id"]
        if is_tagged and rule.get("client_platform_type", OUR_PLATFORM) == OUR_PLATFORM:
            return {"button": one["button"]}
    return of(sandbox, app_id)


def _keep(sandbox: Sandbox, app_id: str, known: list[dict[str, Any]]) -> None:
    sandbox.state.set(f"menus:{app_id}", json.dumps(known, ensure_ascii=False))


def _buttons(asked: dict[str, Any]) -> list[Any]:
    buttons = asked.get("button")
    if not isinstance(buttons, list) or not 1 <= len(buttons) <= 3:
        raise refused("40016")
    for button in buttons:
        _check(button, 0)
    return buttons


def _rule(rule: Any, known: set[int]) -> dict[str, str]:
    """The rule as it is kept; 65304 empty, 65320 about what is private, 45159 a tag nobody made (assumed)."""
    asked = rule.items() if isinstance(rule, dict) else ()
    given = {name: str(value) for name, value in asked if value not in ("", None)}
    if set(PRIVATE_RULES) & set(given):
        raise refused("65320")
    kept = {name: given[name] for name in ("tag_id", "client_platform_type") if name in given}
    if not kept:
        raise refused("65304")
    if "tag_id" in kept and kept["tag_id"] not in {str(one) for one in known}:
        raise refused("45159")
    if kept.get("client_platform_type", "1") not in PLATFORMS:
        raise refused("40097")
    return kept


def _told(rule: dict[str, str]) -> dict[str, str]:
    return {"group_id" if name == "tag_id" else name: value for name, value in rule.items()}


def _domains(menus: list[dict[str, Any]]) -> set[str]:
    every = [one for menu in menus for button in menu["button"] for one in (button.get("sub_button") or [button])]
    return {urlsplit(str(one["url"])).netloc for one in every if one.get("url")}


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
