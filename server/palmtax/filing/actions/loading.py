"""A draft with everything it is worked out from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from palmtax import identity, invoice, payment, registry
from palmtax.base.clock import Clock
from palmtax.base.period import Period
from palmtax.filing import errors
from palmtax.filing.model.fields import TAX
from palmtax.filing.model.history import History
from palmtax.filing.model.returns import Draft, Return
from palmtax.filing.model.working import Working, overtaken, work_out
from palmtax.filing.schemas import DraftOut
from palmtax.filing.store import declarations, drafts, returns
from palmtax.filing.store.rows import draft_of, history_entry, return_of
from palmtax.plumbing.database import Tx
from palmtax.plumbing.together import Engine, together


@dataclass(frozen=True)
class Loaded:
    """A draft, the history of its period, the taxpayer, and what all comes to today."""

    draft: Draft
    history: History
    taxpayer: registry.Taxpayer
    standing: payment.Standing | None
    working: Working
    person: identity.Person | None = None
    declared: Mapping[str, Any] | None = None
    """What a matter filed of the same tax and period; looked for when the draft is handed in."""

    @property
    def values(self) -> dict[str, int]:
        """The value of every field, fen."""
        return {field.code: field.value_fen for field in self.working.fields}


async def load(
    tx: Tx,
    *,
    taxpayer_id: int,
    draft_id: UUID,
    clock: Clock,
    key: str | None = None,
    person_id: int = 0,
    engine: Engine = "postgres",
) -> tuple[Loaded | None, Return | None]:
    """The draft worked out for today, and what was done under `key`, if anything; with a `key` also who asks.

    One round trip; a second for the payment of an amended return.
    """
    parts = [
        drafts.draft_part(taxpayer_id, draft_id),
        drafts.history_of_draft_part(taxpayer_id, draft_id),
        invoice.month_sums_within(taxpayer_id, drafts.WINDOW_OF_DRAFT, draft_id),
        registry.taxpayer_part(taxpayer_id),
    ]
    if key is not None:
        by_matter = declarations.of_draft_part(taxpayer_id, draft_id)
        parts += [returns.by_key_part(taxpayer_id, key), identity.people_part([person_id]), by_matter]
    found = await together(tx, *parts, engine=engine)
    if key is not None and found[4]:
        return None, return_of(found[4][0], found[4][0]["history"])
    if not found[0]:
        return None, None
    draft = draft_of(found[0][0])
    history = History([history_entry(row) for row in found[1]])
    taxpayer = registry.taxpayer_of_part(found[3])
    amended = next((e for e in history.entries if e.return_id == draft.amends_return_id), None)
    standing = await standing_of(tx, taxpayer_id, history.chain(amended.obligation_id), clock) if amended else None
    working = work_out(
        taxpayer=taxpayer,
        period=Period.parse(draft.period),
        months=invoice.month_sums_of(found[2]),
        corrections=draft.corrections,
        today=clock.today(),
        charged_before=amended.taxes if amended else None,
        standing=standing,
    )
    taken = overtaken(draft, history)
    if taken is not None:
        working.problems.insert(0, taken)
    person = identity.people_of_part(found[5]).get(person_id) if key is not None else None
    declared = found[6][0] if key is not None and found[6] else None
    return Loaded(draft, history, taxpayer, standing, working, person, declared), None


async def standing_of(tx: Tx, taxpayer_id: int, chain: Sequence[UUID], clock: Clock) -> payment.Standing:
    """Where the payment of a chain of amendments stands: any return that asked for money knows. One round trip."""
    known = await payment.standing(tx, taxpayer_id, chain, clock=clock)
    return pick_standing(known, chain)


def pick_standing(known: Mapping[UUID, payment.Standing], chain: Sequence[UUID]) -> payment.Standing:
    """The one standing that all returns of a chain share; a return that changed nothing was never charged."""
    return next((known[number] for number in chain if known[number].due_on is not None), known[chain[0]])


async def readable_draft(
    tx: Tx, *, taxpayer_id: int, draft_id: UUID, clock: Clock, engine: Engine = "postgres"
) -> Loaded:
    """The draft when it is this taxpayer's; DraftUnknown otherwise."""
    loaded, _ = await load(tx, taxpayer_id=taxpayer_id, draft_id=draft_id, clock=clock, engine=engine)
    if loaded is None:
        raise errors.DraftUnknown()
    return loaded


def draft_out(loaded: Loaded) -> DraftOut:
    """The draft on the wire."""
    draft, working = loaded.draft, loaded.working
    name, name_en = payment.tax_name(TAX)
    return DraftOut(
        draft_id=draft.draft_id,
        version=draft.version,
        kind="amendment" if draft.amends_return_id else "original",
        amends_return_id=draft.amends_return_id,
        tax_type_code=draft.tax_type_code,
        tax_name=name,
        tax_name_en=name_en,
        period=draft.period,
        period_label=working.period.label(),
        period_label_en=working.period.label("en"),
        due_on=working.due.on,
        started_channel=draft.started_channel,
        last_channel=draft.last_channel,
        updated_at=draft.updated_at,
        fields=working.fields,
        result=working.result,
        problems=working.problems,
    )
