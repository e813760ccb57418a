"""Tags that an official account gives its followers (用户标签): made, listed, put on, taken off.

Source: developers.weixin.qq.com, /doc/service/api/usermanage/tag/. A tag is gone from somebody who stops following.
"""

from __future__ import annotations

import json
from typing import Any

from starlette.requests import Request

from sandboxes.errcodes import asked_of, done, refused
from sandboxes.ground import Sandbox
from sandboxes.wechat.apps import ACCOUNT, App, Apps

MOST_TAGS, MOST_WORN, MOST_AT_ONCE = 100, 20, 50
LONGEST_BYTES = 30
STARRED = {"id": 2, "name": "星标组"}
"""Every account has it; it can be worn, not changed."""
FIRST_OWN = 100


def paths(sandbox: Sandbox, apps: Apps) -> dict[tuple[str, str], Any]:
    """Method and path of each interface."""
    tags = Tags(sandbox, apps)
    return {
        ("POST", "/cgi-bin/tags/create"): tags.create,
        ("GET", "/cgi-bin/tags/get"): tags.get,
        ("POST", "/cgi-bin/tags/delete"): tags.delete,
        ("POST", "/cgi-bin/tags/getidlist"): tags.worn_by,
        ("POST", "/cgi-bin/tags/members/batchtagging"): tags.put_on,
        ("POST", "/cgi-bin/tags/members/batchuntagging"): tags.take_off,
    }


def of(sandbox: Sandbox, app_id: str) -> list[dict[str, Any]]:
    """The tags of an account, `id` and `name`."""
    found: list[dict[str, Any]] = json.loads(sandbox.state.setting(f"tags:{app_id}", json.dumps([STARRED])))
    return found


def worn(sandbox: Sandbox, openid: str) -> list[int]:
    """The tags of a follower; the one that was put on last stands last."""
    found: list[int] = json.loads(sandbox.state.setting(f"tags_worn:{openid}", "[]"))
    return found


def strip(sandbox: Sandbox, openid: str) -> None:
    """Who stops following wears none any more."""
    _wear(sandbox, openid, [])


def _wear(sandbox: Sandbox, openid: str, numbers: list[int]) -> None:
    sandbox.state.set(f"tags_worn:{openid}", json.dumps(numbers))


class Tags:
    """The documented interfaces."""

    def __init__(self, sandbox: Sandbox, apps: Apps) -> None:
        self.sandbox = sandbox
        self.apps = apps

    async def create(self, request: Request) -> dict[str, Any]:
        """`POST /cgi-bin/tags/create {tag: {name}}`."""
        app = self.apps.by_token(request, ACCOUNT)
        name, known = _asked_tag(await asked_of(request)).get("name"), of(self.sandbox, app.app_id)
        if not isinstance(name, str) or not name.strip() or name in {one["name"] for one in known}:
            raise refused("45157")
        if len(name.encode()) > LONGEST_BYTES:
            raise refused("45158")
        if len(known) > MOST_TAGS:
            raise refused("45056")
        made = {"id": max(FIRST_OWN - 1, *(one["id"] for one in known)) + 1, "name": name}
        self._keep(app, [*known, made])
        return {"tag": made}

    async def get(self, request: Request) -> dict[str, Any]:
        """`GET /cgi-bin/tags/get`: all of them with how many followers wear each."""
        app = self.apps.by_token(request, ACCOUNT)
        followers = self._followers(app)
        return {
            "tags": [
                {**one, "count": sum(one["id"] in worn(self.sandbox, openid) for openid in followers)}
                for one in of(self.sandbox, app.app_id)
            ]
        }

    async def delete(self, request: Request) -> dict[str, Any]:
        """`POST /cgi-bin/tags/delete {tag: {id}}`: gone from everybody."""
        app = self.apps.by_token(request, ACCOUNT)
        number = _asked_tag(await asked_of(request)).get("id")
        if number in (0, 1, STARRED["id"]):
            raise refused("45058")
        known = of(self.sandbox, app.app_id)
        if number not in {one["id"] for one in known}:
            raise refused("45159")
        self._keep(app, [one for one in known if one["id"] != number])
        for openid in self._followers(app):
            _wear(self.sandbox, openid, [one for one in worn(self.sandbox, openid) if one != number])
        return done()

    async def worn_by(self, request: Request) -> dict[str, Any]:
        """`POST /cgi-bin/tags/getidlist {openid}`."""
        app = self.apps.by_token(request, ACCOUNT)
        openid = (await asked_of(request)).get("openid")
        if self.apps.holder(app, openid) is None:
            raise refused("40003")
        return {"tagid_list": worn(self.sandbox, str(openid))}

    async def put_on(self, request: Request) -> dict[str, Any]:
        """`POST /cgi-bin/tags/members/batchtagging {openid_list, tagid}`: all of them or none (assumed)."""
        openids, number = await self._members(request)
        if any(len(set(worn(self.sandbox, one)) - {number}) >= MOST_WORN for one in openids):
            raise refused("45059")
        for one in openids:
            _wear(self.sandbox, one, [*(each for each in worn(self.sandbox, one) if each != number), number])
        return done()

    async def take_off(self, request: Request) -> dict[str, Any]:
        """`POST /cgi-bin/tags/members/batchuntagging {openid_list, tagid}`."""
        openids, number = await self._members(request)
        for one in openids:
            _wear(self.sandbox, one, [each for each in worn(self.sandbox, one) if each != number])
        return done()

    async def _members(self, request: Request) -> tuple[list[str], int]:
        app = self.apps.by_token(request, ACCOUNT)
        asked = await asked_of(request)
        openids, number = asked.get("openid_list"), asked.get("tagid")
        if not isinstance(openids, list) or not 1 <= len(openids) <= MOST_AT_ONCE:
            raise refused("40032")
        if isinstance(number, bool) or number not in {one["id"] for one in of(self.sandbox, app.app_id)}:
            raise refused("45159")
        if not {str(one) for one in openids} <= set(self._followers(app)):
            raise refused("49003")
        return [str(one) for one in openids], int(str(number))

    def _followers(self, app: App) -> list[str]:
        rows = self.sandbox.state.rows(
            "select openid from wechat_follower where app = ? and followed_at is not null", app.app_id
        )
        return [row["openid"] for row in rows]

    def _keep(self, app: App, known: list[dict[str, Any]]) -> None:
        self.sandbox.state.set(f"tags:{app.app_id}", json.dumps(known, ensure_ascii=False))


def _asked_tag(asked: dict[str, Any]) -> dict[str, Any]:
    tag = asked.get("tag")
    return tag if isinstance(tag, dict) else {}
