"""Conditions, answers and the wizard: only what the answers ask for is asked, in order, and progress is true."""

from __future__ import annotations

import doctest
import importlib
import itertools
import pkgutil
from datetime import UTC, date, datetime

import pytest

from palmtax.matters import model
from palmtax.matters.model import answers, types, wizard
from palmtax.matters.model.answers import Answer
from palmtax.matters.model.catalogue import catalogue

TODAY, NOW = date(2026, 11, 23), datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
MATTERS = catalogue()
every = pytest.mark.parametrize("code", MATTERS)


@pytest.mark.parametrize("name", [m.name for m in pkgutil.iter_modules(model.__path__)])
def test_what_the_docstrings_promise(name):
    assert doctest.testmod(importlib.import_module(f"palmtax.matters.model.{name}")).failed == 0


def example_answer(ask):
    """An answer that the type takes, for walking paths; options are tried one by one by the walker."""
    if ask.type == "choices":
        return [option.value for option in ask.options[: max(ask.at_least, 1)]]
    lowest = ask.lowest
    made = {
        "amount": _inside(ask, 100), "number": _inside(ask, 1),
        "quantity": str(lowest) if lowest not in (None, "0", 0) else "1",
        "rate": "3%", "date": str(lowest or "2026-11-01"), "period": "2026Q3", "year": 2026, "time": "09:30",
        "agree": True, "phone": "15400000011", "resident_id": "11010519491231002X", "uscc": "91350100M000100Y43",
        "bank_account": "6222000000000000123", "email": "a@example.com", "region": "440305",
        "invoice_no": "26990000000000000017", "plate": "粤B12345", "vin": "LSVAA4187E2184841",
        "certificate_no": "A-1", "url": "https://example.com", "office": "19903050000",
    }  # fmt: skip
    if ask.type == "period" and ask.kinds:
        return {"quarter": "2026Q3", "month": "2026-10", "year": "2025"}[ask.kinds[0]]
    if ask.type == "series":
        return [max(lowest or 0, 0)] * (12 if ask.each == "month" else 4)
    if ask.type == "rows":
        return [{one.code: example_answer_of_column(one) for one in ask.rows}] * max(ask.at_least, 1)
    return made.get(ask.type, "说明")


def _inside(ask, liked):
    """A number as liked, or the nearest that the limits allow."""
    if ask.type not in ("amount", "number"):
        return liked
    liked = max(liked, ask.lowest) if isinstance(ask.lowest, int) else liked
    return min(liked, ask.highest) if isinstance(ask.highest, int) else liked


def example_answer_of_column(ask):
    if ask.type == "choice":
        return ask.options[0].value
    return True if ask.type == "yes_no" else example_answer(ask)


def paths(matter, most=400):
    """Walks the wizard down every branch: each choice and yes/no that conditions look at is answered every way."""
    looked_at = {c.on for ask in matter.asks for c in ask.when} | {c.on for p in matter.papers for c in p.when}
    waiting, walked = [{}], []
    while waiting and len(walked) < most:
        given = waiting.pop()
        ahead = next((a for a in answers.shown(matter, given) if a.code not in given and not a.is_optional), None)
        if ahead is None:
            walked.append(given)
            continue
        if ahead.code in looked_at and ahead.type in ("choice", "choices"):
            ways = [[o.value] if ahead.type == "choices" else o.value for o in ahead.options]
        elif ahead.code in looked_at and ahead.type == "yes_no":
            ways = [True, False]
        else:
            ways = [ahead.options[0].value if ahead.type == "choice" else example_answer(ahead)]
            ways = [True] if ahead.type == "yes_no" else ways
        waiting += [given | {ahead.code: way} for way in ways]
    return walked


@every
def test_every_path_of_the_wizard_ends_with_everything_answered(code):
    matter = MATTERS[code]
    walked = paths(matter)
    assert walked
    for given in walked:
        shown = answers.shown(matter, given)
        missing = [a.code for a in shown if not a.is_optional and a.code not in given]
        assert missing == []
        bad = [
            (a.code, given[a.code]) for a in shown if a.code in given and types.read(a, given[a.code])[1] is not None
        ]
        assert bad == [], "the walker knows an answer for every type"


@every
def test_every_question_is_reached_on_some_path(code):
    matter = MATTERS[code]
    reached = set()
    for given in paths(matter):
        reached |= {ask.code for ask in answers.shown(matter, given)}
    hidden = [ask.code for ask in matter.asks if ask.code not in reached and not _depends_on_a_number(matter, ask)]
    assert hidden == []


def _depends_on_a_number(matter, ask):
    """Comparisons with amounts, days and optional answers are not walked; the examples do."""
    on = [matter.by_code[c.on] for c in ask.when]
    return any(
        o.type not in ("choice", "choices", "yes_no") or o.is_optional or _depends_on_a_number(matter, o) for o in on
    )


@every
def test_progress_never_lies(code):
    matter = MATTERS[code]
    for example, _ in itertools.product(matter.examples, range(1)):
        given, before = {}, 0
        for ask in matter.asks:
            if ask.code in example.answers:
                given[ask.code] = example.answers[ask.code]
            answered, total = wizard.progress(matter, given, TODAY)
            assert answered <= total
            assert answered >= min(before, answered)
            before = answered


def test_a_hidden_answer_counts_for_nothing():
    matter = next(m for m in MATTERS.values() if any(a.when for a in m.asks))
    hidden = next(a for a in matter.asks if a.when)
    assert hidden.code not in answers.current(matter, {hidden.code: example_answer(hidden)})


def test_a_locked_answer_keeps_what_its_source_said():
    matter = next(m for m in MATTERS.values() if any(a.is_locked and a.source == "registry.name" for a in m.asks))
    ask = next(a for a in matter.asks if a.is_locked and a.source == "registry.name")
    before = {ask.code: Answer("云山小店", "registry", "h5", NOW)}
    after, wrong = answers.accepted(matter, before, {ask.code: "别的店"}, channel="h5", at=NOW)
    assert after == before
    assert [p.at for p in wrong] == [ask.code]
