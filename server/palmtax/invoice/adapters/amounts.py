"""Amounts as files write them, in yuan, into exact fen."""

from __future__ import annotations

from palmtax.base.money import BadAmount, yuan
from palmtax.invoice import errors
from palmtax.plumbing.wire import LARGEST_FEN

_TRIMMED = str.maketrans("", "", "¥￥ \t")


def fen_of(text: str, column: str) -> int:
    """Fen of an amount in yuan, never rounded; AmountMalformed, AmountTooFine or AmountTooLarge.

    >>> fen_of("¥1,234.5", "金额"), fen_of("-0.010", "金额")
    (123450, -1)
    """
    bare = text.translate(_TRIMMED)
    whole, point, part = bare.partition(".")
    if point and len(part) > 2 and part.isascii() and part.isdigit() and not part[2:].strip("0"):
        bare = f"{whole}.{part[:2]}"
    try:
        fen = yuan(bare)
    except BadAmount as wrong:
        if wrong.reason == "decimals":
            raise errors.AmountTooFine(column=column, given=text[:40]) from wrong
        if wrong.reason == "length":
            raise errors.AmountTooLarge() from wrong
        raise errors.AmountMalformed(column=column, given=text[:40]) from wrong
    if abs(fen) > LARGEST_FEN:
        raise errors.AmountTooLarge()
    return fen
