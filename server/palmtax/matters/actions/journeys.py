"""一件事: one intake drives several matters in their right order; what fails stands alone, what depends on it waits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from palmtax import evidence, messaging
from palmtax.base.actor import Actor
from palmtax.base.clock import Clock
from palmtax.base.errors import PalmtaxError
from palmtax.base.identifiers import uuid7
from palmtax.matters.actions import hats, starting, submitting
from palmtax.matters.errors import AnswerRefused, Incomplete, JourneyUnknown, StateRefused, VersionConflict, WrongHat
from palmtax.matters.model import answers, catalogue, themes, types
from palmtax.matters.model.answers import PERSON, Answer, Answers
from palmtax.matters.model.application import Application
from palmtax.matters.model.matter import CATEGORIES
from palmtax.matters.model.problems import Problem, problem
from palmtax.matters.model.themes import Step, Theme
from palmtax.matters.store import applications
from palmtax.matters.store import journeys as store
from palmtax.matters.store.journeys import Journey
from palmtax.plumbing.database import Tx

FAILED = frozenset({"refused", "withdrawn", "lapsed"})


async def begin(tx: Tx, *, actor: Actor, clock: Clock, theme_code: str) -> Journey:
    """Begin a theme. Errors: matters.theme_unknown, matters.wrong_hat."""
    theme = themes.find_theme(theme_code)
    who = await hats.standing(tx, actor=actor, clock=clock)
    if who.category not in theme.who:
        raise WrongHat(
            title=theme.title, title_en=theme.title_en,
            who="、".join(CATEGORIES[one][0] for one in theme.who),
            who_en=", ".join(CATEGORIES[one][1] for one in theme.who),
        )  # fmt: skip
    now = clock.now()
    made = Journey(who.taxpayer_id, uuid7(), theme.code, "draft", 1, {}, {}, actor.person_id, now, now)
    await store.insert(tx, made)
    return made


async def readable(tx: Tx, *, taxpayer_id: int, journey_id: UUID, is_locked: bool = False) -> Journey:
    """A journey of this taxpayer. Errors: matters.journey_unknown."""
    found = await store.readable_journey(tx, taxpayer_id=taxpayer_id, journey_id=journey_id, is_locked=is_locked)
    if found is None:
        raise JourneyUnknown()
    return found


async def save(
    tx: Tx, *, actor: Actor, clock: Clock, taxpayer_id: int, journey_id: UUID, version: int, changes: Mapping[str, Any]
) -> Journey:
    """Keep answers of the intake. Errors: matters.version_conflict, matters.answer_refused, matters.state_refused."""
    one = await readable(tx, taxpayer_id=taxpayer_id, journey_id=journey_id)
    if one.state != "draft":
        raise StateRefused(state="已提交", state_en="submitted")
    if one.version != version:
        raise VersionConflict(current_version=one.version)
    kept, wrong = _accepted(themes.find_theme(one.theme_code), one.answers, changes, actor, clock)
    if wrong:
        raise AnswerRefused(first=wrong[0].text, first_en=wrong[0].text_en, problems=[one.as_dict() for one in wrong])
    changed = replace(one, answers=kept, version=version + 1, updated_at=clock.now())
    if not await store.update(tx, changed, version):
        raise VersionConflict(current_version=version + 1)
    return changed


def _accepted(
    theme: Theme, before: Answers, changes: Mapping[str, Any], actor: Actor, clock: Clock
) -> tuple[Answers, list[Problem]]:
    known = {ask.code: ask for ask in theme.asks}
    after, wrong = dict(before), []
    for code, raw in changes.items():
        if code not in known:
            wrong.append(problem(code, "unknown", code[:40], code[:40]))
        elif raw in (None, ""):
            after.pop(code, None)
        else:
            value, bad = types.read(known[code], raw)
            if bad is not None:
                wrong.append(bad)
            else:
                after[code] = Answer(value, PERSON, actor.channel, clock.now())
    return after, wrong


def problems(theme: Theme, given: Mapping[str, Any]) -> list[Problem]:
    """What keeps the intake from being handed in."""
    known = {ask.code: ask for ask in theme.asks}
    found, kept = [], dict[str, Any]()
    for ask in theme.asks:
        if not ask.is_shown(kept):
            continue
        if ask.code in given:
            kept[ask.code] = given[ask.code]
        wrong = answers.problem_of(ask, given.get(ask.code), given, known)
        if wrong is not None:
            found.append(wrong)
    return found


async def submit(
    tx: Tx, *, actor: Actor, clock: Clock, taxpayer_id: int, journey_id: UUID, version: int, idempotency_key: str
) -> Journey:
    """Hand the intake in: every matter that can begin begins; those that are complete are handed in at once.

    The same key again gives the same journey. Errors: matters.incomplete, matters.version_conflict.
    """
    one = await readable(tx, taxpayer_id=taxpayer_id, journey_id=journey_id, is_locked=True)
    if one.idempotency_key == idempotency_key:
        return one
    if one.version != version:
        raise VersionConflict(current_version=one.version)
    theme = themes.find_theme(one.theme_code)
    wrong = problems(theme, answers.values(one.answers))
    if wrong:
        raise Incomplete(
            count=len(wrong), first=wrong[0].text, first_en=wrong[0].text_en, problems=[p.as_dict() for p in wrong]
        )
    running = replace(
        one, state="running", version=version + 1, updated_at=clock.now(), idempotency_key=idempotency_key
    )
    if not await store.update(tx, running, version):
        raise VersionConflict(current_version=version + 1)
    await evidence.append(
        tx, actor=actor, clock=clock, act="matters.journey_submitted", taxpayer_id=taxpayer_id, subject_id=journey_id,
        payload={"theme": theme.code, "answers": answers.values(one.answers)}, summary={"theme": theme.code},
    )  # fmt: skip
    return await go_on(tx, actor=actor, clock=clock, one=running)


async def go_on(tx: Tx, *, actor: Actor, clock: Clock, one: Journey, is_changed: bool = False) -> Journey:
    """Begin every step whose time has come; again and again until nothing more can begin. Safe to run twice.

    `is_changed`: the journey handed in differs from its row and is written in any case.
    """
    theme = themes.find_theme(one.theme_code)
    who = await hats.standing(tx, actor=actor, clock=clock)
    steps = dict(one.steps)
    wanted = theme.steps_for(answers.values(one.answers), who.category)
    while True:
        states = await states_of(tx, one.taxpayer_id, one.journey_id)
        ready = [step for step in wanted if step.matter not in steps and _may_begin(step, states)]
        if not ready:
            break
        for step in ready:
            steps[step.matter] = await _begin_step(tx, one, step, actor, clock)
    states = await states_of(tx, one.taxpayer_id, one.journey_id)
    is_done = all(states.get(step.matter) == "approved" for step in wanted if not step.is_optional)
    changed = replace(
        one, steps=steps, version=one.version + 1, updated_at=clock.now(), state="done" if is_done else "running"
    )
    if not is_changed and (steps, changed.state) == (one.steps, one.state):
        return one
    if not await store.update(tx, changed, one.version):
        raise VersionConflict(current_version=one.version + 1)
    return changed


def _may_begin(step: Step, states: Mapping[str, str]) -> bool:
    return all(states.get(before) == "approved" for before in step.after)


async def states_of(tx: Tx, taxpayer_id: int, journey_id: UUID) -> dict[str, str]:
    """The state of each matter of a journey. One round trip."""
    found = await applications.of_journey(tx, taxpayer_id=taxpayer_id, journey_id=journey_id)
    return {one.matter_code: one.state for one in found}


async def _begin_step(tx: Tx, one: Journey, step: Step, actor: Actor, clock: Clock) -> dict[str, Any]:
    """Begin one matter with the shared answers, and hand it in when nothing is missing. A refusal stops this step alone."""
    shared: Answers = {
        name: Answer(one.answers[source].value, "shared", one.answers[source].channel, one.answers[source].at)
        for name, source in step.share.items()
        if source in one.answers
    }
    try:
        # lint: sessions: a step that is refused stops alone; what it had begun is undone
        async with tx.transaction():
            made = await starting.start(
                tx, actor=actor, clock=clock, matter_code=step.matter, journey_id=one.journey_id,
                shared=_fitting(step.matter, shared),
            )  # fmt: skip
    except PalmtaxError as refused:
        return await _failed(tx, one, step, clock, refused)
    try:
        # lint: sessions: a step that is refused stops alone; what it had begun is undone
        async with tx.transaction():
            await submitting.submit(
                tx, actor=actor, clock=clock, taxpayer_id=one.taxpayer_id, application_id=made.application_id,
                version=made.version, idempotency_key=f"journey-{made.application_id}",
            )  # fmt: skip
    except Incomplete:
        return {"application_id": str(made.application_id)}
    except PalmtaxError as refused:
        return {"application_id": str(made.application_id)} | await _failed(tx, one, step, clock, refused)
    return {"application_id": str(made.application_id)}


def _fitting(matter_code: str, shared: Answers) -> Answers:
    """The shared answers that the matter's own questions take."""
    matter = catalogue.find_matter(matter_code)
    found: Answers = {}
    for code, one in shared.items():
        value, wrong = types.read(matter.by_code[code], one.value)
        if wrong is None:
            found[code] = replace(one, value=value)
    return found


async def _failed(tx: Tx, one: Journey, step: Step, clock: Clock, refused: PalmtaxError) -> dict[str, Any]:
    (zh, hint), (en, hint_en) = refused.words("zh"), refused.words("en")
    matter = catalogue.find_matter(step.matter)
    await messaging.tell(
        tx, clock=clock, taxpayer_id=one.taxpayer_id, template="theme_step_failed",
        values={"theme_title": themes.find_theme(one.theme_code).title,
                "theme_title_en": themes.find_theme(one.theme_code).title_en, "matter_title": matter.title,
                "matter_title_en": matter.title_en, "reason": zh, "reason_en": en},
        subject_kind="journey", subject_id=one.journey_id, key=f"journey:{one.journey_id}:{step.matter}",
    )  # fmt: skip
    return {"code": refused.code, "why": zh, "why_en": en, "hint": hint, "hint_en": hint_en}


async def retry(tx: Tx, *, actor: Actor, clock: Clock, taxpayer_id: int, journey_id: UUID, matter_code: str) -> Journey:
    """Begin a step anew that failed or was refused; what it holds back then goes on."""
    one = await readable(tx, taxpayer_id=taxpayer_id, journey_id=journey_id, is_locked=True)
    states = await states_of(tx, taxpayer_id, journey_id)
    known = one.steps.get(matter_code)
    if one.state == "draft" or known is None or ("code" not in known and states.get(matter_code) not in FAILED):
        raise StateRefused(state="不需要重办", state_en="not failed")
    if states.get(matter_code) in FAILED:
        await applications.leave_journey(tx, taxpayer_id=taxpayer_id, application_id=UUID(known["application_id"]))
    elif "application_id" in known:
        return await _resubmit(tx, one, matter_code, known, actor, clock)
    steps = {code: step for code, step in one.steps.items() if code != matter_code}
    return await go_on(tx, actor=actor, clock=clock, one=replace(one, steps=steps), is_changed=True)


async def _resubmit(
    tx: Tx, one: Journey, matter_code: str, known: dict[str, Any], actor: Actor, clock: Clock
) -> Journey:
    draft: Application = await starting.readable(
        tx, taxpayer_id=one.taxpayer_id, application_id=UUID(known["application_id"])
    )
    await submitting.submit(
        tx, actor=actor, clock=clock, taxpayer_id=one.taxpayer_id, application_id=draft.application_id,
        version=draft.version, idempotency_key=f"journey-{draft.application_id}-{draft.version}",
    )  # fmt: skip
    mended = one.steps | {matter_code: {"application_id": known["application_id"]}}
    return await go_on(tx, actor=actor, clock=clock, one=replace(one, steps=mended), is_changed=True)
