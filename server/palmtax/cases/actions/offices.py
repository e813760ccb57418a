"""Where a case may be handed over to: offices found by name, pinyin, its initials, English or code."""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from uuid import UUID

from pypinyin import Style, lazy_pinyin

from palmtax import registry
from palmtax.base.actor import Actor
from palmtax.base.clock import Clock
from palmtax.cases.actions.reading import find_case
from palmtax.plumbing.database import Tx

MOST = 30


@lru_cache(maxsize=16_384)
def spelled(name: str) -> tuple[str, str]:
    """The pinyin of a name without tones, run together, and its initials.

    >>> spelled("云川市税务局第一税务所")
    ('yunchuanshishuiwujudiyishuiwusuo', 'ycsswjdysws')
    """
    syllables = lazy_pinyin(name, style=Style.NORMAL, errors="ignore")
    return "".join(syllables), "".join(one[0] for one in syllables if one)


def fits(office: registry.Office, word: str) -> bool:
    """Whether one word of a search names an office; a code counts from its beginning."""
    if word.isdigit():
        return office.code.startswith(word) or word in office.name
    whole, initials = spelled(office.name)
    return any(word in text for text in (office.name.lower(), office.name_en.lower(), whole, initials))


def shared(code: str, other: str) -> int:
    """With how many digits two codes begin alike: codes are nested, so more means nearer.

    >>> shared("13301990100", "13301990200"), shared("13301990100", "14401990100")
    (8, 1)
    """
    alike = (place for place, (one, another) in enumerate(zip(code, other, strict=False)) if one != another)
    return next(alike, min(len(code), len(other)))


async def offices_for(tx: Tx, *, actor: Actor, clock: Clock, case_id: UUID, text: str) -> list[registry.Office]:
    """Offices that a case may go to, those nearest to where it is first. A few round trips.

    Errors: cases.case_unknown, cases.conflict.
    """
    case = await find_case(tx, actor=actor, case_id=case_id, clock=clock)
    words = unicodedata.normalize("NFKC", text).lower().replace("\x00", "").split()
    found = [
        office
        for office in await registry.offices(tx)
        if office.code != case.office_code and all(fits(office, word) for word in words)
    ]
    here = case.office_code
    return sorted(found, key=lambda office: (-shared(office.code, here), office.code))[:MOST]
