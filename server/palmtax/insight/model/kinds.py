"""What can be studied: one file for each law, which says how the invented population answers its facts and what is summed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

import yaml

from palmtax import rules
from palmtax.insight.errors import LawNotStudied

PopulationName = Literal["persons", "enterprises"]
FOLDER = Path(__file__).resolve().parents[1] / "kinds"


@dataclass(frozen=True, slots=True)
class Typical:
    """One imagined taxpayer whose income is varied, yuan by yuan, to find the cliffs; `to` is in yuan."""

    code: str
    name: str
    name_en: str
    vary: str
    to: int
    facts: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Kind:
    """How one law is studied.

    Results or lines of the law, `outputs` less those in `less`, make the burden; `columns` names columns where they differ from the
    fact, `fixed` facts that are the same for all; `where` picks rows by a code of the population.
    """

    law: str
    population: PopulationName
    where: Mapping[str, str]
    burden: str
    burden_en: str
    income: str
    income_en: str
    outputs: tuple[str, ...]
    less: tuple[str, ...]
    columns: Mapping[str, str]
    fixed: Mapping[str, object]
    typicals: tuple[Typical, ...]

    @property
    def group(self) -> str:
        """The name under which the population keeps the income limits of the rows picked."""
        return ".".join([self.population, *(part for pair in self.where.items() for part in pair)])

    def column_of(self, fact: str) -> str:
        """The column that answers a fact."""
        return self.columns.get(fact, fact)


def _typical(law: str, raw: Mapping[str, Any]) -> Typical:
    facts = rules.read_plain(law, raw.get("facts", {}))
    return Typical(raw["code"], raw["name"], raw["name_en"], raw["vary"], int(raw["to"]), facts)


@cache
def every_kind() -> tuple[str, ...]:
    """Codes of the laws that can be studied: the files in `kinds/` whose law is there."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.yaml") if path.stem in rules.every_law()))


@cache
def find_kind(law: str) -> Kind:
    """How a law is studied; LawNotStudied when there is no file for it."""
    if law not in every_kind():
        raise LawNotStudied(law=law[:60])
    raw: dict[str, Any] = yaml.safe_load((FOLDER / f"{law}.yaml").read_text("utf-8"))
    words = {name: str(raw[name]) for name in ("burden", "burden_en", "income", "income_en")}
    return Kind(
        law=law,
        population=raw["population"],
        where=raw.get("where", {}),
        outputs=tuple(raw["outputs"]),
        less=tuple(raw.get("less", ())),
        columns=raw.get("columns", {}),
        fixed=raw.get("fixed", {}),
        typicals=tuple(_typical(law, typical) for typical in raw["typicals"]),
        **words,
    )
