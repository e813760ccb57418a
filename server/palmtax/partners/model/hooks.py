"""Webhooks: the events there are, the body, the signature (Standard Webhooks), when to try again. Pure."""

from __future__ import annotations

import base64
import hashlib
import hmac
import ipaddress
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID, uuid5

import orjson

EVENTS: Mapping[str, tuple[str, str, str | None]] = {
    "application.progressed": ("办件有进展", "An application moved on", "applications.read"),
    "certificate.issued": ("开具了完税证明", "A certificate was issued", "certificates.read"),
    "consent.ended": ("授权结束", "A consent ended", None),
}
"""What may be subscribed to, in words, and the scope that the consent must carry."""
PING = "ping"
MOST_ENDPOINTS = 5
PORTS = (443, 8443)
OLD_SIGNING_LASTS = timedelta(days=1)
WAITS = (5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 75_600)
"""Seconds after each failed try: the last one comes about three days after the first (Standard Webhooks' schedule)."""
GIVEN_UP_AFTER = timedelta(days=3)
TIRED_FAILURES, TIRED_SECONDS = 5, 60
"""An endpoint that failed so often in a row is tried once a minute, whatever waits for it."""
_LOOPBACK_NAMES = ("localhost",)


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where an application wants to be told what."""

    endpoint_id: UUID
    application_id: UUID
    url: str
    events: tuple[str, ...]
    state: str
    failures: int
    failing_since: datetime | None
    tried_at: datetime | None
    last_error: str
    made_at: datetime


@dataclass(frozen=True, slots=True)
class Hook:
    """One delivery, ready to be sent."""

    endpoint: Endpoint
    delivery_id: UUID
    event: str
    body: str
    tries: int
    secrets: tuple[str, ...]
    may_loopback: bool


@dataclass(frozen=True, slots=True)
class Delivery:
    """What became of a delivery."""

    delivery_id: UUID
    event: str
    state: str
    tries: int
    last_status: int | None
    last_error: str
    created_at: datetime
    next_at: datetime | None
    done_at: datetime | None


@dataclass(frozen=True, slots=True)
class Answer:
    """What a partner's server said: a status, or why there is none."""

    status: int | None
    error: str = ""

    @property
    def is_good(self) -> bool:
        """Taken: 2xx, nothing else; redirects are not followed."""
        return self.status is not None and 200 <= self.status < 300


def new_signing_secret() -> str:
    """A secret in the form of Standard Webhooks."""
    return f"whsec_{base64.b64encode(secrets.token_bytes(32)).decode()}"


def delivery_id_of(endpoint_id: UUID, event: str, key: str) -> UUID:
    """The same news to the same endpoint has one number: heard twice, sent once."""
    return uuid5(endpoint_id, f"{event} {key}")


def body_of(event: str, at: datetime, data: Mapping[str, Any]) -> str:
    """What is sent: the event, when, and identifiers; nothing personal."""
    return orjson.dumps({"type": event, "timestamp": at.isoformat(), "data": dict(data)}).decode()


def sign(secret: str, delivery_id: str, seconds: int, body: str) -> str:
    """The signature `v1,…` over id, time and body (HMAC-SHA256).

    >>> sign(
    ...     "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, '{"test": 2432232314}'
    ... )
    'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE='
    """
    key = base64.b64decode(secret.removeprefix("whsec_"))
    made = hmac.new(key, f"{delivery_id}.{seconds}.{body}".encode(), hashlib.sha256).digest()
    return f"v1,{base64.b64encode(made).decode()}"


def headers_of(hook: Hook, seconds: int) -> dict[str, str]:
    """The headers of a delivery: signed with every secret that works, so that a rotation loses nothing."""
    number = str(hook.delivery_id)
    return {
        "content-type": "application/json",
        "user-agent": "PalmTax-Webhooks/1",
        "webhook-id": number,
        "webhook-timestamp": str(seconds),
        "webhook-signature": " ".join(sign(secret, number, seconds, hook.body) for secret in hook.secrets),
    }


def is_public(text: str) -> bool:
    """Whether an address lies in the public internet: not private, loopback, link-local, metadata or multicast.

    Addresses that carry an IPv4 address inside (mapped, 6to4, Teredo, NAT64) are judged by it.

    >>> [
    ...     is_public(one)
    ...     for one in ("8.8.8.8", "127.0.0.1", "169.254.169.254", "10.1.2.3", "::ffff:10.0.0.1", "fd00::1")
    ... ]
    [True, False, False, False, False, False]
    >>> [is_public(one) for one in ("64:ff9b::7f00:1", "2002:7f00:1::", "0.0.0.0", "100.100.100.200", "224.0.0.1")]
    [False, False, False, False, False]
    """
    try:
        address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return False
    if isinstance(address, ipaddress.IPv6Address):
        inside = address.ipv4_mapped or address.sixtofour or (address.teredo or (None, None))[1]
        if address in ipaddress.ip_network("64:ff9b::/96"):
            inside = ipaddress.IPv4Address(address.packed[-4:])
        if inside is not None:
            return is_public(str(inside))
    return address.is_global and not (address.is_multicast or address.is_reserved or address.is_unspecified)


def fault_of_endpoint(url: str, *, may_loopback: bool) -> str | None:
    """Why we will not call an address; none when we will. What its name leads to is looked at again at each call.

    >>> fault_of_endpoint("https://bank.example/hooks", may_loopback=False)
    >>> [
    ...     fault_of_endpoint(one, may_loopback=False)
    ...     for one in ("http://bank.example/", "https://127.0.0.1/", "https://a:b@c.example/")
    ... ]
    ['scheme', 'address', 'user']
    >>> fault_of_endpoint("https://bank.example:22/", may_loopback=False)
    'port'
    """
    if len(url) > 300 or not url.isascii() or any(c in url for c in " \t\r\n\\#<>\"'`"):
        return "characters"
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return "form"
    if parts.username is not None or parts.password is not None:
        return "user"
    if may_loopback and parts.scheme == "http" and host in ("127.0.0.1", "::1"):
        return None
    if parts.scheme != "https":
        return "scheme"
    if (port or 443) not in PORTS:
        return "port"
    return _fault_of_host(host)


def _fault_of_host(host: str) -> str | None:
    if not host or host in _LOOPBACK_NAMES or host.endswith((".localhost", ".local", ".internal")):
        return "address"
    if ":" in host or host.replace(".", "").isdigit():  # written as a number: judged now; names are judged when called
        return None if is_public(host) else "address"
    return None if "." in host and all(part and not part.startswith("0x") for part in host.split(".")) else "address"
