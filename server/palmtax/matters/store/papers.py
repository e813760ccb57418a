"""Files and uploads in the database: pieces until a file is whole, then its row; contents lie sealed in the file store."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from palmtax import privacy
from palmtax.matters.model.application import File
from palmtax.matters.store.rows import FILE_COLUMNS, file_of, places
from palmtax.plumbing.database import Tx

CHUNK = "matters_upload_chunk.content"
_UPLOAD = "upload_id, application_id, paper_code, file_name, size_bytes, received_bytes, paper_id"


async def insert_upload(
    tx: Tx, *, taxpayer_id: int, upload_id: UUID, application_id: UUID, paper_code: str, file_name: str, size_bytes: int,
    person_id: int, at: datetime, idempotency_key: str,
) -> bool:  # fmt: skip
    """A new upload; false when one was begun under this key. One round trip."""
    made = await tx.fetchval(
        "insert into matters_upload (taxpayer_id, upload_id, application_id, paper_code, file_name, size_bytes,"
        " received_bytes, started_by, started_at, idempotency_key) values ($1, $2, $3, $4, $5, $6, 0, $7, $8, $9)"
        " on conflict (taxpayer_id, idempotency_key) do nothing returning true",
        taxpayer_id, upload_id, application_id, paper_code, file_name, size_bytes, person_id, at, idempotency_key,
    )  # fmt: skip
    return bool(made)


async def upload_of_key(tx: Tx, *, taxpayer_id: int, idempotency_key: str) -> dict[str, Any] | None:
    """The upload that was begun under a key. One round trip."""
    row = await tx.fetchrow(
        f"select {_UPLOAD} from matters_upload where taxpayer_id = $1 and idempotency_key = $2",
        taxpayer_id,
        idempotency_key,
    )
    return dict(row.items()) if row else None


async def upload(tx: Tx, *, taxpayer_id: int, upload_id: UUID) -> dict[str, Any] | None:
    """An upload of this taxpayer; locked, so that pieces of one file come one after the other. One round trip."""
    row = await tx.fetchrow(
        f"select {_UPLOAD} from matters_upload where taxpayer_id = $1 and upload_id = $2 for update",
        taxpayer_id,
        upload_id,
    )
    return dict(row.items()) if row else None


async def add_piece(tx: Tx, *, taxpayer_id: int, upload_id: UUID, first_byte: int, content: bytes) -> None:
    """The next piece. Two round trips."""
    await tx.execute(
        "insert into matters_upload_chunk (taxpayer_id, upload_id, first_byte, content_sealed) values ($1, $2, $3, $4)",
        taxpayer_id,
        upload_id,
        first_byte,
        privacy.seal_bytes(content, CHUNK),
    )
    await tx.execute(
        "update matters_upload set received_bytes = $3 where taxpayer_id = $1 and upload_id = $2",
        taxpayer_id,
        upload_id,
        first_byte + len(content),
    )


async def whole(tx: Tx, *, taxpayer_id: int, upload_id: UUID) -> bytes:
    """All pieces together. One round trip."""
    rows = await tx.fetch(
        "select content_sealed from matters_upload_chunk where taxpayer_id = $1 and upload_id = $2 order by first_byte",
        taxpayer_id,
        upload_id,
    )
    return b"".join(privacy.unseal_bytes(row["content_sealed"], CHUNK) for row in rows)


async def become_file(tx: Tx, *, taxpayer_id: int, upload_id: UUID, file: File, person_id: int) -> bool:
    """The upload is this file now; false when it had become one already. Three round trips."""
    done = await tx.fetchval(
        "update matters_upload set paper_id = $3 where taxpayer_id = $1 and upload_id = $2 and paper_id is null"
        " returning upload_id",
        taxpayer_id,
        upload_id,
        file.paper_id,
    )
    if done is None:
        return False
    values = [
        taxpayer_id, file.paper_id, file.application_id, file.paper_code, file.file_name, file.media_type,
        file.size_bytes, file.pages, file.content_name, file.thumbnail_name, file.added_at, person_id, file.channel,
    ]  # fmt: skip
    await tx.execute(
        f"insert into matters_file ({', '.join(FILE_COLUMNS)}) values ({places(len(FILE_COLUMNS))})", *values
    )
    await drop_pieces(tx, taxpayer_id=taxpayer_id, upload_id=upload_id)
    return True


async def drop_pieces(tx: Tx, *, taxpayer_id: int, upload_id: UUID) -> None:
    """Forget the pieces of an upload. One round trip."""
    await tx.execute(
        "delete from matters_upload_chunk where taxpayer_id = $1 and upload_id = $2", taxpayer_id, upload_id
    )


async def start_again(tx: Tx, *, taxpayer_id: int, upload_id: UUID) -> None:
    """A file that was refused: its pieces are gone, the upload begins anew. Two round trips."""
    await drop_pieces(tx, taxpayer_id=taxpayer_id, upload_id=upload_id)
    await tx.execute(
        "update matters_upload set received_bytes = 0 where taxpayer_id = $1 and upload_id = $2", taxpayer_id, upload_id
    )


async def readable_file(tx: Tx, *, taxpayer_id: int, paper_id: UUID) -> File | None:
    """A file of this taxpayer. One round trip."""
    row = await tx.fetchrow(
        f"select {', '.join(FILE_COLUMNS)} from matters_file where taxpayer_id = $1 and paper_id = $2"
        " and removed_at is null",
        taxpayer_id,
        paper_id,
    )
    return file_of(row) if row else None


async def remove_file(tx: Tx, *, taxpayer_id: int, paper_id: UUID, at: datetime) -> None:
    """A file is no longer part of its application; what was handed in before keeps its digest. One round trip."""
    await tx.execute(
        "update matters_file set removed_at = $3 where taxpayer_id = $1 and paper_id = $2", taxpayer_id, paper_id, at
    )


async def old_uploads(tx: Tx, before: datetime, limit: int = 200) -> list[tuple[int, UUID]]:
    """Uploads that never became a file; for the sweep, over all shards."""
    rows = await tx.fetch(
        "select taxpayer_id, upload_id from matters_upload where started_at < $1 limit $2", before, limit
    )
    return [(row["taxpayer_id"], row["upload_id"]) for row in rows]


async def forget_upload(tx: Tx, *, taxpayer_id: int, upload_id: UUID) -> None:
    """Forget an upload with its pieces. One round trip."""
    await tx.execute("delete from matters_upload where taxpayer_id = $1 and upload_id = $2", taxpayer_id, upload_id)
