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

    Raises what `rules.columns` raises; `click.ClickException` when a file cannot be read or written, or a column does
    not fit.
    """
    parquet, arrow = importlib.import_module("pyarrow.parquet"), importlib.import_module("pyarrow")
    part = target.with_name(f"{target.name}.part")
    if target.exists() and target.samefile(source):
        raise click.ClickException(f"输出不能覆盖输入 / the result must not overwrite its source: {target}")
    started = time.monotonic()
    try:
        with parquet.ParquetFile(source) as file:
            columns = _columns(tax, file.schema_arrow.names, keep)
            rows = _write(parquet, arrow, file, part, columns, keep, tell, _Rule(tax, on, outputs, what_if))
        part.replace(target)
    except (arrow.ArrowException, OSError) as problem:
        raise click.ClickException(
            f"Parquet 文件读写不了 / cannot be read or written: {source}: {problem}"
        ) from problem
    finally:
        part.unlink(missing_ok=True)
    return Done(rows, time.monotonic() - started)


@dataclass(frozen=True, slots=True)
class _Rule:
    tax: str
    on: date
    outputs: Sequence[str]
    what_if: Mapping[str, object]

    def apply(self, facts: Mapping[str, Any]) -> dict[str, Any]:
        """The columns of the results."""
        return rules.columns(self.tax, on=self.on, facts=facts, outputs=self.outputs, what_if=self.what_if)


def _columns(tax: str, names: Sequence[str], keep: Sequence[str]) -> list[str]:
    """The columns that are facts; the others must be asked for by name."""
    facts = {fact.code for fact in rules.law(tax).facts}
    lost, strange = set(keep) - set(names), sorted(set(names) - facts - set(keep))
    if lost or strange or len(set(names)) < len(names):
        twice = sorted({name for name in names if list(names).count(name) > 1})
        raise click.ClickException(
            f"列不符 / columns: 没有 missing {sorted(lost)}; 不认识 unknown {strange} (--keep 列名 carries one over); "
            f"重复 twice {twice}"
        )
    return [name for name in names if name in facts]


def _write(
    parquet: Any,
    arrow: Any,
    file: Any,
    part: Path,
    columns: Sequence[str],
    keep: Sequence[str],
    tell: Callable[[str], None],
    rule: _Rule,
) -> int:
    """Write the results of all row groups; how many rows."""
    choices = {fact.code for fact in rules.law(rule.tax).facts if fact.unit == "choice"}
    rows, writer = 0, None
    try:
        for group in range(file.num_row_groups):
            table = file.read_row_group(group, columns=[*columns, *(name for name in keep if name not in columns)])
            found = rule.apply({name: _column(arrow, table[name], is_choice=name in choices) for name in columns})
            double = sorted(found.keys() & set(keep))
            if double:
                raise click.ClickException(f"列名与结果同名 / named like a result: {double}")
            result = arrow.table({name: table[name] for name in keep} | found)
            writer = writer or parquet.ParquetWriter(part, result.schema, compression="lz4")
            writer.write_table(result)
            rows += len(table)
            tell(f"  {group + 1}/{file.num_row_groups}  {rows:,}")
    finally:
        if writer is not None:
            writer.close()
    if not rows:
        raise click.ClickException("文件里没有一行 / the file has no rows")
    return rows


def _column(arrow: Any, column: Any, *, is_choice: bool) -> Any:
    """The column as `rules.columns` takes it; options may be written by their codes."""
    if is_choice and (arrow.types.is_string(column.type) or arrow.types.is_large_string(column.type)):
        return column.dictionary_encode()
    return column
