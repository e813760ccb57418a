"""Single cases of a study: finding rows by what changes for them, and the two explanations of one row side by side."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from palmtax import rules
from palmtax.insight.actions.computing import changes_of, facts_needed, rows_of
from palmtax.insight.actions.telling import words_of
from palmtax.insight.errors import LawNotStudied, PopulationChanged, RowUnknown, StudyMalformed, StudyNotDone
from palmtax.insight.model.kinds import Kind, find_kind
from palmtax.insight.model.study import Study
from palmtax.insight.model.tally import Rows, listed
from palmtax.insight.store.groups import read_group
from palmtax.insight.store.page import Group, Population, Word, find_population

GROUPS_A_PAGE = 8
"""Row groups that one page may walk through; then it says where to go on."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A filter: codes, each none for all."""

    change: str | None
    decile: str | None
    industry: str | None
    city: str | None
    band: str | None


@dataclass(frozen=True, slots=True)
class Place:
    """A study whose population is still there, and one of its laws."""

    people: Population
    kind: Kind
    study: Study

    @property
    def words(self) -> dict[str, tuple[Word, ...]]:
        """The codes of every dimension."""
        return words_of(self.people, self.kind)


def place_of(folder: Path, study: Study, law: str | None) -> Place:
    """Where the rows of a study are. StudyNotDone, LawNotStudied, PopulationChanged."""
    if study.state != "done":
        raise StudyNotDone()
    code = law or study.question.laws[0]
    if code not in study.question.laws:
        raise LawNotStudied(law=code[:60])
    people = find_population(folder)
    if people is None or people.fingerprint != study.population["fingerprint"]:
        raise PopulationChanged()
    return Place(people, find_kind(code), study)


def _places(place: Place, wanted: Wanted) -> dict[str, int]:
    """The filter as places in the codes; StudyMalformed for a code that is not there."""
    found = {}
    for name, words in place.words.items():
        code = getattr(wanted, name)
        if code is None:
            continue
        codes = [word.code for word in words]
        if code not in codes:
            raise StudyMalformed(what=name)
        found[name] = codes.index(code)
    return found


def walk(place: Place, wanted: Wanted, *, first_row: int, limit: int) -> tuple[list[list[int]], int | None, int]:
    """Rows that fit from a row on: the page, the row to go on from, rows looked at. Computes: call it in a thread."""
    places, found, scanned = _places(place, wanted), list[list[int]](), 0
    groups = [g for g in place.people.groups(place.kind.population) if g.first_row + g.rows > first_row]
    for number, group in enumerate(groups):
        if number == GROUPS_A_PAGE:
            return found, group.first_row, scanned
        rows = rows_of(place.people, place.kind, group, place.study.question)
        keep = _fits(rows, wanted.change, places) & (rows.row >= first_row)
        scanned += group.rows
        places_found = np.flatnonzero(keep)
        found += listed(rows, places_found[: limit - len(found) + 1])
        if len(found) > limit:
            return found[:limit], found[limit][1], scanned
    return found, None, scanned


def _fits(rows: Rows, change: str | None, places: Mapping[str, int]) -> Any:
    delta = rows.delta_fen
    keep = np.ones(len(delta), bool)
    if change is not None:
        keep &= {"winner": delta < 0, "loser": delta > 0, "unchanged": delta == 0}[change]
    for name, place in places.items():
        keep &= getattr(rows, name) == place
    return keep


def extremes(place: Place, wanted: Wanted, *, order: str) -> list[list[int]]:
    """The largest gains or losses that the study kept and that fit."""
    places = _places(place, wanted)
    kept: list[list[int]] = next(law for law in place.study.result["laws"] if law["law"] == place.kind.law)["extremes"]  # type: ignore[index]  # done: there is a result
    at = {"decile": 5, "industry": 6, "city": 7, "band": 8}
    sign = -1 if order == "gain" else 1
    change = {-1: "winner", 1: "loser"}[sign]
    if wanted.change not in (None, change):
        return []
    return [row for row in kept if row[0] * sign > 0 and all(row[at[name]] == value for name, value in places.items())]


@dataclass(frozen=True, slots=True)
class Case:
    """One row with its facts and both assessments."""

    listed: list[int]
    facts: list[tuple[rules.Fact, list[Any]]]
    before: rules.Assessment
    after: rules.Assessment


def case_of(place: Place, row: int) -> Case:
    """A row under both regimes, every line explained. RowUnknown. Computes: call it in a thread."""
    group = next((g for g in _groups(place) if g.first_row <= row < g.first_row + g.rows), None)
    if group is None:
        raise RowUnknown(row=row)
    rows = rows_of(place.people, place.kind, group, place.study.question)
    at = np.flatnonzero(rows.row == row)
    if not len(at):
        raise RowUnknown(row=row)
    given = _given(place, group, row)
    question = place.study.question
    law = place.kind.law
    return Case(
        listed(rows, at)[0],
        _shown_facts(law, given),
        rules.assess(law, on=question.on, facts=given),
        rules.assess(law, on=question.after_on, facts=given, what_if=changes_of(law, question)),
    )


def _groups(place: Place) -> Iterator[Group]:
    yield from place.people.groups(place.kind.population)


def _given(place: Place, group: Group, row: int) -> dict[str, Any]:
    """The facts of one row as `rules.assess` takes them."""
    needed = facts_needed(place.people, place.kind)
    columns = read_group(group, sorted(set(needed.values())))
    known = {fact.code: fact for fact in rules.law(place.kind.law).facts}
    given: dict[str, Any] = dict(place.kind.fixed)
    for code, column in needed.items():
        value = columns[column][row - group.first_row].item()
        given[code] = place.people.codes(column)[value] if known[code].unit == "choice" else value
    return given


def _shown_facts(law: str, given: Mapping[str, Any]) -> list[tuple[rules.Fact, list[Any]]]:
    """The facts that say something: rows of twelve together, those of 0 or no left out."""
    found = []
    for fact in rules.law(law).asked:
        values = [given[part.code] for part in fact.parts if part.code in given]
        if any(value not in (0, False) for value in values):
            found.append((fact, values))
    return found
