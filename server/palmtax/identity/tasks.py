"""Work of identity that the clock starts."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import structlog

from palmtax.identity.actions import chats
from palmtax.identity.adapters import ChatMember, FindChat, OfficeChatPort
from palmtax.identity.model.tokens import OAUTH_BINDS
from palmtax.identity.store import oauth, sessions, wechat_keys
from palmtax.plumbing.outbound import OutsideRefused, OutsideUnavailable
from palmtax.plumbing.outbox import TaskContext, every, task

log = structlog.get_logger()

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
        await oauth.forget(tx, now - OAUTH_BINDS)
        await wechat_keys.forget(tx, now - CODES_KEPT)


CHATS = ("gov_wechat", "wecom")
"""The channels whose members are officers."""


@every("41 * * * *", "identity.sync_directories")
async def sync_directories(context: TaskContext, _payload: dict[str, Any]) -> None:
    """Compare the directories of officers' chats with what is bound, once an hour."""
    await compare_directories(context, {})


@task("identity.compare_directories", tries=3)
async def compare_directories(context: TaskContext, _payload: dict[str, Any]) -> None:
    """The same at once; a platform that is away is asked again an hour later. Each person is a transaction."""
    find: FindChat | None = context.outside.get("office_chats")
    for name in CHATS if find else ():
        chat = await find(name) if find else None
        if chat is None:
            continue
        try:
            members = await chat.members()
        except (OutsideRefused, OutsideUnavailable) as fault:
            log.warning("identity.directory_failed", channel=name, told=fault.code)
            continue
        await _follow(context, chat, members)


async def _follow(context: TaskContext, chat: OfficeChatPort, members: list[ChatMember]) -> None:
    """What the directory says otherwise is followed; an empty one is believed of nobody."""
    if not members:
        return
    about: dict[str, Any] = {"clock": context.clock, "family": chat.family, "app_id": chat.app_id}
    async with context.database.statement() as tx:
        found = await chats.compare(tx, members=members, **about)
    for address in found.to_unbind:
        async with context.database.transaction() as tx:
            await chats.unbind_left(tx, clock=context.clock, found=address)
    for person_id, userid in found.to_bind:
        async with context.database.transaction() as tx:
            await chats.bind_by_directory(tx, person_id=person_id, userid=userid, **about)
    log.info("identity.directory_followed", bound=len(found.to_bind), unbound=len(found.to_unbind))
