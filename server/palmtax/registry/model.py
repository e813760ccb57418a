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


def office_branch(code: str) -> str:
    """How the codes of an office and of all below it begin: levels are pairs of digits, `00` where a level is not used.

    A single zero is a digit of its level: 坪山 440310 is not above 光明 440311.

    >>> office_branch("14403000000"), office_branch("14403100000"), office_branch("14403110000")
    ('14403', '1440310', '1440311')
    """
    lead, levels = code[:1], code[1:]
    while levels.endswith("00") and len(levels) % 2 == 0:
        levels = levels[:-2]
    return lead + levels


def covers(office_code: str, taxpayer_office_code: str) -> bool:
    """Whether an office is the taxpayer's own or one above it; no office sees nobody.

    >>> covers("14400000000", "14401060000"), covers("14401060000", "14401050000"), covers("", "14401060000")
    (True, False, False)
    """
    return bool(office_code) and taxpayer_office_code.startswith(office_branch(office_code))
