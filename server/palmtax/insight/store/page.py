"""What the population says of itself: one small JSON page, written last by whoever made it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from palmtax.insight.errors import PopulationMissing

PAGE = "population.json"
FORMAT = 1


@dataclass(frozen=True, slots=True)
class Word:
    """A code with its names."""

    code: str
    name: str
    name_en: str


@dataclass(frozen=True, slots=True)
class Group:
    """One row group: its number within its kind, its file, its place in the file, its rows."""

    number: int
    path: Path
    place: int
    first_row: int
    rows: int


@dataclass(frozen=True)
class Population:
    """The invented population on disk."""

    folder: Path
    raw: dict[str, Any]

    @property
    def fingerprint(self) -> str:
        """A digest over every value of every row."""
        return str(self.raw["fingerprint"])

    @property
    def told(self) -> dict[str, Any]:
        """What a study keeps of it."""
        rows = self.raw["rows"]
        return {
            "fingerprint": self.fingerprint,
            "seed": self.raw["seed"],
            "persons": rows["persons"],
            "enterprises": rows["enterprises"],
        }

    def words(self, name: str) -> tuple[Word, ...]:
        """The codes of `city`, `industry`, `persons.band` or `enterprises.band`, in the order of their places."""
        return tuple(Word(w["code"], w["name"], w["name_en"]) for w in self.raw["codes"][name])

    def codes(self, name: str) -> tuple[str, ...]:
        """Codes without names: `vat_kind`, `place_kind`."""
        return tuple(self.raw["codes"][name])

    def columns(self, kind: str) -> frozenset[str]:
        """The columns of a kind."""
        return frozenset(self.raw["columns"][kind])

    def bounds_fen(self, group: str) -> tuple[int, ...]:
        """The largest income of each of the first nine tenths, fen."""
        return tuple(self.raw["bounds_fen"][group])

    def rows(self, kind: str) -> int:
        """How many persons or enterprises."""
        return int(self.raw["rows"][kind])

    def groups(self, kind: str) -> list[Group]:
        """All row groups of a kind in order."""
        return list(self._groups(kind))

    def _groups(self, kind: str) -> Iterator[Group]:
        size, number = int(self.raw["group_rows"]), 0
        for part in self.raw["parts"]:
            if part["kind"] != kind:
                continue
            for place, start in enumerate(range(0, part["rows"], size)):
                rows = min(size, part["rows"] - start)
                yield Group(number, self.folder / kind / part["name"], place, part["first"] + start, rows)
                number += 1


@lru_cache(maxsize=4)
def _read(folder: Path, _changed: int) -> Population:
    return Population(folder, json.loads((folder / PAGE).read_text(encoding="utf-8")))


def find_population(folder: Path) -> Population | None:
    """The population in a folder; none when there is none, or one of another format."""
    try:
        found = _read(folder, (folder / PAGE).stat().st_mtime_ns)
    except (FileNotFoundError, NotADirectoryError, ValueError):
        return None
    return found if found.raw.get("format") == FORMAT and found.raw.get("invented") is True else None


def population(folder: Path) -> Population:
    """The same; PopulationMissing when there is none."""
    found = find_population(folder)
    if found is None:
        raise PopulationMissing()
    return found
