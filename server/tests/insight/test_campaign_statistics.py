"""The judgements a campaign rests on, against exact arithmetic; every tag and limit as its file says."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from math import comb

import pytest

from palmtax import messaging
from palmtax.insight.model.audience import COMPARES
from palmtax.insight.model.draw import positions
from palmtax.insight.model.gates import gates, judged
from palmtax.insight.model.statistics import effect, lower_bound, tail
from palmtax.insight.model.tags import every_tag
from palmtax.insight.store.tags import _COLUMN_OF, Tagged

TODAY = date(2026, 12, 1)


def exact(cases: int, of: int, rate: Fraction) -> Fraction:
    return sum((comb(of, n) * rate**n * (1 - rate) ** (of - n) for n in range(cases, of + 1)), Fraction())


@pytest.mark.parametrize(("cases", "of"), [(1, 20), (5, 20), (19, 20), (20, 20), (3, 300), (40, 300), (299, 300)])
@pytest.mark.parametrize("rate", [Fraction(1, 1000), Fraction(1, 20), Fraction(1, 2), Fraction(19, 20)])
def test_the_tail_is_the_exact_one(cases, of, rate):
    assert tail(cases, of, float(rate)) == pytest.approx(float(exact(cases, of, rate)), rel=1e-9, abs=1e-300)


@pytest.mark.parametrize(("cases", "of"), [(1, 20), (5, 20), (20, 20), (12, 300)])
def test_at_the_lower_bound_so_many_cases_are_as_likely_as_the_confidence_leaves(cases, of):
    low = lower_bound(cases, of, 0.99)
    assert float(exact(cases, of, Fraction(low))) == pytest.approx(0.01, rel=1e-6)
    assert low < cases / of


def test_a_limit_that_is_kept_in_truth_seldom_stops_a_campaign():
    """Of all outcomes with the failure rate at its limit, those that stop weigh less than one in a hundred."""
    rule, of = gates().on(TODAY), 200
    [limit] = [one for one in rule.limits if one.code == "failure"]
    stops = [n for n in range(of + 1) if judged(rule, {"failure": (n, of)})[0].verdict == "stop"]
    assert float(exact(min(stops), of, Fraction(limit.most_bp, 10_000))) < 0.01
    assert float(exact(min(stops), of, Fraction(15, 100))) > 0.75, "three times the limit does"


def test_few_cases_never_stop():
    rule = gates().on(TODAY)
    for limit in rule.limits:
        found = judged(rule, {limit.code: (limit.least - 1, limit.least - 1)})
        assert {one.limit.code: one.verdict for one in found}[limit.code] == "unclear"


def test_limits_have_days_and_the_rule_of_the_day_counts():
    assert [one.since for one in gates().rules] == sorted(one.since for one in gates().rules)
    assert gates().on(date(2020, 1, 1)) is gates().rules[0]


def test_an_effect_is_only_spoken_of_when_there_are_enough_and_swaps_its_sign():
    assert effect(99, 50, 1000, 10, least=100) is None
    more, less = effect(500, 200, 500, 150, least=100), effect(500, 150, 500, 200, least=100)
    assert (more.difference, more.low, more.high) == pytest.approx((-less.difference, -less.high, -less.low))
    assert more.is_shown
    assert not effect(200, 60, 200, 58, least=100).is_shown
    assert effect(200, 0, 200, 0, least=100).low < 0 < effect(200, 0, 200, 0, least=100).high


def test_the_draw_is_even_and_its_two_places_are_independent():
    found = [positions(b"k" * 32, n) for n in range(20_000)]
    for place in (0, 1):
        assert sum(one[place] < 500 for one in found) == pytest.approx(1000, abs=120)
    assert sum(one[0] < 5000 and one[1] < 5000 for one in found) == pytest.approx(5000, abs=250)
    assert {0 <= one < 10_000 for pair in found for one in pair} == {True}


@pytest.mark.parametrize("tag", every_tag().values(), ids=lambda one: one.code)
def test_a_tag_has_a_column_words_and_purposes_that_campaigns_have(tag):
    assert _COLUMN_OF.get(tag.code, tag.code) in Tagged.__slots__
    assert tag.purposes <= {one.purpose for one in messaging.frames().values()}
    assert tag.purposes
    compares = set(COMPARES[tag.shape]) - {"is_not"}
    assert tag.options or set(tag.because) == compares
    for one in tag.options.values():
        assert one.because.startswith("您")
        assert one.because_en[0].islower()
