"""Invented persons with a year of wages: facts of the law `iit_year` as columns, and as files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.ipc

from demo.population.files import packed

Column = npt.NDArray[Any]
MONTHS = range(1, 13)
FACTS = (
    *(f"{row}_{month:02d}" for row in ("wage", "social_insurance", "additional_deductions") for month in MONTHS),
    "medical_self_paid", "labour_income", "labour_withheld",
)  # fmt: skip
"""All facts of the law, fen."""


def persons(rows: int, dtype: type[np.signedinteger[Any]], seed: int = 2026) -> dict[str, Column]:
    """Columns `(n,)` fen: wages around 9,500 yuan a month with a long tail, few with large bills or other income."""
    draw = np.random.default_rng(seed)
    monthly = np.minimum(draw.lognormal(13.7, 0.75, rows), 5e7)
    found: dict[str, Column] = {}
    steps = np.array([0, 100_000, 150_000, 200_000, 300_000, 450_000])
    claimed = steps[draw.integers(0, len(steps), rows)].astype(dtype)
    for month in MONTHS:
        found[f"wage_{month:02d}"] = (monthly * draw.uniform(0.9, 1.1, rows)).astype(dtype)
    for month in MONTHS:
        found[f"social_insurance_{month:02d}"] = (np.minimum(monthly, 3.5e6) * 0.105).astype(dtype)
    for month in MONTHS:
        found[f"additional_deductions_{month:02d}"] = claimed.copy()
    found["medical_self_paid"] = np.where(draw.random(rows) < 0.05, draw.integers(0, 12_000_000, rows), 0).astype(dtype)
    labour = np.where(draw.random(rows) < 0.08, draw.integers(0, 8_000_000, rows), 0)
    found["labour_income"] = labour.astype(dtype)
    found["labour_withheld"] = (labour * 0.16).astype(dtype)
    return found


def write_files(folder: Path, rows: int, batch_rows: int) -> tuple[Path, Path]:
    """The same persons as an Arrow file (int32, to be mapped into memory) and as Parquet written as the population's."""
    arrow, parquet = folder / "persons.arrow", folder / "persons.parquet"
    schema = pa.schema([pa.field(name, pa.int32(), nullable=False) for name in FACTS])
    with (
        pyarrow.ipc.new_file(arrow, schema) as mapped,
        packed(parquet, schema) as writer,
    ):
        for first in range(0, rows, batch_rows):
            columns = persons(min(batch_rows, rows - first), np.int32, seed=first)
            batch = pa.record_batch([columns[name] for name in FACTS], schema=schema)
            mapped.write_batch(batch)
            writer.write_batch(batch)
    return arrow, parquet
