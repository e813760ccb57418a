"""Uploads on the wire."""

from __future__ import annotations

from uuid import UUID

from pydantic import Field

from palmtax.matters.schemas.applications import Code, FileOut, Key
from palmtax.plumbing.wire import Wire


class UploadAsk(Wire):
    """Begin an upload, once."""

    application_id: UUID
    paper_code: Code
    file_name: str = Field(min_length=1, max_length=255)
    size_bytes: int = Field(ge=1)
    idempotency_key: Key


class UploadOut(Wire):
    """How far an upload is; with the file once it is whole."""

    upload_id: UUID
    offset: int
    size_bytes: int
    chunk_bytes: int
    is_complete: bool
    paper: FileOut | None
