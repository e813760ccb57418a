"""One thing at a time: what to ask next, and how far it is. Only what still changes the outcome is asked."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from palmtax import rules
from palmtax.matters.model import answers, computing
from palmtax.matters.model.asks import Ask
from palmtax.matters.model.matter import Matter
from palmtax.plumbing.effects import Computed


def is_wanted(ask: Ask, undecided: frozenset[str] | None) -> bool:
    """Whether a wizard asks it: needed, and (for a fact of a law) still able to change the result."""
    if ask.fact and undecided is not None:
        return ask.code in undecided
    return not ask.is_optional


def undecided_asks(matter: Matter, given: Mapping[str, Any], today: date) -> frozenset[str] | None:
    """Asks of the matter's laws that still change the results shown; none when it computes nothing or cannot say yet."""
    if not matter.computes:
        return None
    found: set[str] = set()
    before: list[Computed] = []
    for one in matter.computes:
        if not computing.is_asked_for(one, given):
            continue
        on = computing.law_day(matter, one, given, today)
        if on is None:
            return None
        known = computing.facts(matter, one, given, before)
        try:
            missing = rules.missing(one.law, on=on, facts=known, outputs=one.show)
        except (rules.FactRefused, rules.ParameterNotInForce):
            return None
        facts = {ask.fact: ask.code for ask in matter.asks if ask.law == one.law}
        heads = {code if code in facts else code.rpartition("_")[0] for code in missing}
        found |= {facts[code] for code in heads if code in facts}
        if not missing:
            computed, _ = computing.compute_one(matter, one, given, before, today)
            before += computed or []
    return frozenset(found)


def next_ask(matter: Matter, given: Mapping[str, Any], today: date) -> str | None:
    """The first ask that is shown, wanted and not answered rightly; none when the papers and the review follow."""
    undecided = undecided_asks(matter, given, today)
    known = answers.current(matter, given)
    for ask in answers.shown(matter, given):
        value = given.get(ask.code)
        if value is None and not is_wanted(ask, undecided):
            continue
        if answers.problem_of(ask, value, known, matter.by_code) is not None:
            return ask.code
    return None


def progress(matter: Matter, given: Mapping[str, Any], today: date) -> tuple[int, int]:
    """How many of the asks that this path needs are answered, and how many there are as far as is known."""
    undecided = undecided_asks(matter, given, today)
    path = [ask for ask in answers.shown(matter, given) if given.get(ask.code) is not None or is_wanted(ask, undecided)]
    return sum(1 for ask in path if given.get(ask.code) is not None), len(path)
