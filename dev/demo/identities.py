"""Numbers for invented people and businesses: right check digits, impossible divisions."""

from __future__ import annotations

from datetime import date, timedelta

from palmtax.base.identifiers import make_resident_id, make_uscc, organisation_check

DIVISION_OF_NOBODY = "990100"
"""No place in China has a code that begins with 99."""


def phone(number: int) -> str:
    """The number-th phone of the town; 154 is a range that no operator gives out."""
    return f"154{number:08d}"


def resident_id(number: int) -> str:
    """An identity number that passes every check and belongs to nobody."""
    born = date(1955, 1, 1) + timedelta(days=(number % 1000 * 613 + number // 1000 * 97) % (365 * 48))
    return make_resident_id(DIVISION_OF_NOBODY, born, number % 1000)


def uscc(category: str, number: int) -> str:
    """A credit code of the market regulator's form with the impossible division; category 1 enterprise, 2 individual."""
    body = f"{number:08d}"
    return make_uscc("9", category, "990100", body + organisation_check(body))
