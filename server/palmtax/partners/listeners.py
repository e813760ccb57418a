"""What partners do on news: applications that a consent lets know are told by webhook; features follow below.

City features and embedded pages hang their own listeners on `partners.application_changed` and `partners.consent_ended`.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from palmtax.partners.actions import webhooks
from palmtax.plumbing.outbox import TaskContext, listens


async def _progress(context: TaskContext, payload: dict[str, Any], state: str) -> None:
    number = str(payload["application_id"])
    async with context.database.transaction() as tx:
        await webhooks.tell(
            tx, clock=context.clock, taxpayer_id=int(payload["taxpayer_id"]), event="application.progressed",
            key=f"{number} {state} {context.request_id}",
            data={"application_id": number, "matter_code": payload["matter_code"], "state": state},
        )  # fmt: skip


@listens("matters.application_submitted")
async def tell_submitted(context: TaskContext, payload: dict[str, Any]) -> None:
    """An application was handed in."""
    await _progress(context, payload, "submitted")


@listens("matters.supplement_asked")
async def tell_supplement(context: TaskContext, payload: dict[str, Any]) -> None:
    """The taxpayer must add something."""
    await _progress(context, payload, "supplement")


@listens("matters.application_ended")
async def tell_ended(context: TaskContext, payload: dict[str, Any]) -> None:
    """An application came to its end."""
    await _progress(context, payload, str(payload["state"]))


@listens("certificates.issued")
async def tell_certificate(context: TaskContext, payload: dict[str, Any]) -> None:
    """A certificate was issued."""
    number = str(payload["certificate_id"])
    async with context.database.transaction() as tx:
        await webhooks.tell(
            tx, clock=context.clock, taxpayer_id=int(payload["taxpayer_id"]), event="certificate.issued", key=number,
            data={"certificate_id": number, "certificate_no": payload["certificate_no"]},
        )  # fmt: skip


@listens("partners.consent_ended")
async def tell_consent_ended(context: TaskContext, payload: dict[str, Any]) -> None:
    """A consent ended: the application it belonged to is told, so that it forgets what it keeps."""
    number = str(payload["consent_id"])
    async with context.database.transaction() as tx:
        await webhooks.tell_application(
            tx, clock=context.clock, application_id=UUID(payload["application_id"]), event="consent.ended", key=number,
            data={"consent_id": number, "reason": payload["reason"]},
        )  # fmt: skip
