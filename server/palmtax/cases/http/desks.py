"""Routes of officers: colleagues, fields of work, absences, the board, sentences."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import Path, Query

from palmtax.cases.actions import board as boards
from palmtax.cases.actions import desks as actions
from palmtax.cases.actions.offices import offices_for
from palmtax.cases.actions.queue import colleagues
from palmtax.cases.actions.reading import names
from palmtax.cases.actions.sentences import Sentence, sentences
from palmtax.cases.http import shapes
from palmtax.cases.model.case import AGES
from palmtax.cases.schemas.desks import (
    AbsenceIn,
    AbsenceOut,
    AgeOut,
    BoardOut,
    DecidedOut,
    OfficeOut,
    OfficerOut,
    SentenceOut,
    SentencesOut,
    SkillLoadOut,
    SkillsIn,
)
from palmtax.cases.store.desks import Absence
from palmtax.plumbing.edge import Edge, Router, may_officer

router = Router(prefix="/api/cases", tags=["cases"])
Person = Annotated[int, Path(gt=0, le=2**63 - 1)]
Somebody = Annotated[int | None, Query(gt=0, le=2**63 - 1)]
Code = Annotated[str, Query(max_length=40)]
Words = Annotated[str, Query(max_length=60)]


@router.get("/officers")
async def list_officers(edge: Edge = may_officer("cases.read")) -> list[OfficerOut]:
    """Colleagues of one's own office and those below it, with what they have in hand."""
    async with edge.transaction() as tx:
        found = await colleagues(tx, actor=edge.actor, clock=edge.clock)
    return [shapes.officer_out(one) for one in found]


@router.put("/officers/{person_id}/skills", status_code=204)
async def set_skills(
    person_id: Person, body: SkillsIn, edge: Edge = may_officer("cases.assign", records="cases.skills_set")
) -> None:
    """Set an officer's fields of work; none means all."""
    async with edge.transaction() as tx:
        await actions.set_skills(tx, actor=edge.actor, clock=edge.clock, person_id=person_id, skills=body.skills)


def _absence_out(one: Absence, known: dict[int, str], person_id: int) -> AbsenceOut:
    return AbsenceOut(
        absence_id=one.absence_id,
        person_id=one.person_id,
        name_masked=known.get(one.person_id, ""),
        from_on=one.from_on,
        until_on=one.until_on,
        substitute_id=one.substitute_id,
        substitute_name_masked=known.get(one.substitute_id, ""),
        is_mine=one.person_id == person_id,
    )


@router.get("/absences")
async def list_absences(edge: Edge = may_officer("cases.read")) -> list[AbsenceOut]:
    """Who of the branch is, or will be, away."""
    async with edge.transaction() as tx:
        found = await actions.absences(tx, actor=edge.actor, clock=edge.clock)
        known = await names(tx, [number for one in found for number in (one.person_id, one.substitute_id)])
    return [_absence_out(one, known, edge.actor.person_id) for one in found]


@router.post("/absences", status_code=201)
async def set_absence(
    body: AbsenceIn, edge: Edge = may_officer("cases.read", records="cases.absence_set")
) -> AbsenceOut:
    """Enter one's own absence and who stands in; a supervisor also enters others'."""
    async with edge.transaction() as tx:
        made = await actions.set_absence(
            tx,
            actor=edge.actor,
            clock=edge.clock,
            person_id=body.person_id,
            from_on=body.from_on,
            until_on=body.until_on,
            substitute_id=body.substitute_id,
        )
        known = await names(tx, [made.person_id, made.substitute_id])
    return _absence_out(made, known, edge.actor.person_id)


@router.delete("/absences/{absence_id}", status_code=204)
async def end_absence(
    absence_id: UUID,
    person_id: Somebody = None,
    edge: Edge = may_officer("cases.read", records="cases.absence_ended"),
) -> None:
    """End an absence at once; `person_id` when it is somebody else's."""
    async with edge.transaction() as tx:
        await actions.end_absence(tx, actor=edge.actor, clock=edge.clock, person_id=person_id, absence_id=absence_id)


@router.get("/board")
async def show_board(edge: Edge = may_officer("cases.assign")) -> BoardOut:
    """The supervisor's board: load, what is late, decisions of thirty days, age of the work."""
    async with edge.transaction() as tx:
        found = await boards.board(tx, actor=edge.actor, clock=edge.clock)
    return BoardOut(
        officers=[shapes.board_officer_out(one) for one in found.officers],
        skills=[
            SkillLoadOut(
                skill=one.skill,
                in_all=one.in_all,
                unclaimed=one.unclaimed,
                overdue=one.overdue,
                due_soon=one.due_soon,
                marked=one.marked,
            )
            for one in found.skills
        ],
        decided=[
            DecidedOut(skill=skill, decided=one.decided, passed=one.passed, in_time=one.in_time)
            for skill, one in found.decided
        ],
        ages=[
            AgeOut(from_days=first, until_days=last, number=number)
            for (first, last), number in zip(AGES, found.ages, strict=True)
        ],
    )


@router.get("/cases/{case_id}/offices")
async def find_offices(case_id: UUID, q: Words = "", edge: Edge = may_officer("cases.decide")) -> list[OfficeOut]:
    """Offices that a case may be handed over to, the nearest first: by name, pinyin, its initials, English or code."""
    async with edge.transaction() as tx:
        found = await offices_for(tx, actor=edge.actor, clock=edge.clock, case_id=case_id, text=q)
    return [OfficeOut(office_code=one.code, name=one.name, name_en=one.name_en) for one in found]


def _sentences_out(found: tuple[Sentence, ...]) -> list[SentenceOut]:
    return [SentenceOut(text=one.text, text_en=one.text_en) for one in found]


@router.get("/templates")
async def show_templates(code: Code = "", _edge: Edge = may_officer("cases.read")) -> SentencesOut:
    """Sentences to begin a decision with; `code` is the field of work of the case (its `skill`)."""
    found = sentences(code)
    return SentencesOut(
        skill=found.skill,
        yes=_sentences_out(found.yes),
        no=_sentences_out(found.no),
        supplement=_sentences_out(found.supplement),
    )
