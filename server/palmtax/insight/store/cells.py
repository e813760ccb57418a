"""The finished cells of a study: one small Parquet file, grouped by DuckDB over Arrow in any two directions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from palmtax.insight.model.tally import MEASURES, Tally

DIMENSIONS = ("decile", "industry", "city", "band")


def table_of(tallies: Mapping[str, Tally]) -> pa.Table:
    """A row for every cell that has taxpayers: law, places of decile, industry, city, band, and the measures."""
    tables = []
    for law, tally in tallies.items():
        filled = np.flatnonzero(tally.cells[:, 0])
        places = np.unravel_index(filled, tally.shape.sizes)
        columns: dict[str, Any] = {"law": pa.array([law] * len(filled), pa.string())}
        columns |= {name: pa.array(place.astype(np.int8)) for name, place in zip(DIMENSIONS, places, strict=True)}
        columns |= {name: pa.array(tally.cells[filled, n]) for n, name in enumerate(MEASURES)}
        tables.append(pa.table(columns))
    return pa.concat_tables(tables)


def as_file(table: pa.Table) -> bytes:
    """The cells as the bytes of a Parquet file."""
    out = pa.BufferOutputStream()
    pq.write_table(table, out, compression="zstd")
    return bytes(out.getvalue().to_pybytes())


def from_file(content: bytes) -> pa.Table:
    """The cells again."""
    return pq.read_table(pa.BufferReader(content))


def grouped(table: pa.Table, law: str, by: Sequence[str]) -> list[dict[str, Any]]:
    """The measures of one law summed by the dimensions named (each one of DIMENSIONS), exact, in the order of their places."""
    names = [name for name in DIMENSIONS if name in by]
    sums = ", ".join(f"sum({name}) as {name}" for name in MEASURES)
    keys = ", ".join(names)
    with duckdb.connect(":memory:", config={"threads": 1}) as work:
        work.register("cells", table)
        head = (
            f"select {keys}, {sums} from cells where law = $law"
            if names
            else f"select {sums} from cells where law = $law"
        )
        tail = f" group by {keys} order by {keys}" if names else ""
        found = work.execute(head + tail, {"law": law})
        columns = [column[0] for column in found.description or ()]
        rows = found.fetchall()
    return [{name: int(value or 0) for name, value in zip(columns, row, strict=True)} for row in rows]
