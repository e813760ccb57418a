"""The official account: its followers, codes with a scene, and media."""

from __future__ import annotations

import json
import secrets
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from sandboxes import media
from sandboxes.errcodes import asked_of, refused
from sandboxes.ground import Sandbox
from sandboxes.wechat import tags
from sandboxes.wechat.apps import ACCOUNT, MINI, Apps

QR_LONGEST_SECONDS = 2_592_000
QR_DEFAULT_SECONDS = 60
QR_LASTING_MOST = 100_000
"""As documented: scene ids of lasting codes are 1 to 100,000."""


def paths(sandbox: Sandbox, apps: Apps) -> dict[tuple[str, str], Any]:
    """Method and path of each interface."""
    account = Account(sandbox, apps)
    return {
        ("GET", "/cgi-bin/user/info"): account.user_info,
        ("GET", "/cgi-bin/user/get"): account.users,
        ("POST", "/cgi-bin/qrcode/create"): account.qr_code,
        ("POST", "/cgi-bin/media/upload"): account.upload,
        ("GET", "/cgi-bin/media/get"): account.download,
    }


class Account:
    """The documented interfaces."""

    def __init__(self, sandbox: Sandbox, apps: Apps) -> None:
        self.sandbox = sandbox
        self.apps = apps

    async def user_info(self, request: Request) -> dict[str, Any]:
        """`GET /cgi-bin/user/info?openid=`: nearly nothing about who does not follow; `language` is told no more."""
        app = self.apps.by_token(request, ACCOUNT)
        openid = request.query_params.get("openid", "")
        row = self.sandbox.state.row(
            "select f.*, u.unionid from wechat_follower f join wechat_user u on u.person = f.person"
            " where f.app = ? and f.openid = ?",
            app.app_id,
            openid,
        )
        if row is None:
            raise refused("40003")
        if row["followed_at"] is None:
            return {"subscribe": 0, "openid": openid, "unionid": row["unionid"]}
        return {
            "subscribe": 1,
            "openid": openid,
            "language": "",
            "subscribe_time": int(row["followed_at"]),
            "unionid": row["unionid"],
            "remark": "",
            "groupid": 0,
            "tagid_list": tags.worn(self.sandbox, openid),
            "subscribe_scene": row["how"],
            "qr_scene": int(row["scene"]) if row["scene"].isdecimal() else 0,
            "qr_scene_str": "" if row["scene"].isdecimal() else row["scene"],
        }

    async def users(self, request: Request) -> dict[str, Any]:
        """`GET /cgi-bin/user/get?next_openid=`: followers, 10,000 at a time."""
        app = self.apps.by_token(request, ACCOUNT)
        every = self.sandbox.state.rows(
            "select openid from wechat_follower where app = ? and followed_at is not null order by openid", app.app_id
        )
        after = request.query_params.get("next_openid", "")
        found = [row["openid"] for row in every if row["openid"] > after][:10_000]
        content: dict[str, Any] = {"total": len(every), "count": len(found)}
        if found:
            content["data"] = {"openid": found}
        return {**content, "next_openid": found[-1] if found else ""}

    async def qr_code(self, request: Request) -> dict[str, Any]:
        """`POST /cgi-bin/qrcode/create`: a ticket and the address to draw; temporary ones at most 30 days."""
        app = self.apps.by_token(request, ACCOUNT)
        asked = await asked_of(request)
        action = str(asked.get("action_name"))
        if action not in {"QR_SCENE", "QR_STR_SCENE", "QR_LIMIT_SCENE", "QR_LIMIT_STR_SCENE"}:
            raise refused("40052")
        scene = _scene(action, asked.get("action_info"))
        seconds = asked.get("expire_seconds", QR_DEFAULT_SECONDS)
        if not isinstance(seconds, int) or not 1 <= seconds <= QR_LONGEST_SECONDS:
            raise refused("40097")
        is_lasting = "LIMIT" in action
        ticket, url = "gQ" + secrets.token_urlsafe(60), f"http://weixin.qq.com/q/{secrets.token_urlsafe(15)}"
        expires = None if is_lasting else self.sandbox.now() + seconds
        self.sandbox.state.run("insert into wechat_qr values (?, ?, ?, ?, ?)", ticket, app.app_id, scene, url, expires)
        return {"ticket": ticket, **({} if is_lasting else {"expire_seconds": seconds}), "url": url}

    async def upload(self, request: Request) -> dict[str, Any]:
        """`POST /cgi-bin/media/upload?type=`: a file for three days, in the form field `media`."""
        app = self.apps.by_token(request, ACCOUNT, MINI)
        kinds = ("image",) if app.kind == MINI else ()
        return await media.keep(self.sandbox, app.app_id, request, kinds)

    async def download(self, request: Request) -> Response:
        """`GET /cgi-bin/media/get?media_id=`: the same bytes."""
        app = self.apps.by_token(request, ACCOUNT, MINI)
        return media.give(self.sandbox, app.app_id, request.query_params.get("media_id", ""))


def _scene(action: str, info: Any) -> str:
    scene = info.get("scene") if isinstance(info, dict) else None
    if not isinstance(scene, dict):
        raise refused("40053")
    if "STR" in action:
        text = scene.get("scene_str")
        if not isinstance(text, str) or not 1 <= len(text) <= 64:
            raise refused("40053", json.dumps(scene, ensure_ascii=False)[:40])
        return text
    number = scene.get("scene_id")
    most = QR_LASTING_MOST if "LIMIT" in action else 2**32 - 1
    if not isinstance(number, int) or isinstance(number, bool) or not 1 <= number <= most:
        raise refused("40053")
    return str(number)
