"""QR sign-in: a screen shows a ticket, a phone that is signed in confirms it, the screen collects a session once."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from palmtax import evidence
from palmtax.base.actor import Actor
from palmtax.base.clock import Clock
from palmtax.base.identifiers import uuid7
from palmtax.identity import errors
from palmtax.identity.actions.sessions import NO_TAXPAYER, open_session
from palmtax.identity.model.tokens import TICKET_COLLECT, TICKET_LASTS, Device, SignedIn
from palmtax.identity.store import sealed, sessions
from palmtax.plumbing.database import Tx

TicketState = Literal["waiting", "scanned", "confirmed", "refused", "expired"]

_ACTS: dict[TicketState, str] = {
    "scanned": "identity.ticket_scanned",
    "confirmed": "identity.ticket_confirmed",
    "refused": "identity.ticket_refused",
}


@dataclass(frozen=True, slots=True)
class TicketMade:
    """A new ticket; the secret goes to the screen only and never into the QR code."""

    ticket_id: UUID
    poll_secret: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class TicketSeen:
    """What the screen learns; the session comes with the first look after the confirmation."""

    state: TicketState
    signed: SignedIn | None = None


async def make_ticket(tx: Tx, *, clock: Clock, device_name: str) -> TicketMade:
    """A ticket for two minutes."""
    now = clock.now()
    made = TicketMade(uuid7(), secrets.token_urlsafe(32), now + TICKET_LASTS)
    await sessions.add_ticket(
        tx,
        ticket_id=made.ticket_id,
        poll_hash=sealed.token_hash(made.poll_secret),
        device_name=device_name,
        now=now,
        expires_at=made.expires_at,
    )
    return made


def _state(ticket: sessions.Ticket, now: datetime) -> TicketState:
    lapsed = ticket.expires_at <= now and ticket.state != "refused" and not ticket.is_handed_out
    return "expired" if lapsed else ticket.state  # type: ignore[return-value]  # the table's check names the states


async def look_at_ticket(tx: Tx, *, clock: Clock, ticket_id: UUID, poll_secret: str, request_id: str) -> TicketSeen:
    """Where the ticket is; signs the screen in once it is confirmed. Errors: identity.ticket_unknown."""
    now = clock.now()
    ticket = await sessions.ticket_for_screen(tx, ticket_id=ticket_id, poll_hash=sealed.token_hash(poll_secret))
    if ticket is None:
        raise errors.TicketUnknown()
    state = _state(ticket, now)
    if state != "confirmed" or ticket.is_handed_out:
        return TicketSeen(state)
    person_id = await sessions.collect_ticket(tx, ticket_id=ticket_id, now=now)
    if person_id is None:  # collected by another poll at the same moment
        return TicketSeen(state)
    device = Device(ticket.device_name, "workbench")
    signed = await open_session(
        tx, clock=clock, person_id=person_id, device=device, way="ticket", request_id=request_id
    )
    return TicketSeen(state, signed)


async def scan_ticket(tx: Tx, *, actor: Actor, clock: Clock, ticket_id: UUID) -> TicketState:
    """The phone has read the code; scanning it again changes nothing.

    Errors: identity.ticket_unknown, identity.ticket_expired, identity.ticket_taken.
    """
    if await sessions.scan_ticket(tx, ticket_id=ticket_id, person_id=actor.person_id, now=clock.now()):
        await _record(tx, actor=actor, clock=clock, state="scanned", ticket_id=ticket_id)
        return "scanned"
    ticket = await _living(tx, clock=clock, ticket_id=ticket_id)
    if ticket.person_id == actor.person_id and ticket.state == "scanned":
        return "scanned"
    raise errors.TicketTaken()


async def answer_ticket(tx: Tx, *, actor: Actor, clock: Clock, ticket_id: UUID, accept: bool) -> TicketState:
    """The person who scanned it says yes or no; evidence of either.

    Errors: identity.ticket_unknown (also when another person scanned it, or nobody), identity.ticket_expired,
    identity.ticket_taken (already answered).
    """
    state: TicketState = "confirmed" if accept else "refused"
    now = clock.now()
    done = await sessions.answer_ticket(
        tx, ticket_id=ticket_id, person_id=actor.person_id, state=state, now=now, collect_by=now + TICKET_COLLECT
    )
    if not done:
        ticket = await _living(tx, clock=clock, ticket_id=ticket_id)
        if ticket.person_id != actor.person_id:
            raise errors.TicketUnknown()
        raise errors.TicketTaken()
    await _record(tx, actor=actor, clock=clock, state=state, ticket_id=ticket_id)
    return state


async def _living(tx: Tx, *, clock: Clock, ticket_id: UUID) -> sessions.Ticket:
    ticket = await sessions.ticket(tx, ticket_id)
    if ticket is None:
        raise errors.TicketUnknown()
    if _state(ticket, clock.now()) == "expired":
        raise errors.TicketExpired()
    return ticket


async def _record(tx: Tx, *, actor: Actor, clock: Clock, state: TicketState, ticket_id: UUID) -> None:
    await evidence.append(
        tx,
        actor=actor,
        clock=clock,
        act=_ACTS[state],
        taxpayer_id=NO_TAXPAYER,
        subject_id=ticket_id,
        payload={"person_id": actor.person_id, "ticket_id": str(ticket_id), "state": state},
    )
