"""What the bureau already holds, read before anybody is asked."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from palmtax.base.actor import Actor
from palmtax.base.clock import Clock
from palmtax.base.period import Period
from palmtax.matters.model import answers
from palmtax.matters.model.answers import Answer, Answers
from palmtax.matters.model.asks import Ask
from palmtax.matters.model.matter import Matter, Need
from palmtax.matters.store import applications
from palmtax.plumbing.database import Tx
from palmtax.plumbing.effects import Value, read_sources, reads

NAMES = {"open_count": "number", "last": "*"}


@reads("matters", names=NAMES)
async def read_own(tx: Tx, *, actor: Actor, clock: Clock, taxpayer_id: int, names: list[str]) -> dict[str, Value]:
    """How many applications are open, and what was answered last time. Two round trips."""
    del actor, clock
    found: dict[str, Value] = {}
    if "open_count" in names:
        found["open_count"] = (await applications.counts(tx, taxpayer_id))["open"]
    wanted = {name.removeprefix("last.") for name in names if name.startswith("last.")}
    if wanted:
        for one in reversed(await applications.last_answers(tx, taxpayer_id)):
            found.update({f"last.{code}": one.answers[code].value for code in wanted & one.answers.keys()})
    return found


def of_the_clock(today: date) -> dict[str, Value]:
    """Sources that follow from the day."""
    quarter, month = Period.containing(today, "quarter"), Period.containing(today, "month")
    return {
        "today": today,
        "this_year": today.year,
        "last_year": today.year - 1,
        "this_quarter": quarter.code,
        "last_quarter": quarter.previous().code,
        "this_month": month.code,
        "last_month": month.previous().code,
    }


async def held(tx: Tx, *, actor: Actor, clock: Clock, taxpayer_id: int, names: Iterable[str]) -> dict[str, Value]:
    """The values of sources by their whole names; one round trip or two a domain."""
    wanted = list(dict.fromkeys(name for name in names if name))
    clocked = of_the_clock(clock.today())
    asked = [name for name in wanted if name not in clocked]
    found = await read_sources(tx, actor=actor, clock=clock, taxpayer_id=taxpayer_id, sources=asked) if asked else {}
    return {name: clocked[name] if name in clocked else found.get(name) for name in wanted}


def prefilled(matter: Matter, values: dict[str, Value], *, channel: str, at: Any) -> Answers:
    """The answers that the sources give; what does not fit its question is left to the person."""
    found: Answers = {}
    for ask in matter.asks:
        if not ask.source:
            continue
        value = answers.from_source(ask, values.get(ask.source))
        if value is not None:
            found[ask.code] = Answer(value, domain_of(ask), channel, at)
    return found


def domain_of(ask: Ask) -> str:
    """The domain that a source belongs to; `clock` for what follows from the day."""
    head, dot, _ = ask.source.partition(".")
    return head if dot else "clock"


def moved(matter: Matter, before: Answers, values: dict[str, Value]) -> dict[str, Any]:
    """Locked answers whose source now says something else: code → new value."""
    found = {}
    for ask in matter.asks:
        known = before.get(ask.code)
        if not ask.is_locked or not ask.source or known is None or known.source == answers.PERSON:
            continue
        value = answers.from_source(ask, values.get(ask.source))
        if value is not None and value != known.value:
            found[ask.code] = value
    return found


def holds(need: Need, value: Value) -> bool:
    """Whether a need is met."""
    if need.exists is not None:
        return need.exists == (value not in (None, "", 0, [], {}))
    plain: object = value.isoformat() if isinstance(value, date) else value
    if plain is None:
        plain = 0 if need.check and isinstance(need.check.constant, int) else ""
    return need.check is None or need.check.holds(plain, {})
