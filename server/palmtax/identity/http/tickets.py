"""QR sign-in of the workbench, confirmed on a phone."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import Query, Response

from palmtax.identity.actions import tickets
from palmtax.identity.http.shapes import session_out
from palmtax.identity.schemas import SignInTicketOut, SignInTicketState, TicketAnswer
from palmtax.plumbing.edge import Edge, Router, may_anyone, may_person
from palmtax.plumbing.settings import ServerSettings

router = Router(prefix="/api/identity", tags=["identity"])


def _device_name(edge: Edge) -> str:
    """The screen as its owner will recognise it in the device list."""
    agent = edge.request.headers.get("user-agent", "")
    known = ("Edg", "Edge"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari")
    browser = next((name for sign, name in known if sign in agent), "浏览器")
    return f"工作台 · {browser}"


@router.post("/sign-in-tickets")
async def make_sign_in_ticket(edge: Edge = may_anyone(rate="30/minute")) -> SignInTicketOut:
    """A QR ticket for two minutes; the code holds its number only, never the secret."""
    async with edge.transaction() as tx:
        made = await tickets.make_ticket(tx, clock=edge.clock, device_name=_device_name(edge))
    public_url = edge.settings.of(ServerSettings).public_url.rstrip("/")
    return SignInTicketOut(
        ticket_id=made.ticket_id,
        poll_secret=made.poll_secret,
        qr_text=f"{public_url}/#/account/scan/index?ticket={made.ticket_id}",
        expires_at=made.expires_at,
    )


@router.get("/sign-in-tickets/{ticket_id}")
async def look_at_sign_in_ticket(
    ticket_id: UUID,
    poll_secret: Annotated[str, Query(min_length=20, max_length=100)],
    response: Response,
    edge: Edge = may_anyone(records="identity.signed_in", rate="120/minute"),
) -> SignInTicketState:
    """Where the ticket is; the first look after the confirmation brings the session.

    Errors: identity.ticket_unknown.
    """
    response.headers["cache-control"] = "no-store"
    async with edge.transaction() as tx:
        seen = await tickets.look_at_ticket(
            tx, clock=edge.clock, ticket_id=ticket_id, poll_secret=poll_secret, request_id=edge.request_id
        )
        session = await session_out(tx, edge, seen.signed) if seen.signed else None
    return SignInTicketState(state=seen.state, session=session)


@router.post("/sign-in-tickets/{ticket_id}/scan")
async def scan_sign_in_ticket(
    ticket_id: UUID, edge: Edge = may_person(records="identity.ticket_scanned", rate="30/minute")
) -> SignInTicketState:
    """The phone has read the code. Errors: identity.ticket_unknown, identity.ticket_expired, identity.ticket_taken."""
    async with edge.transaction() as tx:
        state = await tickets.scan_ticket(tx, actor=edge.actor, clock=edge.clock, ticket_id=ticket_id)
    return SignInTicketState(state=state)


@router.post("/sign-in-tickets/{ticket_id}/answer")
async def answer_sign_in_ticket(
    ticket_id: UUID,
    answer: TicketAnswer,
    edge: Edge = may_person(records="identity.ticket_confirmed", rate="30/minute"),
) -> SignInTicketState:
    """Confirm or refuse a ticket I scanned.

    Errors: identity.ticket_unknown, identity.ticket_expired, identity.ticket_taken.
    """
    async with edge.transaction() as tx:
        state = await tickets.answer_ticket(
            tx, actor=edge.actor, clock=edge.clock, ticket_id=ticket_id, accept=answer.accept
        )
    return SignInTicketState(state=state)
