"""A declaration: the result of a law for one application, filed as it was computed. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

import orjson

DeclarationKind = Literal["original", "amendment", "void"]
LAST = "last"
"""Stands for the number of the newest declaration that counts."""

CALENDAR: dict[str, str] = {
    "cit_deemed": "cit_prepay",
    "cit_small": "cit_prepay",
    "iit_bonus": "iit_withholding",
    "iit_classified": "iit_withholding",
    "iit_labour": "iit_withholding",
    "iit_non_resident": "iit_withholding",
    "iit_wage": "iit_withholding",
    "iit_year": "iit_annual",
    "social_insurance_employees": "social_insurance",
    "surcharges": "vat_general",
    "vat_small_scale_return": "vat_small_scale",
}
"""Laws whose last day stands in the calendar under another name."""

SAME_TAX: dict[str, str] = {"cit_deemed": "cit_prepay", "vat_small_scale_return": "vat_small_scale"}
"""Laws that compute the same tax of the same period: declaring one of them is declaring the other."""

LONGEST_SUBJECT = 120

DAYS_TO_PAY = 15
"""House rule where the calendar holds no last day for a law: so many days from the day of filing."""


@dataclass(frozen=True, slots=True)
class Declaration:
    """A declaration as it was kept; amounts in fen.

    `payable_fen` is what the laws say, negative when money is to come back; `charges` what is asked for, tax by tax;
    `charged_fen` what this row booked: the charges of an original, the difference of an amendment, the negation of a
    void. `also` holds what further laws of the same return gave (surcharges on VAT): law, day, version, facts, results,
    lines. What is declared once has one `once_key`; the acts on it are numbered by `sequence`.
    """

    taxpayer_id: int
    declaration_id: UUID
    declaration_no: str
    kind: DeclarationKind
    amends_declaration_id: UUID | None
    obligation_id: UUID
    law: str
    law_on: date
    period: str
    rule_version: str
    facts: dict[str, Any]
    outputs: dict[str, Any]
    lines: list[dict[str, Any]]
    also: list[dict[str, Any]]
    payable_code: str | None
    payable_fen: int
    charges: dict[str, int]
    charged_fen: int
    once_key: str
    sequence: int
    due_on: date
    application_id: UUID
    application_no: str
    matter_code: str
    filed_at: datetime
    filed_channel: str
    filed_by: int


def plain(values: Mapping[str, Any]) -> dict[str, Any]:
    """Facts as JSON keeps them: days and rates as text.

    >>> plain({"on": date(2026, 11, 23), "amount_fen": 5})
    {'on': '2026-11-23', 'amount_fen': 5}
    """
    found: dict[str, Any] = orjson.loads(orjson.dumps(dict(values), default=str, option=orjson.OPT_NON_STR_KEYS))
    return found


def charges_of(owed: Mapping[str, int]) -> dict[str, int]:
    """What amounts by tax ask for: a negative one is refundable and asks for nothing.

    >>> charges_of({"vat_general": 1_000, "education_surcharge": 0, "iit_annual": -5})
    {'vat_general': 1000}
    """
    return {tax: fen for tax, fen in owed.items() if fen > 0}


def difference(after: Mapping[str, int], before: Mapping[str, int]) -> dict[str, int]:
    """What an amendment books, tax by tax; taxes that stay the same are left out.

    >>> difference({"vat": 700, "urban": 49}, {"vat": 1_000, "urban": 49, "education": 30})
    {'vat': -300, 'education': -30}
    """
    taxes = dict.fromkeys((*after, *before))
    found = {tax: after.get(tax, 0) - before.get(tax, 0) for tax in taxes}
    return {tax: fen for tax, fen in found.items() if fen}


def subject_of(names: Sequence[object]) -> str:
    """The thing that is taxed once, from the answers that name it; long ones by a digest.

    >>> subject_of(["lease", "HT 2026-1", date(2026, 11, 23)]), len(subject_of(["甲" * 300]))
    ('lease·HT 2026-1·2026-11-23', 24)
    """
    told = "·".join(str(name) if isinstance(name, str | int | date) else _text(name) for name in names)
    return told if len(told) <= LONGEST_SUBJECT else f"#{hashlib.sha256(told.encode()).hexdigest()[:23]}"


def _text(value: object) -> str:
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()


def once_key(law: str, period: str, subject: str) -> str:
    """What is declared once: a tax of a period, and of a thing where it is due for each (a contract, a car, a home).

    >>> once_key("vat_small_scale_return", "2026Q3", ""), once_key("deed_tax", "", " 存量 2026-08 ")
    ('vat_small_scale|2026Q3|', 'deed_tax||存量2026-08')
    """
    return f"{SAME_TAX.get(law, law)}|{period}|{''.join(subject.split()).upper()}"
