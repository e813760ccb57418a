"""The queue as an officer asks for it: a page, its mark, the counts."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

import orjson

from palmtax import identity, registry
from palmtax.base.actor import Actor
from palmtax.base.clock import Clock
from palmtax.cases.actions.desks import desk_of, officers
from palmtax.cases.actions.reading import Seen, seen
from palmtax.cases.errors import CursorWrong
from palmtax.cases.model.case import LOOKED_BACK, Case, Desk
from palmtax.cases.store import desks, notes
from palmtax.cases.store import queue as store
from palmtax.plumbing.database import Tx

MOST_TAXPAYERS = 200
"""So many taxpayers may match the words of a search."""
_LARGEST_ID = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the queue."""

    rows: list[Seen]
    next_cursor: str | None
    counts: dict[str, int]


def _column(view: str, sort: str) -> str:
    return "closed_at" if view == "closed" else store.SORTS[sort]


def mark_of(view: str, sort: str, last: Case) -> str:
    """The mark of the page after this case."""
    column = _column(view, sort)
    value = getattr(last, column)
    told = [column, value if isinstance(value, int) else value.isoformat(), str(last.case_id)]
    return base64.urlsafe_b64encode(orjson.dumps(told)).decode().rstrip("=")


def place_of(cursor: str, view: str, sort: str) -> tuple[Any, UUID]:
    """The place that a mark stands for. Errors: cases.cursor_wrong."""
    column = _column(view, sort)
    try:
        told = orjson.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        match told:
            case [str(of_column), int(number), str(case_id)] if of_column == column == "taxpayer_id":
                if abs(number) <= _LARGEST_ID:
                    return number, UUID(case_id)
            case [str(of_column), str(day), str(case_id)] if of_column == column == "due_on":
                return date.fromisoformat(day), UUID(case_id)
            case [str(of_column), str(at), str(case_id)] if of_column == column and column.endswith("_at"):
                instant = datetime.fromisoformat(at)
                if instant.tzinfo is not None:
                    return instant, UUID(case_id)
    except (binascii.Error, ValueError):
        raise CursorWrong() from None
    raise CursorWrong()


async def queue(
    tx: Tx, *, actor: Actor, clock: Clock, wanted: store.Asked, sort: str, cursor: str | None, limit: int
) -> Page:
    """A page of the officer's queue and how many there are. About eight round trips, whatever the number of cases.

    Errors: cases.cursor_wrong.
    """
    desk, today = await desk_of(tx, actor=actor, clock=clock), clock.today()
    wanted = replace(wanted, since=clock.now() - LOOKED_BACK)
    after = place_of(cursor, wanted.view, sort) if cursor else None
    found: list[Case] = []
    if desk.office_code:
        found = await store.page(
            tx, wanted=await _named(tx, desk, wanted), desk=desk, today=today, sort=sort, after=after, limit=limit + 1
        )
    rows = await seen(tx, desk=desk, cases=found[:limit])
    counted = await store.counts(tx, desk=desk, today=today) if desk.office_code else dict.fromkeys(COUNTS, 0)
    following = mark_of(wanted.view, sort, found[limit - 1]) if len(found) > limit else None
    return Page(rows, following, counted | {"mentions": await notes.unread(tx, actor.person_id)})


COUNTS = ("mine", "group", "waiting", "overdue", "today")


async def _named(tx: Tx, desk: Desk, wanted: store.Asked) -> store.Asked:
    """The search with the taxpayers whose name or code matches its words."""
    text = wanted.text.strip().replace("\x00", "")
    ids: tuple[int, ...] = ()
    if text:
        hits, _, _ = await registry.search(tx, text=text, office_code=desk.office_code, limit=MOST_TAXPAYERS)
        ids = tuple(hit.taxpayer_id for hit in hits)
    return replace(wanted, text=text, taxpayer_ids=ids)


@dataclass(frozen=True, slots=True)
class Colleague:
    """An officer of the branch: what they do, what they have in hand, whether they are at work."""

    officer: identity.Officer
    office_name: str
    skills: tuple[str, ...]
    load: store.Load
    substitute_id: int | None


async def colleagues(tx: Tx, *, actor: Actor, clock: Clock) -> list[Colleague]:
    """Officers of the branch, by office. Four round trips, and one for each office."""
    found, today = await officers(tx, actor=actor, clock=clock), clock.today()
    numbers = [one.person_id for one in found]
    skills = await desks.skills(tx, numbers)
    loads = await store.loads(tx, numbers, today)
    away = await desks.substitutes(tx, numbers, today)
    offices = await registry.office_names(tx, {one.office_code for one in found})
    return [
        Colleague(
            one,
            offices[one.office_code],
            tuple(sorted(skills.get(one.person_id, ()))),
            loads.get(one.person_id, store.Load(0, 0, 0, 0)),
            away.get(one.person_id),
        )
        for one in found
    ]
