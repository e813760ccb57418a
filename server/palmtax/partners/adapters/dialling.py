"""Reaching a partner's server: the name is resolved once, judged, and the connection goes to that very address.

Nothing that somebody sent us makes us call inside the house: only https on two ports, no address that is not public, no
redirect followed, no proxy of the environment, little read, little waited for.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Mapping
from urllib.parse import urlsplit

import httpx

from palmtax.partners.model.hooks import fault_of_endpoint, is_public
from palmtax.plumbing import outbound

RESOLVE_SECONDS = 3.0


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


async def ask(
    name: str,
    method: str,
    url: str,
    *,
    may_loopback: bool,
    seconds: float,
    most_bytes: int,
    headers: Mapping[str, str],
    content: str | None = None,
) -> tuple[httpx.Response, bytes]:
    """One request and the beginning of its answer; what is longer is cut off. Raises what httpx and the socket raise."""
    if fault_of_endpoint(url, may_loopback=may_loopback) is not None:
        raise AddressRefused
    parts = urlsplit(url)
    host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
    # plain http gets here only as loopback that a setting allows (fault_of_endpoint)
    address = await _address_of(host, port) if parts.scheme == "https" else host
    base = f"{parts.scheme}://{f'[{address}]' if ':' in address else address}:{port}"
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    async with outbound.client(name, base, timeout_seconds=seconds) as client:
        request = client.build_request(method, target, content=content, headers={**headers, "host": parts.netloc})
        request.extensions["sni_hostname"] = host  # the certificate must be the name's, whatever address was dialled
        answer = await client.send(request, stream=True)
        try:
            return answer, await _beginning(answer, most_bytes)
        finally:
            await answer.aclose()


async def _beginning(answer: httpx.Response, most_bytes: int) -> bytes:
    """Read a little, so that the other side can finish."""
    pieces, seen = [], 0
    async for piece in answer.aiter_raw():
        pieces.append(piece)
        seen += len(piece)
        if seen > most_bytes:
            break
    return b"".join(pieces)[:most_bytes]
