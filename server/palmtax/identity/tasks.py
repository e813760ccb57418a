"""Work of identity that the clock starts."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from palmtax.identity.store import sessions
from palmtax.plumbing.outbox import TaskContext, every

SESSIONS_KEPT = timedelta(days=90)
"""Ended sessions and spent refresh tokens stay this long, to recognise copies and answer questions."""
CODES_KEPT = timedelta(days=2)
"""Longer than the day over which codes are counted."""


@every("17 * * * *", "identity.forget_ended")
async def forget_ended(context: TaskContext, _payload: dict[str, Any]) -> None:
    """Forget old sessions, codes and tickets (个人信息保护法 第十九条); evidence of them stays."""
    now = context.clock.now()
    async with context.database.transaction() as tx:
        await sessions.purge(tx, sessions_before=now - SESSIONS_KEPT, codes_before=now - CODES_KEPT)
