"""The engine: traces a law on a day into a graph, once for each stretch of days on which nothing changes."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from datetime import date

from palmtax.rules.laws import find_law
from palmtax.rules.traced import Traced
from palmtax.rules.tracer import Tracer

WhatIf = tuple[tuple[str, object], ...]
_TRACED: dict[tuple[object, ...], Traced] = {}
_MOST_TRACED = 4096


def traced(code: str, on: date, known_on: date | None = None, what_if: Mapping[str, object] | None = None) -> Traced:
    """The law as it counts on a day, as known on `known_on`, with parameters replaced by `what_if`.

    Kept per stretch of days between two turning days, and per replaced value: a changed number is a new graph.
    """
    law = find_law(code)
    supposed: WhatIf = tuple(sorted((what_if or {}).items()))
    known = -1 if known_on is None else bisect_right(law.published_days, known_on)
    # the law itself, not its code: a thread that was tracing while a version came into force keeps its result to itself
    key = (id(law), bisect_right(law.turning_days, on), known, repr(supposed))
    found = _TRACED.get(key)
    if found is None:
        found = Tracer(law, on, known_on, dict(supposed)).trace()
        if len(_TRACED) >= _MOST_TRACED:
            _TRACED.clear()
        _TRACED[key] = found
    return found


def forget_traced() -> None:
    """Trace the laws anew when they are next asked for."""
    _TRACED.clear()
