"""Kinds, clocks, states and persons concerned."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from palmtax import rules
from palmtax.complaints import actions
from palmtax.complaints.errors import ChoiceUnknown
from palmtax.complaints.model.complaint import NEXT, STEPS, higher_office, people_meant
from palmtax.complaints.model.kinds import (
    _clocks,
    answer_days,
    categories,
    days_of,
    find_kind,
    find_suggestion_kind,
    is_bad,
    levels,
    tags,
)
from palmtax.complaints.schemas import shape_kinds

MONDAY = date(2026, 11, 23)


def test_every_step_that_is_recorded_has_a_name():
    source = "".join(path.read_text("utf-8") for path in Path(actions.__file__).parent.glob("*.py"))
    kept = set(re.findall(r'(?:keep_step|_record)\([^()]*?act="(complaints\.\w+)"', source))
    assert kept == set(STEPS)
    assert all(en.isascii() and zh for zh, en in STEPS.values())


def test_every_category_has_kinds_with_words_in_two_languages():
    assert {c.code: c.days for c in categories().values()} == {"conduct": 5, "quality": 10, "rights": 10}
    codes = [kind.code for c in categories().values() for kind in c.kinds.values()]
    assert len(codes) == len(set(codes)) >= 20
    for category in categories().values():
        assert any(kind.is_quick for kind in category.kinds.values())
        for kind in category.kinds.values():
            assert kind.title_en.isascii()


def test_every_clock_says_its_law_and_how_sure_it_is():
    for name, one in _clocks().items():
        for value in one["values"]:
            assert value["law"], name
            assert value["confidence"] in {"law", "secondary", "own knowledge", "uncertain"}, name


@pytest.mark.parametrize(
    ("kind", "days"), [("attitude", 5), ("服务质效", 10), ("rights", 10), ("iit_person", 3), ("conduct_on_site", 3)]
)
def test_days_until_the_answer(kind, days):
    category, sub = find_kind(kind)
    assert answer_days(category.code, is_quick=bool(sub and sub.is_quick), on=MONDAY) == days


def test_working_days_pass_over_holidays():
    day = date(2026, 9, 29)
    assert rules.add_working_days(day, days_of("accept_days", day)) == date(2026, 9, 30)
    assert rules.add_working_days(date(2026, 9, 30), 1) == date(2026, 10, 8)


def test_what_is_not_on_the_list_is_refused_with_the_list():
    for ask in (find_kind, find_suggestion_kind):
        with pytest.raises(ChoiceUnknown) as refused:
            ask("没有的")
        assert refused.value.values["known"]


def test_states_that_are_over_lead_nowhere():
    assert {state for state, after in NEXT.items() if not after} == {"refused", "closed", "withdrawn"}
    assert set().union(*NEXT.values()) <= set(NEXT)


def test_bad_is_one_or_two_stars():
    assert [stars for stars in sorted(levels()) if is_bad(stars)] == [1, 2]
    assert {one.is_good for one in tags().values()} == {True, False}
    assert shape_kinds(MONDAY).quick_days == 3


@pytest.mark.parametrize(
    ("code", "above"),
    [
        ("14403110500", "14403110000"),
        ("14403110000", "14403000000"),
        ("14403000000", "14400000000"),
        ("14400000000", None),
    ],
)
def test_the_office_above(code, above):
    assert higher_office(code) == above


@pytest.mark.parametrize(
    ("about", "facts", "meant"),
    [
        ("罗衡", "", (2,)), ("窗口的罗科长", "", (2,)), ("姓沈的", "", (1,)), ("沈姓工作人员", "", (1,)), ("罗湖区办税厅", "", ()),
        ("大厅", "罗衡和沈知秋都不理人", (1, 2)), ("", "", ()),
    ],
)  # fmt: skip
def test_who_is_meant_must_not_handle_it(about, facts, meant):
    assert people_meant(about, facts, [(1, "沈知秋"), (2, "罗衡"), (3, "")]) == meant
