"""Saved views: an officer's own columns and filters."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import asyncpg

from palmtax.base.actor import Actor
from palmtax.base.clock import Clock
from palmtax.base.identifiers import uuid7
from palmtax.cases.errors import TooManyViews, ViewNameTaken, ViewUnknown
from palmtax.cases.store import views as store
from palmtax.plumbing.database import Tx

LARGEST_NUMBER_OF_VIEWS = 50


async def keep_view(
    tx: Tx, *, actor: Actor, clock: Clock, view_id: UUID | None, name: str, view: dict[str, Any]
) -> UUID:
    """Keep a new view, or change one of one's own. ViewNameTaken, ViewUnknown, TooManyViews."""
    try:
        if view_id is not None:
            if not await store.update_view(tx, actor.person_id, view_id, name, view):
                raise ViewUnknown()
            return view_id
        if len(await store.views(tx, actor.person_id)) >= LARGEST_NUMBER_OF_VIEWS:
            raise TooManyViews(limit=LARGEST_NUMBER_OF_VIEWS)
        made = uuid7()
        await store.insert_view(tx, actor.person_id, made, name, view, clock.now())
    except asyncpg.UniqueViolationError as taken:
        raise ViewNameTaken(name=name) from taken
    return made


async def drop_view(tx: Tx, *, actor: Actor, view_id: UUID) -> None:
    """Drop one of one's own views; ViewUnknown."""
    if not await store.delete_view(tx, actor.person_id, view_id):
        raise ViewUnknown()
