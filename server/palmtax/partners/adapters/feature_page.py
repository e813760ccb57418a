"""A partner's page as the conformance kit sees it: fetched once without a browser, and, where there is one, looked at."""

from __future__ import annotations

import asyncio
import re
import socket
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser

import httpx

from palmtax.partners.adapters import dialling

ANSWER_SECONDS = 3.0
LARGEST_PAGE = 2_000_000
_LOADS = {
    "script": "src", "img": "src", "iframe": "src", "link": "href", "audio": "src", "video": "src", "source": "src",
    "embed": "src", "object": "data",
}  # fmt: skip
_LOADED_LINKS = {"stylesheet", "preload", "modulepreload", "icon", "manifest", "preconnect", "dns-prefetch"}
_CSS_URL = re.compile(r"url\(\s*['\"]?([^'\")\s]+)")


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.language, self.title, self.viewport = "", "", ""
        self.text: list[str] = []
        self.loads: list[str] = []
        self.forms: list[str] = []
        self._inside = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what the kit asks about."""
        values = {name: value or "" for name, value in attrs}
        self._inside = tag
        if tag == "html":
            self.language = values.get("lang", "")
        if tag == "meta" and values.get("name", "").lower() == "viewport":
            self.viewport = values.get("content", "")
        if tag == "form":
            self.forms.append(values.get("action", ""))
        is_loaded = tag != "link" or _LOADED_LINKS & set(values.get("rel", "").lower().split())
        if tag in _LOADS and is_loaded and values.get(_LOADS[tag]):
            self.loads.append(values[_LOADS[tag]])
        self.loads += _CSS_URL.findall(values.get("style", ""))
        self.loads += [one.split()[0] for one in values.get("srcset", "").split(",") if one.strip()]

    def handle_endtag(self, _tag: str) -> None:
        """Outside of it again."""
        self._inside = ""

    def handle_data(self, data: str) -> None:
        """Words, styles."""
        if self._inside == "title":
            self.title += data
        elif self._inside == "style":
            self.loads += _CSS_URL.findall(data)
        elif self._inside != "script":
            self.text.append(data)


@dataclass(frozen=True, slots=True)
class Looks:
    """What a browser of 390 px saw: width of what is laid out, texts with too little contrast, hosts that were asked."""

    width: int
    faint: tuple[str, ...]
    hosts: frozenset[str]


@dataclass(frozen=True, slots=True)
class SeenPage:
    """A page that answered, or `fault`: why it did not, in a word."""

    url: str
    fault: str = ""
    status: int = 0
    seconds: float = 0.0
    headers: Mapping[str, str] = field(default_factory=dict)
    language: str = ""
    title: str = ""
    viewport: str = ""
    words: str = ""
    loads: tuple[str, ...] = ()
    forms: tuple[str, ...] = ()
    looks: Looks | None = None


async def see(url: str, *, may_loopback: bool) -> SeenPage:
    """The page; never raises for what the other side does."""
    started = time.perf_counter()
    try:
        async with asyncio.timeout(ANSWER_SECONDS + 2):
            answer, body = await dialling.ask(
                "features", "GET", url, may_loopback=may_loopback, seconds=ANSWER_SECONDS + 2, most_bytes=LARGEST_PAGE,
                headers={"accept": "text/html", "accept-encoding": "identity"},
            )  # fmt: skip
    except dialling.AddressRefused:
        return SeenPage(url, "address")
    except TimeoutError:
        return SeenPage(url, "timeout")
    except (socket.gaierror, UnicodeError):
        return SeenPage(url, "name")
    except (httpx.HTTPError, httpx.InvalidURL, OSError):
        return SeenPage(url, "connection")
    return read_page(url, answer.status_code, dict(answer.headers), body, time.perf_counter() - started)


def read_page(url: str, status: int, headers: Mapping[str, str], body: bytes, seconds: float) -> SeenPage:
    """What the kit asks about, out of an answer."""
    reader = _Reader()
    reader.feed(body.decode("utf-8", "replace"))
    return SeenPage(
        url, "", status, seconds, headers, reader.language, reader.title.strip(), reader.viewport,
        " ".join("".join(reader.text).split()), tuple(reader.loads), tuple(reader.forms),
    )  # fmt: skip
