"""Uploading in pieces that can be taken up again, and what is done with a file that is whole."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from palmtax import privacy
from palmtax.base.actor import Actor
from palmtax.base.clock import Clock
from palmtax.base.identifiers import uuid7
from palmtax.matters.actions.drafting import state_refused
from palmtax.matters.actions.starting import readable
from palmtax.matters.adapters import Scan, Scanner
from palmtax.matters.errors import FileRefused, KeyReused, PaperUnknown, TooManyFiles, UploadOffset, UploadUnknown
from palmtax.matters.model import catalogue, files, states
from palmtax.matters.model.application import Application, File
from palmtax.matters.store import papers
from palmtax.plumbing.database import Tx
from palmtax.plumbing.files import FileStore

CONTENT, SMALL = "matters_file.content", "matters_file.thumbnail"
Transaction = Callable[[], AbstractAsyncContextManager[Tx]]


@dataclass(frozen=True, slots=True)
class Received:
    """How far an upload is."""

    upload_id: UUID
    offset: int
    size_bytes: int
    file: File | None


def refused(name: str, why: str, why_en: str) -> FileRefused:
    """The refusal of a file."""
    return FileRefused(
        name=name, why=why, why_en=why_en, limit_mib=files.LARGEST_BYTES // 2**20, limit_pages=files.MOST_PAGES
    )


async def begin(
    tx: Tx, *, actor: Actor, clock: Clock, taxpayer_id: int, application_id: UUID, paper_code: str, file_name: str,
    size_bytes: int, idempotency_key: str,
) -> Received:  # fmt: skip
    """Begin an upload; the same key again gives the same upload, however far it is.

    Errors: matters.state_refused, matters.paper_unknown, matters.too_many_files, matters.file_refused, matters.key_reused.
    """
    one = await readable(tx, taxpayer_id=taxpayer_id, application_id=application_id)
    name = files.clean_name(file_name)
    asked = (application_id, paper_code, name, size_bytes)
    known = await papers.upload_of_key(tx, taxpayer_id=taxpayer_id, idempotency_key=idempotency_key)
    if known is not None:
        return await _same(tx, taxpayer_id, known, asked)
    _room(one, paper_code)
    if not 0 < size_bytes <= files.LARGEST_BYTES:
        raise refused(name, "文件是空的或太大", "it is empty or too large")
    number = uuid7()
    is_new = await papers.insert_upload(
        tx, taxpayer_id=taxpayer_id, upload_id=number, application_id=application_id, paper_code=paper_code,
        file_name=name, size_bytes=size_bytes, person_id=actor.person_id, at=clock.now(), idempotency_key=idempotency_key,
    )  # fmt: skip
    if not is_new:  # the same key came twice at once: the other was first
        known = await papers.upload_of_key(tx, taxpayer_id=taxpayer_id, idempotency_key=idempotency_key)
        return await _same(tx, taxpayer_id, known or {}, asked)
    return Received(number, 0, size_bytes, None)


async def _same(tx: Tx, taxpayer_id: int, known: dict[str, Any], asked: tuple[object, ...]) -> Received:
    """The upload that was begun under this key, when it is the same that is asked for."""
    if tuple(known.get(name) for name in ("application_id", "paper_code", "file_name", "size_bytes")) != asked:
        raise KeyReused()
    return await progress(tx, taxpayer_id=taxpayer_id, upload_id=known["upload_id"])


def _room(one: Application, paper_code: str) -> None:
    if one.state not in states.EDITABLE:
        raise state_refused(one)
    matter = catalogue.find_matter(one.matter_code)
    paper = next((paper for paper in matter.papers if paper.code == paper_code), None)
    if paper is None:
        raise PaperUnknown()
    if one.file_counts().get(paper_code, 0) >= paper.at_most:
        raise TooManyFiles(title=paper.title, title_en=paper.title_en, limit=paper.at_most)


async def progress(tx: Tx, *, taxpayer_id: int, upload_id: UUID) -> Received:
    """How far an upload is. Errors: matters.upload_unknown."""
    row = await papers.upload(tx, taxpayer_id=taxpayer_id, upload_id=upload_id)
    if row is None:
        raise UploadUnknown()
    file = (
        await papers.readable_file(tx, taxpayer_id=taxpayer_id, paper_id=row["paper_id"]) if row["paper_id"] else None
    )
    return Received(upload_id, row["received_bytes"], row["size_bytes"], file)


async def receive(
    transaction: Transaction, store: FileStore, scanner: Scanner, *, actor: Actor, clock: Clock, taxpayer_id: int,
    upload_id: UUID, offset: int, content: bytes,
) -> Received:  # fmt: skip
    """Take the next piece; a piece sent twice counts once. The last one makes the file: opened, scanned, sealed, kept.

    Nothing is opened or scanned while a database connection is held. Errors: matters.upload_unknown, matters.upload_offset,
    matters.file_refused (the upload then begins anew), matters.too_many_files, matters.state_refused.
    """
    async with transaction() as tx:
        row = await papers.upload(tx, taxpayer_id=taxpayer_id, upload_id=upload_id)
        if row is None:
            raise UploadUnknown()
        if row["paper_id"] is not None:
            return await progress(tx, taxpayer_id=taxpayer_id, upload_id=upload_id)
        received = int(row["received_bytes"])
        if offset + len(content) <= received and content:
            return Received(upload_id, received, row["size_bytes"], None)
        if offset != received or received + len(content) > row["size_bytes"]:
            raise UploadOffset(offset=received)
        if content:
            await papers.add_piece(tx, taxpayer_id=taxpayer_id, upload_id=upload_id, first_byte=offset, content=content)
        received += len(content)
        if received < row["size_bytes"]:
            return Received(upload_id, received, row["size_bytes"], None)
        everything = await papers.whole(tx, taxpayer_id=taxpayer_id, upload_id=upload_id)
    try:
        file = await _kept(store, scanner, row, everything, actor, clock)
    except FileRefused:
        async with transaction() as tx:
            await papers.start_again(tx, taxpayer_id=taxpayer_id, upload_id=upload_id)
        raise
    async with transaction() as tx:
        one = await readable(tx, taxpayer_id=taxpayer_id, application_id=row["application_id"])
        _room(one, row["paper_code"])
        await papers.become_file(tx, taxpayer_id=taxpayer_id, upload_id=upload_id, file=file, person_id=actor.person_id)
        return await progress(tx, taxpayer_id=taxpayer_id, upload_id=upload_id)


async def _kept(
    store: FileStore, scanner: Scanner, row: dict[str, object], content: bytes, actor: Actor, clock: Clock
) -> File:
    name = str(row["file_name"])
    try:
        looked = await asyncio.to_thread(files.look, content)
    except files.BadFile as bad:
        raise refused(name, bad.why, bad.why_en) from bad
    verdict: Scan = await scanner.scan(content)
    if verdict.verdict == "infected":
        raise refused(name, "文件带有病毒", "it carries a virus")
    small = looked.thumbnail
    return File(
        paper_id=uuid7(), application_id=row["application_id"],  # type: ignore[arg-type]  # a row of the database
        paper_code=str(row["paper_code"]), file_name=name, media_type=looked.media_type, size_bytes=len(content),
        pages=looked.pages, content_name=await store.put(privacy.seal_bytes(content, CONTENT)),
        thumbnail_name=await store.put(privacy.seal_bytes(small, SMALL)) if small else None, added_at=clock.now(),
        channel=actor.channel,
    )  # fmt: skip


async def read_file(tx: Tx, *, taxpayer_id: int, paper_id: UUID) -> File:
    """A file of this taxpayer. Errors: matters.paper_unknown."""
    found = await papers.readable_file(tx, taxpayer_id=taxpayer_id, paper_id=paper_id)
    if found is None:
        raise PaperUnknown()
    return found


async def content_of(store: FileStore, file: File, *, is_small: bool) -> bytes:
    """The bytes of a file, or of its small picture. Errors: matters.paper_unknown when it has none."""
    name = file.thumbnail_name if is_small else file.content_name
    if name is None:
        raise PaperUnknown()
    return privacy.unseal_bytes(await store.get(name), SMALL if is_small else CONTENT)


async def remove(tx: Tx, *, clock: Clock, taxpayer_id: int, paper_id: UUID) -> Application:
    """Take a file out of a draft or supplement. Errors: matters.paper_unknown, matters.state_refused."""
    file = await read_file(tx, taxpayer_id=taxpayer_id, paper_id=paper_id)
    one = await readable(tx, taxpayer_id=taxpayer_id, application_id=file.application_id)
    if one.state not in states.EDITABLE:
        raise state_refused(one)
    await papers.remove_file(tx, taxpayer_id=taxpayer_id, paper_id=paper_id, at=clock.now())
    return await readable(tx, taxpayer_id=taxpayer_id, application_id=file.application_id)
