"""Work of partners: webhooks are sent, what a dead worker left is picked up, what is over is dropped."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import Any
from uuid import UUID

import structlog

from palmtax.partners.actions import features as feature_actions
from palmtax.partners.actions import webhooks
from palmtax.partners.adapters import webhooks as outside
from palmtax.partners.adapters.feature_kit import check_feature
from palmtax.partners.model.features import read_manifest
from palmtax.partners.model.versions import FeatureFinding, FeatureVersion, is_our_line
from palmtax.partners.store import applications, endpoints, features, grants, usage, visits
from palmtax.plumbing.outbox import TaskContext, every, task
from palmtax.plumbing.settings import ServerSettings

AT_ONCE = 2
"""Calls to one endpoint at the same time in one worker: a slow partner holds its own calls and nobody else's."""
PUT_OFF_SECONDS = 2.0
_under_way: Counter[UUID] = Counter()
log = structlog.get_logger()


@task("partners.send_webhook", tries=3, seconds=40)
async def send_webhook(context: TaskContext, payload: dict[str, Any]) -> None:
    """Send one delivery that is due: read and commit, call, write and commit."""
    endpoint_id, delivery_id = UUID(payload["endpoint_id"]), UUID(payload["delivery_id"])
    if _under_way[endpoint_id] >= AT_ONCE:
        async with context.database.transaction() as tx:
            await webhooks.put_off(tx, endpoint_id=endpoint_id, delivery_id=delivery_id, seconds=PUT_OFF_SECONDS)
        return
    _under_way[endpoint_id] += 1
    try:
        await _send(context, endpoint_id, delivery_id)
    finally:
        _under_way[endpoint_id] -= 1
        if not _under_way[endpoint_id]:
            del _under_way[endpoint_id]


async def _send(context: TaskContext, endpoint_id: UUID, delivery_id: UUID) -> None:
    settings = context.settings.of(outside.PartnersSettings)
    async with context.database.transaction() as tx:
        hook = await webhooks.take(
            tx, clock=context.clock, endpoint_id=endpoint_id, delivery_id=delivery_id,
            loopback_allowed=settings.loopback_webhooks,
        )  # fmt: skip
    if hook is None:
        return
    answer = await outside.call(hook)
    async with context.database.transaction() as tx:
        await webhooks.settle(tx, clock=context.clock, hook=hook, answer=answer)


@every("* * * * *", "partners.pick_up")
async def pick_up(context: TaskContext, _payload: dict[str, Any]) -> None:
    """Ask again for deliveries that a dead worker left lying."""
    async with context.database.transaction() as tx:
        await webhooks.pick_up(tx, clock=context.clock)


@every("41 3 * * *", "partners.forget")
async def forget(context: TaskContext, _payload: dict[str, Any]) -> None:
    """Drop what is over: requests and tokens after a month, deliveries after two, figures after a year."""
    now = context.clock.now()
    async with context.database.transaction() as tx:
        await grants.forget(tx, now - timedelta(days=30))
        await features.forget(tx, now - timedelta(days=30))
        await visits.forget(tx, now - timedelta(days=30))
        await endpoints.forget(tx, now - timedelta(days=60))
        await usage.forget(tx, context.clock.today() - timedelta(days=365))


@every("23 18 * * *", "partners.check_features")
async def check_features(context: TaskContext, _payload: dict[str, Any]) -> None:
    """Every night in China, run the kit against what is listed; a page that keeps failing is off after some nights."""
    async with context.database.statement() as tx:
        listed = await features.listed(tx)
    seen = [(one, await _looked_at(context, one)) for one in listed]
    if is_our_line([findings for _, findings in seen]):
        log.warning("partners.pages_unreached", count=len(seen))
        return
    for one, findings in seen:
        async with context.database.transaction() as tx:
            await feature_actions.keep_night(tx, clock=context.clock, of=one, findings=findings)


async def _looked_at(context: TaskContext, one: FeatureVersion) -> list[FeatureFinding]:
    """What the kit finds tonight; no connection is held while a page is fetched."""
    async with context.database.statement() as tx:
        application = await applications.find(tx, one.application_id) if one.application_id else None
    origin = context.settings.of(ServerSettings).public_url.rstrip("/")
    return await check_feature(read_manifest(one.text), application=application, is_registered=True, our_origin=origin)
