"""Files that platforms of the WeChat family keep for three days: which kinds, how large, told by their bytes. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

MediaKind = Literal["image", "voice", "video", "thumb", "file"]
KEPT = timedelta(days=3)
SMALLEST = 6
"""Bytes; fewer are refused by the platforms."""
_MEGA = 1024 * 1024
_JPEG, _PNG, _GIF, _AMR, _MP3, _MP4 = "image/jpeg", "image/png", "image/gif", "audio/amr", "audio/mpeg", "video/mp4"
ENDINGS = {_JPEG: "jpg", _PNG: "png", _GIF: "gif", _AMR: "amr", _MP3: "mp3", _MP4: "mp4"}
_ACCOUNT: dict[MediaKind, tuple[int, frozenset[str]]] = {
    "image": (10 * _MEGA, frozenset({_JPEG, _PNG, _GIF})),
    "voice": (2 * _MEGA, frozenset({_AMR, _MP3})),
    "video": (10 * _MEGA, frozenset({_MP4})),
    "thumb": (64 * 1024, frozenset({_JPEG})),
}
KINDS: dict[str, dict[MediaKind, tuple[int, frozenset[str]]]] = {
    "wechat_oa": _ACCOUNT,
    "wechat_mini": {"image": (10 * _MEGA, frozenset({_JPEG, _PNG, _GIF}))},
    "wecom": {
        "image": (10 * _MEGA, frozenset({_JPEG, _PNG})),
        "voice": (2 * _MEGA, frozenset({_AMR})),
        "video": (10 * _MEGA, frozenset({_MP4})),
        "file": (20 * _MEGA, frozenset()),
    },
}
"""By transport: the largest size in bytes and the types taken; none named: any. Source: each platform's page on temporary media."""


class BadMedia(ValueError):
    """A file that does not fit; `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Media:
    """A file as it was fetched."""

    content: bytes = field(repr=False)
    media_type: str


@dataclass(frozen=True, slots=True)
class Uploaded:
    """Their number of a file, and until when it is good."""

    media_id: str
    until_at: datetime


def largest(transport: str, kind: MediaKind) -> int:
    """Most bytes of a kind there; BadMedia `media_kind` where there is no such kind."""
    found = KINDS.get(transport, {}).get(kind)
    if found is None:
        raise BadMedia("media_kind")
    return found[0]


def check(transport: str, kind: MediaKind, content: bytes) -> str:
    """The type that the bytes say; BadMedia `media_kind`, `media_size`, `media_type` for what does not fit."""
    if not SMALLEST <= len(content) <= largest(transport, kind):
        raise BadMedia("media_size")
    found, taken = type_of(content), KINDS[transport][kind][1]
    if taken and found not in taken:
        raise BadMedia("media_type")
    return found


def type_of(content: bytes) -> str:
    """What the first bytes say, never the name.

    >>> type_of(b"GIF89a....."), type_of(b"<svg onload=...>")
    ('image/gif', 'application/octet-stream')
    """
    beginnings = {
        b"\xff\xd8\xff": _JPEG, b"\x89PNG\r\n\x1a\n": _PNG, b"GIF87a": _GIF, b"GIF89a": _GIF, b"#!AMR": _AMR, b"ID3": _MP3,
        b"\xff\xfb": _MP3,
    }  # fmt: skip
    if content[4:8] == b"ftyp":
        return _MP4
    return next((one for start, one in beginnings.items() if content.startswith(start)), "application/octet-stream")
