"""Puts the sandbox servers together: one application, several mounts, faults around them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.responses import PlainTextResponse
from starlette.routing import Mount, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sandboxes import (
    alipay,
    callbacks,
    control,
    dingtalk,
    mail,
    partner,
    real_name,
    receipts,
    sms,
    sms2,
    vendor_push,
    web_push,
    wechat,
    wecom,
)
from sandboxes.faults import Fault
from sandboxes.ground import Json, Options, Sandbox
from sandboxes.pay import background, cashier, platform

SERVERS = {
    "wechat": "/wechat/",
    "wecom": "/wecom/",
    "gov": "/gov/",
    "dingtalk": "/dingtalk/",
    "alipay": "/alipay/",
    "vendor_push": "/vendor-push/",
    "sms": "/sms/",
    "sms2": "/sms2/",
    "web_push": "/web-push/",
    "real_name": "/real-name/",
    "pay": "/pay/",
}
"""The fault server names and where they are mounted."""
TARGETS = {**wechat.TARGETS, **wecom.TARGETS, **dingtalk.TARGETS, **alipay.TARGETS, **receipts.TARGETS}
"""Every channel of the product that is called back."""


class FaultLayer:
    """Slow answers, errors and dropped connections around the documented paths (never around the sandbox's own)."""

    def __init__(self, app: ASGIApp, sandbox: Sandbox) -> None:
        self.app = app
        self.sandbox = sandbox

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or let it go wrong as planned."""
        server = _server(scope)
        if server is None:
            await self.app(scope, receive, send)
            return
        self.sandbox.in_flight += 1
        try:
            await self._pass_on(server, scope, receive, send)
        finally:
            self.sandbox.in_flight -= 1

    async def _pass_on(self, server: str, scope: Scope, receive: Receive, send: Send) -> None:
        # Both are taken on arrival: a slow request whose client has gone must not use up what is planned for a later one.
        slow = self.sandbox.faults.take(server, "slow")
        fault = self.sandbox.faults.take(server, "error", "too_many", "garbage", "drop_before", "drop_after")
        if slow:
            with suppress(TimeoutError):
                await asyncio.wait_for(self.sandbox.hurry.wait(), slow.seconds)
        if fault is None:
            await self.app(scope, receive, send)
            return
        await self._go_wrong(fault, scope, receive, send)

    async def _go_wrong(self, fault: Fault, scope: Scope, receive: Receive, send: Send) -> None:
        if fault.kind == "drop_after":
            await self.app(scope, receive, _swallow)
        if fault.kind in {"drop_before", "drop_after"}:
            # A promised body that never comes: the server closes the connection, the client sees it break.
            start = {"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"1000")]}
            await send(start)
            return
        answers = {
            "error": PlainTextResponse("Internal Server Error", 500),
            "too_many": Json({"code": "FREQUENCY_LIMITED", "message": "频率超限"}, 429),
            "garbage": PlainTextResponse("<html><body>302 Found</body></html>", 200, media_type="text/html"),
        }
        await answers[fault.kind](scope, receive, send)


def build(options: Options) -> Starlette:
    """The application; opening it makes the state folder, its credentials, the mail server and the senders of notices and callbacks."""
    sandbox = Sandbox.open(options)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        post_office = await mail.start(sandbox)
        senders = [
            asyncio.create_task(background.run_forever(sandbox)),
            asyncio.create_task(callbacks.run_forever(sandbox, TARGETS)),
        ]
        yield
        post_office.close()
        for sender in senders:
            sender.cancel()
            with suppress(asyncio.CancelledError):
                await sender
        sandbox.state.close()

    application = Starlette(
        routes=[
            Route("/", control.page),
            Mount("/sandbox", routes=control.routes(sandbox)),
            Mount("/wechat", routes=wechat.routes(sandbox)),
            Mount("/wecom", routes=wecom.routes(sandbox, "wecom")),
            Mount("/gov", routes=wecom.routes(sandbox, "gov")),
            Mount("/dingtalk", routes=dingtalk.routes(sandbox)),
            Mount("/alipay", routes=alipay.routes(sandbox)),
            Mount("/vendor-push", routes=vendor_push.routes(sandbox)),
            Mount("/sms", routes=sms.routes(sandbox)),
            Mount("/sms2", routes=sms2.routes(sandbox)),
            Mount("/email", routes=mail.routes(sandbox)),
            Mount("/web-push", routes=web_push.routes(sandbox)),
            Mount("/real-name", routes=real_name.routes(sandbox)),
            Mount("/partner", routes=partner.routes(sandbox)),
            Mount("/pay", routes=[*cashier.routes(sandbox), *platform.routes(sandbox)]),
        ],
        middleware=[
            Middleware(TrustedHostMiddleware, allowed_hosts=_hosts(options), www_redirect=False),
            Middleware(
                CORSMiddleware,
                allow_origin_regex=r"https?://(127\.0\.0\.1|localhost)(:\d+)?",
                allow_methods=["GET", "POST", "DELETE"],
                allow_headers=["content-type"],
            ),
            Middleware(FaultLayer, sandbox=sandbox),
        ],
        lifespan=lifespan,
    )
    application.state.sandbox = sandbox
    return application


def _hosts(options: Options) -> list[str]:
    named = urlsplit(options.public_url).hostname
    return [*options.hosts, *([named] if named else [])]


def _server(scope: Scope) -> str | None:
    if scope["type"] != "http":
        return None
    path = scope["path"]
    for server, prefix in SERVERS.items():
        if path.startswith(prefix):
            return None if path.startswith(prefix + "sandbox") else server
    return None


async def _swallow(_: Message) -> None:
    """Takes an answer that nobody will hear."""
