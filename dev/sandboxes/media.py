"""Temporary media of the WeChat family: uploaded by form, kept for three days, given back byte for byte."""

from __future__ import annotations

import secrets
from typing import Any
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response

from sandboxes.errcodes import done, refused
from sandboxes.ground import Sandbox

KEPT_SECONDS = 3 * 86_400
KINDS: dict[str, tuple[int, frozenset[str]]] = {
    "image": (10 * 1024 * 1024, frozenset({"png", "jpg", "jpeg", "gif", "bmp"})),
    "voice": (2 * 1024 * 1024, frozenset({"amr", "mp3"})),
    "video": (10 * 1024 * 1024, frozenset({"mp4"})),
    "thumb": (64 * 1024, frozenset({"jpg", "jpeg"})),
    "file": (20 * 1024 * 1024, frozenset()),
}
"""Largest size in bytes and the endings taken (any for `file`, which only WeCom has)."""


async def keep(sandbox: Sandbox, app: str, request: Request, kinds: tuple[str, ...] = ()) -> dict[str, Any]:
    """Take the form field `media`; 40004 kind, 41005 no file, 40006 size, 40005 ending."""
    kind = request.query_params.get("type", "")
    if kind not in (kinds or ("image", "voice", "video", "thumb")):
        raise refused("40004")
    largest, endings = KINDS[kind]
    if int(request.headers.get("content-length", "0")) > largest + 4096:
        raise refused("40006")
    async with request.form() as form:
        file = form.get("media")
        if file is None or isinstance(file, str):
            raise refused("41005")
        content, name, mime = await file.read(), file.filename or "media", file.content_type or ""
    if not 5 < len(content) <= largest:
        raise refused("40006")
    if endings and name.rpartition(".")[2].lower() not in endings:
        raise refused("40005")
    media_id = put(sandbox, app, kind, name, mime, content)
    return done(type=kind, media_id=media_id, created_at=int(sandbox.now()))


def put(sandbox: Sandbox, app: str, kind: str, name: str, mime: str, content: bytes) -> str:
    """Keep a file, whoever it comes from; its number."""
    media_id, now = secrets.token_urlsafe(48), sandbox.now()
    sandbox.state.run("insert into media values (?, ?, ?, ?, ?, ?, ?)", media_id, app, kind, name, mime, content, now)
    return media_id


def is_kept(sandbox: Sandbox, app: str, media_id: Any, kind: str = "") -> bool:
    """Whether this app has such a file and it is not three days old."""
    row = sandbox.state.row("select kind, made_at from media where app = ? and media_id = ?", app, str(media_id))
    return row is not None and row["kind"] == (kind or row["kind"]) and sandbox.now() - row["made_at"] < KEPT_SECONDS


def give(sandbox: Sandbox, app: str, media_id: str) -> Response:
    """The file, or 40007."""
    if not is_kept(sandbox, app, media_id):
        raise refused("40007")
    row = sandbox.state.row("select * from media where media_id = ?", media_id)
    if row is None:
        raise refused("40007")
    said = f"attachment; filename*=UTF-8''{quote(row['name'])}"
    headers = {"Content-Disposition": said, "X-Content-Type-Options": "nosniff"}
    return Response(row["content"], media_type=row["mime"] or "application/octet-stream", headers=headers)
