"""One-time codes by SMS: made and counted here, sent by the route after the commit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Literal
from uuid import UUID

import structlog

from palmtax.base.actor import Actor
from palmtax.base.clock import Clock
from palmtax.base.errors import PalmtaxError
from palmtax.base.identifiers import uuid7
from palmtax.identity import errors
from palmtax.identity.model.tokens import CODE_LASTS, CodeSettings, new_code
from palmtax.identity.store import codes, people, sealed
from palmtax.plumbing.database import Tx

Purpose = Literal["sign_in", "second_factor"]
log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class CodeMade:
    """A code to be sent; it is nowhere else in the clear."""

    code_id: UUID
    phone: str
    purpose: Purpose
    code: str


async def make_code(
    tx: Tx, *, actor: Actor | None, clock: Clock, phone: str | None, purpose: Purpose, limits: CodeSettings
) -> CodeMade:
    """A new code for a phone, known or not (the answer is the same); the last one stops working.

    Without a phone a second-factor code goes to the actor's own.
    Errors: identity.phone_missing, identity.phone_not_yours, identity.code_too_soon (by
    `limits`; 15 min after a lock-out).
    """
    if phone is None and purpose == "second_factor" and actor is not None:
        phone = await people.phone_of(tx, actor.person_id)
    if phone is None:
        raise errors.PhoneMissing()
    found = sealed.phone_hash(phone)
    if purpose == "second_factor" and (actor is None or await people.phone_hash_of(tx, actor.person_id) != found):
        raise errors.PhoneNotYours()
    now = clock.now()
    made = CodeMade(uuid7(), phone, purpose, new_code())
    wait_until = await codes.issue(
        tx,
        phone_hash=found,
        purpose=purpose,
        code_id=made.code_id,
        code_hash=sealed.code_hash(phone, purpose, made.code),
        now=now,
        resend_at=now + timedelta(seconds=limits.gap_seconds),
        expires_at=now + CODE_LASTS,
        a_day=limits.a_day,
    )
    if wait_until is not None:
        raise errors.CodeTooSoon(wait_seconds=max(1, int((wait_until - now).total_seconds())))
    return made


async def take_back_code(tx: Tx, *, clock: Clock, made: CodeMade) -> None:
    """The message could not be sent: as if it had not been asked for."""
    await codes.take_back(
        tx,
        phone_hash=sealed.phone_hash(made.phone),
        purpose=made.purpose,
        code_id=made.code_id,
        now=clock.now(),
    )


async def use_code(tx: Tx, *, clock: Clock, phone: str, purpose: Purpose, code: str) -> PalmtaxError | None:
    """Use a code up; the refusal is returned, because its count must be committed.

    Refusals: identity.code_wrong, identity.code_locked (after five), identity.code_stale.
    """
    now = clock.now()
    taken = await codes.take(
        tx,
        phone_hash=sealed.phone_hash(phone),
        purpose=purpose,
        code_hash=sealed.code_hash(phone, purpose, code),
        now=now,
    )
    if taken.is_right:
        return None
    if taken.is_stale:
        return errors.CodeStale()
    if taken.locked_until is not None:
        log.info("identity.code_locked", purpose=purpose)
        return errors.CodeLocked(wait_seconds=max(1, int((taken.locked_until - now).total_seconds())))
    return errors.CodeWrong(tries_left=taken.tries_left)
