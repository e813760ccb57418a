"""Cliffs: incomes at which one more yuan costs more than a yuan, found by computing every yuan of a typical taxpayer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from palmtax import rules
from palmtax.insight.actions.computing import burdens
from palmtax.insight.model.kinds import Kind, Typical
from palmtax.insight.model.study import Question

YUAN = 100
STEP = 1 << 17
MOST = 50
"""Cliffs told of one regime; more of them means that the rule is a staircase."""
POINTS = 240


def cliffs_and_curve(kind: Kind, question: Question) -> dict[str, Any]:
    """The cliffs of every typical taxpayer under both regimes, and the curve of the first one."""
    found: dict[str, Any] = {"cliffs_before": [], "cliffs_after": [], "curve": [], "typicals": []}
    for typical in kind.typicals:
        found["typicals"].append({"code": typical.code, "name": typical.name, "name_en": typical.name_en})
        sides = _sides(kind, typical, question)
        cliffs = [list(_cliffs(typical, side)) for side in sides]
        places = [{cliff["at_fen"] for cliff in side} for side in cliffs]
        for name, side, others in (("before", cliffs[0], places[1]), ("after", cliffs[1], places[0])):
            found[f"cliffs_{name}"] += [{**cliff, "is_new": cliff["at_fen"] not in others} for cliff in side]
        if not found["curve"]:
            found["curve"] = _curve(*sides)
    return found


def _sides(kind: Kind, typical: Typical, question: Question) -> tuple[Any, Any]:
    """The burden at 0, 1, 2 … yuan of income, `(to + 1,) int64` fen, before and after."""
    parts: tuple[list[Any], list[Any]] = ([], [])
    for first in range(0, typical.to + 1, STEP):
        incomes = np.arange(first, min(first + STEP, typical.to + 1), dtype=np.int64) * YUAN
        given = _facts(kind.law, typical, incomes)
        for part, side in zip(parts, burdens(kind, given, question), strict=True):
            part.append(side)
    return np.concatenate(parts[0]), np.concatenate(parts[1])


def _facts(law: str, typical: Typical, incomes: Any) -> dict[str, Any]:
    """Columns of one taxpayer whose income varies; a monthly fact gets a twelfth each, to the fen in the sum."""
    given: dict[str, Any] = {}
    for fact in rules.law(law).asked:
        if fact.code == typical.vary:
            count = len(fact.parts)
            ends = [incomes * place // count for place in range(count + 1)]
            given |= {part.code: ends[n + 1] - ends[n] for n, part in enumerate(fact.parts)}
        elif fact.code in typical.facts:
            number = fact.read(typical.facts[fact.code])
            given |= {
                part.code: np.full(len(incomes), number, bool if fact.unit == "yes_no" else np.int64)
                for part in fact.parts
            }
    return given


def _cliffs(typical: Typical, burden: Any) -> Iterator[dict[str, Any]]:
    """Places where the burden rises by more than the yuan earned; neighbours are one cliff."""
    rises = np.diff(burden)
    places = np.flatnonzero(rises > YUAN)
    runs = np.split(places, np.flatnonzero(np.diff(places) > 1) + 1) if len(places) else []
    for run in runs[:MOST]:
        first, last = int(run[0]), int(run[-1]) + 1
        yield {
            "typical": typical.code,
            "at_fen": first * YUAN,
            "to_fen": last * YUAN,
            "extra_income_fen": (last - first) * YUAN,
            "extra_burden_fen": int(burden[last] - burden[first]),
        }


def _curve(before: Any, after: Any) -> list[dict[str, int]]:
    places = np.unique(np.linspace(0, len(before) - 1, POINTS).astype(np.int64))
    return [{"income_fen": int(p) * YUAN, "before_fen": int(before[p]), "after_fen": int(after[p])} for p in places]


def probe(kind: Kind, question: Question) -> None:
    """Compute a few incomes of every typical taxpayer under both regimes: what cannot be computed is refused here."""
    for typical in kind.typicals:
        incomes = np.array([0, typical.to // 2, typical.to], np.int64) * YUAN
        burdens(kind, _facts(kind.law, typical, incomes), question)
