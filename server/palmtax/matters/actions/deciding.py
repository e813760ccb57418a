"""The officers' decisions: opinion, second officer, supplement, many at once. `cases` says who may; here is what follows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal
from uuid import UUID

from palmtax import cases, evidence, messaging, registry, rules
from palmtax.base.actor import Actor
from palmtax.base.clock import Clock
from palmtax.base.errors import PalmtaxError
from palmtax.matters.actions import finishing
from palmtax.matters.actions.drafting import state_refused
from palmtax.matters.actions.starting import moved, readable
from palmtax.matters.errors import DecisionRefused, PaperUnknown, ReasonNeeded, VersionConflict
from palmtax.matters.events import SupplementAsked
from palmtax.matters.model import answers, catalogue, computing
from palmtax.matters.model.application import Application
from palmtax.matters.model.matter import Matter
from palmtax.matters.store import applications
from palmtax.plumbing import outbox
from palmtax.plumbing.database import Tx
from palmtax.plumbing.together import together

Outcome = Literal["yes", "no"]


@dataclass(frozen=True, slots=True)
class Open:
    """An application on an officer's desk."""

    case: cases.Case
    one: Application
    matter: Matter


async def on_desk(tx: Tx, *, actor: Actor, clock: Clock, application_id: UUID) -> Open:
    """The application, when the officer's office covers its case. Errors: cases.case_unknown. Three round trips."""
    case = await cases.find_subject(tx, actor=actor, subject_id=application_id, clock=clock)
    one = await readable(tx, taxpayer_id=case.taxpayer_id, application_id=application_id)
    return Open(case, one, catalogue.find_matter(one.matter_code))


async def give_opinion(
    tx: Tx, *, actor: Actor, clock: Clock, application_id: UUID, outcome: Outcome, reason: str, case_version: int
) -> Application:
    """The first officer's yes or no; it decides at once unless the matter wants two.

    Errors: cases.* (not yours, changed, wrong state), matters.reason_needed, matters.decision_refused: nothing is decided.
    """
    if outcome == "no" and not reason.strip():
        raise ReasonNeeded()
    desk = await on_desk(tx, actor=actor, clock=clock, application_id=application_id)
    if desk.one.state not in ("submitted", "in_review"):
        raise state_refused(desk.one)
    case = await cases.give_opinion(
        tx, actor=actor, clock=clock, case=desk.case, outcome=outcome, reason=reason, version=case_version
    )
    if case.state == "second":
        return await _in_review(tx, desk.one, actor, clock)
    return await _settle(tx, desk, actor, clock, outcome, reason)


async def confirm(
    tx: Tx, *, actor: Actor, clock: Clock, application_id: UUID, is_agreed: bool, reason: str, case_version: int
) -> Application:
    """The second officer agrees, and it is decided; or not, and it goes back to the first with the reason."""
    if not is_agreed and not reason.strip():
        raise ReasonNeeded()
    desk = await on_desk(tx, actor=actor, clock=clock, application_id=application_id)
    opinion, why = desk.case.outcome, desk.case.reason or ""
    await cases.confirm_opinion(
        tx, actor=actor, clock=clock, case=desk.case, is_agreed=is_agreed, reason=reason, version=case_version
    )
    if not is_agreed:
        return await _in_review(tx, desk.one, actor, clock)
    return await _settle(tx, desk, actor, clock, opinion or "no", why)


async def _in_review(tx: Tx, one: Application, actor: Actor, clock: Clock) -> Application:
    changed = replace(one, state="in_review", version=one.version + 1, updated_at=clock.now())
    written = await together(
        tx,
        applications.update_part(changed, one.version),
        moved(one, "matters.application_reviewed", actor, clock.now()),
    )
    if not written[0]:
        raise VersionConflict(current_version=one.version + 1)
    return changed


async def _settle(tx: Tx, desk: Open, actor: Actor, clock: Clock, outcome: Outcome, reason: str) -> Application:
    one, matter = desk.one, desk.matter
    office = await registry.office_name(tx, desk.case.office_code)
    next_one = replace(one, version=one.version + 1)
    if outcome == "no":
        return await finishing.refuse(
            tx, one=next_one, from_version=one.version, matter=matter, actor=actor, clock=clock, reason=reason,
            by_office=office,
        )  # fmt: skip
    given = answers.current(matter, answers.values(one.answers))
    submitted = one.submitted_at or clock.now()
    computed, _ = computing.compute(matter, given, submitted.date())
    try:
        return await finishing.approve(
            tx, one=next_one, from_version=one.version, matter=matter, actor=actor, clock=clock, computed=computed,
            by_office=office, reason=reason,
        )  # fmt: skip
    except VersionConflict:
        raise
    except PalmtaxError as refused:
        (zh, hint), (en, hint_en) = refused.words("zh"), refused.words("en")
        raise DecisionRefused(text=zh, text_en=en, hint=hint, hint_en=hint_en, reason_code=refused.code) from refused


async def ask_supplement(
    tx: Tx, *, actor: Actor, clock: Clock, application_id: UUID, text: str, asks: Sequence[str], papers: Sequence[str],
    days: int, case_version: int,
) -> Application:  # fmt: skip
    """Ask the taxpayer for more (补正): what, which answers and papers, by when. The clock of the promise stops.

    Errors: cases.*, matters.state_refused, matters.paper_unknown for a name the matter does not have.
    """
    desk = await on_desk(tx, actor=actor, clock=clock, application_id=application_id)
    one, matter = desk.one, desk.matter
    if one.state not in ("submitted", "in_review"):
        raise state_refused(one)
    if {*asks} - matter.by_code.keys() or {*papers} - {paper.code for paper in matter.papers}:
        raise PaperUnknown()
    if desk.case.version != case_version:
        raise cases.CaseChanged(current_version=desk.case.version)
    until = rules.add_working_days(clock.today(), days)
    await cases.wait_for_taxpayer(tx, actor=actor, clock=clock, case=desk.case, until=until)
    supplement = {"text": text, "asks": list(asks), "papers": list(papers), "until": until.isoformat()}
    changed = replace(
        one, state="supplement", version=one.version + 1, updated_at=clock.now(), supplement=supplement, until_on=until
    )
    written = await together(
        tx,
        applications.update_part(changed, one.version),
        moved(one, "matters.supplement_asked", actor, clock.now(), text),
        evidence.part(
            actor=actor, clock=clock, act="matters.supplement_asked", taxpayer_id=one.taxpayer_id, subject_id=one.application_id,
            payload={"application_no": one.application_no, **supplement}, summary={"application_no": one.application_no},
        ),
        outbox.part(
            SupplementAsked(one.taxpayer_id, one.application_id, matter.code, until.isoformat()), actor.request_id
        ),
    )  # fmt: skip
    if not written[0]:
        raise VersionConflict(current_version=one.version + 1)
    values = finishing.named(matter, one) | {"reason": text, "until": until.isoformat()}
    await messaging.tell(
        tx, clock=clock, taxpayer_id=one.taxpayer_id, template="supplement_asked", values=values,
        subject_kind="application", subject_id=one.application_id, key=f"supplement:{one.application_id}:{one.version}",
        matter_code=one.matter_code,
    )  # fmt: skip
    return changed


class _OnlyLooked(Exception):
    """Rolls a preview back."""


async def decide_one_of_many(
    tx: Tx, *, actor: Actor, clock: Clock, application_id: UUID, outcome: Outcome, reason: str, is_preview: bool
) -> dict[str, Any] | None:
    """One application of a bulk decision: none when it was (in a preview: would be) decided, else what stands against it.

    Each is decided in a savepoint of its own; a preview decides it too, effects and all, and rolls that back, so that it
    can promise nothing that the decision does not keep.
    """
    try:
        # lint: sessions: one of many may be refused without the others; a preview is rolled back
        async with tx.transaction():
            desk = await on_desk(tx, actor=actor, clock=clock, application_id=application_id)
            await give_opinion(
                tx, actor=actor, clock=clock, application_id=application_id, outcome=outcome, reason=reason,
                case_version=desk.case.version,
            )  # fmt: skip
            if is_preview:
                raise _OnlyLooked  # noqa: TRY301 — leaving the block with an error is what rolls it back
    except _OnlyLooked:
        return None
    except PalmtaxError as refused:
        (zh, _), (en, _) = refused.words("zh"), refused.words("en")
        return {"code": refused.code, "text": zh, "text_en": en}
    return None
