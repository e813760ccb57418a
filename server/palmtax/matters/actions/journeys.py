"""一件事: one intake drives several matters in their right order; what fails stands alone, what depends on it waits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from palmtax import evidence, identity, messaging
from palmtax.base.actor import Actor
from palmtax.base.clock import Clock
from palmtax.base.errors import PalmtaxError
from palmtax.base.identifiers import uuid7
from palmtax.matters.actions import hats, starting, submitting
from palmtax.matters.errors import (
    AnswerRefused,
    Incomplete,
    JourneyUnknown,
    KeyReused,
    StateRefused,
    VersionConflict,
    WrongHat,
)
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

FAILED = frozenset({"refused", "withdrawn", "lapsed", "discarded"})
LEFT_OUT = "left_out"
"""Stands in an optional step that the person goes on without."""


async def begin(tx: Tx, *, actor: Actor, clock: Clock, theme_code: str, idempotency_key: str) -> Journey:
    """Begin a theme; the same key again gives the same journey.

    Errors: matters.theme_unknown, matters.wrong_hat, matters.key_reused.
    """
    theme = themes.find_theme(theme_code)
    who = await hats.standing(tx, actor=actor, clock=clock)
    if who.category not in theme.who:
        raise WrongHat(
            title=theme.title, title_en=theme.title_en,
            who="、".join(CATEGORIES[one][0] for one in theme.who),
            who_en=", ".join(CATEGORIES[one][1] for one in theme.who),
        )  # fmt: skip
    now = clock.now()
    made = Journey(who.taxpayer_id, uuid7(), theme.code, "draft", 1, {}, {}, actor.person_id, now, now, idempotency_key)
    if await store.insert(tx, made):
        return made
    known = await store.begun_under(tx, taxpayer_id=who.taxpayer_id, begun_key=idempotency_key)
    if known is None or known.theme_code != theme.code:
        raise KeyReused()
    return known


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
        states = await states_of(tx, one)
        ready = [step for step in wanted if step.matter not in steps and not blockers(step, wanted, steps, states)]
        if not ready:
            break
        for step in ready:
            steps[step.matter] = await _begin_step(tx, one, step, actor, clock)
    is_done = all(is_settled(step, steps, states) for step in wanted if not step.is_optional)
    changed = replace(
        one, steps=steps, version=one.version + 1, updated_at=clock.now(), state="done" if is_done else "running"
    )
    if not is_changed and (steps, changed.state) == (one.steps, one.state):
        return one
    if not await store.update(tx, changed, one.version):
        raise VersionConflict(current_version=one.version + 1)
    if is_done:
        count = sum(state == "approved" for state in states.values())
        await _tell(tx, clock, changed, "theme_done", key=f"journey:{one.journey_id}:done", count=count)
    return changed


def is_settled(step: Step, steps: Mapping[str, Any], states: Mapping[str, str]) -> bool:
    """Whether what comes after a step may begin: it was approved, or the person goes on without it."""
    return states.get(step.matter) == "approved" or LEFT_OUT in steps.get(step.matter, {})


def blockers(step: Step, wanted: Sequence[Step], steps: Mapping[str, Any], states: Mapping[str, str]) -> list[Step]:
    """The steps that must be settled before this one; those that these answers do not need hold nobody up."""
    return [before for before in wanted if before.matter in step.after and not is_settled(before, steps, states)]


def is_broken(step: Step, steps: Mapping[str, Any], states: Mapping[str, str]) -> bool:
    """Whether a step ended without success, or could not be begun or handed in; not when the person goes on without it."""
    state = states.get(step.matter)
    if LEFT_OUT in steps.get(step.matter, {}):
        return False
    return state in FAILED or (state in (None, "draft") and "code" in steps.get(step.matter, {}))


def stopped_by(step: Step, wanted: Sequence[Step], steps: Mapping[str, Any], states: Mapping[str, str]) -> list[Step]:
    """The broken steps that this one waits for, straight or through others."""
    found: dict[str, Step] = {}
    for before in blockers(step, wanted, steps, states):
        if is_broken(before, steps, states):
            found[before.matter] = before
        elif before.matter not in steps:
            found |= {one.matter: one for one in stopped_by(before, wanted, steps, states)}
    return list(found.values())


async def applications_of(tx: Tx, one: Journey) -> dict[str, Application]:
    """The application of each matter of a journey that has begun. One round trip."""
    found = await applications.of_journey(tx, taxpayer_id=one.taxpayer_id, journey_id=one.journey_id)
    return {each.matter_code: each for each in found}


async def states_of(tx: Tx, one: Journey) -> dict[str, str]:
    """The state of each matter of a journey that has begun. One round trip."""
    return {code: each.state for code, each in (await applications_of(tx, one)).items()}


async def go_on_by_itself(tx: Tx, *, clock: Clock, taxpayer_id: int, application_id: UUID, request_id: str) -> None:
    """A step came to its end while nobody looked: what it held up begins, and the inbox says what became of it.

    Under the hat that the person who began the journey holds now; without one it waits until somebody opens it. Only what is
    complete goes in: an agreement (`agree`) is never shared, so that a matter which wants the person's word waits for it.
    Two steps that end at once come here one after the other, for the journey is locked; coming twice changes nothing.
    """
    one = await store.running_with(tx, taxpayer_id=taxpayer_id, application_id=application_id)
    if one is None:
        return
    actor = await identity.acting_for(
        tx, clock=clock, person_id=one.started_by, taxpayer_id=taxpayer_id, request_id=request_id
    )
    if actor is None:
        return
    after = await go_on(tx, actor=actor, clock=clock, one=one)
    known = await applications_of(tx, after)
    ended = next((each for each in known.values() if each.application_id == application_id), None)
    if ended is None:
        return
    key = f"journey:{one.journey_id}:{application_id}:{ended.state}"
    matter = _named("matter_title", [ended.matter_code])
    begun = [code for code in after.steps if code not in one.steps]
    if begun:
        waits = [code for code in begun if code in known and known[code].state == "draft"]
        sent = [code for code in begun if code in known and code not in waits]
        await _tell(
            tx, clock, after, "theme_went_on", key=key, **matter, **_named("sent", sent), **_named("waits", waits)
        )
    who = await hats.standing(tx, actor=actor, clock=clock)
    states = {code: each.state for code, each in known.items()}
    wanted = themes.find_theme(one.theme_code).steps_for(answers.values(one.answers), who.category)
    stopped = [
        step.matter
        for step in wanted
        if any(by.matter == ended.matter_code for by in stopped_by(step, wanted, after.steps, states))
    ]
    if stopped:
        await _tell(tx, clock, after, "theme_stopped", key=key, **matter, **_named("stopped", stopped))


def _named(name: str, codes: Sequence[str]) -> dict[str, str]:
    """The titles of matters as a value of a message, in both languages; nothing without matters."""
    found = [catalogue.find_matter(code) for code in codes]
    return {
        name: "、".join(one.title for one in found), f"{name}_en": ", ".join(one.title_en for one in found)
    } if found else {}  # fmt: skip


async def _tell(tx: Tx, clock: Clock, one: Journey, template: str, *, key: str, **values: str | int) -> None:
    theme = themes.find_theme(one.theme_code)
    await messaging.tell(
        tx, clock=clock, taxpayer_id=one.taxpayer_id, template=template,
        values={"theme_title": theme.title, "theme_title_en": theme.title_en, **values},
        subject_kind="journey", subject_id=one.journey_id, key=key,
    )  # fmt: skip


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
    await _tell(
        tx, clock, one, "theme_step_failed", key=f"journey:{one.journey_id}:{step.matter}",
        **_named("matter_title", [step.matter]), reason=zh, reason_en=en,
    )  # fmt: skip
    return {"code": refused.code, "why": zh, "why_en": en, "hint": hint, "hint_en": hint_en}


async def retry(tx: Tx, *, actor: Actor, clock: Clock, taxpayer_id: int, journey_id: UUID, matter_code: str) -> Journey:
    """Begin a step anew that failed or was refused; what it holds back then goes on."""
    one = await readable(tx, taxpayer_id=taxpayer_id, journey_id=journey_id, is_locked=True)
    states = await states_of(tx, one)
    known = one.steps.get(matter_code)
    if (
        one.state == "draft"
        or known is None
        or LEFT_OUT in known
        or ("code" not in known and states.get(matter_code) not in FAILED)
    ):
        raise StateRefused(state="不需要重办", state_en="not failed")
    if states.get(matter_code) in FAILED:
        await applications.leave_journey(tx, taxpayer_id=taxpayer_id, application_id=UUID(known["application_id"]))
    elif "application_id" in known:
        return await _resubmit(tx, one, matter_code, known, actor, clock)
    steps = {code: step for code, step in one.steps.items() if code != matter_code}
    return await go_on(tx, actor=actor, clock=clock, one=replace(one, steps=steps), is_changed=True)


async def leave_out(
    tx: Tx, *, actor: Actor, clock: Clock, taxpayer_id: int, journey_id: UUID, matter_code: str
) -> Journey:
    """Go on without a step that the theme calls optional and that did not go through.

    Again changes nothing. Errors: matters.journey_unknown, matters.state_refused.
    """
    one = await readable(tx, taxpayer_id=taxpayer_id, journey_id=journey_id, is_locked=True)
    known = one.steps.get(matter_code, {})
    if LEFT_OUT in known:
        return one
    states = await states_of(tx, one)
    step = next((step for step in themes.find_theme(one.theme_code).steps if step.matter == matter_code), None)
    if one.state != "running" or step is None or not may_leave_out(step, one.steps, states):
        raise StateRefused(state="不能不办", state_en="needed")
    steps = one.steps | {matter_code: known | {LEFT_OUT: True}}
    return await go_on(tx, actor=actor, clock=clock, one=replace(one, steps=steps), is_changed=True)


def may_leave_out(step: Step, steps: Mapping[str, Any], states: Mapping[str, str]) -> bool:
    """Whether the person may go on without a step: the theme calls it optional, and it ended without success."""
    return step.is_optional and is_broken(step, steps, states)


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
