"""What WeChat Pay does by itself: refunds come through, notices go out."""

from __future__ import annotations

import asyncio

import httpx

from sandboxes.ground import Sandbox
from sandboxes.pay import notices, orders

LOOK_SECONDS = 0.1


async def run_forever(sandbox: Sandbox) -> None:
    """Look every tenth of a second until cancelled."""
    async with httpx.AsyncClient(timeout=notices.ANSWER_SECONDS, trust_env=False) as http:
        while True:
            orders.finish_refunds(sandbox)
            if not await notices.send_due(sandbox, http):
                await asyncio.sleep(LOOK_SECONDS)
