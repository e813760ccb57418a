"""The supervisor's board: who has how much, what is late, how old the work is, how much of it is agreed to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from palmtax import rules
from palmtax.base.actor import Actor
from palmtax.base.clock import Clock
from palmtax.cases.actions.desks import office_of
from palmtax.cases.actions.queue import Colleague, colleagues
from palmtax.cases.model.case import AGES
from palmtax.cases.store import board as store
from palmtax.plumbing.database import Tx

LOOKED_BACK = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Decided:
    """What was decided in a field of work over the last thirty days."""

    skill: str
    decided: int
    passed: int
    in_time: int


@dataclass(frozen=True, slots=True)
class Board:
    """Exact numbers over the branch of an office; `ages` in the order of `model.AGES`."""

    officers: list[Colleague]
    skills: list[store.SkillLoad]
    decided: list[Decided]
    ages: list[int]


async def board(tx: Tx, *, actor: Actor, clock: Clock) -> Board:
    """The board of the supervisor's office and those below it. About eight round trips."""
    office, today = office_of(actor), clock.today()
    if not office:
        return Board([], [], [], [0] * len(AGES))
    ages = [0] * len(AGES)
    for opened_on, number in (await store.by_day(tx, office)).items():
        old = max(0, rules.working_days_between(opened_on, today))
        place = next(n for n, (_, until) in enumerate(AGES) if until is None or old <= until)
        ages[place] += number
    return Board(
        officers=await colleagues(tx, actor=actor, clock=clock),
        skills=await store.by_skill(tx, office, today),
        decided=[Decided(*row) for row in await store.decided(tx, office, clock.now() - LOOKED_BACK)],
        ages=ages,
    )
