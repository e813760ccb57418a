"""检举: a report of an offence. Who reports is sealed, on no timeline and in no event; only its own scope opens it."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from palmtax import evidence, identity, registry, rules
from palmtax.base.actor import Actor
from palmtax.base.clock import Clock
from palmtax.complaints.actions.recording import printed_no, wrong_state
from palmtax.complaints.errors import FactsMissing, ReasonMissing, ReportAnonymous, ReportUnknown
from palmtax.complaints.events import ReportReceived
from palmtax.complaints.model.complaint import NOBODY
from palmtax.complaints.model.kinds import days_of
from palmtax.complaints.model.rating import Report
from palmtax.complaints.store import reports as store
from palmtax.plumbing import outbox
from palmtax.plumbing.database import Tx

TITLE, TITLE_EN = "税收违法行为检举", "Report of a tax offence"


async def report_violation(
    tx: Tx,
    *,
    actor: Actor,
    clock: Clock,
    taxpayer_id: int,
    office_code: str,
    who: str,
    facts: str,
    is_named: bool,
    application_id: UUID,
) -> Report:
    """Report a tax offence (国家税务总局令第49号); one application reports once. Errors: complaints.facts_missing.

    The report is kept by itself, evidence and news are of nobody: a timeline cannot tell who reported.
    """
    report_id = store.id_of_application(application_id)
    known = await store.report(tx, report_id)
    if known is not None:
        return known
    if not who.strip() or not facts.strip():
        raise FactsMissing()
    today = clock.today()
    made = Report(
        report_id=report_id,
        report_no=printed_no("JB", report_id, today),
        who=who.strip(),
        facts=facts.strip(),
        office_code=office_code,
        state="received",
        received_at=clock.now(),
        due_on=rules.add_working_days(today, days_of("report_days", today)),
        is_named=is_named,
    )
    await store.insert(tx, made, taxpayer_id=taxpayer_id, person_id=actor.person_id)
    await evidence.append(
        tx,
        actor=None,
        clock=clock,
        act="complaints.report_received",
        taxpayer_id=NOBODY,
        subject_id=report_id,
        payload={"who": made.who, "facts": made.facts},
    )
    event = ReportReceived(NOBODY, report_id, "report", TITLE, TITLE_EN, made.due_on.isoformat(), office_code, ())
    await outbox.emit(tx, event)
    return made


async def own_reports(tx: Tx, *, actor: Actor, taxpayer_id: int) -> list[Report]:
    """One's own reports under this hat, newest first. One round trip."""
    return await store.of_informant(tx, taxpayer_id=taxpayer_id, person_id=actor.person_id)


async def readable_report(tx: Tx, *, report_id: UUID) -> Report:
    """What was reported, without who did. Errors: complaints.report_unknown. One round trip."""
    found = await store.report(tx, report_id)
    if found is None:
        raise ReportUnknown()
    return found


async def open_report(tx: Tx, *, actor: Actor, clock: Clock, report_id: UUID) -> Report:
    """An officer reads a report; that they did is evidence. Errors: complaints.report_unknown."""
    found = await readable_report(tx, report_id=report_id)
    await evidence.append(
        tx,
        actor=actor,
        clock=clock,
        act="complaints.report_opened",
        taxpayer_id=NOBODY,
        subject_id=report_id,
        payload={},
    )
    return found


async def acts_on_report(tx: Tx, *, actor: Actor, clock: Clock, taxpayer_id: int, subject_id: UUID) -> frozenset[str]:
    """What this officer may do with a report now: who may read it answers it, who may know the informant looks there."""
    del clock, taxpayer_id
    found = await store.report(tx, subject_id)
    if found is None:
        return frozenset()
    is_open = found.state == "received"
    acts = {
        "answer": is_open and actor.may("complaints.reports"),
        "forward": is_open,
        "informant": found.is_named and actor.may("complaints.informants"),
    }
    return frozenset(act for act, may in acts.items() if may)


async def forward_report(
    tx: Tx, *, actor: Actor, clock: Clock, taxpayer_id: int, subject_id: UUID, office_code: str, reason: str
) -> tuple[int, ...]:
    """Another office looks at it; `taxpayer_id` is 0: not used. Errors: complaints.report_unknown."""
    del taxpayer_id
    found = await readable_report(tx, report_id=subject_id)
    await store.forward(tx, subject_id, office_code)
    await evidence.append(
        tx,
        actor=actor,
        clock=clock,
        act="complaints.report_forwarded",
        taxpayer_id=NOBODY,
        subject_id=subject_id,
        payload={"from_office": found.office_code, "to_office": office_code, "reason": reason.strip()},
    )
    return ()


@dataclass(frozen=True, slots=True)
class Informant:
    """Who made a report, by name, and for which business."""

    taxpayer_id: int
    person_id: int
    taxpayer_name: str
    person_name: str


async def open_informant(tx: Tx, *, actor: Actor, clock: Clock, report_id: UUID, reason: str) -> Informant:
    """Who made a named report. Only with its own scope and a second factor; it is evidence, with why.

    Errors: complaints.report_unknown, complaints.report_anonymous, complaints.reason_missing.
    """
    if not reason.strip():
        raise ReasonMissing()
    if not (await readable_report(tx, report_id=report_id)).is_named:
        raise ReportAnonymous()
    made_by = await store.informant(tx, report_id)
    if made_by is None:
        raise ReportUnknown()
    taxpayer_id, person_id = made_by
    businesses = await registry.taxpayers(tx, [taxpayer_id])
    people = await identity.people(tx, [person_id])
    found = Informant(
        taxpayer_id,
        person_id,
        businesses[taxpayer_id].name if taxpayer_id in businesses else "",
        (people[person_id].name or "") if person_id in people else "",
    )
    await evidence.append(
        tx,
        actor=actor,
        clock=clock,
        act="complaints.informant_opened",
        taxpayer_id=NOBODY,
        subject_id=report_id,
        payload={"reason": reason.strip()},
    )
    return found


async def answer_report(tx: Tx, *, actor: Actor, clock: Clock, taxpayer_id: int, subject_id: UUID, text: str) -> Report:
    """What came of a report; only who made it reads it, under “my reports”. `taxpayer_id` is 0 in the news: not used.

    Errors: complaints.report_unknown, reason_missing, state_wrong.
    """
    del taxpayer_id
    found = await readable_report(tx, report_id=subject_id)
    if not text.strip():
        raise ReasonMissing()
    if not await store.answer(tx, subject_id, text.strip(), clock.now()):
        if found.answer == text.strip():
            return found
        raise wrong_state(found.state)
    await evidence.append(
        tx,
        actor=actor,
        clock=clock,
        act="complaints.report_answered",
        taxpayer_id=NOBODY,
        subject_id=subject_id,
        payload={"answer": text.strip()},
    )
    return await readable_report(tx, report_id=subject_id)
