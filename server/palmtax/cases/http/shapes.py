"""From what the actions found to the wire."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from palmtax import evidence, identity
from palmtax.cases.actions.board import OnBoard
from palmtax.cases.actions.bulk import Outcome
from palmtax.cases.actions.moves import EVIDENCE
from palmtax.cases.actions.queue import Colleague
from palmtax.cases.actions.rows import row_out
from palmtax.cases.actions.whole import Whole
from palmtax.cases.model.acts import act_of, summary_words
from palmtax.cases.schemas.cases import (
    CaseActsOut,
    CaseFile,
    CaseMove,
    NoteOut,
    OpinionOut,
    Preview,
    Refused,
    Would,
)
from palmtax.cases.schemas.desks import BoardOfficerOut, OfficerOut
from palmtax.cases.schemas.taxpayers import TimelineEntry
from palmtax.cases.store.cases import Move
from palmtax.cases.store.notes import Note


def case_out(whole: Whole, today: date) -> CaseFile:
    """A case with all that happened to it."""
    case, names = whole.seen.case, whole.names
    opinion = None
    if case.outcome is not None and case.first_by is not None and case.opinion_at is not None:
        opinion = OpinionOut(
            outcome=case.outcome,
            reason=case.reason or "",
            by=case.first_by,
            by_name=names.get(case.first_by, ""),
            at=case.opinion_at,
            confirmed_by_name=names.get(case.second_by, "") if case.second_by else None,
        )
    return CaseFile(
        case=row_out(whole.seen, today),
        opinion=opinion,
        notes=[note_out(note, names) for note in whole.notes],
        history=[_move_out(move, names) for move in whole.moves],
        waits_until_on=case.waits_until_on,
        stand_in_name=names.get(case.stand_in, "") if case.stand_in else None,
        may=list(whole.may),
    )


def note_out(note: Note, names: dict[int, str]) -> NoteOut:
    """A note."""
    return NoteOut(
        note_id=note.note_id,
        at=note.at,
        by=note.person_id,
        by_name=names.get(note.person_id, ""),
        text=note.text,
        mentions=list(note.mentions),
        mention_names=[names.get(one, "") for one in note.mentions],
    )


def _move_out(move: Move, names: dict[int, str]) -> CaseMove:
    name = act_of(EVIDENCE[move.act])
    return CaseMove(
        version=move.version,
        at=move.at,
        act=move.act,
        act_name=name.zh,
        act_name_en=name.en,
        by_name=names.get(move.person_id or 0, ""),
        for_name=names.get(move.for_person_id or 0, ""),
        to_name=names.get(move.to_person_id or 0, ""),
        state=move.state,
        office_code=move.office_code,
        note="" if move.act == "open" else move.note,
    )


def bulk_out(outcomes: Sequence[Outcome], language: str) -> CaseActsOut:
    """What was done, and what was not."""
    refused = [(one.case_id, one.refusal) for one in outcomes if one.refusal is not None]
    return CaseActsOut(
        done=[one.case_id for one in outcomes if one.refusal is None],
        refused=[Refused(case_id=case_id, code=why.code, text=why.words(language)[0]) for case_id, why in refused],
    )


def preview_out(outcomes: Sequence[Outcome], language: str) -> Preview:
    """What would be done."""
    return Preview(
        would=[
            Would(
                case_id=one.case_id, ok=one.refusal is None, why=one.refusal.words(language)[0] if one.refusal else ""
            )
            for one in outcomes
        ]
    )


def board_officer_out(one: OnBoard) -> BoardOfficerOut:
    """An officer on the board."""
    done = one.decided
    return BoardOfficerOut(
        **officer_out(one.colleague).model_dump(),
        ages=one.ages,
        decided=done.decided,
        passed=done.passed,
        in_time=done.in_time,
    )


def officer_out(one: Colleague) -> OfficerOut:
    """A colleague."""
    zh, en = identity.role_name(one.officer.role_code)
    return OfficerOut(
        person_id=one.officer.person_id,
        name_masked=one.officer.name_masked,
        role_code=one.officer.role_code,
        role_name=zh,
        role_name_en=en,
        office_code=one.officer.office_code,
        office_name=one.office_name,
        skills=list(one.skills),
        may_decide=one.officer.may("cases.decide"),
        is_absent=one.substitute_id is not None,
        substitute_id=one.substitute_id,
        in_hand=one.load.in_hand,
        waiting=one.load.waiting,
        overdue=one.load.overdue,
        due_soon=one.load.due_soon,
    )


def entry_out(one: evidence.Entry, people: Mapping[int, identity.Person]) -> TimelineEntry:
    """An act with its names; persons are masked."""
    name = act_of(one.act)
    role_zh, role_en = ("", "") if one.role_code == "none" else identity.role_name(one.role_code)
    zh, en = summary_words(one.summary)
    who = people.get(one.person_id)
    return TimelineEntry(
        entry_id=one.entry_id,
        at=one.at,
        act=one.act,
        act_name=name.zh,
        act_name_en=name.en,
        channel=one.channel,
        who_masked=who.name_masked if who else "",
        role_name=role_zh,
        role_name_en=role_en,
        subject_kind=name.subject,
        subject_id=one.subject_id,
        summary=zh,
        summary_en=en,
        digest_sm3=one.digest.hex(),
    )
