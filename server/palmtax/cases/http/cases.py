"""Routes of one case: all of it, notes, answers to what is not a matter."""

from __future__ import annotations

from uuid import UUID

from palmtax.cases.actions import answering, notes, whole
from palmtax.cases.actions.reading import find_case, names
from palmtax.cases.http import shapes
from palmtax.cases.schemas.cases import AcceptanceIn, AnswerIn, CaseFile, CaseNoteIn, NoteOut
from palmtax.cases.schemas.taxpayers import TimelineEntry
from palmtax.plumbing.database import Tx
from palmtax.plumbing.edge import Edge, Router, may_officer

router = Router(prefix="/api/cases", tags=["cases"])


async def _shown(tx: Tx, edge: Edge, case_id: UUID) -> CaseFile:
    found = await whole.whole(tx, actor=edge.actor, clock=edge.clock, case_id=case_id)
    return shapes.case_out(found, edge.clock.today())


@router.get("/cases/{case_id}")
async def show_case(case_id: UUID, edge: Edge = may_officer("cases.read")) -> CaseFile:
    """A case with notes, history and opinion; mentions in it count as seen from now on."""
    async with edge.transaction() as tx:
        shown = await _shown(tx, edge, case_id)
        await whole.mark_read(tx, actor=edge.actor, clock=edge.clock, case_id=case_id)
    return shown


@router.get("/cases/{case_id}/audit")
async def show_audit(case_id: UUID, edge: Edge = may_officer("cases.read")) -> list[TimelineEntry]:
    """Every act on the case and on what it is about, with its digest; also who opened papers."""
    async with edge.transaction() as tx:
        entries, people = await whole.audit(tx, actor=edge.actor, clock=edge.clock, case_id=case_id)
    return [shapes.entry_out(one, people) for one in entries]


@router.post("/cases/{case_id}/notes", status_code=201)
async def add_note(
    case_id: UUID, body: CaseNoteIn, edge: Edge = may_officer("cases.read", records="cases.note_written")
) -> NoteOut:
    """Write a note for colleagues; it stays."""
    async with edge.transaction() as tx:
        case = await find_case(tx, actor=edge.actor, case_id=case_id)
        note = await notes.add_note(
            tx, actor=edge.actor, clock=edge.clock, case=case, text=body.text, mentions=body.mentions
        )
        return shapes.note_out(note, await names(tx, [note.person_id, *note.mentions]))


@router.post("/cases/{case_id}/answer")
async def answer_case(
    case_id: UUID, body: AnswerIn, edge: Edge = may_officer("cases.decide", records="cases.case_answered")
) -> CaseFile:
    """Answer a complaint, a rating, a letter or a report; the taxpayer is told and the case closed."""
    async with edge.transaction() as tx:
        case = await find_case(tx, actor=edge.actor, case_id=case_id)
        await answering.answer(tx, actor=edge.actor, clock=edge.clock, case=case, text=body.text, version=body.version)
        return await _shown(tx, edge, case_id)


@router.post("/cases/{case_id}/acceptance")
async def decide_acceptance(
    case_id: UUID, body: AcceptanceIn, edge: Edge = may_officer("cases.decide", records="cases.acceptance_decided")
) -> CaseFile:
    """Take a complaint up, or refuse to, with a reason."""
    async with edge.transaction() as tx:
        case = await find_case(tx, actor=edge.actor, case_id=case_id)
        await answering.decide_acceptance(
            tx, actor=edge.actor, clock=edge.clock, case=case, is_accepted=body.is_accepted, reason=body.reason
        )
        return await _shown(tx, edge, case_id)
