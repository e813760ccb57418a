"""WeCom and government WeChat: one family of interfaces; the government's stands behind a gateway with signed headers."""

from __future__ import annotations

from starlette.routing import Route

from sandboxes.errcodes import guarded
from sandboxes.ground import Sandbox
from sandboxes.wecom import callbacks, customers, directory, kf, sending
from sandboxes.wecom.family import Family
from sandboxes.wecom.member import Member

TARGETS = callbacks.TARGETS
"""Whom these platforms call back."""
GATEWAY_PATH = "/ebus/yzyapi"
"""Where the provincial gateway puts the interfaces of government WeChat."""


def routes(sandbox: Sandbox, server: str) -> list[Route]:
    """Mounted at /wecom or /gov."""
    family = Family.of(sandbox, server)
    sandbox.state.run("insert into wecom_department values (?, 1, '全局', 0, 1) on conflict do nothing", server)
    parts = [
        directory.paths(family),
        sending.paths(family),
        customers.paths(family),
        kf.paths(family),
        Member(family).paths(),
    ]
    made = {key: handle for part in parts for key, handle in part.items()}
    if server == "gov":
        made |= {
            (method, GATEWAY_PATH + path): handle
            for (method, path), handle in made.items()
            if path.startswith("/cgi-bin/")
        }
    return [
        Route(
            path,
            guarded(sandbox, server, family.behind_gateway(handle) if "/cgi-bin/" in path else handle),
            methods=[method],
        )
        for (method, path), handle in made.items()
    ]
