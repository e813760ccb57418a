"""Serving the built front ends: taxpayers at `/`, officers at `/workbench`; compressed once, cached by name."""

from __future__ import annotations

import gzip
import mimetypes
from functools import lru_cache
from pathlib import Path
from typing import Annotated

from fastapi import FastAPI, Query, Request, Response

from palmtax import partners
from palmtax.plumbing.edge import Edge, may_anyone

WORTH_PACKING = frozenset({".js", ".css", ".html", ".svg", ".json", ".webmanifest", ".mjs", ".txt", ".map"})
POLICY = (
    "default-src 'self'; img-src 'self' data: blob:; style-src 'self' 'unsafe-inline'; script-src 'self' 'unsafe-inline';"
    " connect-src 'self'; font-src 'self' data:; frame-src 'self' blob:; object-src 'none';"
    " frame-ancestors 'none'; base-uri 'self'; form-action 'self'"
)
mimetypes.add_type("application/manifest+json", ".webmanifest")
mimetypes.add_type("text/javascript", ".js")


@lru_cache(maxsize=512)
def _packed(path: Path, _changed: int) -> tuple[bytes, bytes | None]:
    content = path.read_bytes()
    packed = gzip.compress(content, 9) if path.suffix in WORTH_PACKING and len(content) > 500 else None
    return content, packed


def _found(folder: Path, asked: str) -> Path | None:
    try:
        path = (folder / asked).resolve()
        return path if path.is_relative_to(folder.resolve()) and path.is_file() else None
    except (ValueError, OSError):  # a NUL character, a name longer than the file system has
        return None


def answer(folder: Path, asked: str, request: Request) -> Response:
    """The file, or the application's own page for an address inside it; 404 for a missing asset."""
    path = _found(folder, asked) if asked else None
    if path is None and mimetypes.guess_type(asked)[0] is not None:  # a name with a dot may be a number of the law
        return Response(status_code=404)
    path = path or folder / "index.html"
    if not path.is_file():
        return Response("前端尚未构建，请运行 make run。The front end is not built yet: run `make run`.", 503)
    content, packed = _packed(path, path.stat().st_mtime_ns)
    headers = {"x-content-type-options": "nosniff", "referrer-policy": "same-origin", "vary": "accept-encoding"}
    named_by_content = "/assets/" in f"/{asked}"
    headers["cache-control"] = "public, max-age=31536000, immutable" if named_by_content else "no-cache"
    if path.suffix == ".html":
        headers["content-security-policy"] = POLICY
    if packed is not None and "gzip" in request.headers.get("accept-encoding", ""):
        headers["content-encoding"] = "gzip"
        content = packed
    kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    return Response(content, media_type=kind, headers=headers)


def add(app: FastAPI, folder: Path) -> None:
    """Serve `<folder>/workbench` at /workbench and `<folder>/h5` at /."""

    @app.get("/workbench", include_in_schema=False)
    @app.get("/workbench/{asked:path}", include_in_schema=False)
    async def workbench(request: Request, asked: str = "", _edge: Edge = may_anyone(rate="6000/minute")) -> Response:
        """The officers' workbench."""
        return answer(folder / "workbench", asked, request)

    @app.get("/embed", include_in_schema=False)
    async def embedded(
        request: Request,
        client_id: Annotated[str, Query(alias="app", max_length=60)] = "",
        edge: Edge = may_anyone(rate="6000/minute"),
    ) -> Response:
        """The taxpayers' H5 for a partner's frame: of that application's origins, and no longer than it is on."""
        async with edge.statement() as tx:
            origins = await partners.frame_origins(tx, client_id=client_id)
        made = answer(folder / "h5", "", request)
        made.headers["cache-control"] = "no-store"
        made.headers["referrer-policy"] = "no-referrer"
        if origins:
            framers = f"frame-ancestors {' '.join(origins)}"
            made.headers["content-security-policy"] = POLICY.replace("frame-ancestors 'none'", framers)
        return made

    @app.get("/{asked:path}", include_in_schema=False)
    async def taxpayer(request: Request, asked: str = "", _edge: Edge = may_anyone(rate="6000/minute")) -> Response:
        """The taxpayers' H5 (also installable: PWA)."""
        if asked.startswith("api/"):
            return Response(status_code=404)
        return answer(folder / "h5", asked, request)
