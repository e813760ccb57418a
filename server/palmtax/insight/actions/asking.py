"""Asking for a study: what may be changed, whether the question can be answered, starting, cancelling, reading."""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from palmtax import evidence, rules
from palmtax.base.actor import Actor
from palmtax.base.clock import Clock
from palmtax.base.errors import PalmtaxError
from palmtax.base.identifiers import uuid7
from palmtax.insight.errors import (
    NothingChanged,
    ParameterRefused,
    ParameterUnknown,
    StudyKeyReused,
    StudyOver,
    StudyUnknown,
    TooManyStudies,
)
from palmtax.insight.model.kinds import find_kind
from palmtax.insight.model.plain import example_of, plain
from palmtax.insight.model.study import MOST_OPEN, Question, Study
from palmtax.insight.store import studies
from palmtax.insight.store.page import Population, population
from palmtax.plumbing.database import Tx
from palmtax.plumbing.outbox import enqueue

NO_TAXPAYER = 0


@dataclass(frozen=True, slots=True)
class Changeable:
    """A parameter as it stands on a day; `value` none when nothing is in force."""

    parameter: rules.Parameter
    law: str
    value: Any
    dated: Any


def parameters(law: str, on: date) -> list[Changeable]:
    """What may be changed in a law on a day, its own parameters first; LawNotStudied."""
    find_kind(law)
    found = []
    for key, parameter in rules.law(law).all_parameters.items():
        try:
            dated = parameter.on(on)
        except rules.ParameterNotInForce:
            found.append(Changeable(parameter, key.partition(".")[0], None, None))
            continue
        found.append(Changeable(parameter, key.partition(".")[0], plain(parameter.kind, dated.value), dated))
    return sorted(found, key=lambda one: (one.law != law, one.parameter.key))


def prepare(folder: Path, question: Question) -> tuple[Population, list[dict[str, Any]]]:
    """Check that the question can be answered here; the population, and the changes as shown. Slow: call it in a thread.

    Refusals: PopulationMissing, PopulationLacks, LawNotStudied, ParameterUnknown, ParameterRefused, NothingChanged, those of rules.
    """
    people = population(folder)
    kinds = [find_kind(law) for law in question.laws]
    known = {key: p for law in question.laws for key, p in rules.law(law).all_parameters.items()}
    for key in question.changes:
        if key not in known:
            raise ParameterUnknown(key=key[:80])
    shown = [_shown(known[key], question, value) for key, value in question.changes.items()]
    if question.on == question.after_on and all(change["before"] == change["after"] for change in shown):
        raise NothingChanged()
    cliffs = importlib.import_module("palmtax.insight.actions.cliffs")
    computing = importlib.import_module("palmtax.insight.actions.computing")
    for kind in kinds:
        computing.facts_needed(people, kind)
        try:
            cliffs.probe(kind, question)
        except rules.FactRefused as refused:
            raise _refused(
                known, question, str(refused.values["fact"]), str(refused.values.get("reason", ""))
            ) from refused
        except PalmtaxError:
            raise
        except (rules.LawError, LookupError, ValueError, TypeError, ArithmeticError) as wrong:
            raise _refused(known, question, "", str(wrong)) from wrong
    return people, shown


def _shown(parameter: rules.Parameter, question: Question, value: object) -> dict[str, Any]:
    try:
        before = plain(parameter.kind, parameter.on(question.on).value)
    except rules.ParameterNotInForce:
        before = None
    names = {"key": parameter.key, "title": parameter.title, "title_en": parameter.title_en}
    return {**names, "kind": parameter.kind, "unit": parameter.unit, "before": before, "after": value}


def _refused(known: dict[str, rules.Parameter], question: Question, key: str, reason: str) -> ParameterRefused:
    """The refusal of a new value, with a sample of how such a value is written."""
    parameter = known[key if key in known else next(iter(question.changes), next(iter(known)))]
    example = example_of(parameter.kind, parameter.values[-1].value)
    return ParameterRefused(key=parameter.key, title=parameter.title, example=example, reason=reason[:200])


async def start(
    tx: Tx,
    *,
    actor: Actor,
    clock: Clock,
    name: str,
    question: Question,
    people: Population,
    shown: list[dict[str, Any]],
    idempotency_key: str | None,
) -> Study:
    """Keep the question and ask the worker for its answer; the same key gives the same study. TooManyStudies, StudyKeyReused."""
    office = office_of(actor)
    if idempotency_key and (found := await studies.by_key(tx, office, idempotency_key)):
        return _same(found, name, question)
    if await studies.count_open(tx, office) >= MOST_OPEN:
        raise TooManyStudies(limit=MOST_OPEN)
    study = _new(actor, clock, name, question, people, shown)
    if not await studies.insert(tx, study, idempotency_key) and idempotency_key:
        return _same(await readable(tx, actor=actor, key=idempotency_key), name, question)
    await evidence.append(
        tx,
        actor=actor,
        clock=clock,
        act="insight.study_started",
        taxpayer_id=NO_TAXPAYER,
        subject_id=study.study_id,
        payload={"name": name, "question": question.stored(), "population": people.fingerprint},
    )
    await enqueue(
        tx,
        "insight.run_study",
        {"office_code": office, "study_id": str(study.study_id)},
        key=f"insight.run_study:{study.study_id}",
        request_id=actor.request_id,
    )
    return study


def _same(found: Study, name: str, question: Question) -> Study:
    """The study that was begun with this key, if it is the one that is asked for."""
    if (found.name, found.question.stored()) != (name, question.stored()):
        raise StudyKeyReused()
    return found


def _new(actor: Actor, clock: Clock, name: str, question: Question, people: Population, shown: list[Any]) -> Study:
    kinds = [find_kind(law) for law in question.laws]
    groups = sum(len(people.groups(kind.population)) for kind in kinds)
    rows = sum(people.rows(kind.population) for kind in kinds)
    return Study(
        office_code=office_of(actor), study_id=uuid7(), name=name, question=question, shown=shown, population=people.told,
        state="queued", groups_total=groups, groups_done=0, rows_done=0, rows_total=rows, result=None, problem=None,
        revenue_delta_fen=None, cells_name=None, created_by=actor.person_id, created_at=clock.now(), started_at=None,
        finished_at=None,
    )  # fmt: skip


def office_of(actor: Actor) -> str:
    """The office whose studies the officer sees."""
    return (actor.hat.office_code or "") if actor.hat else ""


async def readable(tx: Tx, *, actor: Actor, study_id: UUID | None = None, key: str = "") -> Study:
    """A study of the officer's own office; StudyUnknown."""
    office = office_of(actor)
    found = await (studies.readable_study(tx, office, study_id) if study_id else studies.by_key(tx, office, key))
    if found is None:
        raise StudyUnknown()
    return found


async def listed(
    tx: Tx, *, actor: Actor, state: str | None, before: tuple[datetime, UUID] | None, limit: int
) -> list[Study]:
    """Studies of the officer's office, newest first."""
    return await studies.newest(tx, office_of(actor), state=state, before=before, limit=limit)


async def cancel(tx: Tx, *, actor: Actor, clock: Clock, study_id: UUID) -> Study:
    """End a study that waits or runs; the worker stops at its next row group. StudyUnknown, StudyOver."""
    await readable(tx, actor=actor, study_id=study_id)
    if not await studies.end(tx, office_of(actor), study_id, state="cancelled", problem=None, at=clock.now()):
        raise StudyOver()
    await evidence.append(
        tx,
        actor=actor,
        clock=clock,
        act="insight.study_cancelled",
        taxpayer_id=NO_TAXPAYER,
        subject_id=study_id,
        payload={"study_id": str(study_id)},
    )
    return await readable(tx, actor=actor, study_id=study_id)
