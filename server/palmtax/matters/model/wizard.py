"""One thing at a time: what to ask next, and how far it is. Only what still changes the outcome is asked."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from palmtax import rules
from palmtax.matters.model import answers, computing
from palmtax.matters.model.asks import Ask
from palmtax.matters.model.matter import Matter


def is_wanted(ask: Ask, undecided: frozenset[str] | None) -> bool:
    """Whether a wizard asks it: needed, and (for a fact of the law) still able to change the result."""
    if ask.fact and undecided is not None:
        return ask.fact in undecided
    return not ask.is_optional


def undecided_facts(matter: Matter, given: Mapping[str, Any], today: date) -> frozenset[str] | None:
    """Facts of the matter's law that still change the results shown; none when it computes nothing or cannot say yet."""
    if matter.computes is None:
        return None
    on = computing.law_day(matter, given, today)
    if on is None:
        return None
    facts = computing.facts(matter, given)
    try:
        missing = rules.missing(matter.computes.law, on=on, facts=facts, outputs=matter.computes.show)
    except (rules.FactRefused, rules.ParameterNotInForce):
        return None
    known = {ask.fact for ask in matter.asks if ask.fact}
    heads = {code.rpartition("_")[0] if code not in known else code for code in missing}
    return frozenset(heads)


def next_ask(matter: Matter, given: Mapping[str, Any], today: date) -> str | None:
    """The first ask that is shown, wanted and not answered rightly; none when the papers and the review follow."""
    undecided = undecided_facts(matter, given, today)
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
    undecided = undecided_facts(matter, given, today)
    path = [ask for ask in answers.shown(matter, given) if given.get(ask.code) is not None or is_wanted(ask, undecided)]
    return sum(1 for ask in path if given.get(ask.code) is not None), len(path)
