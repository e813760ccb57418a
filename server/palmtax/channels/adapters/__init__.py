"""The clients of platforms, one module a transport, and one folder with two files for each channel.

A transport is one function `send(ports, channel, out) → Sent`. It raises `OutsideRefused` (their code) or
`OutsideUnavailable` (no usable answer); what a code means is written in `codes.yaml`, never here. Retries, limits, tokens,
timing and logging are done around it. None may be called while holding a database connection.
"""

from __future__ import annotations

import hashlib
import secrets
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, ClassVar, Protocol

import httpx
from pydantic import Field

from palmtax.channels.model.manifest import Channel, Template
from palmtax.channels.model.outgoing import Outgoing, Sent
from palmtax.plumbing import outbound
from palmtax.plumbing.database import Database
from palmtax.plumbing.settings import Section
from palmtax.plumbing.tokens import TokenKeeper

EVERY_KIND = frozenset({"template", "subscribe", "service", "text", "card"})


class ChannelsSettings(Section):
    """How the outside is reached, for all channels."""

    section: ClassVar[str] = "channels"
    sandbox_url: str = Field("", description="http://… of the sandboxes; empty: the platforms' real addresses")
    timeout_seconds: float = Field(5.0, gt=0, le=60, description="longest wait for a platform, seconds")
    folder: Path | None = Field(None, description="folder of channels, one folder each; empty: the program's own")
    sandbox_smtp_url: str = Field("", description="smtp://… of the sandboxes' mail server; empty: the real one")
    status_file: Path = Field(Path("var/status.json"), description="last public state, told while the database is away")
    processes: int = Field(1, ge=1, le=1000, description="worker processes that send; each grants its share of a rate")


class Tokens(Protocol):
    """One platform's access token, as `plumbing.tokens` keeps it."""

    async def get(self) -> str:
        """A living token."""
        ...

    async def drop(self, token: str) -> None:
        """The platform no longer takes it."""
        ...


Fetch = Callable[[], Awaitable[tuple[str, int]]]
Send = Callable[["Ports", Channel, Outgoing], Awaitable[Sent]]


class Secrets(dict[str, Mapping[str, Any]]):
    """Sections of the credentials file; they never show when something that holds them is printed."""

    def __repr__(self) -> str:
        return "Secrets(…)"


class Secret(dict[str, Any]):
    """One section; a secret that is missing is a channel without credentials, not a fault of ours."""

    def __missing__(self, key: str) -> Any:
        raise outbound.OutsideUnavailable("no_credentials", key)

    def __repr__(self) -> str:
        return "Secret(…)"


@dataclass
class Ports:
    """What transports use of the process: secrets by section, HTTP clients, tokens. `link` is where the product is found."""

    credentials: Mapping[str, Mapping[str, Any]]
    sandbox_url: str = ""
    sandbox_smtp_url: str = ""
    link: str = ""
    timeout_seconds: float = 5.0
    database: Database | None = None
    transport: httpx.AsyncBaseTransport | None = None
    keeper: Callable[[str, Fetch], Tokens] | None = None
    now: Callable[[], float] = time.time
    _clients: dict[str, httpx.AsyncClient] = field(default_factory=dict, repr=False)
    _tokens: dict[str, Tokens] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        self.credentials = Secrets(self.credentials)

    def section(self, channel: Channel) -> Mapping[str, Any]:
        """The channel's secrets; OutsideUnavailable when nobody gave them."""
        found = self.credentials.get(channel.manifest.credentials)
        if found is None:
            raise outbound.OutsideUnavailable("no_credentials", channel.manifest.credentials)
        return Secret(found)

    def has_credentials(self, channel: Channel) -> bool:
        """Whether the secrets are there."""
        return not channel.manifest.credentials or channel.manifest.credentials in self.credentials

    def account(self, channel: Channel) -> str:
        """The account that addresses of this channel belong to; empty where they belong to none (phones, e-mail)."""
        section = self.credentials.get(channel.manifest.credentials, {})
        return str(section.get(channel.manifest.account, "")) if channel.manifest.account else ""

    def template_id(self, channel: Channel, said: Template) -> str:
        """Their id of a template: the entry of the credentials that has this name, or the id itself."""
        known = (self.credentials.get(channel.manifest.credentials, {}).get("templates") or {}).get(said.id, said.id)
        return str(known.get("template_id", "")) if isinstance(known, Mapping) else str(known)

    def base(self, channel: Channel) -> str:
        """Where the platform is."""
        host = channel.manifest.host
        if channel.manifest.transport == "smtp":
            return self.sandbox_smtp_url or host.real
        return self.sandbox_url + host.sandbox if self.sandbox_url and host.sandbox else host.real

    def pages(self, channel: Channel) -> str:
        """Where people let us know who they are."""
        place = channel.manifest.pages
        return self.sandbox_url + place.sandbox if self.sandbox_url and place.sandbox else place.real

    def http(self, channel: Channel) -> httpx.AsyncClient:
        """The client for a channel: one a channel, kept open."""
        base = self.base(channel)
        made = self._clients.get(channel.name)
        if made is None or str(made.base_url).rstrip("/") != base.rstrip("/"):
            made = outbound.client(channel.name, base, timeout_seconds=self.timeout_seconds)
            if self.transport is not None:
                made = httpx.AsyncClient(transport=self.transport, base_url=base)
            self._clients[channel.name] = made
        return made

    def own(self) -> httpx.AsyncClient:
        """The client for our own public address, by which the world reaches us."""
        made = self._clients.get("")
        if made is None or made.is_closed:
            made = outbound.client("self", self.link, timeout_seconds=self.timeout_seconds)
            self._clients[""] = made
        return made

    async def reach(self, channel: Channel) -> None:
        """Any HTTP answer at all means that the platform is there; OutsideUnavailable otherwise."""
        try:
            await self.http(channel).get(self.base(channel) + "/", timeout=2.0)
        except httpx.HTTPError as error:
            raise outbound.OutsideUnavailable("transport", type(error).__name__) from None

    def tokens(self, channel: Channel, account: str, fetch: Fetch) -> Tokens:
        """The keeper of an account's token: shared with every process over the database."""
        known = self._tokens.get(account)
        if known is None:
            if self.keeper is not None:
                known = self.keeper(account, fetch)
            elif self.database is not None:
                known = TokenKeeper(self.database, account, fetch)
            else:
                raise outbound.OutsideUnavailable("no_keeper", channel.name)
            self._tokens[account] = known
        return known

    def wall(self) -> datetime:
        """The time by which platforms sign, whatever day the house lives on."""
        return datetime.fromtimestamp(self.now(), UTC)


async def ask(
    ports: Ports, channel: Channel, method: str, path: str, query: Mapping[str, str], body: Any = None
) -> dict[str, Any]:
    """One JSON call of the WeChat family; `errcode` other than 0 is refused with that code."""
    headers = gateway_headers(ports, channel)
    try:
        answer = await ports.http(channel).request(
            method, ports.base(channel) + path, params=dict(query), json=body, headers=headers
        )
    except httpx.TransportError as error:
        raise outbound.OutsideUnavailable("transport", type(error).__name__) from None
    content = json_of(answer)
    code = str(content.get("errcode", 0))
    if code != "0":
        raise outbound.OutsideRefused(code, str(content.get("errmsg", ""))[:200])
    return content


def json_of(answer: httpx.Response) -> dict[str, Any]:
    """The JSON object of an answer; everything else is no usable answer."""
    if answer.status_code != httpx.codes.OK:
        raise outbound.OutsideUnavailable(f"http_{answer.status_code}")
    try:
        content = answer.json()
    except ValueError:
        raise outbound.OutsideUnavailable("unreadable", "not JSON") from None
    if not isinstance(content, dict):
        raise outbound.OutsideUnavailable("unreadable", "not an object")
    return content


def gateway_headers(ports: Ports, channel: Channel) -> dict[str, str]:
    """What a provincial gateway wants on every call (x-tif); nothing elsewhere."""
    if channel.manifest.headers != "x_tif":
        return {}
    section, seconds = ports.section(channel), str(int(ports.now()))
    nonce = f"{int(ports.now() * 1000):x}-{secrets.token_hex(4)}"
    return {
        "x-tif-paasid": str(section["paas_id"]),
        "x-tif-timestamp": seconds,
        "x-tif-nonce": nonce,
        "x-tif-signature": gateway_signature(seconds, str(section["paas_token"]), nonce),
    }


def gateway_signature(seconds: str, token: str, nonce: str) -> str:
    """`sha256(timestamp + token + nonce + timestamp)` of a government gateway.

    >>> gateway_signature("1700000000", "demoToken", "18bcfe56800-abc123")[:16]
    '5d32af516547d120'
    """
    return hashlib.sha256(f"{seconds}{token}{nonce}{seconds}".encode()).hexdigest()


async def with_token(
    channel: Channel, tokens: Tokens, call: Callable[[str], Awaitable[dict[str, Any]]]
) -> dict[str, Any]:
    """One try, and one more with a fresh token when the platform says that ours is over; never a loop."""
    token = await tokens.get()
    try:
        return await call(token)
    except outbound.OutsideRefused as refused:
        if channel.meaning(refused.code).means != "token":
            raise
    await tokens.drop(token)
    return await call(await tokens.get())


def token_of(answer: Mapping[str, Any]) -> tuple[str, int]:
    """Token and seconds of a platform's answer."""
    token, seconds = answer.get("access_token"), answer.get("expires_in")
    if not isinstance(token, str) or not token or not isinstance(seconds, int):
        raise outbound.OutsideUnavailable("unreadable", "no access_token")
    return token, seconds
