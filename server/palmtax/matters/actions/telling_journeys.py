"""Themes and journeys as they go over the wire: one picture of how far everything is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple
from uuid import UUID

from palmtax.base.actor import Actor
from palmtax.base.clock import Clock
from palmtax.matters.actions import browsing, hats, journeys
from palmtax.matters.model import answers, catalogue, themes
from palmtax.matters.model.application import Application
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
    known = await journeys.applications_of(tx, one)
    wanted = theme.steps_for(given, who.category)
    wrong = journeys.problems(theme, given)
    named = {problem.at: problem for problem in wrong if given.get(problem.at) is not None}
    shown, kept = [], dict[str, Any]()
    for ask in theme.asks:
        is_shown = ask.is_shown(kept)
        if is_shown and ask.code in given:
            kept[ask.code] = given[ask.code]
        shown.append(ask_out(ask, is_shown=is_shown, answer=one.answers.get(ask.code), problem=named.get(ask.code)))
    steps = [_step(step, wanted, one, known) for step in wanted]
    return wire.JourneyOut(
        journey_id=one.journey_id,
        theme=_card(theme),
        state=one.state,
        version=one.version,
        asks=shown,
        next=wrong[0].at if wrong and one.state == "draft" else None,
        problems=[ProblemAt(at=p.at, text=p.text, text_en=p.text_en) for p in named.values()],
        steps=steps,
        progress=Progress(
            answered=sum(step.state == "approved" for step in steps),
            total=sum(step.state != "left_out" for step in steps),
        ),
        started_at=one.started_at,
        updated_at=one.updated_at,
    )


def _step(step: Step, wanted: list[Step], one: Journey, known: Mapping[str, Application]) -> wire.JourneyStep:
    matter, kept = catalogue.find_matter(step.matter), one.steps.get(step.matter, {})
    states = {code: each.state for code, each in known.items()}
    told = _where(step, wanted, one, known, states)
    return wire.JourneyStep(
        matter_code=step.matter,
        title=matter.title,
        title_en=matter.title_en,
        say=step.say,
        say_en=step.say_en,
        state=told.state,
        application_id=UUID(kept["application_id"]) if "application_id" in kept else None,
        why=told.why,
        why_en=told.why_en,
        hint=told.hint,
        hint_en=told.hint_en,
        after=list(step.after),
        is_optional=step.is_optional,
        may_leave_out=one.state == "running" and journeys.may_leave_out(step, one.steps, states),
    )


class _Told(NamedTuple):
    """Where a step stands, why, and what to do."""

    state: str
    why: str = ""
    why_en: str = ""
    hint: str = ""
    hint_en: str = ""


def _where(
    step: Step, wanted: list[Step], one: Journey, known: Mapping[str, Application], states: Mapping[str, str]
) -> _Told:
    kept = one.steps.get(step.matter, {})
    if journeys.LEFT_OUT in kept:
        return _Told("left_out")
    if "code" in kept and states.get(step.matter) in (None, "draft"):
        return _Told("failed", kept["why"], kept["why_en"], kept["hint"], kept["hint_en"])
    if step.matter in known:
        reason = (known[step.matter].decision or {}).get("reason", "") if states[step.matter] == "refused" else ""
        return _Told(_STATES[states[step.matter]], reason, reason)
    if broken := journeys.stopped_by(step, wanted, one.steps, states):
        zh, en = _names(broken)
        return _Told(
            "stopped", f"“{zh}”没有办成，这一步先停下", f"“{en}” did not go through, so this one has stopped",
            *_way_on(broken),
        )  # fmt: skip
    if before := journeys.blockers(step, wanted, one.steps, states):
        zh, en = _names(before)
        return _Told("waiting", f"要等“{zh}”办好", f"Waits for “{en}”")
    return _Told("ready")


def _way_on(broken: list[Step]) -> tuple[str, str]:
    if all(step.is_optional for step in broken):
        return "重办那一步，或者不办它、接着往下走", "Begin that step anew, or go on without it"
    return "重办那一步，办好后会自动接着办", "Begin that step anew; this one then goes on by itself"


def _names(steps: list[Step]) -> tuple[str, str]:
    found = [catalogue.find_matter(step.matter) for step in steps]
    return "、".join(one.title for one in found), ", ".join(one.title_en for one in found)
