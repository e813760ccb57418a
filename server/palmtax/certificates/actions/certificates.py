"""Issuing tax-paid certificates and superseding them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from uuid import UUID

from palmtax import evidence, payment, registry
from palmtax.base.actor import Actor
from palmtax.base.clock import Clock, china_day
from palmtax.base.identifiers import uuid7
from palmtax.certificates import paper
from palmtax.certificates.errors import CertificateUnknown, NothingLeftToCertify, OrderNotPaid
from palmtax.certificates.events import Issued, Superseded
from palmtax.certificates.model import Certificate, PaidItem, certificate_number, new_verify_code
from palmtax.certificates.store import certificates as store
from palmtax.plumbing import outbox
from palmtax.plumbing.database import Tx
from palmtax.plumbing.files import FileStore
from palmtax.plumbing.together import together

Transaction = Callable[[], AbstractAsyncContextManager[Tx]]


async def issue(
    transaction: Transaction,
    files: FileStore,
    *,
    actor: Actor,
    clock: Clock,
    taxpayer_id: int,
    order_id: UUID,
    public_url: str,
) -> Certificate:
    """The tax-paid certificate of a paid order (税收完税证明, 征管法 第三十四条); asking again gives the same one.

    The paper is drawn and kept without holding a connection. After it was superseded, asking gives a new one with what
    the order has still paid. Errors: payment.order_unknown, certificates.order_not_paid, certificates.nothing_left.
    """
    async with transaction() as tx:
        order = await payment.readable_order(tx, taxpayer_id=taxpayer_id, order_id=order_id)
        known = await store.valid_of_order(tx, taxpayer_id, order_id)
        if known is not None:
            return known
        draft = _draft(order, await registry.taxpayer(tx, taxpayer_id), actor, clock)
    content = await asyncio.to_thread(paper.draw, draft, verify_url(public_url, draft.verify_code))
    certificate = replace(draft, pdf_name=await files.put(content))
    async with transaction() as tx:
        if await store.insert(tx, certificate):
            await _announce(tx, actor, clock, certificate)
            return certificate
        first = await store.valid_of_order(tx, taxpayer_id, order_id)
    return first or certificate


def verify_url(public_url: str, code: str) -> str:
    """Where anybody can check the paper."""
    return f"{public_url.rstrip('/')}/verify/{code}"


def _draft(order: payment.Order, taxpayer: registry.Taxpayer, actor: Actor, clock: Clock) -> Certificate:
    if order.state != "paid" or order.paid_at is None:
        raise OrderNotPaid(order_no=order.order_no)
    items = _still_paid(order)
    if not items:
        raise NothingLeftToCertify(order_no=order.order_no)
    certificate_id = uuid7()
    return Certificate(
        taxpayer_id=order.taxpayer_id,
        certificate_id=certificate_id,
        certificate_no=certificate_number(certificate_id, clock.today()),
        kind="tax_paid",
        state="valid",
        taxpayer_name=taxpayer.name,
        uscc=taxpayer.uscc,
        office_name=taxpayer.office_name,
        items=items,
        total_fen=sum(item.amount_fen for item in items),
        paid_on=china_day(order.paid_at),
        issued_at=clock.now(),
        issued_by=actor.person_id,
        order_id=order.order_id,
        order_no=order.order_no,
        return_id=order.return_id,
        obligation_id=order.obligation_id,
        verify_code=new_verify_code(),
        pdf_name="",
    )


def _still_paid(order: payment.Order) -> tuple[PaidItem, ...]:
    """What the order paid of each tax, less what an amendment sent back; its late fee on a line of its own. Fen."""
    back: dict[str, int] = {}
    for refund in order.refunds:
        for code, fen in refund.items:
            back[code] = back.get(code, 0) + fen
    found = []
    for item in order.items:
        name, name_en = payment.tax_name(item.tax_type_code)
        rest = item.amount_fen - back.get(item.tax_type_code, 0)
        found.append(PaidItem(item.tax_type_code, name, name_en, order.period, rest))
        late, late_en = f"{name}滞纳金", f"{name_en}, late-payment fee"
        found.append(PaidItem(payment.LATE_FEE, late, late_en, order.period, item.late_fee_fen))
    found.sort(key=lambda item: (item.tax_type_code == payment.LATE_FEE, -item.amount_fen))
    return tuple(item for item in found if item.amount_fen > 0)


async def _announce(tx: Tx, actor: Actor, clock: Clock, certificate: Certificate) -> None:
    facts = {
        "certificate_no": certificate.certificate_no,
        "order_id": certificate.order_id,
        "total_fen": certificate.total_fen,
        "pdf": certificate.pdf_name,
    }
    await together(
        tx,
        store.code_part(certificate),
        store.successor_part(certificate),
        evidence.part(
            actor=actor,
            clock=clock,
            act=Issued.name,
            taxpayer_id=certificate.taxpayer_id,
            subject_id=certificate.certificate_id,
            payload=facts,
            summary={"certificate_no": certificate.certificate_no, "amount_fen": certificate.total_fen},
        ),
        outbox.part(
            Issued(
                certificate.taxpayer_id,
                certificate.certificate_id,
                certificate.certificate_no,
                certificate.order_id,
                certificate.total_fen,
            ),
            actor.request_id,
        ),
    )


async def supersede(
    tx: Tx,
    *,
    clock: Clock,
    taxpayer_id: int,
    cause_id: UUID,
    obligation_id: UUID | None = None,
    order_id: UUID | None = None,
) -> list[Certificate]:
    """Certificates of an amended return, or of a refunded order, are no longer true; the same cause works once."""
    if not await store.hear(tx, taxpayer_id, cause_id):
        return []
    done = await store.supersede(tx, taxpayer_id, obligation_id=obligation_id, order_id=order_id)
    for certificate in done:
        await evidence.append(
            tx,
            actor=None,
            clock=clock,
            act=Superseded.name,
            taxpayer_id=taxpayer_id,
            subject_id=certificate.certificate_id,
            payload={"certificate_no": certificate.certificate_no, "cause_id": cause_id},
            summary={"certificate_no": certificate.certificate_no},
        )
        await outbox.emit(tx, Superseded(taxpayer_id, certificate.certificate_id, certificate.certificate_no))
    return done


async def readable_certificate(tx: Tx, *, taxpayer_id: int, certificate_id: UUID) -> Certificate:
    """The certificate of this taxpayer; certificates.unknown when there is none. One round trip."""
    found = await store.readable_certificate(tx, taxpayer_id=taxpayer_id, certificate_id=certificate_id)
    if found is None:
        raise CertificateUnknown
    return found


async def certificates_of(tx: Tx, taxpayer_id: int, *, limit: int = 100) -> list[Certificate]:
    """A taxpayer's certificates, newest first. One round trip."""
    return await store.certificates_of(tx, taxpayer_id, limit)
