"""Ten million persons under two regimes, from a file to a table by decile: Arrow mapped into memory, and Parquet."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.ipc
import pyarrow.parquet

from bench.rules_persons import write_files
from bench.table import Section, reached
from palmtax import rules

BATCH_ROWS = 100_000
SAMPLE = 100
ROUNDS = 8
ARROW_AIM_SECONDS, PARQUET_AIM_SECONDS = 0.3, 1.0
INCOME, TAX = "comprehensive_income", "annual_tax"

Table = dict[str, dict[str, list[int]]]


def _ends(law: str, day: date, table: Any) -> list[int]:
    """Ends of the tenths of income, fen, by one person in a hundred (the first of each batch; persons are in no order)."""
    part = pa.Table.from_batches([batch.slice(0, max(1, len(batch) // SAMPLE)) for batch in table.to_batches()])
    income = rules.columns(law, on=day, facts=part, outputs=(INCOME,))[INCOME]
    return [int(end) for end in np.quantile(income, [tenth / 10 for tenth in range(1, 10)])]


def _regimes(law: str) -> dict[str, Mapping[str, object]]:
    return {"now": {}, "then": {f"{law}.basic_deduction_month": "6000"}}


def _by_decile(law: str, day: date, table: Any, ends: list[int], threads: int | None = None) -> Table:
    return rules.by_band(
        law, on=day, facts=table, scenarios=_regimes(law), outputs=(TAX,), line=INCOME, ends=ends, threads=threads
    )


def from_arrow(law: str, day: date, path: Path) -> Table:
    """Columns are read where the system maps the file."""
    with pa.memory_map(str(path)) as mapped:
        table = pyarrow.ipc.open_file(mapped).read_all()
        return _by_decile(law, day, table, _ends(law, day, table))


def from_parquet(law: str, day: date, path: Path) -> Table:
    """Each thread decodes a row group and computes it while it is in the cache or near."""
    own = threading.local()
    with pyarrow.parquet.ParquetFile(path, memory_map=True) as file:
        groups = file.num_row_groups
        ends = _ends(law, day, file.read_row_group(0).slice(0, BATCH_ROWS // 2))

    def one(group: int) -> Table:
        if not hasattr(own, "file"):
            own.file = pyarrow.parquet.ParquetFile(path, memory_map=True)
        return _by_decile(law, day, own.file.read_row_group(group, use_threads=False), ends, threads=1)

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return _together(list(pool.map(one, range(groups))))


def _together(parts: list[Table]) -> Table:
    return {
        regime: {
            name: [sum(band) for band in zip(*(part[regime][name] for part in parts), strict=True)] for name in names
        }
        for regime, names in parts[0].items()
    }


def _shown(table: Table) -> str:
    lines = ["decile     persons          now, yuan         then, yuan         change"]
    rows = zip(table["now"]["rows"], table["now"][TAX], table["then"][TAX], strict=True)
    for decile, (count, now, then) in enumerate(rows, 1):
        lines.append(f"{decile:6d}  {count:10,d} {now / 100:18,.2f} {then / 100:18,.2f} {(then - now) / 100:18,.2f}")
    return "\n".join(lines)


def add(section: Section, law: str, day: date, folder: Path, rows: int) -> None:
    """Both files, made first."""
    arrow, parquet = write_files(folder, rows, BATCH_ROWS)
    sizes = {path: path.stat().st_size / 1e9 for path in (arrow, parquet)}
    found: list[Table] = []
    for what, call, path, aim in (
        ("Arrow (memory-mapped, int32)", from_arrow, arrow, ARROW_AIM_SECONDS),
        ("Parquet (lz4, int32)", from_parquet, parquet, PARQUET_AIM_SECONDS),
    ):
        taken, worked = [], []
        for _ in range(ROUNDS):
            began, busy = time.perf_counter(), time.process_time()
            table = call(law, day, path)
            taken.append(time.perf_counter() - began)
            worked.append(time.process_time() - busy)
        found.append(table)
        section.add(
            f"{rows / 1e6:.0f} M persons × two regimes to a decile table, from {what}", f"{min(taken):.2f} s",
            f"{sizes[path]:.2f} GB, {rows / 1e6 / min(taken):.0f} M persons/s; processor time {min(worked):.2f} s; of "
            + " · ".join(f"{each:.2f}" for each in taken),
            f"≤ {aim} s", reached(min(taken) <= aim),
        )  # fmt: skip
    tax = [sum(table["then"][TAX]) for table in found]
    section.notes.append(
        f"both files give the same sum: {'yes' if tax[0] == tax[1] else 'NO'} ({tax[0] / 100:,.2f} yuan)"
    )
    section.blocks.append(("the decile table (basic deduction 5,000 and 6,000 yuan a month)", _shown(found[0])))
