"""The object store speaks S3: signed requests, the same names as on disk, a missing object is a missing file."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from palmtax.plumbing.files import FileMissing, name_of, store_of
from palmtax.plumbing.settings import FilesSettings

OBJECTS: dict[str, bytes] = {}


class Bucket(BaseHTTPRequestHandler):
    """A stand-in for one bucket: keeps objects; refuses what carries no signature of our key."""

    def _refused(self) -> bool:
        if "Credential=town-key/" in self.headers.get("authorization", ""):
            return False
        self._answer(403, b"<Error><Code>AccessDenied</Code></Error>")
        return True

    def _answer(self, status: int, body: bytes = b"") -> None:
        self.send_response(status)
        self.send_header("content-length", str(len(body)))
        self.send_header("etag", '"e"')
        self.send_header("content-type", "application/xml")
        self.end_headers()
        self.wfile.write(body)

    def do_PUT(self) -> None:
        """Keep."""
        if not self._refused():
            OBJECTS[self.path] = self.rfile.read(int(self.headers["content-length"]))
            self._answer(200)

    def do_GET(self) -> None:
        """Give back."""
        if self._refused():
            return
        if self.path not in OBJECTS:
            self._answer(404, b"<Error><Code>NoSuchKey</Code><Key>x</Key></Error>")
            return
        self._answer(200, OBJECTS[self.path])

    def log_message(self, *_args: object) -> None:
        """Quiet."""


@pytest.fixture
def endpoint() -> Iterator[str]:
    """The stand-in on a free loopback port."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Bucket)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


async def test_objects_are_kept_under_their_content(endpoint: str) -> None:
    """Put, get, twice the same, and a name nobody has."""
    store = store_of(
        FilesSettings(store="s3", s3_endpoint=endpoint, s3_access_key="town-key", s3_secret_key="s" * 20, s3_tls=False)
    )
    name = await store.put(b"paper" * 1000)
    assert name == name_of(b"paper" * 1000)
    assert list(OBJECTS) == [f"/palmtax/{name[:2]}/{name}"]
    assert await store.get(name) == b"paper" * 1000
    with pytest.raises(FileMissing):
        await store.get(name_of(b"other"))
