"""Marks of the last row of a page."""

from __future__ import annotations

import base64
import binascii
from datetime import datetime
from uuid import UUID

from palmtax.insight.errors import StudyMalformed


def cursor_of(at: datetime, number: UUID) -> str:
    """The mark of a place in a list ordered by instant and id."""
    return base64.urlsafe_b64encode(f"{number.hex}{at.isoformat()}".encode()).decode()


def read_cursor(text: str) -> tuple[datetime, UUID]:
    """The place a mark stands for; StudyMalformed when it is not one of ours."""
    try:
        plain = base64.urlsafe_b64decode(text.encode()).decode("ascii")
        at, number = datetime.fromisoformat(plain[32:]), UUID(plain[:32])
    except (ValueError, binascii.Error) as wrong:
        raise StudyMalformed(what="cursor") from wrong
    if at.tzinfo is None:
        raise StudyMalformed(what="cursor")
    return at, number


def read_row(text: str) -> int:
    """A row or a place from which to go on."""
    if not (text.isascii() and text.isdigit() and len(text) <= 12):
        raise StudyMalformed(what="cursor")
    return int(text)
