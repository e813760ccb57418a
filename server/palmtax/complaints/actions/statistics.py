"""What officers count: complaints by category, answered in time; ratings by level, tags; suggestions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from palmtax import registry
from palmtax.base.actor import Actor
from palmtax.base.clock import day_begins
from palmtax.complaints.model.rating import Suggestion
from palmtax.complaints.store import complaints, ratings
from palmtax.plumbing.database import Tx

LONGEST_LIST = 100


@dataclass(frozen=True, slots=True)
class Statistics:
    """Counts of an office and those below it over some days."""

    complaints: list[Mapping[str, Any]]
    ratings: list[Mapping[str, Any]]
    tags: list[tuple[str, int]]
    suggestions: list[Suggestion]


async def statistics(tx: Tx, *, actor: Actor, first: date, last: date) -> Statistics:
    """Complaints, ratings, tags and suggestions of the officer's office and below. Four round trips."""
    office_code = actor.hat.office_code or "" if actor.hat else ""
    if not office_code:
        return Statistics([], [], [], [])
    begin = day_begins(first)
    end = day_begins(last + timedelta(days=1))
    span: dict[str, Any] = {"branch": registry.office_branch(office_code), "first": begin, "last": end}
    return Statistics(
        await complaints.counts(tx, **span),
        await ratings.counts(tx, **span),
        await ratings.tag_counts(tx, **span),
        await ratings.suggestions_of_offices(tx, **span, limit=LONGEST_LIST),
    )
