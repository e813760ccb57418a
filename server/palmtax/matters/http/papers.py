"""Routes of papers: upload in pieces, look, take away."""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import quote
from uuid import UUID

from fastapi import Query, Response

from palmtax.matters.actions import showing, uploading
from palmtax.matters.adapters.clamav import ClamAV, ScannerSettings
from palmtax.matters.errors import UploadOffset
from palmtax.matters.model import files
from palmtax.matters.model.application import File
from palmtax.matters.schemas.applications import ApplicationOut, FileOut
from palmtax.matters.schemas.papers import UploadAsk, UploadOut
from palmtax.plumbing.edge import Edge, Router, may

router = Router(prefix="/api/matters", tags=["matters"])


def file_out(file: File) -> FileOut:
    """A file on the wire."""
    return FileOut(
        paper_id=file.paper_id, name=file.file_name, size_bytes=file.size_bytes, pages=file.pages,
        media_type=file.media_type, has_thumbnail=file.thumbnail_name is not None, added_at=file.added_at,
    )  # fmt: skip


def _out(received: uploading.Received) -> UploadOut:
    return UploadOut(
        upload_id=received.upload_id,
        offset=received.offset,
        size_bytes=received.size_bytes,
        chunk_bytes=files.CHUNK_BYTES,
        is_complete=received.file is not None,
        paper=file_out(received.file) if received.file else None,
    )


@router.post("/uploads")
async def begin_upload(ask: UploadAsk, edge: Edge = may("matters.use", rate="120/minute")) -> UploadOut:
    """Begin an upload, once; then send its pieces."""
    async with edge.transaction() as tx:
        received = await uploading.begin(
            tx,
            actor=edge.actor,
            clock=edge.clock,
            taxpayer_id=edge.taxpayer_id,
            application_id=ask.application_id,
            paper_code=ask.paper_code,
            file_name=ask.file_name,
            size_bytes=ask.size_bytes,
            idempotency_key=ask.idempotency_key,
        )
    return _out(received)


@router.get("/uploads/{upload_id}")
async def read_upload(upload_id: UUID, edge: Edge = may("matters.use")) -> UploadOut:
    """How far an upload is: where to go on after a lost connection."""
    async with edge.transaction() as tx:
        return _out(await uploading.progress(tx, taxpayer_id=edge.taxpayer_id, upload_id=upload_id))


@router.put("/uploads/{upload_id}/bytes")
async def send_piece(
    upload_id: UUID,
    offset: Annotated[int, Query(ge=0)],
    edge: Edge = may("matters.use", rate="1200/minute"),
) -> UploadOut:
    """The next piece as raw bytes; a piece sent twice counts once."""
    content = await edge.request.body()
    if len(content) > 2 * files.CHUNK_BYTES:
        raise UploadOffset(offset=offset)
    received = await uploading.receive(
        edge.transaction,
        edge.files,
        scanner_of(edge),
        actor=edge.actor,
        clock=edge.clock,
        taxpayer_id=edge.taxpayer_id,
        upload_id=upload_id,
        offset=offset,
        content=content,
    )
    return _out(received)


def scanner_of(edge: Edge) -> ClamAV:
    """The scanner of this process, or one that was put in its place."""
    found: ClamAV = edge.outside.get("scanner") or ClamAV(edge.settings.of(ScannerSettings))
    return found


async def file_response(edge: Edge, file: File, *, is_small: bool) -> Response:
    """A file as an answer that no browser runs."""
    content = await uploading.content_of(edge.files, file, is_small=is_small)
    headers = {
        "content-disposition": f"inline; filename*=UTF-8''{quote(file.file_name)}",
        "cache-control": "private, no-store",
        "x-content-type-options": "nosniff",
        "content-security-policy": "default-src 'none'; sandbox",
    }
    return Response(content, media_type="image/jpeg" if is_small else file.media_type, headers=headers)


_FILE: dict[int | str, dict[str, Any]] = {200: {"content": {kind: {} for kind in files.MEDIA_TYPES}}}


@router.get("/papers/{paper_id}/file", response_class=Response, responses=_FILE)
async def read_paper(paper_id: UUID, edge: Edge = may("matters.use")) -> Response:
    """The file as it was uploaded."""
    async with edge.transaction() as tx:
        file = await uploading.read_file(tx, taxpayer_id=edge.taxpayer_id, paper_id=paper_id)
    return await file_response(edge, file, is_small=False)


@router.get("/papers/{paper_id}/thumbnail", response_class=Response, responses=_FILE)
async def read_thumbnail(paper_id: UUID, edge: Edge = may("matters.use")) -> Response:
    """A small picture of the first page."""
    async with edge.transaction() as tx:
        file = await uploading.read_file(tx, taxpayer_id=edge.taxpayer_id, paper_id=paper_id)
    return await file_response(edge, file, is_small=True)


@router.delete("/papers/{paper_id}")
async def remove_paper(paper_id: UUID, edge: Edge = may("matters.use")) -> ApplicationOut:
    """Take a file out of a draft or supplement."""
    async with edge.transaction() as tx:
        one = await uploading.remove(tx, clock=edge.clock, taxpayer_id=edge.taxpayer_id, paper_id=paper_id)
        return await showing.application_out(tx, one=one, actor=edge.actor, clock=edge.clock)
