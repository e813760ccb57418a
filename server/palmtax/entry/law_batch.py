"""A law over a Parquet file, row group by row group: bounded memory, whole file or none."""

from __future__ import annotations

import importlib
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import click

from palmtax import rules


@dataclass(frozen=True, slots=True)
class Done:
    """How much was computed."""

    rows: int
    seconds: float


def run(
    tax: str,
    source: Path,
    target: Path,
    *,
    on: date,
    outputs: Sequence[str],
    what_if: Mapping[str, object],
    keep: Sequence[str],
    tell: Callable[[str], None],
) -> Done:
    """Computes every row group; the target appears only when all of it is written.

    Raises what `rules.columns` raises; `click.ClickException` when the file is not Parquet or lacks a column.
    """
    parquet, arrow = importlib.import_module("pyarrow.parquet"), importlib.import_module("pyarrow")
    try:
        file = parquet.ParquetFile(source)
    except arrow.ArrowException as problem:
        raise click.ClickException(f"不是 Parquet 文件 / not a Parquet file: {source}: {problem}") from problem
    facts = {fact.code for fact in rules.law(tax).facts}
    columns = [name for name in file.schema_arrow.names if name in facts]
    lost = set(keep) - set(file.schema_arrow.names)
    strange = sorted(set(file.schema_arrow.names) - facts - set(keep))
    if lost or strange:
        raise click.ClickException(
            f"列不符 / columns: 没有 missing {sorted(lost)}; 不认识 unknown {strange} (--keep 列名 carries one over)"
        )
    started, rows, part = time.monotonic(), 0, target.with_name(f"{target.name}.part")
    writer: Any = None
    try:
        for group in range(file.num_row_groups):
            table = file.read_row_group(group, columns=[*columns, *keep])
            found = rules.columns(
                tax, on=on, facts={name: _column(table, name) for name in columns}, outputs=outputs, what_if=what_if
            )
            result = arrow.table({name: table[name] for name in keep} | found)
            writer = writer or parquet.ParquetWriter(part, result.schema, compression="lz4")
            writer.write_table(result)
            rows += len(table)
            tell(f"  {group + 1}/{file.num_row_groups}  {rows:,}")
    finally:
        if writer is not None:
            writer.close()
    if writer is None:
        raise click.ClickException(f"文件里没有一行 / the file has no rows: {source}")
    part.replace(target)
    return Done(rows, time.monotonic() - started)


def _column(table: Any, name: str) -> Any:
    column = table[name]
    if column.null_count:
        raise rules.FactRefused.of(name, name, name, "nulls")
    return column.to_numpy()
