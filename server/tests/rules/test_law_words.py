"""The words of the law: explanations that people can read, labels that tell things apart, calculators that add up."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date

import pytest
from rules import random_facts as random

from palmtax import rules
from palmtax.rules.conditions import both, reasoned, taken
from palmtax.rules.engine import traced
from palmtax.rules.parameters import CONFIDENCES
from palmtax.rules.statutes import find_article

CODES = rules.every_law()
CALCULATORS = [code for code in CODES if rules.law(code).calculator is not None]
LONG_WORD = re.compile(r"[A-Za-z]{3,}")
CHINESE = re.compile(r"[\u3000-\u9fff\uff00-\uffef]")
KNOWN = {"CODcr", "BOD", "TOC", "LAS", "AOX"}
"""Pollutants are called so in Chinese law too."""
LONGEST, LONGEST_EN = 400, 800
ODD = re.compile(r"（（|  |（）|\(\)|→ →|且 且|^[（(][^（）()]*[）)]$|： |None|\[|\{|…")
"""Double brackets, double blanks, empty brackets, one bracket around all, program text, gaps."""


def lines_of(code: str) -> Iterator[rules.ExplainedLine]:
    """Every line of every example, and of a few dozen random taxpayers."""
    for case in rules.cases(code):
        yield from case.assess().lines
    for day in random.stretches(code):
        rule = traced(code, day)
        facts = random.taxpayers(rule, 20, 5)
        for row in range(20):
            yield from rules.assess(code, on=day, facts=random.as_given(rule, random.one(facts, row))).lines


def own_words(text: str) -> set[str]:
    """Long Latin words that are no known abbreviation."""
    return set(LONG_WORD.findall(text)) - KNOWN


@pytest.mark.parametrize("code", CODES)
def test_explanations_read_well(code: str) -> None:
    for line in lines_of(code):
        assert not own_words(line.formula + line.label), line
        assert not CHINESE.search(line.formula_en + line.label_en), line
        assert 0 < len(line.formula) <= LONGEST, line
        assert 0 < len(line.formula_en) <= LONGEST_EN, line
        assert not ODD.search(line.formula), line
        assert line.formula.count("（") == line.formula.count("）"), line
        assert line.formula_en.count("(") == line.formula_en.count(")"), line


@pytest.mark.parametrize("code", CODES)
def test_labels_tell_lines_and_facts_apart(code: str) -> None:
    law = rules.law(code)
    for day in random.stretches(code):
        heads = traced(code, day).heads
        for place in (1, 2):
            twice = [label for label, times in Counter(head[place] for head in heads).items() if times > 1]
            assert twice == []
    for labels in ([fact.label for fact in law.asked], [fact.label_en for fact in law.asked]):
        assert [label for label, times in Counter(labels).items() if times > 1] == []


@pytest.mark.parametrize("code", CODES)
def test_facts_are_described_in_both_languages(code: str) -> None:
    for fact in rules.law(code).asked:
        chinese = (fact.label, fact.term, fact.help, fact.measure, *(option.label for option in fact.options))
        english = (fact.label_en, fact.term_en, fact.help_en, fact.measure_en, *(o.label_en for o in fact.options))
        assert not own_words("".join(chinese)), fact.code
        assert not CHINESE.search("".join(english)), fact.code
        assert 0 < len(fact.label) <= 25, fact.code
        assert 0 < len(fact.label_en) <= 80, fact.code
        assert [bool(text) for text in chinese] == [bool(text) for text in english], fact.code
        assert len({option.label for option in fact.options}) == len(fact.options)
        if fact.unit == "fen":
            assert fact.hi <= 10**15, fact.code
        if fact.unit == "quantity":
            assert fact.measure, fact.code
        if fact.typical is not None:
            assert fact.lo <= fact.typical <= fact.hi, fact.code


@pytest.mark.parametrize("code", CODES)
def test_numbers_of_the_law_have_titles_in_both_languages(code: str) -> None:
    for parameter in rules.law(code).parameters.values():
        assert not own_words(parameter.title), parameter.key
        assert not CHINESE.search(parameter.title_en), parameter.key


@pytest.mark.parametrize("code", CALCULATORS)
def test_a_calculator_names_what_there_is(code: str) -> None:
    law, shown = rules.law(code), rules.law(code).calculator
    assert shown is not None
    asked = {fact.code for fact in law.asked}
    outputs = set(law.outputs) | {name for name in law.formulas if name in law.exports}
    assert shown.asks
    assert set(shown.asks) <= asked
    assert shown.headline in outputs
    assert not shown.of or shown.of in outputs | asked
    assert set(shown.parts) <= outputs
    assert {line for _, line in (*shown.compare, *shown.compare_en)} <= outputs
    assert len(shown.compare) in (0, 2, 3)
    for text in (shown.name, shown.question, *(name for name, _ in shown.compare)):
        assert not own_words(text)
    for text in (shown.name_en, shown.question_en, *(name for name, _ in shown.compare_en)):
        assert not CHINESE.search(text)


@pytest.mark.parametrize("code", CALCULATORS)
def test_a_calculator_answers_what_it_asks_first_or_asks_on(code: str) -> None:
    """With the first questions answered, the headline is there, or `missing` names facts of the law that bring it."""
    day = random.day_of(code)
    rule, shown = traced(code, day), rules.law(code).calculator
    assert shown is not None
    facts = random.taxpayers(rule, 30, 6)
    for row in range(30):
        whole = random.as_given(rule, random.one(facts, row))
        known = {
            name: value for name, value in whole.items() if name.rpartition("_")[0] in shown.asks or name in shown.asks
        }
        for _ in range(len(rule.facts) + 1):
            wanted = [name for name in rule.outputs if name == shown.headline or name.startswith(f"{shown.headline}_")]
            lost = rules.missing(code, on=day, facts=known, outputs=wanted)
            if not lost:
                break
            assert lost[0] in whole
            assert lost[0] not in known
            known[lost[0]] = whole[lost[0]]
        needed = rules.missing(code, on=day, facts=known)
        found = rules.assess(code, on=day, facts=known | {name: whole[name] for name in needed})
        assert set(wanted) <= found.outputs.keys()


def uncertain_keys(code: str, day: date) -> set[str]:
    """Numbers of a law in force that day that are not certain."""
    numbers = traced(code, day).numbers
    return {key for key, used in numbers.items() if used.dated.confidence == "uncertain"}


@pytest.mark.parametrize("code", CODES)
def test_a_citation_is_no_surer_than_the_numbers_taken_from_it(code: str) -> None:
    for case in rules.cases(code):
        found = case.assess()
        shown = {line.code: line.citations for line in found.lines}
        for line in found.traced.lines:
            for key in line.parameters if line.code in shown else ():
                used = found.traced.numbers[key]
                statute, article, _ = find_article(used.dated.law)
                cited = next(c for c in shown[line.code] if (c.title, c.article) == (statute.title, article))
                assert CONFIDENCES.index(cited.confidence) >= CONFIDENCES.index(used.dated.confidence)
                assert used.dated.note in cited.note


def test_uncertain_numbers_are_there_to_be_shown() -> None:
    assert sum(len(uncertain_keys(code, random.day_of(code))) for code in CODES) > 10


def test_reasons_are_told_once() -> None:
    assert both(["a", "b", "a"], " 且 ") == "a 且 b"
    assert both([], " 且 ") == ""
    assert taken("", "5") == "5"
    assert taken("a", "5") == "a → 5"
    assert reasoned("a → 5", "（", "）") == "（a → 5）"
    assert reasoned("5", "（", "）") == "5"


def test_only_what_decided_is_told() -> None:
    """A home held one year: that alone decides, whatever else the condition asks."""
    case = next(case for case in rules.cases("home_sale") if case.name == "second-hand-home.1")
    lines = {line.code: line for line in case.assess().lines}
    assert lines["vat_housing_sale.is_exempt"].formula == "已满年限 否"
    assert lines["vat_housing_sale.is_held_long"].formula == "持有整年数 1 低于 免税所需购买年限 2 年"
    assert lines["vat_housing_sale.taxed_price"].formula_en.startswith(
        "Taxed on the gain no and Exempt from VAT no → Price"
    )
