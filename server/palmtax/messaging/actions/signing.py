"""Signing for a document that was served through the inbox (电子送达签收)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from palmtax import evidence
from palmtax.base.actor import Actor
from palmtax.base.clock import Clock, china_day
from palmtax.messaging.actions.inbox import read
from palmtax.messaging.actions.serving import service_record
from palmtax.messaging.errors import DocumentNoMissing, NotToSign
from palmtax.messaging.model.service import ServiceRecord
from palmtax.messaging.store import wishes as store
from palmtax.plumbing.database import Tx
from palmtax.plumbing.effects import Act, Done, Line, effect


async def sign_for(
    tx: Tx, *, actor: Actor, clock: Clock, taxpayer_id: int, document_no: str, application_id: UUID | None = None
) -> datetime:
    """Sign for a document; gives the instant of the first signature, which counts (国家税务总局公告2019年第39号).

    Whether the document exists is known to the domain that made it. Errors: messaging.document_no_missing.
    """
    number = document_no.strip()
    if not number:
        raise DocumentNoMissing()
    is_first = await store.sign(
        tx,
        taxpayer_id=taxpayer_id,
        document_no=number,
        person_id=actor.person_id,
        application_id=application_id,
        at=clock.now(),
    )
    if is_first:
        await evidence.append(
            tx,
            actor=actor,
            clock=clock,
            act="messaging.document_signed_for",
            taxpayer_id=taxpayer_id,
            subject_id=application_id,
            payload={"document_no": number},
            summary={"document_no": number},
        )
    kept = await store.signature(tx, taxpayer_id, number)
    at: datetime = kept["signed_at"]
    return at


async def sign_served(tx: Tx, *, actor: Actor, clock: Clock, taxpayer_id: int, document_no: str) -> ServiceRecord:
    """Sign for a document that asks for it, on the phone; signing says that it was read too. The first signature counts.

    About ten round trips. Errors: messaging.service_unknown, messaging.not_to_sign.
    """
    found = await service_record(tx, taxpayer_id=taxpayer_id, document_no=document_no)
    if found.asks != "sign":
        raise NotToSign()
    await sign_for(tx, actor=actor, clock=clock, taxpayer_id=taxpayer_id, document_no=document_no)
    await read(tx, actor=actor, clock=clock, taxpayer_id=taxpayer_id, message_id=found.served.message_id)
    return await service_record(tx, taxpayer_id=taxpayer_id, document_no=document_no)


@effect("messaging.sign_for")
async def sign_for_effect(tx: Tx, *, act: Act, document_no: str) -> Done:
    """文书签收; signing again gives the day of the first signature."""
    at = await sign_for(
        tx,
        actor=act.actor,
        clock=act.clock,
        taxpayer_id=act.taxpayer_id,
        document_no=document_no,
        application_id=act.application_id,
    )
    day = china_day(at).isoformat()
    return Done(
        {"document_no": document_no.strip(), "signed_on": day},
        (
            Line("文书编号", "Document number", document_no.strip()),
            Line("签收日期", "Signed for on", day, "date"),
        ),
    )
