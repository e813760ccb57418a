"""Who works in the tax offices: what the officers' queue asks about colleagues."""

from __future__ import annotations

from datetime import date

from palmtax.identity.model.officers import Officer
from palmtax.identity.store import officers as store
from palmtax.plumbing.database import Tx


async def officers(tx: Tx, *, first_code: str, last_code: str, today: date) -> list[Officer]:
    """Officers of the offices with codes in this range today, masked, by office. One round trip."""
    return await store.officers(tx, first_code, last_code, today)
