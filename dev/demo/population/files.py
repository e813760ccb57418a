"""One part of the province as files: lz4 Parquet in row groups, and beside it the same columns decoded for mapping into memory."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from demo.population import enterprises, persons, words
from demo.population.drawing import BLOCK, Column

PART_ROWS = 1 << 20
"""Rows of one file (128 blocks); the last part has fewer."""

BLOCKS: dict[str, Callable[[int, int], dict[str, Column]]] = {
    "persons": persons.block,
    "enterprises": enterprises.block,
}
REPEATED = ("additional_deductions", "city", "industry", "band", "vat_kind", "place_kind")
MOSTLY_ZERO = ("medical_self_paid", "labour_")
_TYPES: dict[str, pa.DataType] = {"b": pa.bool_(), "int8": pa.int8(), "int32": pa.int32(), "int64": pa.int64()}


@dataclass(frozen=True, slots=True)
class Part:
    """What is to be written: rows `first` to `first + rows` of a kind, in row groups of `group_rows`."""

    kind: str
    seed: int
    number: int
    first: int
    rows: int
    group_rows: int
    folder: Path

    @property
    def name(self) -> str:
        """The file's name without its end."""
        return f"part-{self.number:05d}"


@dataclass(frozen=True, slots=True)
class Written:
    """What was written: the digest of its content (not of its row groups), bytes, and the column the bounds come from."""

    part: Part
    digest: str
    parquet_bytes: int
    arrow_bytes: int
    income_fen: Column
    vat_kind: Column


def schema_of(kind: str, seed: int) -> pa.Schema:
    """Columns and types; the metadata says that it is invented and how it was made."""
    sample = BLOCKS[kind](seed, 0)
    fields = [
        pa.field(name, _TYPES["b" if v.dtype == bool else v.dtype.name], nullable=False) for name, v in sample.items()
    ]
    told = {"palmtax.invented": "true", "palmtax.note": words.INVENTED, "palmtax.kind": kind, "palmtax.seed": str(seed)}
    return pa.schema(fields, metadata=told)


def write(part: Part) -> Written:
    """Draw the rows and write both files under temporary names first, so that a killed run leaves no half file."""
    folder = part.folder / part.kind
    folder.mkdir(parents=True, exist_ok=True)
    schema = schema_of(part.kind, part.seed)
    digest = hashlib.blake2b(digest_size=16)
    incomes, kinds = [], []
    paths = {end: folder / f"{part.name}.{end}" for end in ("parquet", "arrow")}
    drafts = {end: path.with_suffix(f".{end}.writing") for end, path in paths.items()}
    with (
        packed(drafts["parquet"], schema) as parquet,
        pa.OSFile(str(drafts["arrow"]), "wb") as out,
        pa.ipc.new_file(out, schema) as arrow,
    ):
        for group in _groups(part, digest):
            batch = pa.record_batch([pa.array(group[field.name], field.type) for field in schema], schema=schema)
            parquet.write_batch(batch, row_group_size=part.group_rows)
            arrow.write_batch(batch)
            incomes.append(group["income_fen"])
            kinds.append(group.get("vat_kind", np.empty(0, np.int8)))
    for end, draft in drafts.items():
        draft.replace(paths[end])
    sizes = {end: path.stat().st_size for end, path in paths.items()}
    return Written(
        part, digest.hexdigest(), sizes["parquet"], sizes["arrow"], np.concatenate(incomes), np.concatenate(kinds)
    )


def packed(path: Path, schema: pa.Schema) -> Any:
    """A Parquet file that is quick to read, which matters more than its size.

    Columns of few values as dictionaries (lz4 finds nothing more in them); the bytes of amounts apart, so that lz4 finds the high
    ones, which repeat, and copies the low ones; amounts that are mostly 0 just as they are, with lz4.
    """
    repeated = [name for name in schema.names if name.startswith(REPEATED)]
    amounts = [
        field.name for field in schema
        if field.name not in repeated and not field.name.startswith(MOSTLY_ZERO) and field.type in (pa.int32(), pa.int64())
    ]  # fmt: skip
    return pq.ParquetWriter(
        path,
        schema,
        compression={name: "none" if name in repeated else "lz4" for name in schema.names},
        use_dictionary=repeated,
        column_encoding=dict.fromkeys(amounts, "BYTE_STREAM_SPLIT"),
        write_statistics=False,
    )


def _groups(part: Part, digest: Any) -> Iterator[dict[str, Column]]:
    """The row groups of a part; whole blocks are drawn, the rest of the last one is left out."""
    end = part.first + part.rows
    for first in range(part.first, end, part.group_rows):
        rows = min(part.group_rows, end - first)
        blocks = [BLOCKS[part.kind](part.seed, n) for n in range(first // BLOCK, -(-(first + rows) // BLOCK))]
        for number, block in enumerate(blocks):
            keep = min(BLOCK, rows - number * BLOCK)
            for column in block.values():
                digest.update(np.ascontiguousarray(column[:keep]).view(np.uint8))
        yield {name: np.concatenate([b[name] for b in blocks])[:rows] for name in blocks[0]}
