"""Columns of one row group: mapped into memory from the decoded file, or decoded from Parquet where that is not there."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from palmtax.insight.store.page import Group

MOST_OPEN = 64


@lru_cache(maxsize=MOST_OPEN)
def _mapped(path: Path, _changed: int) -> Any:
    return pa.ipc.open_file(pa.memory_map(str(path)))


@lru_cache(maxsize=MOST_OPEN)
def _parquet(path: Path, _changed: int) -> Any:
    return pq.ParquetFile(path, memory_map=True)


def read_group(group: Group, columns: Sequence[str], source: str = "arrow") -> dict[str, Any]:
    """The columns asked for as numpy arrays, without copying where they are mapped; yes/no as bool."""
    decoded = group.path.with_suffix(".arrow")
    if source == "arrow" and decoded.exists():
        table = _mapped(decoded, decoded.stat().st_mtime_ns).get_batch(group.place)
        found = {name: table.column(name) for name in columns}
    else:
        path = group.path.with_suffix(".parquet")
        file = _parquet(path, path.stat().st_mtime_ns)
        table = file.read_row_group(group.place, columns=list(columns), use_threads=False)
        found = {name: table.column(name) for name in columns}
    return {name: _numbers(column) for name, column in found.items()}


def _numbers(column: Any) -> Any:
    if isinstance(column, pa.ChunkedArray):  # to put together even a single chunk would copy it
        column = column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()
    return column.to_numpy(zero_copy_only=False)
