"""Routes of served documents that nobody reads: look, call, send on paper."""

from __future__ import annotations

from uuid import UUID

from palmtax import identity, messaging
from palmtax.cases.actions import serving, whole
from palmtax.cases.actions.serving import Unread
from palmtax.cases.http import shapes
from palmtax.cases.schemas.cases import CaseFile
from palmtax.cases.schemas.serving import (
    CallIn,
    PaperIn,
    PhoneAsked,
    PhoneShown,
    ServiceAttempt,
    ServiceContact,
    ServiceReader,
    UnreadDocument,
)
from palmtax.plumbing.edge import Edge, Router, may_officer

router = Router(prefix="/api/cases", tags=["cases"])
ONE = "/cases/{case_id}/service"


def _contact(one: identity.Contact) -> ServiceContact:
    zh, en = identity.role_name(one.role_code)
    return ServiceContact(
        person_id=one.person_id, name_masked=one.name_masked, phone_masked=one.phone_masked, role_name=zh,
        role_name_en=en,
    )  # fmt: skip


def _attempt(one: messaging.Attempt, found: Unread) -> ServiceAttempt:
    zh, en = messaging.OUTCOMES[one.outcome]
    return ServiceAttempt(
        step=one.step, outcome=one.outcome, outcome_name=zh, outcome_name_en=en, at=one.at,
        officer_name=found.names.get(one.officer_id, ""), person_name=found.names.get(one.person_id or 0, ""),
        on_day=one.on_day, receipt_no=one.receipt_no, note=one.note,
    )  # fmt: skip


def _out(found: Unread) -> UnreadDocument:
    served = found.record.served
    given = {name: getattr(served, name) for name in UnreadDocument.model_fields if hasattr(served, name)}
    return UnreadDocument(
        **given,
        readers=[
            ServiceReader(name=found.names.get(one.person_id, ""), read_at=one.read_at) for one in found.record.people
        ],
        contacts=[_contact(one) for one in found.contacts],
        attempts=[_attempt(one, found) for one in found.record.attempts],
        calls_left=found.record.calls_left,
    )


@router.get(ONE)
async def show_service(case_id: UUID, edge: Edge = may_officer("cases.read")) -> UnreadDocument:
    """The served document behind a case, who read it, and what officers did. Errors: cases.case_unknown."""
    async with edge.statement() as tx:
        found = await serving.unread_document(tx, actor=edge.actor, clock=edge.clock, case_id=case_id)
    return _out(found)


@router.post(f"{ONE}/phone")
async def show_phone(
    case_id: UUID,
    asked: PhoneAsked,
    edge: Edge = may_officer("cases.decide", records="messaging.phone_shown", rate="60/hour"),
) -> PhoneShown:
    """A number in the clear, for a reason. Errors: messaging.no_such_phone, messaging.not_this_step, those of claiming."""
    async with edge.transaction() as tx:
        phone = await serving.show_phone(
            tx,
            actor=edge.actor,
            clock=edge.clock,
            case_id=case_id,
            person_id=asked.person_id,
            reason=asked.reason,
        )
    return PhoneShown(phone=phone)


@router.post(f"{ONE}/calls")
async def note_call(
    case_id: UUID, given: CallIn, edge: Edge = may_officer("cases.decide", records="messaging.document_phoned")
) -> CaseFile:
    """What came of a call. Errors: messaging.not_this_step, messaging.no_such_phone, cases.case_changed, those of claiming."""
    async with edge.transaction() as tx:
        await serving.note_call(
            tx,
            actor=edge.actor,
            clock=edge.clock,
            case_id=case_id,
            person_id=given.person_id,
            outcome=given.outcome,
            note=given.note,
            version=given.version,
        )
        return shapes.case_out(
            await whole.whole(tx, actor=edge.actor, clock=edge.clock, case_id=case_id), edge.clock.today()
        )


@router.post(f"{ONE}/papers")
async def note_paper(
    case_id: UUID, given: PaperIn, edge: Edge = may_officer("cases.decide", records="messaging.document_on_paper")
) -> CaseFile:
    """It went on paper. Errors: messaging.not_this_step, messaging.day_ahead, cases.case_changed, those of claiming."""
    async with edge.transaction() as tx:
        await serving.note_paper(
            tx,
            actor=edge.actor,
            clock=edge.clock,
            case_id=case_id,
            outcome=given.outcome,
            on_day=given.on_day,
            receipt_no=given.receipt_no,
            note=given.note,
            version=given.version,
        )
        return shapes.case_out(
            await whole.whole(tx, actor=edge.actor, clock=edge.clock, case_id=case_id), edge.clock.today()
        )
