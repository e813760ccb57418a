"""Every kind fits its law and the population; every parameter can be shown and read back."""

from __future__ import annotations

import pytest

from palmtax import rules
from palmtax.insight.actions import computing
from palmtax.insight.errors import LawNotStudied
from palmtax.insight.model.kinds import FOLDER, every_kind, find_kind
from palmtax.insight.model.plain import example_of, plain
from palmtax.rules.parameters import read_number


def test_every_file_is_a_law():
    assert {path.stem for path in FOLDER.glob("*.yaml")} == set(every_kind())
    assert {find_kind(law).population for law in every_kind()} == {"persons", "enterprises"}


@pytest.mark.parametrize("law", every_kind())
def test_a_kind_names_what_there_is(law, people):
    kind, found = find_kind(law), rules.law(law)
    facts = {fact.code for fact in found.facts}
    assert set(kind.fixed) <= facts
    assert set(kind.columns) <= facts
    assert {kind.column_of(code) for code in kind.columns} <= people.columns(kind.population)
    assert people.bounds_fen(kind.group)
    assert computing.facts_needed(people, kind)
    for typical in kind.typicals:
        assert typical.vary in {fact.code for fact in found.asked}


def test_a_law_without_a_population_is_refused():
    with pytest.raises(LawNotStudied):
        find_kind("stamp_duty")
    with pytest.raises(LawNotStudied):
        find_kind("../iit_year")


def parameters():
    for law in rules.every_law():
        yield from rules.law(law).parameters.values()


def test_every_parameter_is_shown_as_it_is_written():
    seen = set()
    for parameter in parameters():
        for dated in parameter.values:
            shown = plain(parameter.kind, dated.value)
            assert read_number(parameter.kind, shown) == dated.value, parameter.key
            assert example_of(parameter.kind, dated.value)
        seen.add(parameter.kind)
    assert {"money", "rate", "scale", "yes_no"} <= seen
