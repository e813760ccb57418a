"""Platforms that answer at once and remember nothing, as a process of their own: `python -m bench.instant PORT`.

For measuring our side: they speak HTTP/1.1 with keep-alive and give every message a number of its own.
"""

from __future__ import annotations

import asyncio
import itertools
import sys

import uvloop

_NUMBERS = itertools.count(10**17)


def answer(path: bytes) -> bytes:
    """What the platform behind a path says."""
    number = next(_NUMBERS)
    if path.startswith(b"/sms2"):
        return b'{"Code":"OK","Message":"OK","BizId":"%d^0"}' % number
    if path.startswith(b"/sms"):
        return b'{"Response":{"SendStatusSet":[{"Code":"Ok","SerialNo":"%d"}],"RequestId":"r"}}' % number
    if b"token" in path.partition(b"?")[0]:
        return b'{"access_token":"91_instant_token_of_a_platform","expires_in":7200}'
    return b'{"errcode":0,"errmsg":"ok","msgid":%d}' % number


class Platform(asyncio.Protocol):
    """One connection: each whole request gets its answer."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin."""
        self.transport, self.got = transport, b""

    def data_received(self, data: bytes) -> None:
        """Requests may come in pieces; bodies say how long they are."""
        self.got += data
        while (end := self.got.find(b"\r\n\r\n")) >= 0:
            head = self.got[:end].lower()
            at = head.find(b"content-length:")
            length = int(head[at + 15 :].split(b"\r\n", 1)[0]) if at >= 0 else 0
            if len(self.got) < end + 4 + length:
                return
            path = self.got.split(b" ", 2)[1]
            self.got = self.got[end + 4 + length :]
            body = answer(path)
            self.transport.write(  # type: ignore[attr-defined]  # a socket's transport
                b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n%b" % (len(body), body)
            )


async def serve(port: int) -> None:
    """Serve until killed."""
    server = await asyncio.get_running_loop().create_server(Platform, "127.0.0.1", port)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    await server.serve_forever()


if __name__ == "__main__":
    uvloop.run(serve(int(sys.argv[1])))
