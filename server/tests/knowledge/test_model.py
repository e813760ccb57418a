"""Pictures and texts of calculators, whole numbers only."""

from __future__ import annotations

import doctest

import pytest
from hypothesis import given
from hypothesis import strategies as st

from palmtax.knowledge.model import pictures, writing
from palmtax.knowledge.model.pictures import heights, shares, slider_range


@pytest.mark.parametrize("module", [pictures, writing])
def test_the_samples_in_the_words_are_true(module):
    found = doctest.testmod(module)
    assert found.attempted > 0
    assert found.failed == 0


amounts = st.lists(st.integers(0, 10**15), min_size=1, max_size=5)


@given(amounts, st.integers(0, 10**15))
def test_shares_never_show_more_than_the_whole(values, rest):
    found = shares(values, sum(values) + rest)
    if sum(values) + rest == 0:
        assert found is None
    else:
        assert sum(found) <= 1000
        assert all(share >= 0 for share in found)


@given(amounts)
def test_the_largest_bar_is_full(values):
    found = heights(values)
    assert max(found) == (1000 if any(values) else 0)


@given(
    st.sampled_from(["fen", "count", "days", "quantity", "rate"]),
    st.integers(1, 10**13),
    st.integers(0, 10**6),
    st.integers(10**6, 10**13),
)
def test_a_slider_stays_in_the_range_and_reaches_the_usual_value(unit, typical, lo, hi):
    found = slider_range(unit, typical, lo, hi)
    if found is not None:
        assert lo <= found.lo < typical <= found.hi <= hi
        assert found.lo % found.step == found.hi % found.step == 0
