"""Themes and journeys as they go over the wire: one picture of how far everything is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from palmtax.base.actor import Actor
from palmtax.base.clock import Clock
from palmtax.matters.actions import browsing, hats, journeys
from palmtax.matters.model import answers, catalogue, themes
from palmtax.matters.model.themes import Step, Theme
from palmtax.matters.schemas import journeys as wire
from palmtax.matters.schemas.applications import ProblemAt, Progress
from palmtax.matters.schemas.asks import ask_out
from palmtax.matters.schemas.catalogue import ThemeCard
from palmtax.matters.store.journeys import Journey
from palmtax.plumbing.database import Tx

_STATES = {
    "draft": "draft", "submitted": "submitted", "in_review": "submitted", "supplement": "draft", "approved": "approved",
    "refused": "refused", "withdrawn": "refused", "lapsed": "refused", "discarded": "refused",
}  # fmt: skip


def _card(theme: Theme) -> ThemeCard:
    return next(card for card in browsing.catalogue_out().themes if card.code == theme.code)


async def theme_out(tx: Tx, *, actor: Actor | None, clock: Clock, code: str) -> wire.ThemeOut:
    """A theme whole. Errors: matters.theme_unknown."""
    theme = themes.find_theme(code)
    may_start = None
    if actor is not None and actor.hat is not None and not actor.is_officer and actor.taxpayer_id is not None:
        may_start = (await hats.standing(tx, actor=actor, clock=clock)).category in theme.who
    known = catalogue.catalogue()
    steps = [
        wire.ThemeStep(
            matter_code=step.matter, title=known[step.matter].title, title_en=known[step.matter].title_en, say=step.say,
            say_en=step.say_en, after=list(step.after), is_optional=step.is_optional, is_conditional=bool(step.when),
        )
        for step in theme.steps
    ]  # fmt: skip
    return wire.ThemeOut(
        theme=_card(theme), asks=[ask_out(ask) for ask in theme.asks], steps=steps, may_start=may_start
    )


async def journey_out(tx: Tx, *, one: Journey, actor: Actor, clock: Clock) -> wire.JourneyOut:
    """A journey whole. Three round trips."""
    theme = themes.find_theme(one.theme_code)
    who = await hats.standing(tx, actor=actor, clock=clock)
    given = answers.values(one.answers)
    states = await journeys.states_of(tx, one.taxpayer_id, one.journey_id)
    wanted = theme.steps_for(given, who.category)
    wrong = journeys.problems(theme, given)
    named = {problem.at: problem for problem in wrong if given.get(problem.at) is not None}
    shown, kept = [], dict[str, Any]()
    for ask in theme.asks:
        is_shown = ask.is_shown(kept)
        if is_shown and ask.code in given:
            kept[ask.code] = given[ask.code]
        shown.append(ask_out(ask, is_shown=is_shown, answer=one.answers.get(ask.code), problem=named.get(ask.code)))
    steps = [_step(step, one, states) for step in wanted]
    return wire.JourneyOut(
        journey_id=one.journey_id,
        theme=_card(theme),
        state=one.state,
        version=one.version,
        asks=shown,
        next=wrong[0].at if wrong and one.state == "draft" else None,
        problems=[ProblemAt(at=p.at, text=p.text, text_en=p.text_en) for p in named.values()],
        steps=steps,
        progress=Progress(answered=sum(1 for step in steps if step.state == "approved"), total=len(steps)),
        started_at=one.started_at,
        updated_at=one.updated_at,
    )


def _step(step: Step, one: Journey, states: Mapping[str, str]) -> wire.JourneyStep:
    matter = catalogue.find_matter(step.matter)
    known = one.steps.get(step.matter, {})
    state, why, why_en = _where(step, known, states)
    return wire.JourneyStep(
        matter_code=step.matter,
        title=matter.title,
        title_en=matter.title_en,
        say=step.say,
        say_en=step.say_en,
        state=state,
        application_id=UUID(known["application_id"]) if "application_id" in known else None,
        why=why,
        why_en=why_en,
        hint=known.get("hint", ""),
        hint_en=known.get("hint_en", ""),
        after=list(step.after),
        is_optional=step.is_optional,
    )


def _where(step: Step, known: Mapping[str, Any], states: Mapping[str, str]) -> tuple[str, str, str]:
    """The state of a step, and why it is so."""
    if known.get("code"):
        if states.get(step.matter) not in (None, "draft"):
            return _STATES[states[step.matter]], "", ""
        return "failed", known["why"], known["why_en"]
    if step.matter in states:
        return _STATES[states[step.matter]], "", ""
    before = [name for name in step.after if states.get(name) != "approved"]
    if before:
        names = [catalogue.find_matter(name) for name in before]
        zh, en = "、".join(one.title for one in names), ", ".join(one.title_en for one in names)
        return "waiting", f"要等“{zh}”办好", f"Waits for “{en}”"
    return "ready", "", ""
