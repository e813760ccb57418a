"""Calling the outside: time-outs always, retries only where the call may be repeated, failures of two kinds."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from typing import TypeVar

import httpx

from palmtax.plumbing.metrics import OUTSIDE_CALLS, OUTSIDE_SECONDS

T = TypeVar("T")


class OutsideRefused(Exception):
    """The other side answered and said no; repeating the same call will not help."""

    def __init__(self, code: str, text: str = "") -> None:
        super().__init__(f"{code} {text}".strip())
        self.code = code
        self.text = text


class OutsideUnavailable(Exception):
    """No usable answer: time-out, connection, 5xx, busy. What happened over there is unknown."""

    def __init__(self, code: str, text: str = "") -> None:
        super().__init__(f"{code} {text}".strip())
        self.code = code
        self.text = text


def client(name: str, base_url: str, *, timeout_seconds: float = 5.0) -> httpx.AsyncClient:
    """An HTTP client for one partner: no proxies from the environment, no redirects, limits, metrics by partner."""

    async def count(response: httpx.Response) -> None:
        OUTSIDE_CALLS.labels(name, str(response.status_code)).inc()

    return httpx.AsyncClient(
        base_url=base_url,
        timeout=httpx.Timeout(timeout_seconds, connect=min(3.0, timeout_seconds)),
        limits=httpx.Limits(max_connections=50, max_keepalive_connections=20),
        follow_redirects=False,
        trust_env=False,
        event_hooks={"response": [count]},
    )


async def retrying(
    name: str, call: Callable[[], Awaitable[T]], *, tries: int = 3, first_wait_seconds: float = 0.2
) -> T:
    """Repeat a call that may be repeated while it raises OutsideUnavailable; doubling waits with jitter."""
    for attempt in range(1, tries + 1):
        try:
            with OUTSIDE_SECONDS.labels(name).time():
                return await call()
        except OutsideUnavailable:
            if attempt == tries:
                raise
            await asyncio.sleep(first_wait_seconds * 2 ** (attempt - 1) * random.uniform(0.7, 1.3))  # noqa: S311 jitter, not a secret
    raise AssertionError("unreachable: tries is at least one")
