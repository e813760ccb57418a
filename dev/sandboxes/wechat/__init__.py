"""The WeChat platform: a mini program, an official account of the same owner, and the phones of their users."""

from __future__ import annotations

from starlette.routing import Route

from sandboxes.errcodes import guarded
from sandboxes.ground import Sandbox
from sandboxes.wechat import account, callbacks, menu, mini, oauth, phone, sending, tags, tickets
from sandboxes.wechat.apps import Apps
from sandboxes.wechat.follower import Follower

TARGETS = callbacks.TARGETS
"""Whom this platform calls back: the official account's channel and the mini program's."""


def routes(sandbox: Sandbox) -> list[Route]:
    """Mounted at /wechat."""
    apps = Apps(sandbox)
    parts = [
        mini.paths(sandbox, apps),
        account.paths(sandbox, apps),
        menu.paths(sandbox, apps),
        tags.paths(sandbox, apps),
        tickets.paths(sandbox, apps),
        sending.paths(sandbox, apps),
        oauth.paths(sandbox, apps),
        phone.paths(sandbox, apps),
        Follower(sandbox, apps).paths(),
    ]
    return [
        Route(path, guarded(sandbox, "wechat", handle, plain=path.startswith("/sns/")), methods=[method])
        for part in parts
        for (method, path), handle in part.items()
    ]
