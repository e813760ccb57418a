"""Taxpayers and offices as values. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

Kind = Literal["natural_person", "individual_business", "enterprise"]
VatKind = Literal["small_scale", "general", "none"]
FilingPeriod = Literal["month", "quarter"]
PlaceKind = Literal["city", "county", "other"]
Status = Literal["normal", "suspended", "closed"]

SORTS = ("name", "uscc", "registered_on")
"""What a search may be ordered by; a leading minus turns the order round."""


@dataclass(frozen=True, slots=True)
class Office:
    """A tax office; codes are nested, trailing zeros mean "all below"."""

    code: str
    name: str
    name_en: str


@dataclass(frozen=True, slots=True)
class Taxpayer:
    """What the registry holds of one taxpayer.

    `place_kind` decides the rate of the construction tax; `is_half_relief`: six taxes and two fees at half
    (小型微利企业、个体工商户、小规模纳税人). `office_name` comes from the list of offices.
    """

    taxpayer_id: int
    name: str
    uscc: str | None
    kind: Kind
    vat_kind: VatKind
    filing_period: FilingPeriod
    place_kind: PlaceKind
    is_half_relief: bool
    industry: str
    address: str
    office_code: str
    office_name: str
    registered_on: date
    status: Status
