"""The routes; what computes runs in a thread, so that nobody else waits."""

from __future__ import annotations

import asyncio
import importlib
from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import Header, Path, Query

from palmtax import identity, rules
from palmtax.insight.actions import asking
from palmtax.insight.errors import StudyMalformed
from palmtax.insight.http import shapes
from palmtax.insight.model.kinds import every_kind, find_kind
from palmtax.insight.model.study import InsightSettings, Question, State, Study
from palmtax.insight.schemas.studies import (
    CaseOut,
    Change,
    GroupOut,
    GroupsOut,
    ParametersOut,
    PopulationOut,
    RowPage,
    StudiedLaw,
    StudyIn,
    StudyOut,
    StudyPage,
)
from palmtax.insight.store.cursors import cursor_of, read_cursor, read_row
from palmtax.insight.store.page import Population, find_population
from palmtax.plumbing.edge import Edge, Router, may_officer

router = Router(prefix="/api/insight", tags=["insight"])
Code = Annotated[str | None, Query(max_length=60)]
LawCode = Annotated[str, Path(max_length=60, pattern=r"^[a-z][a-z0-9_]*$")]
Cursor = Annotated[str | None, Query(max_length=200)]
Limit = Annotated[int, Query(ge=1, le=100)]
Direction = Literal["decile", "industry", "city", "band"]


def _people(edge: Edge) -> Population | None:
    return find_population(edge.settings.of(InsightSettings).population_folder)


async def _study_out(edge: Edge, tx: Any, study: Study) -> StudyOut:
    who = await identity.people(tx, [study.created_by])
    name = who[study.created_by].name_masked if study.created_by in who else ""
    return shapes.study_out(study, name, people=_people(edge), now=edge.clock.now(), language=edge.language)


@router.get("/population")
async def show_population(edge: Edge = may_officer("insight.read")) -> PopulationOut:
    """The invented population that studies run over, or how to make one."""
    return shapes.population_out(_people(edge))


@router.get("/laws")
async def list_laws(edge: Edge = may_officer("insight.read")) -> list[StudiedLaw]:
    """The laws that can be studied."""
    people, found = _people(edge), []
    for code in every_kind():
        kind, law = find_kind(code), rules.law(code)
        words = {name: getattr(kind, name) for name in ("burden", "burden_en", "income", "income_en")}
        rows = people.rows(kind.population) if people else 0
        found.append(
            StudiedLaw(
                code=code, title=law.title, title_en=law.title_en, population=kind.population, rows=rows,
                version=law.version, **words,
            )
        )  # fmt: skip
    return found


@router.get("/laws/{code}/parameters")
async def list_parameters(
    code: LawCode, on: date | None = None, edge: Edge = may_officer("insight.read")
) -> ParametersOut:
    """What may be changed in a law, in the words and forms of the law itself."""
    day = on or edge.clock.today()
    found = asking.parameters(code, day)
    law = rules.law(code)
    options = {option.code: option for fact in law.facts for option in fact.options}
    return ParametersOut(
        law=code,
        title=law.title,
        title_en=law.title_en,
        on=day,
        parameters=[shapes.parameter_out(one, options) for one in found],
    )


@router.post("/studies", status_code=201)
async def start_study(
    body: StudyIn,
    idempotency_key: Annotated[str | None, Header(min_length=8, max_length=100)] = None,
    edge: Edge = may_officer("insight.study", records="insight.study_started", rate="30/minute"),
) -> StudyOut:
    """Start a study; it runs in the background."""
    if len(set(body.laws)) < len(body.laws):
        raise StudyMalformed(what="laws")
    question = Question(tuple(body.laws), body.on, body.after_on or body.on, dict(body.changes))
    folder = edge.settings.of(InsightSettings).population_folder
    people, shown = await asyncio.to_thread(asking.prepare, folder, question)
    async with edge.transaction() as tx:
        study = await asking.start(
            tx,
            actor=edge.actor,
            clock=edge.clock,
            name=body.name,
            question=question,
            people=people,
            shown=shown,
            idempotency_key=idempotency_key,
        )
        return await _study_out(edge, tx, study)


@router.get("/studies")
async def list_studies(
    state: State | None = None, cursor: Cursor = None, limit: Limit = 20, edge: Edge = may_officer("insight.read")
) -> StudyPage:
    """Studies of the officer's office, newest first."""
    before = read_cursor(cursor) if cursor else None
    async with edge.transaction() as tx:
        found = await asking.listed(tx, actor=edge.actor, state=state, before=before, limit=limit + 1)
        who = await identity.people(tx, sorted({study.created_by for study in found}))
    more = cursor_of(found[limit - 1].created_at, found[limit - 1].study_id) if len(found) > limit else None
    lines = [shapes.line_out(s, who[s.created_by].name_masked if s.created_by in who else "") for s in found[:limit]]
    return StudyPage(studies=lines, next_cursor=more)


@router.get("/studies/{study_id}")
async def show_study(study_id: UUID, edge: Edge = may_officer("insight.read")) -> StudyOut:
    """A study: its progress, then its result."""
    async with edge.transaction() as tx:
        study = await asking.readable(tx, actor=edge.actor, study_id=study_id)
        return await _study_out(edge, tx, study)


@router.post("/studies/{study_id}/cancel")
async def cancel_study(
    study_id: UUID, edge: Edge = may_officer("insight.study", records="insight.study_cancelled")
) -> StudyOut:
    """Cancel a study that waits or runs."""
    async with edge.transaction() as tx:
        study = await asking.cancel(tx, actor=edge.actor, clock=edge.clock, study_id=study_id)
        return await _study_out(edge, tx, study)


async def _place(edge: Edge, study_id: UUID, law: str | None) -> Any:
    """The study and its population, for rows."""
    async with edge.transaction() as tx:
        study = await asking.readable(tx, actor=edge.actor, study_id=study_id)
    cases = importlib.import_module("palmtax.insight.actions.cases")
    folder = edge.settings.of(InsightSettings).population_folder
    return cases.place_of(folder, study, law)


@router.get("/studies/{study_id}/groups")
async def show_groups(
    study_id: UUID,
    by: Annotated[list[Direction], Query(min_length=1, max_length=2)],
    law: Code = None,
    edge: Edge = may_officer("insight.read"),
) -> GroupsOut:
    """Sums by one or two directions, such as city and tenth."""
    place = await _place(edge, study_id, law)
    names = tuple(name for name in ("decile", "industry", "city", "band") if name in by)
    content = await edge.files.get(place.study.cells_name)
    cells = importlib.import_module("palmtax.insight.store.cells")
    telling = importlib.import_module("palmtax.insight.actions.telling")

    def work() -> Any:
        return telling.groups_of(place.people, place.kind, cells.from_file(content), names, place.words)

    found = await asyncio.to_thread(work)
    return GroupsOut(law=place.kind.law, by=list(names), groups=[GroupOut(**group) for group in found])


@router.get("/studies/{study_id}/rows")
async def list_rows(
    study_id: UUID,
    law: Code = None,
    change: Change | None = None,
    decile: Code = None,
    city: Code = None,
    industry: Code = None,
    band: Code = None,
    order: Literal["row", "loss", "gain"] = "row",
    cursor: Cursor = None,
    limit: Limit = 20,
    edge: Edge = may_officer("insight.read", rate="120/minute"),
) -> RowPage:
    """Rows by what changes for them: walking the population, or the largest changes that the study kept."""
    place = await _place(edge, study_id, law)
    cases = importlib.import_module("palmtax.insight.actions.cases")
    wanted = cases.Wanted(change, decile, industry, city, band)
    first = read_row(cursor) if cursor else 0
    if order == "row":
        found, following, scanned = await asyncio.to_thread(cases.walk, place, wanted, first_row=first, limit=limit)
    else:
        kept = cases.extremes(place, wanted, order=order)
        found, scanned = kept[first : first + limit], len(kept)
        following = first + limit if len(kept) > first + limit else None
    rows = shapes.rows_out(place.kind.law, place.kind.population, found, place.people)
    return RowPage(rows=rows, next_cursor=None if following is None else str(following), scanned=scanned)


@router.get("/studies/{study_id}/rows/{row}")
async def show_row(
    study_id: UUID, row: int, law: Code = None, edge: Edge = may_officer("insight.read", rate="120/minute")
) -> CaseOut:
    """One row under both regimes, every line explained."""
    place = await _place(edge, study_id, law)
    cases = importlib.import_module("palmtax.insight.actions.cases")
    case = await asyncio.to_thread(cases.case_of, place, row)
    return shapes.case_out(place.kind.law, case, place.people, place.kind.population)
