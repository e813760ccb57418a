"""Routes that a printing kiosk calls: it proves itself by its secret, and the visit by the visit's; no session is made."""

from __future__ import annotations

import asyncio
from typing import Annotated
from uuid import UUID

from fastapi import Header, Response

from palmtax import certificates
from palmtax.channels.actions import kiosks, printing, visits
from palmtax.channels.actions.knowing import Known
from palmtax.channels.actions.visits import Visitor
from palmtax.channels.adapters.process import process_of
from palmtax.channels.model.kiosks import Source, rule_on
from palmtax.channels.schemas.kiosks import (
    KioskSelf,
    PairedOut,
    PairingIn,
    PrintableOut,
    PrintIn,
    PrintOut,
    PrintResultIn,
    VisitBegun,
    VisitOut,
    shape_choice,
    shape_print,
    shape_self,
    shape_visit,
)
from palmtax.plumbing.database import Tx
from palmtax.plumbing.edge import Edge, Router, may_anyone
from palmtax.plumbing.settings import ServerSettings

router = Router(prefix="/api/channels/kiosks", tags=["channels"])
KioskSecret = Annotated[str, Header(alias="X-Kiosk", max_length=120, description="the machine's secret")]
VisitSecret = Annotated[str, Header(alias="X-Kiosk-Visit", max_length=120, description="the visit's secret")]


async def _known(edge: Edge) -> Known:
    return await process_of(edge.house).memory.known(edge.house.database, edge.clock)


async def _visitor(tx: Tx, edge: Edge, known: Known, kiosk: str, visit: str) -> Visitor:
    who = await visits.visitor(
        tx, clock=edge.clock, kiosk_secret=kiosk, visit_secret=visit, request_id=edge.request_id
    )  # fmt: skip
    kiosks.check_open(known, who.kiosk.office_code, edge.clock)
    return who


@router.post("/pairing")
async def pair_kiosk(
    given: PairingIn, response: Response, edge: Edge = may_anyone(records="channels.kiosk_paired", rate="10/minute")
) -> PairedOut:
    """A machine gets its secret for a pairing code. Errors: channels.pairing_code_wrong."""
    response.headers["cache-control"] = "no-store"
    known = await _known(edge)
    async with edge.transaction() as tx:
        made, secret = await kiosks.pair(tx, clock=edge.clock, code=given.code)
    return PairedOut(secret=secret, kiosk=shape_self(made, kiosks.why_closed(known, made.office_code, edge.clock)))


@router.post("/beat")
async def beat_kiosk(edge: Edge = may_anyone(rate="60/minute"), kiosk: KioskSecret = "") -> KioskSelf:
    """The machine is there; gives what its screen says. Errors: channels.kiosk_not_paired."""
    known = await _known(edge)
    async with edge.transaction() as tx:
        found = await kiosks.beat(tx, clock=edge.clock, secret=kiosk)
    return shape_self(found, kiosks.why_closed(known, found.office_code, edge.clock))


@router.post("/visits", status_code=201)
async def begin_visit(
    response: Response, edge: Edge = may_anyone(rate="30/minute"), kiosk: KioskSecret = ""
) -> VisitBegun:
    """A code for the screen. Errors: channels.kiosk_not_paired, channels.kiosk_closed."""
    response.headers["cache-control"] = "no-store"
    known = await _known(edge)
    async with edge.transaction() as tx:
        found = await kiosks.machine(tx, secret=kiosk)
        kiosks.check_open(known, found.office_code, edge.clock)
        made, secret = await visits.begin(tx, clock=edge.clock, kiosk=found)
    public_url = edge.settings.of(ServerSettings).public_url.rstrip("/")
    return VisitBegun(
        visit_id=made.visit_id, secret=secret, number=made.number,
        qr_text=f"{public_url}/#/certificates/kiosk/index?visit={made.visit_id}", expires_at=made.expires_at,
        seconds=rule_on(edge.clock.today()).code_seconds,
    )  # fmt: skip


@router.get("/visit")
async def look_at_visit(
    response: Response, edge: Edge = may_anyone(rate="180/minute"), kiosk: KioskSecret = "", visit: VisitSecret = ""
) -> VisitOut:
    """Where the visit stands. Errors: channels.kiosk_not_paired, channels.visit_over."""
    response.headers["cache-control"] = "no-store"
    async with edge.transaction() as tx:
        _, found = await visits.at_machine(tx, clock=edge.clock, kiosk_secret=kiosk, visit_secret=visit)
    return shape_visit(found, edge.clock.now())


@router.post("/visit/stay")
async def stay_at_kiosk(
    edge: Edge = may_anyone(rate="60/minute"), kiosk: KioskSecret = "", visit: VisitSecret = ""
) -> VisitOut:
    """Somebody is there. Errors: channels.kiosk_not_paired, channels.visit_over."""
    async with edge.transaction() as tx:
        _, found = await visits.at_machine(tx, clock=edge.clock, kiosk_secret=kiosk, visit_secret=visit)
        return shape_visit(await visits.stay(tx, clock=edge.clock, visit=found), edge.clock.now())


@router.delete("/visit", status_code=204)
async def end_visit(
    edge: Edge = may_anyone(rate="60/minute"), kiosk: KioskSecret = "", visit: VisitSecret = ""
) -> None:
    """The person goes; again changes nothing. Errors: channels.kiosk_not_paired, channels.visit_over."""
    async with edge.transaction() as tx:
        _, found = await visits.at_machine(tx, clock=edge.clock, kiosk_secret=kiosk, visit_secret=visit)
        await visits.end(tx, clock=edge.clock, visit=found, why="finished")


@router.get("/visit/papers")
async def list_papers(
    response: Response, edge: Edge = may_anyone(rate="60/minute"), kiosk: KioskSecret = "", visit: VisitSecret = ""
) -> list[PrintableOut]:
    """What the visitor may print, newest first: at most a hundred certificates and a hundred documents.

    Errors: channels.kiosk_not_paired, channels.visit_over, channels.kiosk_closed.
    """
    response.headers["cache-control"] = "no-store"
    known = await _known(edge)
    async with edge.transaction() as tx:
        who = await _visitor(tx, edge, known, kiosk, visit)
        found = await printing.choices(tx, clock=edge.clock, who=who)
    return [shape_choice(one) for one in found]


@router.get(
    "/visit/papers/{source}/{paper_id}/pdf",
    response_class=Response,
    responses={200: {"content": {"application/pdf": {}}}},
)
async def read_printable(
    source: Source,
    paper_id: UUID,
    edge: Edge = may_anyone(rate="60/minute"),
    kiosk: KioskSecret = "",
    visit: VisitSecret = "",
) -> Response:
    """A paper as PDF, to look at and to print. Errors: those of the list, and channels.print_paper_unknown."""
    known = await _known(edge)
    async with edge.transaction() as tx:
        who = await _visitor(tx, edge, known, kiosk, visit)
        found = await printing.paper(tx, taxpayer_id=who.taxpayer_id, source=source, paper_id=paper_id)
    if isinstance(found, certificates.Certificate):
        content = await edge.files.get(found.pdf_name)
    else:
        url = edge.settings.of(ServerSettings).public_url
        content = await asyncio.to_thread(certificates.document_pdf, found, url)
    headers = {"cache-control": "private, no-store", "x-content-type-options": "nosniff"}
    return Response(content, media_type="application/pdf", headers=headers)


@router.put("/visit/prints/{print_id}")
async def start_print(
    print_id: UUID,
    given: PrintIn,
    edge: Edge = may_anyone(records="channels.print_started", rate="60/minute"),
    kiosk: KioskSecret = "",
    visit: VisitSecret = "",
) -> PrintOut:
    """A paper goes to the printer; the machine chooses the number, so the same again is the same print.

    Errors: channels.kiosk_not_paired, channels.visit_over, channels.kiosk_closed, channels.print_paper_unknown,
    channels.print_too_many, channels.print_over.
    """
    known = await _known(edge)
    async with edge.transaction() as tx:
        who = await _visitor(tx, edge, known, kiosk, visit)
        made = await printing.start(tx, clock=edge.clock, who=who, print_id=print_id, **given.model_dump())
    return shape_print(made)


@router.post("/visit/prints/{print_id}/result")
async def tell_print(
    print_id: UUID,
    given: PrintResultIn,
    edge: Edge = may_anyone(records="channels.print_reported", rate="60/minute"),
    kiosk: KioskSecret = "",
    visit: VisitSecret = "",
) -> PrintOut:
    """What came of it: copies that did not come out do not count.

    Errors: channels.kiosk_not_paired, channels.visit_over, channels.print_unknown, channels.print_over.
    """
    async with edge.transaction() as tx:
        who = await visits.visitor(
            tx, clock=edge.clock, kiosk_secret=kiosk, visit_secret=visit, request_id=edge.request_id
        )  # fmt: skip
        told = await printing.tell(tx, clock=edge.clock, who=who, print_id=print_id, **given.model_dump())
    return shape_print(told)
