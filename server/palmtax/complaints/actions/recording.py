"""What every act on a complaint leaves behind, and the numbers people read out on the telephone."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from palmtax.base.actor import Actor
from palmtax.base.clock import Clock
from palmtax.complaints.errors import StateWrong
from palmtax.complaints.model.complaint import STATES, Complaint
from palmtax.complaints.store import complaints as store
from palmtax.plumbing.database import Tx

_OTHER_STATES = {
    "noted": ("已记录", "Noted"),
    "follow_up": ("待回访", "To be called"),
    "contacted": ("已联系", "Called"),
    "received": ("已收到", "Received"),
}
"""States of ratings and reports that complaints do not have."""
_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def wrong_state(state: str) -> StateWrong:
    """The refusal of an act that this state of a complaint, a rating or a report does not allow."""
    zh, en = (STATES | _OTHER_STATES)[state]
    return StateWrong(state=zh, state_en=en)


def printed_no(prefix: str, identifier: UUID, day: date) -> str:
    """A number with its day and eight characters of the identifier's random end.

    >>> printed_no("TS", UUID("019ab000-0000-7000-8000-0000000000ff"), date(2026, 11, 23))
    'TS202611230000007Z'
    """
    tail, digits = identifier.int & (2**40 - 1), ""
    for _ in range(8):
        tail, rest = divmod(tail, 32)
        digits = _LETTERS[rest] + digits
    return f"{prefix}{day:%Y%m%d}{digits}"


async def keep_step(
    tx: Tx,
    complaint: Complaint,
    *,
    actor: Actor | None,
    clock: Clock,
    act: str,
    note: str = "",
    is_public: bool = True,
) -> None:
    """One line of the history of a complaint; the clock itself is person 0."""
    await store.add_step(
        tx,
        complaint,
        at=clock.now(),
        act=act,
        person_id=actor.person_id if actor else 0,
        note=note,
        is_public=is_public,
    )


def told_values(complaint: Complaint, **more: Any) -> dict[str, Any]:
    """The values of a message about a complaint."""
    named = {"complaint_no": complaint.complaint_no, "title": complaint.title, "title_en": complaint.title_en}
    return named | more
