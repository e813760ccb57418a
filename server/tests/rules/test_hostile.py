"""Hostile facts: every fact of every law, every wrong value; a refusal that names the fact and the way to mend it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from rules import random_facts as random

from palmtax import rules
from palmtax.base.errors import PalmtaxError
from palmtax.rules.engine import traced

CODES = rules.every_law()
MANY = 30_001
"""Rows for which a kernel is compiled."""
ENGLISH = re.compile(r"[A-Za-z]{3,}")
NEVER: list[Any] = [
    float("nan"), float("inf"), -float("inf"), 1.5, 1e18, "1e5", "nan", "inf", "", "   ", "－５", "一千", "0x10", "1_000",
    "1.2.3", "--1", "1;2", "\x00", "9" * 5000, [], [1], {}, {"a": 1}, (1, 2), b"1", object(), Decimal("1.5"), 1j,
    datetime(2026, 1, 1),  # noqa: DTZ001 - a moment is no day, with or without a zone
]  # fmt: skip
"""What no fact ever is."""


def wrong(fact: rules.Fact) -> Iterator[Any]:
    """What this fact cannot be, as people write it or as the rules take it."""
    yield from NEVER
    if fact.unit != "yes_no":
        yield from (True, False)
    if fact.unit != "day":
        yield from (date(2026, 1, 1), "2026-01-01")
    if fact.unit == "day":
        yield from (
            "2026-02-30",
            "20260101",
            "2026-1-1",
            "26-01-01",
            "2026/01/01",
            "9999-12-31",
            "0001-01-01",
            20260101,
        )
    if fact.unit in ("yes_no", "choice"):
        yield from (0, 1, 2, -1, 10**18, "true", "是", "yes", "no such option")
    else:
        yield from ("yes", 10**18, 10**30, -(10**18), "1" * 20)
        if fact.unit != "day":
            yield fact.lo - 1 if fact.unit == "count" else -(10**16)


def refusal_of(act: Any) -> PalmtaxError:
    """The refusal of an act that must not go through, and must not break in any other way."""
    with pytest.raises(PalmtaxError) as refusal:
        act()
    return refusal.value


def check_words(refusal: PalmtaxError, fact: rules.Fact) -> None:
    """The refusal names the fact in both languages and says how to mend it; the Chinese one is Chinese."""
    (zh, zh_hint), (en, en_hint) = refusal.words("zh"), refusal.words("en")
    assert fact.label in zh
    assert fact.label_en in en
    assert zh_hint
    assert en_hint
    assert len(refusal.values["reason"]) > 3
    assert len(refusal.values["reason_en"]) > 3
    own = [word for word in ENGLISH.findall(zh) if word not in fact.label + "".join(o.label for o in fact.options)]
    assert [word for word in own if word not in ("true", "false")] == []


def facts_of(code: str) -> Iterator[rules.Fact]:
    """The facts of a law that are no rows, and of each row one month."""
    known = traced(code, random.day_of(code)).facts
    firsts = [fact.parts[-1] if fact.each else fact for fact in rules.law(code).asked]
    return (fact for fact in firsts if fact.code in known)


@pytest.mark.parametrize("code", CODES)
def test_a_wrong_fact_is_refused_by_name(code: str) -> None:
    day = random.day_of(code)
    for fact in facts_of(code):
        for value in wrong(fact):
            refusal = refusal_of(lambda fact=fact, value=value: rules.assess(code, on=day, facts={fact.code: value}))
            assert isinstance(refusal, rules.FactRefused), (fact.code, value)
            check_words(refusal, fact)


@pytest.mark.parametrize("code", CODES)
def test_a_wrong_fact_as_people_write_it_is_refused_by_name(code: str) -> None:
    """Read as people write it and then assessed: refused by one of the two, by name."""
    day = random.day_of(code)
    for fact in facts_of(code):
        for value in wrong(fact):
            refusal = refusal_of(
                lambda fact=fact, value=value: rules.assess(
                    code, on=day, facts=rules.read_plain(code, {fact.code: value})
                )
            )
            assert isinstance(refusal, rules.FactRefused), (fact.code, value)
            check_words(refusal, fact)


@pytest.mark.parametrize("code", CODES)
def test_the_ends_of_every_range_are_taken_and_one_step_beyond_is_not(code: str) -> None:
    for fact in facts_of(code):
        if fact.unit in ("yes_no", "choice"):
            continue
        for inside, outside in ((fact.lo, fact.lo - 1), (fact.hi, fact.hi + 1)):
            given, beyond = (date.fromordinal(n) if fact.unit == "day" else n for n in (inside, outside))
            assert fact.read(given) == inside
            check_words(refusal_of(lambda fact=fact, beyond=beyond: fact.read(beyond)), fact)
            assert fact.read(fact.plain_value(fact.plain(inside))) == inside


@pytest.mark.parametrize("code", CODES)
def test_what_is_missing_is_named(code: str) -> None:
    day = random.day_of(code)
    needed = rules.missing(code, on=day, facts={})
    if not needed:
        rules.assess(code, on=day, facts={})
        return
    refusal = refusal_of(lambda: rules.assess(code, on=day, facts={}))
    assert isinstance(refusal, rules.FactMissing)
    for fact in traced(code, day).facts.values():
        if fact.code in refusal.values["facts"]:
            assert fact.label in refusal.words("zh")[0]
            assert fact.label_en in refusal.words("en")[0]
    assert set(needed) <= set(refusal.values["facts"])


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("name", ["no_such_fact", "", "销售额", "__class__", "a" * 10_000, "sales\n", 5])
def test_unknown_facts_are_refused(code: str, name: Any) -> None:
    day = random.day_of(code)
    for act in (
        lambda: rules.assess(code, on=day, facts={name: 1}),
        lambda: rules.read_plain(code, {name: "1"}),
        lambda: rules.missing(code, on=day, facts={name: 1}),
    ):
        refusal = refusal_of(act)
        assert isinstance(refusal, rules.FactRefused)
        assert refusal.values["fact"] == name


@pytest.mark.parametrize("code", [code for code in CODES if any(fact.each for fact in rules.law(code).asked)])
def test_rows_of_the_wrong_length_or_kind_are_refused(code: str) -> None:
    day = random.day_of(code)
    for fact in (fact for fact in rules.law(code).asked if fact.each):
        size = len(fact.parts)
        rows: list[Any] = [[0] * (size + 1), [0] * 10_000, {"1": 0}, "123", 5, 1.5, {1, 2}, [["0"]], [None, "x"]]
        rows += [[0] * (size - 1)] if fact.default is None else []
        for row in rows:
            for act in (
                lambda row=row, fact=fact: rules.assess(code, on=day, facts={fact.code: row}),
                lambda row=row, fact=fact: rules.assess(code, on=day, facts=rules.read_plain(code, {fact.code: row})),
            ):
                refusal = refusal_of(act)
                assert isinstance(refusal, rules.FactRefused)
                assert fact.label in refusal.words("zh")[0]


def test_unknown_laws_and_days_without_law_are_refused() -> None:
    for code in ("no_such_law", "", "../../etc", "vat_small_scale/../late_fee", "law"):
        refusal = refusal_of(lambda code=code: rules.assess(code, on=random.TODAY, facts={}))
        assert isinstance(refusal, rules.UnknownLaw)
        assert all(refusal.words("zh"))


@pytest.mark.parametrize("code", CODES)
def test_a_day_before_every_law_is_refused_in_words(code: str) -> None:
    refusal = refusal_of(lambda: rules.assess(code, on=date.min, facts={}))
    assert isinstance(refusal, rules.ParameterNotInForce)
    assert refusal.values["title"] in refusal.words("zh")[0]
    assert refusal.values["title_en"] in refusal.words("en")[0]
    assert not ENGLISH.search(refusal.words("zh")[0].replace(refusal.values["title"], ""))


STRANGE: dict[str, Any] = {
    "NaN": np.array([np.nan, 1.0]),
    "floats": np.array([1.0, 2.0], np.float32),
    "uint64": np.array([1, 2], np.uint64),
    "uint8": np.array([1, 2], np.uint8),
    "objects": np.array([1, None], object),
    "texts": np.array(["1", "2"]),
    "complex": np.array([1j, 2]),
    "big-endian": np.array([1, 2], ">i8"),
    "two-dimensional": np.array([[1, 2], [3, 4]]),
    "a number": np.array(5),
    "moments": np.array(["2026-01-01T00:00", "NaT"], "datetime64[m]"),
    "a list": [1, 2],
    "an int": 5,
    "a text": "12",
    "arrow nulls": pa.array([1, None]),
    "arrow floats": pa.array([1.0, 2.0]),
    "arrow texts": pa.array(["a", "b"]),
    "arrow decimals": pa.array([Decimal("1.5"), Decimal(2)]),
    "arrow unsigned": pa.array([1, 2], pa.uint64()),
    "arrow chunks": pa.chunked_array([pa.array([1]), pa.array([None], pa.int64())]),
}
"""Columns that are no whole numbers."""


@pytest.mark.parametrize("code", CODES)
def test_strange_columns_are_refused_by_name(code: str) -> None:
    day = random.day_of(code)
    good = random.taxpayers(traced(code, day), 2, 0)
    for fact in facts_of(code):
        for name, column in STRANGE.items():
            refusal = refusal_of(
                lambda all_facts={**good, fact.code: column}: rules.columns(code, on=day, facts=all_facts)
            )
            assert isinstance(refusal, rules.FactRefused), (fact.code, name)
            assert fact.label in refusal.words("zh")[0], name
            assert fact.label_en in refusal.words("en")[0]


@pytest.mark.parametrize("code", CODES)
def test_columns_out_of_range_are_refused_by_name(code: str) -> None:
    """In a few rows and in many, where the compiled kernel finds it."""
    day = random.day_of(code)
    rule = traced(code, day)
    for rows in (2, MANY):
        good = random.taxpayers(rule, rows, 0, 10**6)
        for fact in list(facts_of(code))[:3] if rows > 2 else facts_of(code):
            if fact.unit == "yes_no":
                continue
            for bad in (fact.lo - 1, fact.hi + 1, 2**63 - 1, -(2**63)):
                column = good[fact.code].copy()
                column[-1] = bad
                refusal = refusal_of(
                    lambda all_facts={**good, fact.code: column}: rules.columns(code, on=day, facts=all_facts)
                )
                assert isinstance(refusal, rules.FactRefused), (fact.code, bad)
                assert fact.label in refusal.words("zh")[0]


@pytest.mark.parametrize("code", CODES)
def test_columns_of_different_lengths_are_refused(code: str) -> None:
    day = random.day_of(code)
    good = random.taxpayers(traced(code, day), 5, 0)
    if len(good) == 1:
        return
    first = next(iter(good))
    refusal = refusal_of(lambda: rules.columns(code, on=day, facts={**good, first: good[first][:3]}))
    assert isinstance(refusal, rules.FactRefused)
    assert "[3, 5]" in refusal.words("zh")[0]
