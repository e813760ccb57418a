"""An application of a partner: its states, its addresses, its secrets. Pure.

States: sandbox → review → live → suspended. In sandbox and review it sees invented taxpayers only; live only after two
officers; suspended means off at once, for every token.
"""

from __future__ import annotations

import ipaddress
import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from urllib.parse import urlsplit
from uuid import UUID

State = Literal["sandbox", "review", "live", "suspended"]
OLD_SECRET_LASTS = timedelta(days=7)
"""After a rotation both secrets work this long: time to roll out the new one."""
MOST_SECRETS = 2
MOST_REDIRECTS = 5
LONGEST_ADDRESS = 300
MOST_ORIGINS = 5
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_ORIGIN = re.compile(rf"https://((?:{_LABEL}\.)+[a-z](?:[a-z0-9-]{{0,61}}[a-z0-9]))(?::([1-9][0-9]{{0,4}}))?", re.ASCII)
_LOOPBACK_ORIGIN = re.compile(r"http://127\.0\.0\.1(?::([1-9][0-9]{0,4}))?", re.ASCII)


@dataclass(frozen=True, slots=True)
class PartnerApplication:
    """An application as it is registered; never with a secret."""

    application_id: UUID
    client_id: str
    name: str
    name_en: str
    organisation: str
    uscc: str | None
    purpose: str
    purpose_en: str
    redirect_uris: tuple[str, ...]
    scopes: tuple[str, ...]
    state: State
    state_reason: str
    checked_by: int | None
    made_by: int | None
    made_at: datetime
    changed_at: datetime
    email: str = ""
    frame_origins: tuple[str, ...] = ()

    @property
    def is_sandboxed(self) -> bool:
        """Whether it may act for invented taxpayers only."""
        return self.state in ("sandbox", "review")

    @property
    def is_on(self) -> bool:
        """Whether it may do anything at all."""
        return self.state != "suspended"


def new_client_id() -> str:
    """A public name for an application."""
    return f"pa_{secrets.token_hex(10)}"


def new_secret() -> str:
    """A secret with 256 random bits; its lead lets scanners of leaked secrets find it."""
    return f"pts_{secrets.token_urlsafe(32)}"


def fault_of_redirect(address: str, *, may_be_loopback: bool) -> str | None:
    """Why an address may not be a redirect address; none when it may: https, whole, without fragment or user.

    Loopback over http is for development: RFC 8252 §7.3, only while the application is sandboxed.

    >>> fault_of_redirect("https://bank.example/back", may_be_loopback=False)
    >>> fault_of_redirect("http://bank.example/back", may_be_loopback=True)
    'scheme'
    >>> fault_of_redirect("http://127.0.0.1:9000/back", may_be_loopback=True)
    >>> fault_of_redirect("https://bank.example/back#x", may_be_loopback=False)
    'fragment'
    """
    if len(address) > LONGEST_ADDRESS or not address.isascii() or any(c in address for c in " \t\r\n\\*<>\"'`"):
        return "characters"
    try:
        parts = urlsplit(address)
        host, _port = parts.hostname or "", parts.port
    except ValueError:
        return "form"
    if "#" in address:
        return "fragment"
    if parts.username is not None or parts.password is not None or not host:
        return "host"
    if parts.scheme == "https":
        return None
    return None if parts.scheme == "http" and may_be_loopback and _is_loopback(host) else "scheme"


def fault_of_origin(origin: str, *, may_be_loopback: bool) -> str | None:
    """Why our pages may not stand in frames of an origin; none when they may.

    It is put into a header, so it must be exactly what a browser calls an origin: lower case, no path, no default port, no
    wildcard, a name and no number.

    >>> fault_of_origin("https://bank.example", may_be_loopback=False)
    >>> fault_of_origin("https://bank.example:8443", may_be_loopback=False)
    >>> fault_of_origin("http://127.0.0.1:9000", may_be_loopback=True)
    >>> [
    ...     fault_of_origin(one, may_be_loopback=False)
    ...     for one in ("null", "https://*.bank.example", "https://bank.example.")
    ... ]
    ['form', 'form', 'form']
    >>> fault_of_origin("https://bank.example:443", may_be_loopback=False)
    'port'
    """
    found = _ORIGIN.fullmatch(origin)
    if found is None:
        found = _LOOPBACK_ORIGIN.fullmatch(origin) if may_be_loopback else None
        port, usual = (found[1] if found else None), "80"
    else:
        port, usual = found[2], "443"
    if found is None or len(origin) > LONGEST_ADDRESS:
        return "form"
    return "port" if port is not None and (port == usual or int(port) > 65_535) else None


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
