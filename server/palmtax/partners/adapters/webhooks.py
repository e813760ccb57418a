"""Calling a partner's server: the name is resolved once, judged, and the connection goes to that very address.

Nothing that somebody sent us makes us call inside the house: only https on two ports, no address that is not public, no
redirect followed, no proxy of the environment, little read, little waited for.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
from typing import ClassVar
from urllib.parse import urlsplit

import httpx
from pydantic import Field

from palmtax.base.clock import SystemClock
from palmtax.partners.model.hooks import Answer, Hook, fault_of_endpoint, headers_of, is_public
from palmtax.plumbing import outbound
from palmtax.plumbing.settings import Section

CALL_SECONDS, RESOLVE_SECONDS = 10.0, 3.0
LARGEST_ANSWER = 65_536


class PartnersSettings(Section):
    """The open platform."""

    section: ClassVar[str] = "partners"
    loopback_webhooks: bool = Field(
        False, description="applications on trial may be called at http://127.0.0.1; development only, yes or no"
    )


class AddressRefused(Exception):
    """The name leads to an address that we do not call."""


async def _address_of(host: str, port: int) -> str:
    """The one address to connect to; refused when any address of the name is not public (no second look, no rebinding)."""
    loop = asyncio.get_running_loop()
    async with asyncio.timeout(RESOLVE_SECONDS):
        found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
    addresses = [str(one[4][0]) for one in found]
    if not addresses or not all(is_public(one) for one in addresses):
        raise AddressRefused
    return addresses[0]


async def call(hook: Hook) -> Answer:
    """Send one delivery; never raises for what the other side does."""
    try:
        async with asyncio.timeout(CALL_SECONDS):
            return await _call(hook)
    except AddressRefused:
        return Answer(None, "address")
    except TimeoutError:
        return Answer(None, "timeout")
    except (socket.gaierror, UnicodeError):
        return Answer(None, "name")
    except (ssl.SSLError, httpx.ConnectError) as wrong:
        return Answer(None, "tls" if "CERTIFICATE" in str(wrong).upper() or "SSL" in str(wrong) else "connection")
    except (httpx.HTTPError, httpx.InvalidURL, OSError):
        return Answer(None, "connection")


async def _call(hook: Hook) -> Answer:
    url = hook.endpoint.url
    if fault_of_endpoint(url, may_loopback=hook.may_loopback) is not None:
        raise AddressRefused
    parts = urlsplit(url)
    host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
    # plain http gets here only as loopback that a setting allows (fault_of_endpoint)
    address = await _address_of(host, port) if parts.scheme == "https" else host
    base = f"{parts.scheme}://{f'[{address}]' if ':' in address else address}:{port}"
    headers = headers_of(hook, int(SystemClock().now().timestamp())) | {"host": parts.netloc}
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    async with outbound.client("webhooks", base, timeout_seconds=CALL_SECONDS) as client:
        request = client.build_request("POST", target, content=hook.body, headers=headers)
        request.extensions["sni_hostname"] = host  # the certificate must be the name's, whatever address was dialled
        answer = await client.send(request, stream=True)
        try:
            await _drained(answer)
        finally:
            await answer.aclose()
    return Answer(answer.status_code, "" if answer.is_success else f"status_{answer.status_code}")


async def _drained(answer: httpx.Response) -> None:
    """Read a little, so that the other side can finish; what is longer is cut off."""
    seen = 0
    async for piece in answer.aiter_raw():
        seen += len(piece)
        if seen > LARGEST_ANSWER:
            return
