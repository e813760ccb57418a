"""Money is a whole number of fen; this module reads and shows yuan without ever passing a float."""

from __future__ import annotations

import re

_YUAN = re.compile(r"(?P<sign>[+-]?)(?P<whole>\d+|\d{1,3}(?:,\d{3})+)(?:\.(?P<part>\d*))?", re.ASCII)
_LONGEST = 40


class BadAmount(ValueError):
    """A text that is not an exact amount of yuan; `reason` is blank, type, number, decimals or length."""

    def __init__(self, reason: str, text: object) -> None:
        self.reason = reason
        super().__init__(f"not an amount in yuan ({reason}): {str(text)[:_LONGEST]!r}")


def yuan(text: str | int) -> int:
    """Fen of an amount written in yuan, exact; never rounds.

    Accepts a sign, grouping commas in the right places, and at most two decimals. Floats, scientific
    notation, blanks, full-width digits and more than two decimals raise `BadAmount` (a `ValueError`).

    >>> yuan("1,234.5"), yuan("-0.01"), yuan("00012"), yuan("12345678901234567.89")
    (123450, -1, 1200, 1234567890123456789)
    >>> yuan("1.005")
    Traceback (most recent call last):
    palmtax.base.money.BadAmount: not an amount in yuan (decimals): '1.005'
    """
    if isinstance(text, bool) or not isinstance(text, (str, int)):
        raise BadAmount("type", text)
    if isinstance(text, int):
        return text * 100
    bare = text.strip()
    if not bare:
        raise BadAmount("blank", text)
    if len(bare) > _LONGEST:
        raise BadAmount("length", text)
    found = _YUAN.fullmatch(bare)
    if found is None or found["part"] == "":
        raise BadAmount("number", text)
    part = found["part"] or ""
    if len(part) > 2:
        raise BadAmount("decimals", text)
    fen = int(found["whole"].replace(",", "") + part.ljust(2, "0"))
    return -fen if found["sign"] == "-" else fen


def show_yuan(fen: int) -> str:
    """The amount in yuan with two decimals and grouping commas; `yuan` reads it back.

    >>> show_yuan(123450), show_yuan(-1), show_yuan(0)
    ('1,234.50', '-0.01', '0.00')
    """
    if isinstance(fen, bool) or not isinstance(fen, int):
        raise BadAmount("type", fen)
    whole, part = divmod(abs(fen), 100)
    return f"{'-' if fen < 0 else ''}{whole:,}.{part:02d}"
