"""Certificates of service (税务文书送达回证): what was served when, who read it when, what officers did. Kept as it was true."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Literal
from uuid import UUID

from palmtax import evidence, identity, messaging, registry
from palmtax.base.clock import CHINA, Clock, china_day
from palmtax.base.identifiers import uuid7
from palmtax.certificates.errors import DocumentUnknown
from palmtax.certificates.events import ServiceCertified
from palmtax.certificates.model import (
    PROOF_TITLE,
    PROOF_TITLE_EN,
    Document,
    DocumentLine,
    Proof,
    new_verify_code,
    proof_number,
)
from palmtax.certificates.store import proofs as store
from palmtax.plumbing import outbox
from palmtax.plumbing.database import Tx
from palmtax.plumbing.together import together


async def certify_service(
    tx: Tx, *, clock: Clock, taxpayer_id: int, served_no: str, cause: Literal["read", "paper"], request_id: str = ""
) -> Proof | None:
    """The certificate of service of a served document; none when there is one for this cause. About ten round trips.

    Evidence and event `certificates.service_certified`. Errors: messaging.service_unknown.
    """
    record = await messaging.service_record(tx, taxpayer_id=taxpayer_id, document_no=served_no)
    numbers = {one.person_id for one in record.people} | {one.officer_id for one in record.attempts}
    people = await identity.people(tx, sorted(numbers))
    taxpayer = await registry.taxpayer(tx, taxpayer_id)
    offices = await registry.office_names(tx, {record.served.office_code} - {""})
    proof_id = uuid7()
    made = Document(
        taxpayer_id=taxpayer_id,
        document_id=proof_id,
        document_no=proof_number(proof_id, clock.today()),
        kind="service",
        title=PROOF_TITLE,
        title_en=PROOF_TITLE_EN,
        addressee=taxpayer.name,
        uscc=taxpayer.uscc,
        lines=tuple(_lines(record, {number: one.name_masked for number, one in people.items()})),
        text="",
        text_en="",
        office_name=offices.get(record.served.office_code, taxpayer.office_name),
        issued_at=clock.now(),
        verify_code=new_verify_code(),
        state="valid",
        application_id=record.served.message_id,
        application_no=served_no,
        matter_code="",
    )
    proof = Proof(made, served_no, cause)
    if not await store.add(tx, proof):
        return None
    await together(
        tx,
        store.code_part(proof),
        evidence.part(
            actor=None,
            clock=clock,
            act=ServiceCertified.name,
            taxpayer_id=taxpayer_id,
            subject_id=proof_id,
            payload={
                "proof_no": made.document_no,
                "served_no": served_no,
                "cause": cause,
                "lines": [[line.label, line.value] for line in made.lines],
            },
            summary={"document_no": made.document_no},
        ),
        outbox.part(ServiceCertified(taxpayer_id, proof_id, made.document_no, served_no, cause), request_id),
    )
    return proof


def _lines(record: messaging.ServiceRecord, names: Mapping[int, str]) -> Iterator[DocumentLine]:
    served = record.served
    yield DocumentLine("文书名称", "Document", served.title)
    yield DocumentLine("文书编号", "Number of the document", served.document_no)
    yield DocumentLine("送达方式", "Way of service", "电子送达（纳税人收件箱） Electronic, into the inbox")
    yield DocumentLine("送达日期", "Served on", served.served_on.isoformat())
    yield DocumentLine("进入收件箱时间", "Entered the inbox at", _at(served.entered_at))
    yield DocumentLine("送达依据", "Rule", served.law)
    yield DocumentLine("电子送达确认书", "Agreement signed on", china_day(served.agreement_at).isoformat())
    yield DocumentLine("文书摘要（SM3）", "Digest (SM3)", served.digest)
    for one in record.people:
        if one.read_at is not None:
            yield DocumentLine("阅读", "Read by", f"{names.get(one.person_id, '—')}  {_at(one.read_at)}")
    if record.signed_at is not None:
        yield DocumentLine("签收", "Signed for at", _at(record.signed_at))
    for attempt in record.attempts:
        zh, en = messaging.OUTCOMES[attempt.outcome]
        day = attempt.on_day.isoformat() if attempt.on_day else _at(attempt.at)
        number = f"  No. {attempt.receipt_no}" if attempt.receipt_no else ""
        yield DocumentLine(zh, en, f"{day}{number}  经办 {names.get(attempt.officer_id, '—')}")


def _at(instant: datetime) -> str:
    return f"{instant.astimezone(CHINA):%Y-%m-%d %H:%M:%S}"


async def proofs_of(tx: Tx, *, taxpayer_id: int, served_no: str) -> list[Proof]:
    """The certificates of service of a document, the first one first. One round trip."""
    return await store.of_served(tx, taxpayer_id=taxpayer_id, served_no=served_no)


async def readable_proof(tx: Tx, *, taxpayer_id: int, proof_id: UUID) -> Proof:
    """A certificate of service of this taxpayer. One round trip. Errors: certificates.document_unknown."""
    found = await store.readable_proof(tx, taxpayer_id=taxpayer_id, proof_id=proof_id)
    if found is None:
        raise DocumentUnknown
    return found
