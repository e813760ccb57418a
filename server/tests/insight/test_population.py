"""The invented province: the same from the same seed, whatever the cut; marked as invented; plausible."""

from __future__ import annotations

import json

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from insight.make import ENTERPRISES, GROUP_ROWS, PERSONS

from demo.population import files, make
from demo.population.drawing import BLOCK
from demo.population.make import PopulationFault
from palmtax.insight.store.groups import read_group
from palmtax.insight.store.page import PAGE, find_population


def test_the_same_seed_gives_the_same_rows_whatever_the_row_groups(tmp_path, people):
    again = make.make(tmp_path, persons_count=PERSONS, enterprises_count=ENTERPRISES, seed=7, group_rows=2 * BLOCK)
    assert again["fingerprint"] == people.fingerprint
    assert len(people.groups("persons")) == 3
    assert again["bounds_fen"] == people.raw["bounds_fen"]
    other = make.make(tmp_path, persons_count=PERSONS, enterprises_count=ENTERPRISES, seed=8)
    assert other["fingerprint"] != people.fingerprint


@pytest.mark.slow
def test_several_processes_and_parts_write_what_one_writes(tmp_path, monkeypatch, people):
    monkeypatch.setattr(make, "PART_ROWS", BLOCK)
    parts = list(make._parts("persons", PERSONS, 7, BLOCK, tmp_path))
    written = {w.part.first: w for w in make._write_all(parts, processes=2)}
    assert sorted(written) == [0, BLOCK, 2 * BLOCK]
    for group in people.groups("persons"):
        table = pq.read_table(tmp_path / "persons" / f"{parts[group.number].name}.parquet")
        kept = read_group(group, table.column_names)
        for name in table.column_names:
            assert np.array_equal(table.column(name).to_numpy(), kept[name]), name


def test_a_small_province_begins_as_a_large_one(people):
    block = files.BLOCKS["persons"](7, 0)
    kept = read_group(people.groups("persons")[0], ["wage_01", "city"])
    assert np.array_equal(block["wage_01"][:GROUP_ROWS], kept["wage_01"])
    assert np.array_equal(block["city"][:GROUP_ROWS], kept["city"])


def test_both_files_hold_the_same(people):
    for kind in ("persons", "enterprises"):
        for group in people.groups(kind):
            names = sorted(people.columns(kind))
            decoded, parquet = read_group(group, names), read_group(group, names, "parquet")
            assert all(np.array_equal(decoded[name], parquet[name]) for name in names)
            assert {len(column) for column in decoded.values()} == {group.rows}


def test_every_file_says_that_it_is_invented(folder):
    assert json.loads((folder / PAGE).read_text())["invented"] is True
    for path in sorted(folder.glob("*/part-*")):
        schema = pq.read_schema(path) if path.suffix == ".parquet" else pa.ipc.open_file(str(path)).schema
        assert schema.metadata[b"palmtax.invented"] == b"true", path.name
        assert "虚构" in schema.metadata[b"palmtax.note"].decode()


def test_persons_are_39_facts_in_int32_and_plausible(people):
    columns = [read_group(g, sorted(people.columns("persons"))) for g in people.groups("persons")]
    all_of = {name: np.concatenate([c[name] for c in columns]) for name in columns[0]}
    facts = [name for name in all_of if all_of[name].dtype == np.int32]
    assert len(facts) == 39
    assert all(all_of[name].min() >= 0 for name in facts)
    wages = sum(all_of[f"wage_{m:02d}"].astype(np.int64) for m in range(1, 13))
    assert np.array_equal(all_of["income_fen"], wages + all_of["labour_income"])
    assert 5_000_000 < np.median(wages) < 12_000_000
    assert 0.001 < (wages > 96_000_000).mean() < 0.02
    bonus = all_of["wage_12"] > 2 * all_of["wage_06"].clip(1)
    assert 0.05 < bonus.mean() < 0.5
    working = all_of["wage_01"] > 0
    assert (all_of["social_insurance_01"][~working] == 0).all()
    assert len(np.unique(all_of["city"])) == 21


def test_enterprises_are_mostly_small(people):
    names = ["vat_kind", "income_fen", "ordinary_sales", "standard_sales", "band"]
    columns = [read_group(g, names) for g in people.groups("enterprises")]
    kind, income = (np.concatenate([c[name] for c in columns]) for name in ("vat_kind", "income_fen"))
    assert 0.6 < (kind == 0).mean() < 0.85
    assert income[kind == 0].max() <= 500_000_000
    small = np.concatenate([c["ordinary_sales"][c["vat_kind"] == 1] for c in columns])
    assert (small == 0).all()


def test_tenths_are_exact(people):
    income = np.sort(np.concatenate([read_group(g, ["income_fen"])["income_fen"] for g in people.groups("persons")]))
    assert people.bounds_fen("persons") == tuple(int(income[PERSONS * n // 10 - 1]) for n in range(1, 10))


def test_a_half_written_province_is_none(tmp_path):
    make.make(tmp_path, persons_count=10, enterprises_count=10, seed=1)
    assert find_population(tmp_path).rows("persons") == 10
    (tmp_path / PAGE).write_text('{"format": 1')
    assert find_population(tmp_path) is None
    (tmp_path / PAGE).unlink()
    assert find_population(tmp_path) is None


@pytest.mark.parametrize(("persons", "group_rows"), [(0, BLOCK), (10, 1000), (10, 3 * BLOCK)])
def test_impossible_sizes_are_refused_and_nothing_is_lost(tmp_path, persons, group_rows):
    make.make(tmp_path, persons_count=10, enterprises_count=10, seed=1)
    with pytest.raises(PopulationFault):
        make.make(tmp_path, persons_count=persons, enterprises_count=10, seed=1, group_rows=group_rows)
    assert find_population(tmp_path).rows("persons") == 10
