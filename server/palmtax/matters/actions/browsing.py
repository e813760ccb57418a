"""The catalogue as people see it: groups, cards, one matter whole, and whether this hat may begin it."""

from __future__ import annotations

import gzip
from functools import cache

from palmtax.base.actor import Actor
from palmtax.base.clock import Clock
from palmtax.base.errors import PalmtaxError
from palmtax.matters.actions import hats, sources
from palmtax.matters.model import catalogue, themes
from palmtax.matters.model.matter import GROUPS, Matter
from palmtax.matters.schemas import catalogue as wire
from palmtax.matters.schemas.asks import ask_out, promise_out, sections_out
from palmtax.matters.store import applications
from palmtax.plumbing.database import Tx


def card(matter: Matter) -> wire.MatterCard:
    """A matter in a list."""
    return wire.MatterCard(
        code=matter.code,
        title=matter.title,
        title_en=matter.title_en,
        say=matter.say,
        say_en=matter.say_en,
        who=list(matter.who),
        roles=list(matter.roles),
        instant=matter.promise.is_instant,
        days=matter.promise.days,
        mobile=matter.mobile,
    )


@cache
def catalogue_out() -> wire.CatalogueOut:
    """The whole catalogue; the same for everybody, so it is made once a process."""
    groups = [
        wire.MatterGroup(code=group, name=GROUPS[group][0], name_en=GROUPS[group][1], matters=[card(m) for m in inside])
        for group, inside in catalogue.in_groups()
    ]
    shown = [
        wire.ThemeCard(
            code=theme.code, title=theme.title, title_en=theme.title_en, say=theme.say, say_en=theme.say_en,
            icon=theme.icon, matters=[step.matter for step in theme.steps], who=list(theme.who),
        )
        for theme in themes.themes().values()
    ]  # fmt: skip
    return wire.CatalogueOut(version=f"{catalogue.version()}{themes.version()}", groups=groups, themes=shown)


async def matter_out(tx: Tx, *, actor: Actor | None, clock: Clock, code: str) -> wire.MatterOut:
    """One matter whole; with a hat also whether it may be begun, what is on file, and a draft that waits.

    Errors: matters.matter_unknown.
    """
    matter = catalogue.find_matter(code)
    may_start: bool | None = None
    why: tuple[str, str] | None = None
    draft_id: str | None = None
    held: dict[str, object] = {}
    if actor is not None and actor.hat is not None and not actor.is_officer and actor.taxpayer_id is not None:
        who = await hats.standing(tx, actor=actor, clock=clock)
        may_start = matter.may(who.category, who.role_code)
        if may_start:
            names = [paper.on_file for paper in matter.papers]
            held = dict(await sources.held(tx, actor=actor, clock=clock, taxpayer_id=who.taxpayer_id, names=names))
            found = await applications.open_draft(
                tx, taxpayer_id=who.taxpayer_id, matter_code=code, person_id=actor.person_id
            )
            draft_id = str(found) if found else None
        else:
            refused: PalmtaxError = hats.refusal(matter)
            why = (refused.words("zh")[1], refused.words("en")[1])
    return _out(matter, may_start, why, draft_id, held if may_start else None)


def _out(
    matter: Matter, may_start: bool | None, why: tuple[str, str] | None, draft_id: str | None,
    held: dict[str, object] | None,
) -> wire.MatterOut:  # fmt: skip
    zh, en = hats.who_words(matter)
    return wire.MatterOut(
        code=matter.code,
        group=matter.group,
        group_name=GROUPS[matter.group][0],
        group_name_en=GROUPS[matter.group][1],
        title=matter.title,
        title_en=matter.title_en,
        say=matter.say,
        say_en=matter.say_en,
        who=list(matter.who),
        who_words=zh,
        who_words_en=en,
        mobile=matter.mobile,
        level=matter.level,
        screens=matter.screens,
        law=[wire.MatterCitation(cite=c.cite, article=c.article, confidence=c.confidence) for c in matter.law],
        promise=promise_out(matter.promise),
        fee_fen=matter.fee_fen,
        decided_by=matter.decision.by,
        sections=sections_out([(ask, ask_out(ask)) for ask in matter.asks]),
        papers=[
            wire.PaperNeed(
                code=p.code, title=p.title, title_en=p.title_en, why=p.why, why_en=p.why_en, is_optional=p.is_optional,
                is_conditional=bool(p.when), is_on_file=_is_held(held, p.on_file),
            )
            for p in matter.papers
        ],
        computes_law=matter.computes[0].law if matter.computes else None,
        document_title=matter.document.title if matter.document else None,
        document_title_en=matter.document.title_en if matter.document else None,
        may_start=may_start,
        why_not=why[0] if why else None,
        why_not_en=why[1] if why else None,
        draft_id=draft_id,
    )  # fmt: skip


def _is_held(held: dict[str, object] | None, source: str) -> bool | None:
    if held is None:
        return None
    return bool(source) and held.get(source) not in (None, "", 0, [])


@cache
def catalogue_bytes() -> tuple[bytes, bytes]:
    """The same as JSON, plain and packed by gzip: it is written and packed once a process, not for each visitor."""
    plain = catalogue_out().model_dump_json().encode()
    return plain, gzip.compress(plain, 9, mtime=0)
