"""A declaration: the result of a law for one application, filed as it was computed. Pure."""

from __future__ import annotations

from collections.abc import Mapping
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

DAYS_TO_PAY = 15
"""House rule where the calendar holds no last day for a law: so many days from the day of filing."""


@dataclass(frozen=True, slots=True)
class Declaration:
    """A declaration as it was kept; amounts in fen.

    `payable_fen` is what the law says, negative when money is to come back; `charged_fen` what this row booked: the
    payable of an original, the difference of an amendment, the negation of a void.
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
    payable_code: str | None
    payable_fen: int
    charged_fen: int
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


def charge_of(payable_fen: int) -> int:
    """What a payable asks for: a negative one is refundable and asks for nothing.

    >>> charge_of(1_000), charge_of(-5)
    (1000, 0)
    """
    return max(payable_fen, 0)
