"""Where requests meet the door: as an ASGI layer for all, and in the bytes before they are parsed for who must wait anyway.

The second way exists because a refusal must cost almost nothing: at twenty times the capacity, one that takes a twentieth of
a served request leaves nothing to serve with (decision 0031).
"""

from __future__ import annotations

import re
from typing import Any, cast

from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from palmtax.plumbing.waiting.door import AGAIN_SECONDS, Asked, Door, LetIn, Wait

PASS_HEADER, CROWDED_HEADER = b"x-waiting-pass", b"x-crowded"
REST_SECONDS = 60
"""While people wait, an answer asks the phone to let rest for so long what only accompanies the matter at hand."""
_ACCOMPANYING = b"u=6"
"""How a phone marks such a request (RFC 9218)."""
_MATTER = re.compile(rb'"matter_code"\s*:\s*"([A-Za-z0-9_.-]{3,60})"')
_CATALOGUE = "/api/matters/catalogue/"
_BEGIN_MATTER = ("POST", "/api/matters/applications")
_SMALL = 16_384
_LET_IN = "palmtax.let_in"
"""In the scope: what was decided before the request was parsed."""


class Entrance:
    """The ASGI layer: asks the door, takes a slot, hands on the pass."""

    def __init__(self, app: ASGIApp, door: Door) -> None:
        self.app, self.door = app, door

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the request in, or answer that it waits."""
        if scope["type"] != "http" or not scope["path"].startswith("/api/"):
            await self.app(scope, receive, send)
            return
        found: LetIn | Wait | None = scope.pop(_LET_IN, None)
        if found is None:
            asked, receive = await self._asked(scope, receive)
            found = self.door.ask(asked)
        if isinstance(found, Wait):
            await _answer(send, found)
            return
        if found.rank is None:
            await self.app(scope, receive, send)
            return
        if self.door.slots.in_use >= self.door.slots.limit:
            self.door.look_at_queue()
        if not await self.door.slots.take(found.rank):
            await _answer(send, await self._turned_away(scope, receive))
            return
        self.door.has_slot(found)
        if not self.door.is_crowded:
            self.door.calm.hear(accompanies=_header(scope, b"priority") == _ACCOMPANYING)
        try:
            await self.app(scope, receive, self._with_word(send, found))
        finally:
            self.door.slots.give_back()

    def _with_word(self, send: Send, found: LetIn) -> Send:
        """What the door has to say goes along with the answer: the pass, and that others wait."""
        said = [(PASS_HEADER, found.admission.encode())] if found.admission else []
        if self.door.is_crowded:
            said.append((CROWDED_HEADER, b"%d" % REST_SECONDS))
        return _saying(send, said) if said else send

    async def _turned_away(self, scope: Scope, receive: Receive) -> Wait:
        """Too many wait for a slot: a place for who comes anew; who is in the middle of something tries again soon."""
        if self.door.begin_lines():
            asked, _ = await self._asked(scope, receive)
            found = self.door.ask(asked)
            if isinstance(found, Wait):
                return found
        return Wait(self.door.words.crowded[_is_english(scope)], AGAIN_SECONDS)

    async def _asked(self, scope: Scope, receive: Receive) -> tuple[Asked, Receive]:
        method, path = scope["method"], scope["path"]
        if not self.door.is_shedding:
            return Asked(method, path, bearer=_header(scope, b"authorization")), receive
        matter = path[len(_CATALOGUE) :] if path.startswith(_CATALOGUE) else ""
        if self.door.own and (method, path) == _BEGIN_MATTER:
            first = await receive()
            matter = _matter_in(first.get("body", b"")[:_SMALL])
            receive = _replayed(first, receive)
        tokens = _header(scope, b"x-waiting").decode("latin-1")
        return Asked(method, path, tokens, _header(scope, b"authorization"), _is_english(scope), matter), receive


def _header(scope: Scope, name: bytes) -> bytes:
    for key, value in scope["headers"]:
        if key == name:
            return bytes(value)
    return b""


def _is_english(scope: Scope) -> bool:
    return _header(scope, b"accept-language").strip().lower().startswith(b"en")


def _matter_in(body: bytes) -> str:
    found = _MATTER.search(body)
    return found[1].decode() if found else ""


def _replayed(first: Message, receive: Receive) -> Receive:
    held: list[Message] = [first]

    async def again() -> Message:
        return held.pop() if held else await receive()

    return again


def _saying(send: Send, said: list[tuple[bytes, bytes]]) -> Send:
    async def saying(message: Message) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = [*message.get("headers", []), *said]
        await send(message)

    return saying


async def _answer(send: Send, wait: Wait) -> None:
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(wait.body)).encode()),
        (b"cache-control", b"no-store"),
        (b"retry-after", str(wait.seconds).encode()),
    ]
    await send({"type": "http.response.start", "status": wait.status, "headers": headers})
    await send({"type": "http.response.body", "body": wait.body})


_HEAD = re.compile(rb"([A-Z]{3,7}) (/api/[^\s?%#]*)(?:\?[^\s#]*)? HTTP/1\.1\r\n")
_RAW = (
    b"HTTP/1.1 %d %b\r\ncontent-type: application/json\r\ncache-control: no-store\r\nretry-after: %d\r\n"
    b"content-length: %d\r\n\r\n%b"
)
_REASON = {200: b"OK", 503: b"Service Unavailable"}
_LOOKED_AT = re.compile(
    rb"\r\n(?:(authorization|x-waiting|accept-language|content-length|connection):[ \t]*([^\r\n]*?)[ \t]*(?=\r\n)"
    rb"|(transfer-encoding:|expect:|upgrade:|[ \t]))",
    re.IGNORECASE,
)
"""The headers that decide, and (third) those with which a request is no plain one."""


def quick_answer(door: Door, data: bytes) -> bytes | LetIn | None:
    """The whole answer to the one whole request that these bytes are, when it must wait, or the way in; none: the long way."""
    end = data.find(b"\r\n\r\n")
    start = _HEAD.match(data)
    if end < 0 or start is None:
        return None
    headers = _headers(data, start.end() - 2, end + 2)
    if headers is None or data.count(b"\n", 0, end) != data.count(b"\r\n", 0, end):
        return None
    length = headers.get(b"content-length", b"0")
    if not length.isdigit() or int(length) != len(data) - end - 4:
        return None
    method, path = start[1].decode(), start[2].decode("latin-1")
    matter = path[len(_CATALOGUE) :] if path.startswith(_CATALOGUE) else ""
    if door.own and (method, path) == _BEGIN_MATTER:
        matter = _matter_in(data[end : end + _SMALL])
    asked = Asked(
        method,
        path,
        headers.get(b"x-waiting", b"").decode("latin-1"),
        headers.get(b"authorization", b""),
        headers.get(b"accept-language", b"")[:2].lower() == b"en",
        matter,
    )
    found = door.ask_quickly(asked)
    if not isinstance(found, Wait):
        return found
    return _RAW % (found.status, _REASON[found.status], found.seconds, len(found.body), found.body)


def _headers(data: bytes, begin: int, end: int) -> dict[bytes, bytes] | None:
    """The headers that decide, the first of each; none when the request is no plain one."""
    found: dict[bytes, bytes] = {}
    for one in _LOOKED_AT.finditer(data, begin, end):
        if one[3] is not None:
            return None
        name = one[1].lower()
        if name not in found:
            found[name] = one[2]
        elif name == b"content-length":
            return None
    return None if found.get(b"connection", b"keep-alive").lower() != b"keep-alive" else found


def protocol_of(door: Door) -> type[HttpToolsProtocol]:
    """The protocol of uvicorn, with a look at the bytes first while people wait."""

    class QuickProtocol(HttpToolsProtocol):
        """Answers who must wait before anything is parsed; only between two whole requests."""

        is_inside = False
        quick_at = 0.0
        let_in: LetIn | None = None

        def on_message_begin(self) -> None:
            """A request begins in the parser; what was decided about it goes along."""
            self.is_inside = True
            super().on_message_begin()
            if self.let_in is not None:
                cast("dict[str, Any]", self.scope)[_LET_IN], self.let_in = self.let_in, None

        def on_message_complete(self) -> None:
            """It is whole."""
            self.is_inside = False
            super().on_message_complete()

        def data_received(self, data: bytes) -> None:
            """Bytes came."""
            cycle: RequestResponseCycle | None = self.cycle
            if door.is_shedding and not self.is_inside and (cycle is None or cycle.response_complete):
                answer = quick_answer(door, data)
                if isinstance(answer, LetIn):
                    self.let_in = answer
                elif answer is not None:
                    self.quick_at = self.loop.time()
                    if self.timeout_keep_alive_task is None:
                        self._close_after(self.timeout_keep_alive)
                    self.transport.write(answer)
                    return
            super().data_received(data)
            self.let_in = None

        def timeout_keep_alive_handler(self) -> None:
            """Nothing came for a while; who was answered quickly meanwhile has the whole time again, without a timer each."""
            left = self.quick_at + self.timeout_keep_alive - self.loop.time()
            if left > 0:
                self._close_after(left)
            else:
                super().timeout_keep_alive_handler()

        def _close_after(self, seconds: float) -> None:
            self.timeout_keep_alive_task = self.loop.call_later(seconds, self.timeout_keep_alive_handler)

    return QuickProtocol
