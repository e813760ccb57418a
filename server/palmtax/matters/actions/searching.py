"""Search over matters, themes, articles and calculators; what people in this hat do most."""

from __future__ import annotations

import time
from datetime import timedelta
from functools import cache

from palmtax import knowledge
from palmtax.base.actor import Actor
from palmtax.base.clock import Clock
from palmtax.matters.actions import hats
from palmtax.matters.model import catalogue, themes
from palmtax.matters.model.matter import Matter
from palmtax.matters.model.searching import Entry, Index, marks
from palmtax.matters.schemas.catalogue import HitOut, SearchOut
from palmtax.matters.store import popularity
from palmtax.plumbing.database import Tx

_WEIGHTS = {"frequent": 1.15, "suited": 1.0, "office": 0.95}


@cache
def index() -> Index:
    """The index of this process. Calculators and articles stand a little behind the matters they lead to."""
    found = [
        Entry("matter", m.code, m.title, m.title_en, m.say, m.say_en, m.words, _WEIGHTS[m.mobile])
        for m in catalogue.catalogue().values()
    ]
    found += [
        Entry("theme", t.code, t.title, t.title_en, t.say, t.say_en, t.words, 1.1) for t in themes.themes().values()
    ]
    found += [
        Entry("calculator", one.law, one.name, one.name_en, one.question, one.question_en, tuple(one.words), 0.8)
        for group in knowledge.shelf().groups
        for one in group.calculators
    ]
    found += [
        Entry("article", one.code, one.title, one.title_en, one.answer, one.answer_en, tuple(one.words), 0.85)
        for one in knowledge.every_article().values()
    ]
    return Index(found)


async def _standing(tx: Tx, actor: Actor | None, clock: Clock) -> hats.Standing | None:
    if actor is None or actor.hat is None or actor.is_officer or actor.taxpayer_id is None:
        return None
    return await hats.standing(tx, actor=actor, clock=clock)


def _hit(entry: Entry, text: str, who: hats.Standing | None) -> HitOut:
    may_start = None
    if entry.kind == "matter" and who is not None:
        may_start = catalogue.find_matter(entry.code).may(who.category, who.role_code)
    return HitOut(
        kind=entry.kind, code=entry.code, title=entry.title, title_en=entry.title_en, say=entry.say[:120],
        say_en=entry.say_en[:200], marks=marks(entry.title, text), may_start=may_start,
    )  # fmt: skip


async def search(tx: Tx, *, actor: Actor | None, clock: Clock, text: str, limit: int) -> SearchOut:
    """What fits a few words; matters this hat may not begin come after those it may. At most one round trip."""
    started = time.perf_counter_ns()
    found = index().find(text, limit)
    took = (time.perf_counter_ns() - started) // 1000
    who = await _standing(tx, actor, clock) if found else None
    hits = [_hit(one.entry, text, who) for one in found]
    if who is not None and hits:
        best = hits[0]  # named outright: it stays first, and says that another hat is needed
        hits = [best, *sorted(hits[1:], key=lambda one: one.may_start is False)]
    return SearchOut(hits=hits, took_us=took)


async def popular(tx: Tx, *, actor: Actor | None, clock: Clock, limit: int) -> SearchOut:
    """What people in this hat began most in the last 90 days; filled up with the catalogue's own frequent ones."""
    who = await _standing(tx, actor, clock)
    category = who.category if who else None
    since = clock.now() - timedelta(days=90)
    codes = await popularity.most_begun(tx, category=category, since=since, limit=limit)
    known = catalogue.catalogue()

    def fits(matter: Matter) -> bool:
        return who is None or matter.may(who.category, who.role_code)

    picked = [known[code] for code in codes if code in known and fits(known[code])]
    picked += [m for m in known.values() if m.mobile == "frequent" and fits(m) and m not in picked]
    hits = [
        HitOut(
            kind="matter", code=m.code, title=m.title, title_en=m.title_en, say=m.say, say_en=m.say_en, marks=[],
            may_start=None if who is None else True,
        )
        for m in picked[:limit]
    ]  # fmt: skip
    return SearchOut(hits=hits, took_us=0)
