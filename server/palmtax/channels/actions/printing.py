"""Printing at a kiosk: what a visitor may print, a print begun and told of, and never more copies than the day allows."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from palmtax import certificates, evidence
from palmtax.base.clock import Clock, china_day
from palmtax.channels.actions.visits import Visitor
from palmtax.channels.errors import PrintOver, PrintPaperUnknown, PrintTooMany, PrintUnknown
from palmtax.channels.model.kiosks import PAPER_AFTER, Kiosk, Outcome, Print, Printable, Source, rule_on
from palmtax.channels.store import kiosks as kiosk_store
from palmtax.channels.store import prints as store
from palmtax.plumbing.database import Tx

SHOWN = 50
TAX_PAID = ("税收完税证明", "Tax-paid certificate")


@dataclass(frozen=True, slots=True)
class Choice:
    """A paper, and how many copies of it are left today."""

    paper: Printable
    left: int


@dataclass(frozen=True, slots=True)
class Printed:
    """A print, and the machine it was printed at."""

    one: Print
    kiosk: Kiosk | None


async def choices(tx: Tx, *, clock: Clock, who: Visitor) -> list[Choice]:
    """The papers that still stand, newest first, with the copies left today. Three round trips."""
    proved = await certificates.certificates_of(tx, who.taxpayer_id)
    told = await certificates.documents_of(tx, who.taxpayer_id)
    papers = [_of_certificate(one) for one in proved if one.state == "valid"]
    papers += [_of_document(one) for one in told if one.state == "valid"]
    papers.sort(key=lambda one: (one.issued_at, one.no), reverse=True)
    limit, day = rule_on(clock.today()).copies_a_day, clock.today()
    used = await store.counted(tx, taxpayer_id=who.taxpayer_id, person_id=who.actor.person_id, day=day)
    return [Choice(one, max(0, limit - used.get(one.paper_id, 0))) for one in papers]


def _of_certificate(one: certificates.Certificate) -> Printable:
    return Printable("certificate", one.certificate_id, one.kind, one.certificate_no, *TAX_PAID, one.issued_at)


def _of_document(one: certificates.Document) -> Printable:
    return Printable(
        "document", one.document_id, one.kind, one.document_no, one.title, one.title_en, one.issued_at
    )  # fmt: skip


async def paper(
    tx: Tx, *, taxpayer_id: int, source: Source, paper_id: UUID
) -> certificates.Certificate | certificates.Document:
    """A paper of this taxpayer that still stands. One round trip.

    Errors: certificates.unknown, certificates.document_unknown, channels.print_paper_unknown (it stands no longer).
    """
    found: certificates.Certificate | certificates.Document
    if source == "certificate":
        found = await certificates.readable_certificate(tx, taxpayer_id=taxpayer_id, certificate_id=paper_id)
    else:
        found = await certificates.readable_document(tx, taxpayer_id=taxpayer_id, document_id=paper_id)
    if found.state != "valid":
        raise PrintPaperUnknown()
    return found


async def start(
    tx: Tx, *, clock: Clock, who: Visitor, print_id: UUID, source: Source, paper_id: UUID, copies: int
) -> Print:
    """A paper goes to the printer: counted now, given back when it does not come out. The same number again is the same print.

    Evidence `channels.print_started`. Errors: those of `paper`, channels.print_too_many, channels.print_over. Five round trips.
    """
    known = await store.one(tx, who.taxpayer_id, print_id)
    if known is not None:
        return _same(known, who, paper_id, copies)
    found = await paper(tx, taxpayer_id=who.taxpayer_id, source=source, paper_id=paper_id)
    told = _of_certificate(found) if isinstance(found, certificates.Certificate) else _of_document(found)
    made = Print(
        taxpayer_id=who.taxpayer_id, print_id=print_id, person_id=who.actor.person_id, visit_id=who.visit.visit_id,
        office_code=who.kiosk.office_code, kiosk_id=who.kiosk.kiosk_id, source=source, paper_id=paper_id,
        paper_no=told.no, title=told.title, title_en=told.title_en, copies=copies, printed=0, result="",
        started_at=clock.now(), ended_at=None,
    )  # fmt: skip
    if not await store.add(tx, made):  # the same request at the same moment, which has committed
        first = await store.one(tx, who.taxpayer_id, print_id)
        return _same(first or made, who, paper_id, copies)
    await _count(tx, clock=clock, made=made)
    await _record(tx, clock, who, made, act="channels.print_started")
    return made


def _same(known: Print, who: Visitor, paper_id: UUID, copies: int) -> Print:
    if (known.visit_id, known.paper_id, known.copies) != (who.visit.visit_id, paper_id, copies):
        raise PrintOver()
    return known


async def _count(tx: Tx, *, clock: Clock, made: Print) -> None:
    limit, day = rule_on(clock.today()).copies_a_day, clock.today()
    whose = {"taxpayer_id": made.taxpayer_id, "person_id": made.person_id}
    is_counted = made.copies <= limit and await store.count(
        tx, **whose, paper_id=made.paper_id, day=day, copies=made.copies, limit=limit
    )
    if not is_counted:
        used = (await store.counted(tx, **whose, day=day)).get(made.paper_id, 0)
        raise PrintTooMany(limit=limit, left=max(0, limit - used))


async def tell(tx: Tx, *, clock: Clock, who: Visitor, print_id: UUID, result: Outcome, printed: int) -> Print:
    """What came of a print: copies that did not come out are given back. The same again changes nothing.

    Evidence `channels.print_reported`. Errors: channels.print_unknown, channels.print_over. Five round trips.
    """
    before = await store.one(tx, who.taxpayer_id, print_id)
    if before is None or before.visit_id != who.visit.visit_id or printed > before.copies:
        raise PrintUnknown()
    out = before.copies if result == "done" else printed
    after = await store.finish(tx, before, result=result, printed=out, at=clock.now())
    if after is None:
        known = await store.one(tx, who.taxpayer_id, print_id)
        if known is None or (known.result, known.printed) != (result, out):
            raise PrintOver()
        return known
    if out < after.copies:
        await store.give_back(tx, after, day=china_day(after.started_at), copies=after.copies - out)
    await kiosk_store.set_paper(tx, who.kiosk, PAPER_AFTER[result])
    await _record(tx, clock, who, after, act="channels.print_reported")
    return after


async def _record(tx: Tx, clock: Clock, who: Visitor, one: Print, *, act: str) -> None:
    told = {"document_no": one.paper_no, "copies": one.copies, "printed": one.printed, "result": one.result}
    await evidence.append(
        tx, actor=who.actor, clock=clock, act=act, taxpayer_id=one.taxpayer_id, subject_id=one.print_id,
        payload={
            **told, "source": one.source, "paper_id": one.paper_id, "kiosk_id": one.kiosk_id,
            "office_code": one.office_code, "name": who.kiosk.name, "place": who.kiosk.place,
        },
        summary={"title": f"{one.title}（{who.kiosk.name}）", "title_en": f"{one.title_en} ({who.kiosk.name_en})", **told},
    )  # fmt: skip


async def prints_of(tx: Tx, taxpayer_id: int) -> list[Printed]:
    """What was printed for a taxpayer, newest first, at most fifty. A round trip, and one for each hall."""
    found = await store.newest(tx, taxpayer_id, SHOWN)
    at = await kiosk_store.names(tx, [(one.office_code, one.kiosk_id) for one in found])
    return [Printed(one, at.get(one.kiosk_id)) for one in found]
