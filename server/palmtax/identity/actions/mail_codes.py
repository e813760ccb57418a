"""Binding an e-mail address: a code goes to the address that is not yet bound, and whoever types it back can read there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import structlog

from palmtax.base.actor import Actor
from palmtax.base.clock import Clock
from palmtax.base.errors import PalmtaxError
from palmtax.base.identifiers import uuid7
from palmtax.identity import errors
from palmtax.identity.actions.addresses import bind
from palmtax.identity.model.addresses import written
from palmtax.identity.model.tokens import MAIL_CODE_LASTS, CodeSettings, new_code
from palmtax.identity.store import codes, sealed
from palmtax.plumbing.database import Tx

PURPOSE = "email"
HOUR = timedelta(hours=1)
log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class MailCode:
    """A code to be sent; it is nowhere else in the clear."""

    code_id: UUID
    address: str
    code: str


def _whose(person_id: int, address: str) -> str:
    """What a code is good for: this person binding this address, and nothing else."""
    return f"{person_id} {address}"


async def make_mail_code(tx: Tx, *, actor: Actor, clock: Clock, address: str, limits: CodeSettings) -> MailCode:
    """A new code for an address, whoever has it now (the answer is the same); this person's last one stops working.

    Codes are counted for the person's own try, for the address over everybody, and for the person over all addresses: no
    mailbox is flooded, and nobody locks another out. Errors: identity.code_too_soon.
    """
    plain, now = written("email", address), clock.now()
    made = MailCode(uuid7(), plain, new_code())
    for key, gap, most in (
        (_whose(actor.person_id, plain), limits.gap_seconds, limits.a_day),
        (f"to {plain}", 0, limits.a_day),
        (f"by {actor.person_id}", 0, limits.mails_a_day),
    ):
        wait_until = await codes.issue(
            tx,
            phone_hash=sealed.address_hash("email", PURPOSE, key),
            purpose=PURPOSE,
            code_id=made.code_id,
            code_hash=sealed.code_hash(key, PURPOSE, made.code),
            now=now,
            resend_at=now + timedelta(seconds=gap),
            expires_at=now + MAIL_CODE_LASTS,
            a_day=most,
        )
        if wait_until is not None:
            raise errors.CodeTooSoon(wait_seconds=max(1, int((wait_until - now).total_seconds())))
    return made


async def take_back_mail_code(tx: Tx, *, actor: Actor, clock: Clock, made: MailCode) -> None:
    """The letter could not be sent: as if it had not been asked for."""
    for key in (_whose(actor.person_id, made.address), f"to {made.address}", f"by {actor.person_id}"):
        await codes.take_back(
            tx,
            phone_hash=sealed.address_hash("email", PURPOSE, key),
            purpose=PURPOSE,
            code_id=made.code_id,
            now=clock.now(),
        )


async def bind_mail(tx: Tx, *, actor: Actor, clock: Clock, address: str, code: str) -> PalmtaxError | None:
    """Bind the address that the code came to; the refusal is returned, because its count must be committed.

    Refusals: identity.code_wrong, identity.code_locked (after five), identity.code_stale. Raises identity.address_taken
    only to who proved that they read there.
    """
    plain, now = written("email", address), clock.now()
    key = _whose(actor.person_id, plain)
    taken = await codes.take(
        tx,
        phone_hash=sealed.address_hash("email", PURPOSE, key),
        purpose=PURPOSE,
        code_hash=sealed.code_hash(key, PURPOSE, code),
        now=now,
    )
    if taken.is_right:
        await bind(
            tx,
            clock=clock,
            actor=actor,
            person_id=actor.person_id,
            family="email",
            app_id="",
            value=plain,
            proof="email_code",
        )
        return None
    if taken.is_stale:
        return errors.CodeStale()
    if taken.locked_until is not None:
        log.info("identity.code_locked", purpose=PURPOSE)
        return errors.CodeLocked(wait_seconds=max(1, int((taken.locked_until - now).total_seconds())))
    return errors.CodeWrong(tries_left=taken.tries_left)
