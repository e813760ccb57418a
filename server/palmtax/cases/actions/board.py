"""The supervisor's board: who has how much, what is late or soon due, how old the work is, how much is agreed to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from palmtax.base.actor import Actor
from palmtax.base.clock import Clock
from palmtax.cases.actions.desks import office_of
from palmtax.cases.actions.queue import Colleague, colleagues
from palmtax.cases.model.case import AGES, LOOKED_BACK, age_of
from palmtax.cases.store import board as store
from palmtax.plumbing.database import Tx


@dataclass(frozen=True, slots=True)
class Decided:
    """What was decided over the last thirty days."""

    decided: int
    passed: int
    in_time: int


@dataclass(frozen=True, slots=True)
class OnBoard:
    """An officer of the branch with the age of what they hold, in the order of `model.AGES`, and what they decided."""

    colleague: Colleague
    ages: list[int]
    decided: Decided


@dataclass(frozen=True, slots=True)
class Board:
    """Exact numbers over the branch of an office; `ages` in the order of `model.AGES`."""

    officers: list[OnBoard]
    skills: list[store.SkillLoad]
    decided: list[tuple[str, Decided]]
    ages: list[int]


def _sum(rows: Iterable[store.Decided]) -> Decided:
    all_of_them = list(rows)
    return Decided(
        sum(row.decided for row in all_of_them),
        sum(row.passed for row in all_of_them),
        sum(row.in_time for row in all_of_them),
    )


async def board(tx: Tx, *, actor: Actor, clock: Clock) -> Board:
    """The board of the supervisor's office and those below it. About eight round trips."""
    office, today = office_of(actor), clock.today()
    if not office:
        return Board([], [], [], [0] * len(AGES))
    of_holder: dict[int | None, list[int]] = defaultdict(lambda: [0] * len(AGES))
    for holder, opened_on, number in await store.by_day(tx, office):
        of_holder[holder][age_of(opened_on, today)] += number
    found = await store.decided(tx, office, clock.now() - LOOKED_BACK)
    return Board(
        officers=[
            OnBoard(
                one,
                of_holder.get(one.officer.person_id, [0] * len(AGES)),
                _sum(row for row in found if row.person_id == one.officer.person_id),
            )
            for one in await colleagues(tx, actor=actor, clock=clock)
        ],
        skills=await store.by_skill(tx, office, today),
        decided=[
            (skill, _sum(row for row in found if row.skill == skill)) for skill in sorted({row.skill for row in found})
        ],
        ages=[sum(of_one[place] for of_one in of_holder.values()) for place in range(len(AGES))],
    )
