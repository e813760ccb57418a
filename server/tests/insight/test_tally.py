"""Tallies are exact, add up in any order, and survive being kept."""

from __future__ import annotations

from collections import deque
from pathlib import Path

import numpy as np
import pytest
from insight.make import DEDUCTION, THRESHOLD, question
from insight.plainly import tally_plainly

from palmtax import rules
from palmtax.insight.actions import computing
from palmtax.insight.actions.cliffs import cliffs_and_curve
from palmtax.insight.adapters.bundles import next_bundle
from palmtax.insight.model.kinds import every_kind, find_kind
from palmtax.insight.model.tally import EDGES_FEN, Rows, Shape, Tally, bar_limits, packed, tally_of, unpacked
from palmtax.insight.store.cells import as_file, from_file, grouped, table_of
from palmtax.insight.store.groups import read_group
from palmtax.rules.kernel import compiled

SHAPE = Shape(3, 2, 2)


def rows_of(before, after, **more):
    """Rows whose income is the place of their tenth."""
    n = len(before)
    zero = np.zeros(n, np.int8)
    values = dict.fromkeys(("industry", "city", "band"), zero) | more
    income = np.array(values.pop("decile", zero), np.int64)
    burdens = (np.array(side, np.int64) for side in (before, after))
    return Rows(np.arange(n), income, *burdens, **values, bounds_fen=tuple(range(9)))


def same(found: Tally, expected: Tally) -> bool:
    """Every sum and every row kept."""
    return packed({"x": found}, []) == packed({"x": expected}, [])


def drawn(n: int, seed: int, *, spread: int = 10**6, step: int = 1):
    """Rows of random tenths, codes and burdens; `step` makes equal changes."""
    draw = np.random.default_rng(seed)
    codes = {"industry": 3, "city": 2, "band": 2}
    places = {name: draw.integers(0, size, n).astype(np.int8) for name, size in codes.items()}
    before = draw.integers(-(10**9), 10**12, n)
    change = np.where(draw.random(n) < 0.4, 0, draw.integers(-spread, spread, n) // step * step)
    return rows_of(before, before + change, decile=draw.integers(0, 10, n), **places)


@pytest.mark.parametrize("rows", [1, 7, 8, 9, 401, 5003])
@pytest.mark.parametrize(("spread", "step"), [(10**6, 1), (2 * 10**7, 10**6), (200, 100)])
def test_the_tally_is_what_one_would_write_down(rows, spread, step):
    given = drawn(rows, rows, spread=spread, step=step)
    assert same(tally_of(given, SHAPE), tally_plainly(given, SHAPE))


@pytest.mark.parametrize("where", ["first", "last", "sorted"])
def test_the_most_extreme_rows_are_kept_wherever_they_stand(where):
    given = drawn(9001, 5)
    change = np.sort(given.delta_fen)
    change = {"first": change, "last": change[::-1], "sorted": np.sort(np.abs(change))}[where]
    given = rows_of(given.before_fen, given.before_fen + change)
    assert same(tally_of(given, SHAPE), tally_plainly(given, SHAPE))


def test_without_a_compiler_the_tally_is_the_same(monkeypatch):
    given = drawn(9001, 11, step=1000)
    expected = tally_of(given, SHAPE)
    monkeypatch.setattr(compiled, "machine", lambda: None)
    assert same(tally_of(given, SHAPE), expected)


def test_a_code_that_is_not_one_is_refused():
    with pytest.raises(ValueError, match="below 3"):
        tally_of(rows_of([1], [2], industry=np.array([3], np.int8)), SHAPE)
    with pytest.raises(ValueError, match="below 2"):
        tally_of(rows_of([1], [2], city=np.array([-1], np.int8)), SHAPE)


def test_groups_computed_together_are_the_sum_of_each(people):
    asked = question("iit_year", **DEDUCTION)
    jobs = [
        computing.Job(people.folder, people.fingerprint, "iit_year", group.number, asked)
        for group in people.groups("persons")
    ]
    done = computing.compute_apart(jobs)
    whole = Tally(done.tally.shape)
    for job in jobs:
        whole.add(computing.compute(job).tally)
    assert same(done.tally, whole)
    assert done.groups == (0, 1, 2)
    assert done.rows == sum(group.rows for group in people.groups("persons"))


def test_bundles_take_every_group_once_and_one_law_each():
    waiting = deque(
        computing.Job(Path(), "", law, group, question(law))
        for law in ("iit_year", "cit_annual")
        for group in range(90)
    )
    expected, found = list(waiting), []
    while waiting:
        bundle = next_bundle(waiting, 2)
        assert len({job.law for job in bundle}) == 1
        found += bundle
    assert found == expected


@pytest.mark.parametrize("law", every_kind())
def test_parquet_holds_what_the_decoded_file_holds(people, law):
    kind = find_kind(law)
    names = sorted({*computing.LABELS, *computing.facts_needed(people, kind).values()})
    for group in people.groups(kind.population):
        decoded, packed_columns = (read_group(group, names, source) for source in ("arrow", "parquet"))
        assert all(np.array_equal(decoded[name], packed_columns[name]) for name in names)


def test_every_change_falls_into_its_bar():
    changes = [
        -20_000_000,
        EDGES_FEN[0],
        EDGES_FEN[0] + 1,
        -10_000,
        -9_999,
        -1,
        0,
        1,
        10_000,
        10_001,
        10_000_000,
        10_000_001,
    ]
    bars = tally_of(rows_of([0] * len(changes), changes), SHAPE).bars
    limits = bar_limits()
    assert len(bars) == len(limits)
    for change in changes:
        fits = [
            n
            for n, (low, high) in enumerate(limits)
            if (low, high) == (0, 0) == (change, 0)
            or (change and (low, high) != (0, 0) and (low is None or low < change) and (high is None or change <= high))
        ]
        assert len(fits) == 1, (change, fits)
        assert bars[fits[0]] >= 1
    assert bars.sum() == len(changes)


def test_sums_beyond_doubles_are_exact():
    big = 2**52
    found = tally_of(rows_of([big + 1, big + 1, 1], [0, 0, 0]), SHAPE)
    assert int(found.cells[:, 1].sum()) == 2 * big + 3
    assert found.gain_fen == 2 * big + 3


def test_tallies_add_up_in_any_order(people):
    kind = find_kind("iit_year")
    asked = question("iit_year", **DEDUCTION)
    groups = people.groups("persons")
    shape = computing.shape_of(people, kind)
    tallies = [tally_of(computing.rows_of(people, kind, g, asked), shape) for g in groups]

    def total(order):
        whole = Tally(shape)
        for place in order:
            whole.add(tallies[place])
        return packed({"iit_year": whole}, [])

    assert total([0, 1, 2]) == total([2, 0, 1])


def test_what_is_kept_is_read_again(people):
    shape = Shape(3, 2, 2)
    tally = tally_of(rows_of([5, 6], [4, 9]), shape)
    content = packed({"x": tally}, {("x", 3), ("x", 1)})
    found, done = unpacked(content, {"x": shape})
    assert done == {("x", 1), ("x", 3)}
    assert np.array_equal(found["x"].cells, tally.cells)
    assert (found["x"].extremes, found["x"].gain_fen, found["x"].loss_fen) == (tally.extremes, 1, 3)
    with pytest.raises(ValueError, match="x"):
        unpacked(content, {"x": Shape(4, 2, 2)})


def test_grouping_by_duckdb_gives_the_same_sums():
    draw = np.random.default_rng(3)
    n = 5000
    codes = {"decile": 10, "industry": 3, "city": 2, "band": 2}
    places = {name: draw.integers(0, size, n).astype(np.int8) for name, size in codes.items()}
    before, after = draw.integers(-(10**9), 10**12, n), draw.integers(0, 10**12, n)
    rows = rows_of(before, after, **places)
    table = from_file(as_file(table_of({"x": tally_of(rows, SHAPE)})))
    for row in grouped(table, "x", ("decile", "city")):
        keep = (places["decile"] == row["decile"]) & (places["city"] == row["city"])
        assert row["rows"] == keep.sum()
        assert row["before_fen"] == before[keep].sum()
        assert row["winners"] == (after < before)[keep].sum()
    assert grouped(table, "x", ())[0]["after_fen"] == after.sum()


@pytest.mark.parametrize("law", every_kind())
def test_a_row_of_columns_is_what_the_assessment_says(people, law):
    """One in a hundred rows, both regimes, by the explained assessment of one taxpayer."""
    from palmtax.insight.actions import cases

    kind = find_kind(law)
    changes = {"iit_year": DEDUCTION, "vat_small_scale_return": THRESHOLD}.get(law, {})
    asked, group = question(law, **changes), people.groups(kind.population)[-1]
    rows = computing.rows_of(people, kind, group, asked)
    place = cases.Place(people, kind, None)
    assert len(rows.row) > 500
    for at in range(0, len(rows.row), 100):
        given = cases._given(place, group, int(rows.row[at]))
        for burden, what_if in ((rows.before_fen, {}), (rows.after_fen, changes)):
            one = rules.assess(law, on=asked.on, facts=given, what_if=what_if)
            lines = {line.code: line.value for line in one.lines}
            assert burden[at] == sum(lines[name] for name in kind.outputs) - sum(lines[name] for name in kind.less)
            if law == "iit_year":
                withheld = sum(one.outputs[f"withheld_{month:02d}"] for month in range(1, 13))
                assert burden[at] == withheld + given["labour_withheld"] + one.outputs["balance"]


def test_cliffs_are_found_to_the_yuan():
    found = cliffs_and_curve(find_kind("vat_small_scale_return"), question("vat_small_scale_return", **THRESHOLD))
    (before,), (after,) = found["cliffs_before"], found["cliffs_after"]
    assert before["at_fen"] <= 30_000_000 <= before["to_fen"]
    assert after["at_fen"] <= 45_000_000 <= after["to_fen"]
    assert before["extra_burden_fen"] > 300_000
    assert before["is_new"]
    assert after["is_new"]
    same = cliffs_and_curve(find_kind("vat_small_scale_return"), question("vat_small_scale_return"))
    assert not same["cliffs_after"][0]["is_new"]
    assert all(point["before_fen"] == point["after_fen"] for point in same["curve"])


def test_each_scale_without_a_jump_has_no_cliff_for_wages_alone():
    found = cliffs_and_curve(find_kind("iit_year"), question("iit_year"))
    assert [c for c in found["cliffs_before"] if c["typical"] == "employee"] == []
