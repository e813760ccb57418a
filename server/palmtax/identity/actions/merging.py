"""Two accounts turn out to be one person's: one goes over into the other."""

from __future__ import annotations

from palmtax import evidence
from palmtax.base.actor import Actor
from palmtax.base.clock import Clock
from palmtax.base.errors import PalmtaxError
from palmtax.base.identifiers import uuid7
from palmtax.identity import errors
from palmtax.identity.actions import codes
from palmtax.identity.actions.addresses import NO_TAXPAYER
from palmtax.identity.events import PeopleMerged
from palmtax.identity.store import merging as store
from palmtax.identity.store import people, sessions
from palmtax.plumbing import faults, outbox
from palmtax.plumbing.database import Tx


async def merge(tx: Tx, *, actor: Actor, clock: Clock, phone: str, code: str) -> PalmtaxError | None:
    """Another account turns out to be the same person's, who reads the code sent to its phone: it goes over into this one.

    Its phone and addresses lead here, its hats are worn here, its sessions end. Needs a fresh second factor. Refusals of
    the code are returned, because its count must be committed. Evidence `identity.people_merged`.
    Errors: plumbing.second_factor_needed, identity.merge_refused.
    """
    if not actor.second_factor:
        raise faults.SecondFactorNeeded()
    refusal = await codes.use_code(tx, clock=clock, phone=phone, purpose="sign_in", code=code)
    if refusal is not None:
        return refusal
    other = await people.person_id_of_phone(tx, phone)
    if other is None or other == actor.person_id:
        raise errors.MergeRefused(
            reason="没有可合并的另一个账号", reason_en="there is no other account with this phone"
        )
    checked = await store.lock_pair(tx, actor.person_id, other)
    if checked.get(other, True):
        raise errors.MergeRefused(
            reason="那个账号已实名，请用它登录后再合并；两个账号都已实名的不是同一人",
            reason_en="that account has a checked name: sign in with it and merge from there; two checked names are two people",
        )
    if await store.is_officer(tx, other):
        raise errors.MergeRefused(reason="税务人员账号不能合并", reason_en="accounts of officers are not merged")
    ended = await sessions.end_sessions(tx, person_id=other, reason="merged", now=clock.now())
    await store.merge(tx, kept=actor.person_id, merged=other, address_id=uuid7(), now=clock.now())
    await evidence.append(
        tx,
        actor=actor,
        clock=clock,
        act="identity.people_merged",
        taxpayer_id=NO_TAXPAYER,
        subject_id=actor.session_id,
        payload={"person_id": actor.person_id, "merged": other, "ended": sorted(str(one) for one in ended)},
    )
    await outbox.emit(tx, PeopleMerged(actor.person_id, other), actor.request_id)
    return None
