"""Keeping the tags: read anew from the doors of those who own the facts, for one taxpayer on news, for all every night."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from palmtax import evidence, filing, identity, invoice, messaging, payment, registry
from palmtax.base.actor import Actor
from palmtax.base.clock import Clock
from palmtax.insight.actions.asking import NO_TAXPAYER
from palmtax.insight.model.tags import bucket_of_invoices, bucket_of_tax
from palmtax.insight.store import tags as store
from palmtax.plumbing.database import Tx
from palmtax.plumbing.outbox import enqueue

NIGHT_BATCH = 100
_FILED = {"overdue": "overdue", "open": "due", "draft": "due"}


async def refresh(tx: Tx, *, clock: Clock, taxpayer_ids: Sequence[int]) -> None:
    """Read the tags of these taxpayers anew; unknown ones are left alone. Twice and out of order does no harm.

    Six round trips for all and up to nine for each: for the worker.
    """
    known = await registry.taxpayers(tx, taxpayer_ids)
    if not known:
        return
    owed = await payment.owed(tx, list(known))
    readers = {one: await identity.readers(tx, taxpayer_id=one, clock=clock) for one in known}
    people = sorted({reader.person_id for found in readers.values() for reader in found})
    ways = await _ways(tx, people)
    pairs = [(one, reader.person_id) for one, found in readers.items() for reader in found]
    wishes = await messaging.campaign_wishes(tx, pairs) if pairs else {}
    tagged = []
    for taxpayer_id, found in known.items():
        choices = [(reader.person_id, wishes[taxpayer_id, reader.person_id]) for reader in readers[taxpayer_id]]
        reader_id, wish = max(choices, key=lambda one: len(one[1].consents), default=(None, None))
        choice = wish.choice if wish else None
        tagged.append(
            store.Tagged(
                taxpayer_id=taxpayer_id, office_code=found.office_code, status=found.status, kind=found.kind,
                vat_kind=found.vat_kind, industry=found.industry, registered_on=found.registered_on,
                declared=await _declared(tx, taxpayer_id), filed=await _filed(tx, clock, taxpayer_id),
                owes="yes" if owed.get(taxpayer_id, 0) > 0 else "no",
                invoices=await _invoices(tx, clock.today(), taxpayer_id), reader_id=reader_id,
                wording="plain" if choice and choice.is_elder else "usual",
                language=choice.language if choice else "zh",
                reach=tuple(way for way in ways.get(reader_id or 0, ()) if choice and way in choice.ways),
                consents=tuple(sorted(wish.consents)) if wish else (),
                quiet_from=choice.quiet.start if choice and choice.quiet else None,
                quiet_until=choice.quiet.end if choice and choice.quiet else None,
            )
        )  # fmt: skip
    await store.keep(tx, tagged, clock.now())


async def _ways(tx: Tx, people: Sequence[int]) -> dict[int, list[str]]:
    """The ways that reach each person, cheapest first."""
    families: dict[int, set[str]] = {}
    for address in await identity.addresses(tx, people) if people else []:
        if address.is_reachable:
            families.setdefault(address.person_id, set()).add(address.family)
    return {
        one: [way.code for way in messaging.sending().ways.values() if found & set(way.families)]
        for one, found in families.items()
    }


async def _declared(tx: Tx, taxpayer_id: int) -> str:
    newest, _ = await filing.returns_of(tx, taxpayer_id, limit=1)
    return bucket_of_tax(sum(newest[0].taxes.values()) if newest else None)


async def _filed(tx: Tx, clock: Clock, taxpayer_id: int) -> str:
    """Where the taxpayer stands: anything overdue, else the last period that is open for filing."""
    began = [
        one for one in await filing.obligations(tx, taxpayer_id=taxpayer_id, clock=clock) if one.state != "not_open"
    ]
    if any(one.state == "overdue" for one in began):
        return "overdue"
    return _FILED.get(began[-1].state, "filed") if began else "none"


async def _invoices(tx: Tx, today: date, taxpayer_id: int) -> str:
    last = today.replace(day=1) - timedelta(days=1)
    months = await invoice.month_sums(tx, taxpayer_id, last.replace(day=1), last)
    return bucket_of_invoices(sum(one.count for one in months))


async def refresh_all(tx: Tx) -> None:
    """Ask for everybody's tags to be read anew; one such walk begins at a time. One round trip."""
    await enqueue(tx, "insight.refresh_page", {"cursor": None}, key="insight.refresh_page:first")


async def ask_for_all(tx: Tx, *, actor: Actor, clock: Clock) -> None:
    """An officer wants the tags read anew; evidence `insight.tags_refreshed`. Two round trips."""
    await refresh_all(tx)
    await evidence.append(
        tx, actor=actor, clock=clock, act="insight.tags_refreshed", taxpayer_id=NO_TAXPAYER, subject_id=None, payload={}
    )


async def refresh_page(tx: Tx, *, clock: Clock, cursor: str | None) -> None:
    """Read the tags of the next taxpayers of the register anew, and ask for the page after it."""
    found, following, _ = await registry.search(tx, sort="registered_on", cursor=cursor, limit=NIGHT_BATCH)
    await refresh(tx, clock=clock, taxpayer_ids=[one.taxpayer_id for one in found])
    if following is not None:
        await enqueue(tx, "insight.refresh_page", {"cursor": following})


async def note_filed(tx: Tx, *, clock: Clock, taxpayer_id: int, payable_fen: int) -> None:
    """A return was filed: one or two round trips, unless another was overdue, which is looked up."""
    if await store.filed_of(tx, taxpayer_id) == "overdue":
        await refresh(tx, clock=clock, taxpayer_ids=[taxpayer_id])
        return
    await store.note_filed(tx, taxpayer_id, declared=bucket_of_tax(payable_fen))


async def note_owed(tx: Tx, *, taxpayer_id: int) -> None:
    """Money came or went: does the taxpayer owe? Two round trips."""
    owed = await payment.owed(tx, [taxpayer_id])
    await store.note_owed(tx, taxpayer_id, owes="yes" if owed.get(taxpayer_id, 0) > 0 else "no")
