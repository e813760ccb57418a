"""What partners do on news: applications that a consent lets know are told by webhook; features follow below.

City features and embedded pages hang their own listeners on `partners.application_changed` and `partners.consent_ended`.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid5

from palmtax.partners.actions import webhooks
from palmtax.partners.adapters.letters import write_contact
from palmtax.partners.model.features import read_manifest
from palmtax.partners.store import applications, endpoints, features
from palmtax.plumbing.outbox import TaskContext, listens
from palmtax.plumbing.settings import ServerSettings


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


@listens("partners.endpoint_disabled")
async def write_of_disabled(context: TaskContext, payload: dict[str, Any]) -> None:
    """A webhook address is no longer called: its developer is written to, once for each time."""
    async with context.database.statement() as tx:
        one = await applications.find(tx, UUID(payload["application_id"]))
        end = await endpoints.find(tx, UUID(payload["endpoint_id"]))
    if one is None or end is None or end.state != "disabled":
        return
    await write_contact(
        context.outside, kind="endpoint_disabled", address=one.email, name=one.name, name_en=one.name_en,
        reference=uuid5(end.endpoint_id, str(end.tried_at)).hex, url=end.url,
        error=end.last_error or "410", portal=_portal(context),
    )  # fmt: skip


@listens("partners.application_changed")
async def write_of_suspended(context: TaskContext, payload: dict[str, Any]) -> None:
    """An application was suspended: its developer is written to with the reason."""
    if payload["state"] != "suspended":
        return
    async with context.database.statement() as tx:
        one = await applications.find(tx, UUID(payload["application_id"]))
    if one is None or one.is_on:
        return
    await write_contact(
        context.outside, kind="application_suspended", address=one.email, name=one.name, name_en=one.name_en,
        reference=uuid5(one.application_id, str(one.changed_at)).hex, client_id=one.client_id,
        reason=one.state_reason, portal=_portal(context),
    )  # fmt: skip


@listens("partners.feature_suspended")
async def write_of_feature(context: TaskContext, payload: dict[str, Any]) -> None:
    """A feature is off: the developer of its application is written to with the reason."""
    if payload["application_id"] is None:
        return
    async with context.database.statement() as tx:
        one = await applications.find(tx, UUID(payload["application_id"]))
        found = await features.versions(tx, UUID(payload["feature_id"]))
    off = next((each for each in found if each.version == int(payload["version"])), None)
    if one is None or off is None or off.state != "suspended":
        return
    manifest = read_manifest(off.text)
    await write_contact(
        context.outside, kind="feature_off", address=one.email, title=manifest.title, title_en=manifest.title_en,
        reference=uuid5(off.feature_id, str(off.changed_at)).hex, code=off.code, reason=off.state_reason,
        portal=_portal(context),
    )  # fmt: skip


def _portal(context: TaskContext) -> str:
    return f"{context.settings.of(ServerSettings).public_url.rstrip('/')}/developers"
