"""Taxpayers, offices, records and changes as values. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any, Literal, get_args
from uuid import UUID

import yaml

from palmtax.base.actor import NATURAL_BASE

Kind = Literal["natural_person", "individual_business", "enterprise"]
VatKind = Literal["small_scale", "general", "none"]
FilingPeriod = Literal["month", "quarter"]
PlaceKind = Literal["city", "county", "other"]
Status = Literal["normal", "suspended", "closed"]

REGION_DIGITS = 6
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


def offices_of_region(region: str) -> list[str]:
    """Codes that the office of an administrative division can have, its own first, then that of city and province.

    >>> offices_of_region("440106"), offices_of_region("x")
    (['14401060000', '14401000000', '14400000000'], [])
    """
    if len(region) != REGION_DIGITS or not region.isascii() or not region.isdigit():
        return []
    return [f"1{region[:digits]:0<6}0000" for digits in (6, 4, 2)]


def covers(office_code: str, taxpayer_office_code: str) -> bool:
    """Whether an office is the taxpayer's own or one above it; no office sees nobody.

    >>> covers("14400000000", "14401060000"), covers("14401060000", "14401050000"), covers("", "14401060000")
    (True, False, False)
    """
    return bool(office_code) and taxpayer_office_code.startswith(office_branch(office_code))


FIELDS = ("name", "address", "industry", "vat_kind", "filing_period", "status")
"""What of a taxpayer a matter may change; each change is kept with both its times."""
VAT_KINDS, FILING_PERIODS, STATUSES = get_args(VatKind), get_args(FilingPeriod), get_args(Status)
KINDS = Path(__file__).parent / "kinds"


def natural_taxpayer_id(person_id: int) -> int:
    """The taxpayer that a natural person is.

    >>> natural_taxpayer_id(42)
    7000000000042
    """
    return NATURAL_BASE + person_id


@dataclass(frozen=True, slots=True)
class RecordKind:
    """A kind of record of the register; of `one` the newest replaces the one before, `many` stand side by side."""

    code: str
    title: str
    title_en: str
    keeps: Literal["one", "many"]


@dataclass(frozen=True, slots=True)
class Record:
    """Something the register holds of a taxpayer beyond its columns: a licence, an account, a relief that was granted.

    Counts from `valid_from` up to, not including, `valid_until`; known since `known_at`.
    """

    taxpayer_id: int
    record_id: UUID
    record_no: str
    kind: str
    data: dict[str, Any]
    valid_from: date
    valid_until: date | None
    known_at: datetime
    application_id: UUID
    application_no: str
    matter_code: str


@dataclass(frozen=True, slots=True)
class Change:
    """A column of a taxpayer that changed, from a day on."""

    change_id: UUID
    field: str
    before: str
    after: str
    valid_from: date
    known_at: datetime
    application_no: str


@cache
def record_kinds() -> dict[str, RecordKind]:
    """Every kind of record, by its code: the files of `kinds/`."""
    found = {}
    for path in sorted(KINDS.glob("*.yaml")):
        raw: dict[str, str] = yaml.safe_load(path.read_text(encoding="utf-8"))
        keeps: Literal["one", "many"] = "one" if raw["keeps"] == "one" else "many"
        found[path.stem] = RecordKind(path.stem, raw["title"], raw["title_en"], keeps)
    return found


def record_number(record_id: UUID, day: date) -> str:
    """The number on paper: DJ, the day, and 12 characters of the identifier's random end (Crockford's alphabet).

    >>> record_number(UUID("019ab000-0000-7000-8000-0000000000ff"), date(2026, 11, 23))
    'DJ2026112300000000007Z'
    """
    tail, digits = record_id.int & (2**60 - 1), ""
    for _ in range(12):
        tail, rest = divmod(tail, 32)
        digits = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"[rest] + digits
    return f"DJ{day:%Y%m%d}{digits}"
