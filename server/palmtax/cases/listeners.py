"""What the queue does on news from below: what people complain about, rate badly, report or ask becomes a case."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from palmtax import messaging
from palmtax.cases.actions import carding, serving, telling
from palmtax.cases.actions.opening import close_case, new_case, open_case, send_up, set_due
from palmtax.cases.model.case import SKILL_OF_KIND, Kind
from palmtax.cases.store import cases as store
from palmtax.plumbing.outbox import TaskContext, listens

NAMES: dict[Kind, tuple[str, str]] = {"complaint": ("投诉：", "Complaint: ")}
"""What stands before a title that does not say what kind of thing it is."""


async def _open(
    context: TaskContext, payload: dict[str, Any], kind: Kind, subject: str, *, is_again: bool = False
) -> None:
    """Open a case about a subject once, however often the news comes; `is_again` also after one was closed."""
    taxpayer_id, subject_id = int(payload["taxpayer_id"]), UUID(payload[subject])
    name, name_en = NAMES.get(kind, ("", ""))
    async with context.database.transaction() as tx:
        if not is_again and await store.of_subject(tx, taxpayer_id, subject_id, kind) is not None:
            return
        made = new_case(
            clock=context.clock,
            kind=kind,
            subject_id=subject_id,
            taxpayer_id=taxpayer_id,
            code=str(payload.get("category") or kind),
            title=name + str(payload["title"]),
            title_en=name_en + str(payload.get("title_en") or payload["title"]),
            office_code=str(payload["office_code"]),
            skill=str(payload.get("skill") or SKILL_OF_KIND[kind]),
            needs_two=False,
            due_on=date.fromisoformat(payload["due_on"]),
            not_for=[int(one) for one in payload.get("not_for") or ()],
        )
        await open_case(tx, made, clock=context.clock, request_id=context.request_id)


@listens("complaints.complaint_filed")
async def complaint_filed(context: TaskContext, payload: dict[str, Any]) -> None:
    """A complaint is handled by an officer whom it does not concern."""
    await _open(context, payload, "complaint", "complaint_id")


@listens("complaints.complaint_escalated")
async def complaint_escalated(context: TaskContext, payload: dict[str, Any]) -> None:
    """The office above goes on with it: with the case that is open, else with a new one."""
    taxpayer_id, subject_id = int(payload["taxpayer_id"]), UUID(payload["complaint_id"])
    office_code, due_on = str(payload["office_code"]), date.fromisoformat(payload["due_on"])
    not_for = [int(one) for one in payload.get("not_for") or ()]
    async with context.database.transaction() as tx:
        moved = await send_up(
            tx, clock=context.clock, taxpayer_id=taxpayer_id, subject_id=subject_id, office_code=office_code,
            due_on=due_on, not_for=not_for,
        )  # fmt: skip
        last = await store.of_subject(tx, taxpayer_id, subject_id, "complaint")
    is_done = last is not None and (last.office_code, last.due_on) == (office_code, due_on)
    if moved is None and not is_done:
        await _open(context, payload, "complaint", "complaint_id", is_again=True)


@listens("complaints.due_changed")
async def due_changed(context: TaskContext, payload: dict[str, Any]) -> None:
    """Accepted or extended: the case is due when the complaint is."""
    async with context.database.transaction() as tx:
        await set_due(
            tx, clock=context.clock, taxpayer_id=int(payload["taxpayer_id"]), subject_id=UUID(payload["complaint_id"]),
            due_on=date.fromisoformat(payload["due_on"]),
        )  # fmt: skip


@listens("complaints.complaint_withdrawn")
async def complaint_withdrawn(context: TaskContext, payload: dict[str, Any]) -> None:
    """Nothing is left to do."""
    async with context.database.transaction() as tx:
        await close_case(
            tx, clock=context.clock, taxpayer_id=int(payload["taxpayer_id"]), subject_id=UUID(payload["complaint_id"]),
            reason="withdrawn",
        )  # fmt: skip


@listens("complaints.bad_rating_given")
async def bad_rating_given(context: TaskContext, payload: dict[str, Any]) -> None:
    """Somebody calls back whoever was not content."""
    await _open(context, payload, "follow_up", "rating_id")


@listens("complaints.report_received")
async def report_received(context: TaskContext, payload: dict[str, Any]) -> None:
    """A report of an offence is looked at."""
    await _open(context, payload, "report", "report_id")


@listens("messaging.document_unread")
async def document_unread(context: TaskContext, payload: dict[str, Any]) -> None:
    """Nobody reads a served document: an officer calls, later it goes on paper."""
    async with context.database.transaction() as tx:
        await serving.open_service(tx, clock=context.clock, news=payload, request_id=context.request_id)


@listens("messaging.document_read")
async def document_read(context: TaskContext, payload: dict[str, Any]) -> None:
    """Somebody has read it: nothing is left to do."""
    async with context.database.transaction() as tx:
        await close_case(
            tx, clock=context.clock, taxpayer_id=int(payload["taxpayer_id"]), subject_id=UUID(payload["message_id"]),
            reason="read",
        )  # fmt: skip


@listens("knowledge.letter_received")
async def letter_received(context: TaskContext, payload: dict[str, Any]) -> None:
    """A question in writing is answered in writing."""
    await _open(context, payload, "letter", "letter_id")


@listens("cases.case_moved")
async def case_moved(context: TaskContext, payload: dict[str, Any]) -> None:
    """Officers whom a step of a case concerns are told; cards about it are changed."""
    async with context.database.transaction() as tx:
        await telling.on_move(tx, clock=context.clock, payload=payload, request_id=context.request_id)


messaging.register_card(carding.CASE, carding.face, carding.press)
messaging.register_saying("待办", telling.own_list)
messaging.register_saying("todo", telling.own_list)
