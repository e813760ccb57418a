"""Asking in writing, and answering (书面咨询): within fifteen working days."""

from __future__ import annotations

from uuid import UUID

from palmtax import evidence, rules
from palmtax.base.actor import Actor
from palmtax.base.clock import Clock
from palmtax.base.identifiers import uuid7
from palmtax.knowledge.errors import AnswerMissing, LetterAnsweredBefore, LetterUnknown
from palmtax.knowledge.events import LetterAnswered, LetterReceived
from palmtax.knowledge.model.letters import Letter, answer_days, checked_question, find_topic, letter_topics, sees
from palmtax.knowledge.store import letters as store
from palmtax.plumbing import outbox
from palmtax.plumbing.database import Tx

LONGEST_LIST = 100


async def ask_letter(
    tx: Tx,
    *,
    actor: Actor,
    clock: Clock,
    taxpayer_id: int,
    office_code: str,
    topic: str,
    question: str,
    application_id: UUID | None = None,
) -> Letter:
    """Ask in writing; one application asks once. Errors: knowledge.question_missing."""
    if application_id is not None:
        known = await store.of_application(tx, taxpayer_id, application_id)
        if known is not None:
            return known
    letter_id, today, about = uuid7(), clock.today(), find_topic(topic)
    made = Letter(
        taxpayer_id=taxpayer_id,
        letter_id=letter_id,
        letter_no=f"ZX{today:%Y%m%d}{letter_id.int & (2**40 - 1):010X}",
        topic=about.code,
        question=checked_question(question),
        person_id=actor.person_id,
        office_code=office_code,
        state="asked",
        asked_at=clock.now(),
        due_on=rules.add_working_days(today, answer_days(today)),
        application_id=application_id,
    )
    if not await store.insert(tx, made):  # the same application asked in another transaction a moment before
        return await store.of_application(tx, taxpayer_id, application_id or letter_id) or made
    await evidence.append(
        tx,
        actor=actor,
        clock=clock,
        act="knowledge.letter_received",
        taxpayer_id=taxpayer_id,
        subject_id=letter_id,
        payload={"topic": made.topic, "question": made.question},
        summary={"letter_no": made.letter_no},
    )
    title, title_en = f"书面咨询：{about.title}", f"Written question: {about.title_en}"
    event = LetterReceived(
        taxpayer_id, letter_id, about.code, title, title_en, made.due_on.isoformat(), office_code, (actor.person_id,)
    )
    await outbox.emit(tx, event, actor.request_id)
    return made


async def readable_letter(tx: Tx, *, taxpayer_id: int, letter_id: UUID) -> Letter:
    """The taxpayer's letter. Errors: knowledge.letter_unknown. One round trip."""
    found = await store.letter(tx, taxpayer_id, letter_id)
    if found is None:
        raise LetterUnknown()
    return found


async def letter_for_officer(tx: Tx, *, actor: Actor, taxpayer_id: int, letter_id: UUID) -> Letter:
    """A letter to the officer's office or one below. Errors: knowledge.letter_unknown. One round trip."""
    found = await readable_letter(tx, taxpayer_id=taxpayer_id, letter_id=letter_id)
    if not sees(actor.hat.office_code or "" if actor.hat else "", found.office_code):
        raise LetterUnknown()
    return found


async def letters_of(tx: Tx, *, taxpayer_id: int) -> list[Letter]:
    """The taxpayer's letters, newest first. One round trip."""
    return await store.of_taxpayer(tx, taxpayer_id, LONGEST_LIST)


async def answer_letter(tx: Tx, *, actor: Actor, clock: Clock, taxpayer_id: int, subject_id: UUID, text: str) -> Letter:
    """Answer a letter; the taxpayer is told. The same answer again changes nothing.

    Errors: knowledge.letter_unknown, answer_missing, letter_answered_before.
    """
    found = await readable_letter(tx, taxpayer_id=taxpayer_id, letter_id=subject_id)
    if not text.strip():
        raise AnswerMissing()
    after = await store.answer(
        tx, taxpayer_id, subject_id, text=text.strip(), person_id=actor.person_id, at=clock.now()
    )
    if after is None:
        if found.answer == text.strip():
            return found
        raise LetterAnsweredBefore()
    await evidence.append(
        tx,
        actor=actor,
        clock=clock,
        act="knowledge.letter_answered",
        taxpayer_id=taxpayer_id,
        subject_id=subject_id,
        payload={"answer": after.answer},
        summary={"letter_no": after.letter_no},
    )
    about = letter_topics()[after.topic]
    event = LetterAnswered(taxpayer_id, subject_id, after.letter_no, about.title, about.title_en)
    await outbox.emit(tx, event, actor.request_id)
    return after


async def forward_letter(
    tx: Tx, *, actor: Actor, clock: Clock, taxpayer_id: int, subject_id: UUID, office_code: str, reason: str
) -> tuple[int, ...]:
    """Another office answers it; gives those whom it concerns: who asked. Errors: knowledge.letter_unknown."""
    found = await readable_letter(tx, taxpayer_id=taxpayer_id, letter_id=subject_id)
    await store.forward(tx, taxpayer_id, subject_id, office_code)
    await evidence.append(
        tx,
        actor=actor,
        clock=clock,
        act="knowledge.letter_forwarded",
        taxpayer_id=taxpayer_id,
        subject_id=subject_id,
        payload={"from_office": found.office_code, "to_office": office_code, "reason": reason.strip()},
        summary={"letter_no": found.letter_no},
    )
    return (found.person_id,)
