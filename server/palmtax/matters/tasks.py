"""Work of matters that the clock starts: supplements that lapse, drafts put away, uploads forgotten. Safe to run twice."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import structlog

from palmtax.base.errors import PalmtaxError
from palmtax.matters.actions import withdrawing
from palmtax.matters.model import states
from palmtax.matters.store import applications, papers
from palmtax.plumbing.outbox import TaskContext, every

log = structlog.get_logger()
UPLOAD_DAYS = 2


@every("*/10 * * * *", "matters.sweep")
async def sweep(context: TaskContext, _: dict[str, Any]) -> None:
    """End what has waited beyond its greatest age, one application a transaction."""
    now = context.clock.now()
    async with context.database.statement() as tx:
        late = await applications.lapsing(tx, today=context.clock.today())
        old = await applications.aged(tx, state="draft", before=now - timedelta(days=states.AGES["draft"].days))
        forgotten = await papers.old_uploads(tx, now - timedelta(days=UPLOAD_DAYS))
    for taxpayer_id, application_id in late:
        await _one(context, withdrawing.lapse, taxpayer_id, application_id)
    for taxpayer_id, application_id in old:
        await _one(context, withdrawing.put_away, taxpayer_id, application_id)
    for taxpayer_id, upload_id in forgotten:
        async with context.database.transaction() as tx:
            await papers.forget_upload(tx, taxpayer_id=taxpayer_id, upload_id=upload_id)


async def _one(context: TaskContext, act: Any, taxpayer_id: int, application_id: Any) -> None:
    try:
        async with context.database.transaction() as tx:
            await act(tx, clock=context.clock, taxpayer_id=taxpayer_id, application_id=application_id)
    except PalmtaxError as refused:
        log.warning("matters.sweep_refused", refusal=refused.code, application_id=str(application_id))
