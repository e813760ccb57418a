"""Electronic service of documents: the agreement, the entering, readings of each person, what follows while unread."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from palmtax import evidence
from palmtax.base.actor import Actor
from palmtax.base.clock import Clock, china_day
from palmtax.messaging.actions.delivering import next_way
from palmtax.messaging.actions.telling import tell
from palmtax.messaging.errors import NoAgreement, NotElectronic, NotTheLead, ServiceUnknown
from palmtax.messaging.events import DocumentRead, DocumentServed, DocumentUnread
from palmtax.messaging.model.deliveries import ARRIVED
from palmtax.messaging.model.planning import LEADS
from palmtax.messaging.model.reading import find_template
from palmtax.messaging.model.service import (
    Agreement,
    Served,
    ServiceRecord,
    Step,
    document_kinds,
    following,
    rule_on,
    task_days,
)
from palmtax.messaging.store import attempts, deliveries, wishes
from palmtax.messaging.store import serving as store
from palmtax.plumbing import outbox
from palmtax.plumbing.database import Tx
from palmtax.rules import add_working_days

TEMPLATE = "document_served"
BATCH = 100


async def agreement_of(tx: Tx, *, taxpayer_id: int) -> Agreement | None:
    """The taxpayer's last word on electronic service. One round trip."""
    return await store.agreement(tx, taxpayer_id)


async def decide_agreement(tx: Tx, *, actor: Actor, clock: Clock, taxpayer_id: int, is_given: bool) -> Agreement | None:
    """Sign the agreement on electronic service (税务文书电子送达确认书), or take it back; evidence each time.

    Errors: messaging.not_the_lead.
    """
    if actor.hat is None or actor.hat.role_code not in LEADS:
        raise NotTheLead()
    given = Agreement(is_given, rule_on(clock.today()).form, actor.person_id, clock.now())
    if await store.add_agreement(tx, taxpayer_id, given):
        await evidence.append(
            tx,
            actor=actor,
            clock=clock,
            act="messaging.service_agreement_decided",
            taxpayer_id=taxpayer_id,
            subject_id=None,
            payload={"is_given": is_given, "form": given.form, "person_id": actor.person_id},
            summary={"is_given": is_given},
        )
    return await store.agreement(tx, taxpayer_id)


async def serve_document(
    tx: Tx,
    *,
    actor: Actor,
    clock: Clock,
    taxpayer_id: int,
    document_no: str,
    kind: str,
    title: str,
    title_en: str,
    digest: str,
    subject_kind: str = "",
    subject_id: UUID | None = None,
    office_code: str = "",
    matter_code: str | None = None,
) -> Served:
    """Serve a document into the taxpayer's inbox: it counts as served on the day it enters, by the rule of that day.

    `digest` is the SM3 of the document as it is kept; officers of `office_code` see to it while nobody reads it. The same
    number again serves nothing new. Everybody who reads for
    the taxpayer has it; outside it goes by every way until one arrives. Evidence and event `messaging.document_served`.
    Seven round trips. Errors: messaging.no_agreement, messaging.not_electronic.
    """
    known = await store.one(tx, taxpayer_id, document_no)
    if known is not None:
        return known
    now, rule, sort = clock.now(), rule_on(clock.today()), document_kinds()[kind]
    if not sort.is_electronic:
        raise NotElectronic(title=sort.title, title_en=sort.title_en, law=rule.law)
    agreement = await store.agreement(tx, taxpayer_id)
    if rule.needs_agreement and (agreement is None or not agreement.is_given):
        raise NoAgreement()
    message_id = await tell(
        tx,
        clock=clock,
        taxpayer_id=taxpayer_id,
        template=TEMPLATE,
        values={
            "title": title,
            "title_en": title_en,
            "document_no": document_no,
            "served_on": china_day(now).isoformat(),
        },
        subject_kind=subject_kind,
        subject_id=subject_id,
        key=f"served:{document_no}",
        matter_code=matter_code,
    )
    served = Served(
        taxpayer_id, document_no, kind, title, title_en, digest, message_id, agreement.decided_at if agreement else now,
        f"{rule.law}{rule.article}", now, rule.served_on(now), "entered", following("entered", now)[1],
        office_code,
    )  # fmt: skip
    if not await store.add(tx, served):
        return await store.one(tx, taxpayer_id, document_no) or served
    await evidence.append(
        tx,
        actor=actor,
        clock=clock,
        act="messaging.document_served",
        taxpayer_id=taxpayer_id,
        subject_id=message_id,
        payload={
            "document_no": document_no,
            "kind": kind,
            "digest": digest,
            "served_on": served.served_on.isoformat(),
            "law": served.law,
            "agreement_at": served.agreement_at.isoformat(),
        },
        summary={"document_no": document_no, "title": sort.title, "title_en": sort.title_en},
    )
    news = DocumentServed(taxpayer_id, document_no, kind, message_id, digest, served.served_on, served.law)
    await outbox.emit(tx, news, actor.request_id)
    return served


async def service_record(tx: Tx, *, taxpayer_id: int, document_no: str) -> ServiceRecord:
    """What a certificate of service says: when served and by what rule, who of the taxpayer's people read it when.

    Five round trips. Errors: messaging.service_unknown.
    """
    served = await store.one(tx, taxpayer_id, document_no)
    if served is None:
        raise ServiceUnknown()
    return await record_of(tx, served)


async def record_of(tx: Tx, served: Served) -> ServiceRecord:
    """The record of a document that is known. Four round trips."""
    signature = await wishes.signature(tx, served.taxpayer_id, served.document_no)
    return ServiceRecord(
        served,
        await store.readers(tx, served),
        signature["signed_at"] if signature else None,
        await attempts.of_document(tx, served.taxpayer_id, served.document_no),
        await store.subject_of(tx, served),
    )


async def services_of(tx: Tx, *, taxpayer_id: int, before: str | None, limit: int) -> tuple[list[Served], str | None]:
    """Documents served on a taxpayer, the newest first, and the number after which the next page begins. One round trip."""
    found = await store.page(tx, taxpayer_id, before=before, limit=limit + 1)
    return found[:limit], found[limit - 1].document_no if len(found) > limit else None


async def serve_when_agreed(tx: Tx, *, taxpayer_id: int, kind: str, **document: Any) -> Served | None:
    """Serve a document when its kind may be served and the taxpayer agreed; else none: it stays where it lies.

    The rest is given as to `serve_document`. No round trip for other kinds, one without an agreement.
    """
    sort = document_kinds().get(kind)
    if sort is None or not sort.is_electronic:
        return None
    agreement = await store.agreement(tx, taxpayer_id)
    if agreement is None or not agreement.is_given:
        return None
    return await serve_document(tx, taxpayer_id=taxpayer_id, kind=kind, **document)


async def note_reading(tx: Tx, *, actor: Actor, taxpayer_id: int, message_id: UUID) -> None:
    """Somebody opened a message: when it brought a document nobody had read, that is news and nothing more need follow."""
    served = await store.of_message(tx, taxpayer_id, message_id)
    if served is None or served.step == "done":
        return
    await store.step(tx, served, "done", None)
    await outbox.emit(tx, DocumentRead(taxpayer_id, served.document_no, actor.person_id, message_id), actor.request_id)


async def escalate(tx: Tx, *, clock: Clock) -> int:
    """One batch of documents that nobody has read in time: the next way, then the telephone, then paper; how many."""
    found = await store.overdue(tx, now=clock.now(), limit=BATCH)
    for taxpayer_id, document_no in found:
        served = await store.locked(tx, taxpayer_id, document_no)
        if served is None or served.next_step_at is None or served.next_step_at > clock.now():
            continue  # another worker was quicker, or somebody has read it
        reached, _ = following(served.step, served.entered_at)
        if reached == "other_way":
            await _other_ways(tx, clock, served)
        else:
            await outbox.emit(tx, _unread(clock, served, reached))
        await store.step(tx, served, reached, following(reached, served.entered_at)[1])
    return len(found)


def _unread(clock: Clock, served: Served, reached: Step) -> DocumentUnread:
    due_on = add_working_days(clock.today(), task_days(reached))
    return DocumentUnread(
        served.taxpayer_id, served.document_no, reached, served.message_id, served.title, served.title_en,
        served.office_code, due_on,
    )  # fmt: skip


async def _other_ways(tx: Tx, clock: Clock, served: Served) -> None:
    """Each person hears of it by the way that was planned next."""
    deadline = clock.now() + find_template(TEMPLATE).expires
    for reader in await store.readers(tx, served):
        tried = await deliveries.of_message(tx, served.taxpayer_id, served.message_id, reader.person_id)
        carried = [kept for kept in tried if kept.way != "inbox"]
        if carried and carried[-1].then_ways and (carried[-1].state == "handed" or carried[-1].state in ARRIVED):
            await next_way(tx, clock, carried[-1], deadline_at=deadline)
