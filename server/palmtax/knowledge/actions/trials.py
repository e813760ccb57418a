"""Trying a version before anybody agrees to it: examples computed again, laws that read it, what is wrong with it."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from palmtax import rules
from palmtax.knowledge.model.law_desk import Change, dated

MOST_LINES = 500
"""Changed lines that are shown; the examples are counted in full."""
_MOST_KEPT = 64
_kept: OrderedDict[tuple[object, ...], Mapping[str, Any]] = OrderedDict()


async def trial_of(change: Change, today: date) -> Mapping[str, Any]:
    """What the version would do if it were approved today: version, examples, laws, faults (zh and en).

    Computed in a thread, and kept while neither the version nor the law changes.
    """
    readers = rules.readers(change.key)
    known = (change.key, repr(sorted(change.body.items())), today, *(rules.version(code) for code in readers))
    if known not in _kept:
        _kept[known] = await asyncio.to_thread(tried, change.key, change.body, today)
        while len(_kept) > _MOST_KEPT:
            _kept.popitem(last=False)
    _kept.move_to_end(known)
    return _kept[known]


def tried(key: str, body: Mapping[str, Any], today: date) -> Mapping[str, Any]:
    """The trial itself; a version that cannot be read is a fault like any other, never an exception."""
    faults: list[list[str]] = []
    changed: list[dict[str, Any]] = []
    run = 0
    try:
        parameter = rules.parameter(key)
        value = dated(body, parameter.kind, today)
        faults = [*_article_faults(value), *_hidden(parameter, value)]
        # of several versions approved on one day the last counts: tried as if it were known a day later
        found, lines, run = rules.trial(key, replace(value, published=today + timedelta(days=1)))
        known = f"{key} from"
        faults += [[text, text] for text in found if not (faults and text.startswith(known))]
        own = key.partition(".")[0]  # the number's own law first: what is cut off is of laws further away
        changed = sorted((dict(line) for line in lines), key=lambda line: line["law"] != own)
    except (rules.LawError, ValueError, TypeError, KeyError, ArithmeticError) as wrong:
        faults.append([f"无法按现行规则读取：{wrong}", f"cannot be read by the law as it is: {wrong}"])
    touched = {(line["law"], line["example"]) for line in changed}
    return {
        "version_before": rules.version(key.partition(".")[0]),
        "run": run,
        "unchanged": run - len(touched),
        "changed": changed[:MOST_LINES],
        "faults": faults,
        "laws": list(rules.readers(key)),
    }


def _article_faults(value: rules.DatedValue) -> list[list[str]]:
    """An article that is not in force on the first day, or ends before the number does."""
    statute, _, _ = rules.find_article(value.law)
    found = []
    if statute.first_day > value.first_day:
        found.append([
            f"依据《{value.law}》自 {statute.first_day} 起才施行",
            f"{value.law} is in force from {statute.first_day} only",
        ])  # fmt: skip
    last = min((day for day in (statute.ended_on, statute.until) if day is not None), default=None)
    if last is not None and (value.until is None or value.until > last):
        found.append([
            f"依据《{value.law}》{last} 停止施行，该版本没有在此之前截止",
            f"{value.law} ends on {last}, the version does not",
        ])  # fmt: skip
    return found


def _hidden(parameter: rules.Parameter, value: rules.DatedValue) -> list[list[str]]:
    """A version that would not count on its own first day, because another was published later."""
    with_it = replace(parameter, values=(value, *parameter.values))
    if with_it.on(value.first_day) is value:
        return []
    return [["起始日另有公布更晚的规定，该版本不会适用", "another version, published later, counts on its first day"]]
