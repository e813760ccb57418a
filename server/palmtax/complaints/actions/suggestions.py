"""Suggestions and praise: kept, counted, read by officers; nobody has to handle them."""

from __future__ import annotations

from uuid import UUID

from palmtax import evidence, rules
from palmtax.base.actor import Actor
from palmtax.base.clock import Clock
from palmtax.base.identifiers import uuid7
from palmtax.complaints.actions.recording import printed_no
from palmtax.complaints.errors import FactsMissing
from palmtax.complaints.model.kinds import days_of, find_suggestion_kind
from palmtax.complaints.model.rating import Suggestion
from palmtax.complaints.store import ratings as store
from palmtax.plumbing.database import Tx


async def suggest(
    tx: Tx,
    *,
    actor: Actor,
    clock: Clock,
    taxpayer_id: int,
    office_code: str,
    text: str,
    kind: str,
    application_id: UUID | None = None,
) -> Suggestion:
    """Give a suggestion or a word of praise; one application gives one. Errors: complaints.choice_unknown, facts_missing."""
    if application_id is not None:
        known = await store.suggestion_of_application(tx, taxpayer_id, application_id)
        if known is not None:
            return known
    if not text.strip():
        raise FactsMissing()
    suggestion_id, today = uuid7(), clock.today()
    made = Suggestion(
        taxpayer_id=taxpayer_id,
        suggestion_id=suggestion_id,
        suggestion_no=printed_no("JY", suggestion_id, today),
        kind=find_suggestion_kind(kind).code,
        text=text.strip(),
        office_code=office_code,
        person_id=actor.person_id,
        given_at=clock.now(),
        due_on=rules.add_working_days(today, days_of("suggestion_days", today)),
        application_id=application_id,
    )
    if not await store.insert_suggestion(tx, made):  # the same application, in another transaction a moment before
        return await store.suggestion_of_application(tx, taxpayer_id, application_id or suggestion_id) or made
    await evidence.append(
        tx,
        actor=actor,
        clock=clock,
        act="complaints.suggestion_given",
        taxpayer_id=taxpayer_id,
        subject_id=suggestion_id,
        payload={"kind": made.kind, "text": made.text},
        summary={"suggestion_no": made.suggestion_no},
    )
    return made
