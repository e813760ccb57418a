"""What certificates do on news: papers become untrue, and what was served is certified."""

from __future__ import annotations

from typing import Any, Literal
from uuid import UUID

from palmtax.certificates.actions import certificates, proving
from palmtax.plumbing.outbox import TaskContext, listens


@listens("filing.return_amended")
async def return_amended(context: TaskContext, payload: dict[str, Any]) -> None:
    """Certificates for the amended return say too much or too little now."""
    async with context.database.transaction() as tx:
        await certificates.supersede(
            tx,
            clock=context.clock,
            taxpayer_id=int(payload["taxpayer_id"]),
            cause_id=UUID(payload["return_id"]),
            obligation_id=UUID(payload["obligation_id"]),
        )


@listens("filing.declaration_corrected")
async def declaration_corrected(context: TaskContext, payload: dict[str, Any]) -> None:
    """Certificates for a corrected declaration say too much or too little now."""
    async with context.database.transaction() as tx:
        await certificates.supersede(
            tx,
            clock=context.clock,
            taxpayer_id=int(payload["taxpayer_id"]),
            cause_id=UUID(payload["declaration_id"]),
            obligation_id=UUID(payload["obligation_id"]),
        )


@listens("payment.refunded")
async def order_refunded(context: TaskContext, payload: dict[str, Any]) -> None:
    """Money that an amendment sent back is no longer paid; a double payment's return leaves the paper true."""
    if payload["reason_code"] != "amended":
        return
    async with context.database.transaction() as tx:
        await certificates.supersede(
            tx,
            clock=context.clock,
            taxpayer_id=int(payload["taxpayer_id"]),
            cause_id=UUID(payload["refund_id"]),
            order_id=UUID(payload["order_id"]),
        )


async def _certify(context: TaskContext, payload: dict[str, Any], cause: Literal["read", "paper"]) -> None:
    async with context.database.transaction() as tx:
        await proving.certify_service(
            tx,
            clock=context.clock,
            taxpayer_id=int(payload["taxpayer_id"]),
            served_no=payload["document_no"],
            cause=cause,
            request_id=context.request_id,
        )


@listens("messaging.document_read")
async def document_read(context: TaskContext, payload: dict[str, Any]) -> None:
    """The first person read what was served: a certificate of service says so."""
    await _certify(context, payload, "read")


@listens("messaging.service_ended")
async def service_ended(context: TaskContext, payload: dict[str, Any]) -> None:
    """It went on paper after all: a certificate of service says how."""
    await _certify(context, payload, "paper")
