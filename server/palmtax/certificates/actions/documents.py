"""Issuing the document of a matter: kept as lines, drawn whenever it is asked for."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from palmtax import evidence, registry
from palmtax.base.actor import Actor
from palmtax.base.clock import Clock
from palmtax.base.identifiers import uuid7
from palmtax.certificates import paper
from palmtax.certificates.actions.certificates import verify_url
from palmtax.certificates.errors import DocumentUnknown
from palmtax.certificates.events import DocumentIssued, DocumentWithdrawn
from palmtax.certificates.model import Document, DocumentLine, document_number, new_verify_code
from palmtax.certificates.store import documents as store
from palmtax.plumbing import outbox
from palmtax.plumbing.database import Tx
from palmtax.plumbing.effects import Act, Line
from palmtax.plumbing.together import Part, once, together


async def issue_document(
    tx: Tx,
    *,
    act: Act,
    title: str,
    title_en: str,
    kind: str,
    lines: Sequence[Line],
    text: str = "",
    text_en: str = "",
) -> Document:
    """The document of an application; asking again gives the same one, whatever it is asked to say.

    `kind` is receipt, notice, decision, certificate or result. Two round trips, one when it is there.
    Errors: registry.taxpayer_unknown; plumbing.busy when the same application gets it at this very moment.
    """
    known, found, office = await together(
        tx,
        store.of_application_part(act.taxpayer_id, act.application_id),
        registry.taxpayer_part(act.taxpayer_id),
        registry.office_part(act.office_code),
    )
    if known:
        return store.document_of(known[0])
    taxpayer = registry.taxpayer_of_part(found)
    document_id = uuid7()
    made = Document(
        taxpayer_id=act.taxpayer_id,
        document_id=document_id,
        document_no=document_number(document_id, act.clock.today()),
        kind=kind,
        title=title,
        title_en=title_en,
        addressee=taxpayer.name,
        uscc=taxpayer.uscc,
        lines=tuple(DocumentLine(line.label, line.label_en, line.value, line.unit) for line in lines),
        text=text,
        text_en=text_en,
        office_name=registry.office_name_of_part(office, act.office_code) if act.office_code else taxpayer.office_name,
        issued_at=act.clock.now(),
        verify_code=new_verify_code(),
        state="valid",
        application_id=act.application_id,
        application_no=act.application_no,
        matter_code=act.matter_code,
    )
    await once(tx, store.insert_part(made, act.actor.person_id), store.code_part(made), *_told(act, made))
    return made


def _told(act: Act, made: Document) -> tuple[Part, Part]:
    content = {
        "document_no": made.document_no,
        "application_id": made.application_id,
        "kind": made.kind,
        "title": made.title,
        "lines": [[line.label, line.value, line.unit] for line in made.lines],
        "text": made.text,
    }
    news = DocumentIssued(made.taxpayer_id, made.document_id, made.document_no, made.application_id, made.kind)
    return (
        evidence.part(
            actor=act.actor,
            clock=act.clock,
            act=DocumentIssued.name,
            taxpayer_id=made.taxpayer_id,
            subject_id=made.document_id,
            payload=content,
            summary={"document_no": made.document_no, "application_no": made.application_no},
        ),
        outbox.part(news, act.request_id),
    )


async def withdraw_document(tx: Tx, *, actor: Actor, clock: Clock, taxpayer_id: int, document_id: UUID) -> Document:
    """The document stands no longer, and says so when its code is checked; again changes nothing.

    Errors: certificates.document_unknown.
    """
    gone = await store.withdraw(tx, taxpayer_id, document_id)
    if gone is None:
        return await readable_document(tx, taxpayer_id=taxpayer_id, document_id=document_id)
    await evidence.append(
        tx,
        actor=actor,
        clock=clock,
        act=DocumentWithdrawn.name,
        taxpayer_id=taxpayer_id,
        subject_id=document_id,
        payload={"document_no": gone.document_no},
        summary={"document_no": gone.document_no},
    )
    await outbox.emit(tx, DocumentWithdrawn(taxpayer_id, document_id, gone.document_no), actor.request_id)
    return gone


def document_part(*, taxpayer_id: int, document_id: UUID) -> Part:
    """The document of this taxpayer as a reading part of the caller's one statement; `document_of_part` reads the answer."""
    return store.document_part(taxpayer_id, document_id)


def document_of_part(rows: Sequence[Mapping[str, Any]]) -> Document | None:
    """What `document_part` answered; none when there is no such document."""
    return store.document_of(rows[0]) if rows else None


async def readable_document(tx: Tx, *, taxpayer_id: int, document_id: UUID) -> Document:
    """The document of this taxpayer; certificates.document_unknown when there is none. One round trip."""
    found = await store.readable_document(tx, taxpayer_id=taxpayer_id, document_id=document_id)
    if found is None:
        raise DocumentUnknown
    return found


async def document_of(tx: Tx, *, taxpayer_id: int, application_id: UUID) -> Document | None:
    """The document of an application, when it has one. One round trip."""
    return await store.of_application(tx, taxpayer_id, application_id)


async def documents_of(tx: Tx, taxpayer_id: int, *, limit: int = 100) -> list[Document]:
    """A taxpayer's documents, newest first. One round trip."""
    return await store.documents_of(tx, taxpayer_id, limit)


def document_digest(document: Document) -> str:
    """SM3 of everything the document says, hexadecimal: whatever is drawn from it later can be held against it."""
    said = dataclasses.asdict(document)
    del said["state"]
    return evidence.digest_of(said).hex()


def document_pdf(document: Document, public_url: str) -> bytes:
    """The paper of a document, drawn from its lines: the same document gives the same bytes. Half a second of work."""
    return paper.draw_document(document, verify_url(public_url, document.verify_code))
