"""My affairs on the wire: one place for everything that the bureau and a person have to do with each other."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field

from palmtax.plumbing.wire import Fen, Wire

SectionCode = Literal[
    "progress", "results", "returns", "payments", "invoices", "violations", "certificates", "credit", "authorisations",
    "appointments", "complaints",
]  # fmt: skip
RowState = Literal["late", "wants", "going", "good", "over"]


class AffairRow(Wire):
    """One thing of a section."""

    title: str
    title_en: str
    value: str | Fen = Field(description="fen where the unit says so, otherwise words; empty when there is none")
    value_en: str
    unit: Literal["", "fen"]
    day: date | None
    state: RowState = Field(description="late and wants: the person has to do something")
    state_name: str
    state_name_en: str
    go: str = Field(description="where it is on the phone")


class AffairSection(Wire):
    """One kind of affair: how many, how many want the person, the newest."""

    code: SectionCode
    title: str
    title_en: str
    count: int = Field(ge=0)
    attention: int = Field(ge=0, description="how many want the person")
    note: str
    note_en: str
    empty: str = Field(description="what is said when there is nothing")
    empty_en: str
    latest: list[AffairRow]
    go: str = Field(description="where all of them are on the phone")


class AffairsOut(Wire):
    """The sections that this hat may see, in their order."""

    as_of: date
    attention: int = Field(ge=0)
    sections: list[AffairSection]
