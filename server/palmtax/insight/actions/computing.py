"""Computing a row group: the two regimes by the law's own rule, and the tally of what changes."""

from __future__ import annotations

import threading
from collections.abc import Sequence
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
    """What came of the jobs of one law: the tally of their groups, or the refusal of the law in both languages."""

    law: str
    groups: tuple[int, ...]
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


def compute_apart(jobs: Sequence[Job]) -> Done:
    """Jobs of one law in a process of its own, added up before they are sent.

    It first takes over the versions that the law desk put in force.
    """
    rules.enact(dict(jobs[0].enacted))
    whole: Tally | None = None
    groups, rows = list[int](), 0
    for job in jobs:
        done = compute(job)
        if done.tally is None:
            return done
        groups += done.groups
        rows += done.rows
        if whole is None:
            whole = done.tally
        else:
            whole.add(done.tally)
    return Done(jobs[0].law, tuple(groups), rows, whole, None)


def compute(job: Job) -> Done:
    """Compute a row group and tally it. Refusals come back as values: they cannot travel between processes."""
    people = population(job.folder)
    try:
        if people.fingerprint != job.fingerprint:
            raise PopulationLacks(law=job.law, facts=job.fingerprint)
        kind = find_kind(job.law)
        group = people.groups(kind.population)[job.group]
        rows = rows_of(people, kind, group, job.question, job.source, kept=_KEPT)
    except PalmtaxError as refusal:
        return Done(job.law, (job.group,), 0, None, problem_of(refusal))
    return Done(job.law, (job.group,), len(rows.row), tally_of(rows, shape_of(people, kind)), None)


class _Kept(threading.local):
    """Memory of the burdens, used again for each row group: new memory costs more than what is computed into it."""

    columns: dict[str, Any] | None = None

    def burdens(self, rows: int) -> dict[str, Any]:
        """Two columns of so many rows."""
        if self.columns is None or len(self.columns["before"]) < rows:
            self.columns = {side: np.empty(rows, np.int64) for side in ("before", "after")}
        return {side: column[:rows] for side, column in self.columns.items()}


_KEPT = _Kept()


def rows_of(
    people: Population, kind: Kind, group: Group, question: Question, source: str = "arrow", kept: _Kept | None = None
) -> Rows:
    """The rows of a group that the kind covers, with their burden under both regimes (in `kept` memory until next time)."""
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
    before, after = burdens(kind, given, question, kept.burdens(len(row)) if kept else None)
    industry, city, band = (columns[name] for name in CODES)
    bounds = people.bounds_fen(kind.group)
    return Rows(row, columns["income_fen"], before, after, industry, city, band, bounds)


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


def burdens(
    kind: Kind, given: dict[str, Any], question: Question, out: dict[str, Any] | None = None
) -> tuple[Any, Any]:
    """The burden of every row, `(n,) int64` fen, under the law before and after; put into `out` if given."""
    changes = changes_of(kind.law, question)
    if question.on == question.after_on:
        days = [(question.on, {"before": dict[str, object](), "after": changes})]
    else:
        days = [(question.on, {"before": {}}), (question.after_on, {"after": changes})]
    found: dict[str, Any] = {}
    for day, sides in days:
        found |= rules.burdens(
            kind.law, on=day, facts=given, scenarios=sides, plus=kind.outputs, less=kind.less, threads=1, out=out
        )
    return found["before"], found["after"]


def changes_of(law: str, question: Question) -> dict[str, object]:
    """The replaced parameters that this law reads."""
    known = rules.law(law).all_parameters
    return {key: value for key, value in question.changes.items() if key in known}
