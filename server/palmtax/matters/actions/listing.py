"""A taxpayer's applications in lists: groups, words, pages, what changed."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from palmtax.matters.actions.showing import card
from palmtax.matters.errors import CursorWrong
from palmtax.matters.model import catalogue
from palmtax.matters.schemas.applications import ApplicationChange, ApplicationPage, ChangesOut
from palmtax.matters.store import applications
from palmtax.plumbing.database import Tx


async def page(tx: Tx, *, taxpayer_id: int, group: str, text: str, cursor: str | None, limit: int) -> ApplicationPage:
    """A page, newest first; `text` is in the title or is the number. Two round trips. Errors: matters.cursor_wrong."""
    asked = text.strip()
    codes = None
    if asked:
        low = asked.lower()
        codes = [
            one.code for one in catalogue.catalogue().values() if asked in one.title or low in one.title_en.lower()
        ]
    found = await applications.of_taxpayer(
        tx, taxpayer_id=taxpayer_id, group=group, codes=codes, text=asked, before=_place(cursor), limit=limit + 1
    )
    last = found[limit - 1] if len(found) > limit else None
    return ApplicationPage(
        applications=[card(one) for one in found[:limit]],
        next_cursor=f"{last.updated_at.isoformat()}~{last.application_id}" if last else None,
        counts=await applications.counts(tx, taxpayer_id),
    )


def _place(cursor: str | None) -> tuple[datetime, UUID] | None:
    if cursor is None:
        return None
    at, _, number = cursor.partition("~")
    try:
        return datetime.fromisoformat(at), UUID(number)
    except ValueError as wrong:
        raise CursorWrong() from wrong


async def changes(tx: Tx, *, taxpayer_id: int, since: datetime, now: datetime) -> ChangesOut:
    """What changed since an instant. One round trip."""
    found = await applications.changed_since(tx, taxpayer_id=taxpayer_id, since=since)
    return ChangesOut(
        changes=[ApplicationChange(application_id=number, state=state, at=at) for number, state, at in found], now=now
    )
