"""Web push on the wire."""

from __future__ import annotations

from pydantic import Field

from palmtax.plumbing.wire import Wire


class PushKeyOut(Wire):
    """The public key of the application server, as a browser takes it."""

    key: str = Field(description="point on P-256, uncompressed, base64url")
