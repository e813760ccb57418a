"""Who is held back and who is told in which stage: a draw by a keyed digest, the same whenever it is made again. Pure.

PostgreSQL draws with the same arithmetic (`store/members.py`); a test holds both together.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

WHOLE_BP = 10_000
_STEPS = 1 << 24


def positions(key: bytes, taxpayer_id: int) -> tuple[int, int]:
    """Two independent places in 0..9999: for the holdout and for the stage.

    >>> positions(b"key", 1) == positions(b"key", 1), positions(b"key", 1) == positions(b"other", 1)
    (True, False)
    """
    digest = hashlib.sha256(key + taxpayer_id.to_bytes(8, "big", signed=True)).digest()
    first, second = (int.from_bytes(digest[place : place + 3], "big") for place in (0, 3))
    return first * WHOLE_BP // _STEPS, second * WHOLE_BP // _STEPS


def drawn(key: bytes, taxpayer_id: int, *, holdout_bp: int, shares_bp: Sequence[int]) -> tuple[int, bool]:
    """The stage and whether the taxpayer is held back; `shares_bp` grow to 10,000.

    >>> drawn(b"key", 1, holdout_bp=10_000, shares_bp=[100, 10_000])[1]
    True
    """
    held, place = positions(key, taxpayer_id)
    return sum(share <= place for share in shares_bp[:-1]), held < holdout_bp
