"""Computing a row group: the two regimes by the law's own rule, and the tally of what changes."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from palmtax import rules
from palmtax.base.errors import PalmtaxError
from palmtax.insight.errors import PopulationLacks
from palmtax.insight.model.kinds import Kind, find_kind
from palmtax.insight.model.study import Question
from palmtax.insight.model.tally import Rows, Shape, Tally, tally_of
from palmtax.insight.store.groups import read_group
from palmtax.insight.store.page import Group, Population, population

CODES = ("industry", "city", "band")
LABELS = (*CODES, "income_fen")
CODED = ("place_kind",)
"""Columns that hold a place in a list of codes of the population, for facts that are a choice."""


@dataclass(frozen=True, slots=True)
class Job:
    """One row group under one law; light enough to be sent to another process."""

    folder: Path
    fingerprint: str
    law: str
    group: int
    question: Question
    source: str = "arrow"
    enacted: tuple[tuple[str, tuple[rules.DatedValue, ...]], ...] = ()


@dataclass(frozen=True, slots=True)
class Done:
    """What came of a job: the tally, or the refusal of the law in both languages."""

    law: str
    group: int
    rows: int
    tally: Tally | None
    problem: dict[str, Any] | None


def problem_of(refusal: PalmtaxError) -> dict[str, Any]:
    """A refusal as it is kept and shown."""
    (text, hint), (text_en, hint_en) = refusal.words("zh"), refusal.words("en")
    return {"code": refusal.code, "text": text, "hint": hint, "text_en": text_en, "hint_en": hint_en}


def shape_of(people: Population, kind: Kind) -> Shape:
    """The shape of the tally of a kind."""
    bands = people.words(f"{kind.population}.band")
    return Shape(len(people.words("industry")), len(people.words("city")), len(bands))


def compute_apart(job: Job) -> Done:
    """`compute` in a process of its own, which first takes over the versions that the law desk put in force."""
    rules.enact(dict(job.enacted))
    return compute(job)


def compute(job: Job) -> Done:
    """Compute a row group and tally it. Refusals come back as values: they cannot travel between processes."""
    people = population(job.folder)
    try:
        if people.fingerprint != job.fingerprint:
            raise PopulationLacks(law=job.law, facts=job.fingerprint)
        kind = find_kind(job.law)
        group = people.groups(kind.population)[job.group]
        rows = rows_of(people, kind, group, job.question, job.source)
    except PalmtaxError as refusal:
        return Done(job.law, job.group, 0, None, problem_of(refusal))
    return Done(job.law, job.group, len(rows.row), tally_of(rows, shape_of(people, kind)), None)


def rows_of(people: Population, kind: Kind, group: Group, question: Question, source: str = "arrow") -> Rows:
    """The rows of a group that the kind covers, with their burden under both regimes."""
    facts = facts_needed(people, kind)
    wanted = {*LABELS, *facts.values(), *kind.where}
    columns = read_group(group, sorted(wanted), source)
    row = np.arange(group.first_row, group.first_row + group.rows, dtype=np.int64)
    for name, code in kind.where.items():
        keep = np.flatnonzero(columns[name] == people.codes(name).index(code))
        columns = {column: values[keep] for column, values in columns.items()}
        row = row[keep]
    given = {fact: _answer(people, kind, fact, columns[column]) for fact, column in facts.items()}
    given |= {fact: np.full(len(row), value) for fact, value in kind.fixed.items()}
    before, after = burdens(kind, given, question)
    codes = (columns[name] for name in CODES)
    return Rows(row, columns["income_fen"], before, after, *codes, people.bounds_fen(kind.group))


def facts_needed(people: Population, kind: Kind) -> dict[str, str]:
    """Which column answers which fact; PopulationLacks when a fact without a default has none."""
    has, law = people.columns(kind.population), rules.law(kind.law)
    asked = [fact for fact in law.facts if fact.code not in kind.fixed]
    found = {fact.code: kind.column_of(fact.code) for fact in asked if kind.column_of(fact.code) in has}
    lost = [fact for fact in asked if fact.code not in found and fact.default is None]
    if lost:
        raise PopulationLacks(law=law.title, facts="、".join(fact.label for fact in lost))
    return found


def _answer(people: Population, kind: Kind, fact: str, column: Any) -> Any:
    """A column as the fact takes it: places of a coded column become places in the fact's own options."""
    if kind.column_of(fact) not in CODED:
        return column
    options = [o.code for f in rules.law(kind.law).facts if f.code == fact for o in f.options]
    places = np.array([options.index(code) for code in people.codes(kind.column_of(fact))], np.int64)
    return places[column]


def burdens(kind: Kind, given: dict[str, Any], question: Question) -> tuple[Any, Any]:
    """The burden of every row, `(n,) int64` fen, under the law before and after."""
    changes = changes_of(kind.law, question)
    if question.on == question.after_on:
        days = [(question.on, {"before": dict[str, object](), "after": changes})]
    else:
        days = [(question.on, {"before": {}}), (question.after_on, {"after": changes})]
    found: dict[str, Any] = {}
    for day, sides in days:
        found |= rules.burdens(
            kind.law, on=day, facts=given, scenarios=sides, plus=kind.outputs, less=kind.less, threads=1
        )
    return found["before"], found["after"]


def changes_of(law: str, question: Question) -> dict[str, object]:
    """The replaced parameters that this law reads."""
    known = rules.law(law).all_parameters
    return {key: value for key, value in question.changes.items() if key in known}
