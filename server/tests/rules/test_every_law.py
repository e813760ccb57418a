"""Every law, found by its folder: a hundred thousand random taxpayers get bit for bit the same one by one and in columns."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from rules import random_facts as random

from palmtax import rules
from palmtax.rules import arrays
from palmtax.rules.engine import traced

CODES = rules.every_law()
MANY, SOME, FEW = 100_000, 2_000, 50
WHERE_ROWS_MULTIPLY = {"overpayment_refund": 10**9, "vat_general": 10**9}
"""Laws that multiply two amounts (or an amount, a rate and days): below 10 million yuan they are surely exact."""


def columns_of(code: str, day: date, rows: int, seed: int) -> tuple[random.Columns, random.Columns]:
    """Random facts of a law, and its results in columns."""
    most = WHERE_ROWS_MULTIPLY.get(code, random.ORDINARY)
    facts = random.taxpayers(traced(code, day), rows, seed, most)
    return facts, rules.columns(code, on=day, facts=facts)


def differences(code: str, day: date, facts: random.Columns, found: random.Columns) -> list[tuple[object, ...]]:
    """Rows of which the rule's own function says something else: row, result, one by one, in columns."""
    rule = traced(code, day)
    names, values = list(facts), zip(*(column.tolist() for column in facts.values()), strict=True)
    places, results = list(rule.outputs.values()), [found[name].tolist() for name in rule.outputs]
    told: list[tuple[object, ...]] = []
    for row, (given, in_columns) in enumerate(zip(values, zip(*results, strict=True), strict=True)):
        steps = rule.run(dict(zip(names, given, strict=True)))
        singly = tuple(steps[place] for place in places)
        if singly != in_columns:
            told += [(row, n, a, b) for n, a, b in zip(rule.outputs, singly, in_columns, strict=True) if a != b]
    return told


@pytest.mark.slow
@pytest.mark.parametrize("code", CODES)
def test_a_hundred_thousand_taxpayers_get_the_same_one_by_one_and_in_columns(code: str) -> None:
    day = random.day_of(code)
    facts, found = columns_of(code, day, MANY, 1)
    assert differences(code, day, facts, found) == []


@pytest.mark.parametrize("code", CODES)
def test_every_stretch_of_days_computes_the_same_one_by_one_and_in_columns(code: str) -> None:
    """A day of each stretch of 2019–2027 in which the law is different."""
    for seed, day in enumerate(random.stretches(code)):
        facts, found = columns_of(code, day, SOME, seed)
        assert differences(code, day, facts, found) == [], day


@pytest.mark.parametrize("code", CODES)
def test_the_door_gives_what_the_columns_give(code: str) -> None:
    """Through `assess`, with choices by name and days as dates."""
    day = random.day_of(code)
    rule = traced(code, day)
    facts, found = columns_of(code, day, FEW, 2)
    for row in range(FEW):
        outputs = rules.assess(code, on=day, facts=random.as_given(rule, random.one(facts, row))).outputs
        assert dict(outputs) == random.one(found, row)
        assert {name: type(value) for name, value in outputs.items()} == {
            name: bool if found[name].dtype == np.bool_ else int for name in outputs
        }


@pytest.mark.parametrize("code", CODES)
def test_blocks_and_kernel_agree(code: str) -> None:
    day = random.day_of(code)
    facts, _ = columns_of(code, day, 30_001, 3)
    kernel, blocks = (arrays.apply(traced(code, day), facts, form=form) for form in ("kernel", "blocks"))
    for name, column in kernel.items():
        assert np.array_equal(column, blocks[name]), name


@pytest.mark.parametrize("code", CODES)
def test_the_largest_amounts_are_exact_or_refused(code: str) -> None:
    """Amounts up to the end of each range: the same as one by one, or `AmountTooLarge`; never wrapped."""
    day = random.day_of(code)
    for seed in range(3):
        facts = random.taxpayers(traced(code, day), 200, seed, most=2**53 - 1)
        try:
            found = rules.columns(code, on=day, facts=facts)
        except rules.AmountTooLarge:
            continue
        else:
            assert differences(code, day, facts, found) == []


def test_random_taxpayers_reach_every_edge_and_every_option() -> None:
    """The generator is worth its name: for every law, each option, each yes/no and each edge of the law occurs."""
    for code in CODES:
        rule = traced(code, random.day_of(code))
        facts = random.taxpayers(rule, 20_000, 4)
        for name, fact in rule.facts.items():
            seen = set(facts[name].tolist())
            if fact.unit in ("yes_no", "choice"):
                assert seen >= set(range(len(fact.options) or 2)), (code, name)
            else:
                assert seen >= {edge for edge in random.edges(rule, fact) if abs(edge) <= 10**9}, (code, name)
