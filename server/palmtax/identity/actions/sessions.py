"""Signing in and out, renewing, hats, the second factor."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from palmtax import evidence
from palmtax.base.actor import Actor, Hat
from palmtax.base.clock import Clock, china_day
from palmtax.base.errors import PalmtaxError
from palmtax.base.identifiers import uuid7
from palmtax.identity import errors
from palmtax.identity.actions import addresses, codes
from palmtax.identity.events import RefreshReused
from palmtax.identity.model.people import AboutMe, DeviceSession, OwnHat
from palmtax.identity.model.tokens import (
    ACCESS_LASTS,
    SECOND_FACTOR_LASTS,
    Device,
    SignedIn,
    new_person_id,
    new_token,
    person_of_token,
    session_end,
)
from palmtax.identity.store import people, sealed, sessions
from palmtax.plumbing import outbox
from palmtax.plumbing.database import Tx

NO_TAXPAYER = 0
"""Evidence of acts that belong to a person and to no taxpayer."""


async def resolve_actor(tx: Tx, *, access_token: str, channel: str, request_id: str, now: datetime) -> Actor | None:
    """Who a token speaks for now: session, hat, its authorisation and second factor in one round trip.

    A hat that was revoked or has ended is simply not there. The channel is the one the session was opened
    through; what a later request claims (`channel`) does not change what is recorded.
    """
    del channel
    person_id = person_of_token(access_token)
    if person_id is None:
        return None
    return await sessions.resolve(
        tx,
        person_id=person_id,
        access_hash=sealed.token_hash(access_token),
        request_id=request_id,
        now=now,
        today=china_day(now),
    )


NO_SESSION = UUID(int=0)
"""The session of acts that the house does for a person who is not there."""


async def acting_for(
    tx: Tx, *, clock: Clock, person_id: int, taxpayer_id: int, request_id: str, hat_id: UUID | None = None
) -> Actor | None:
    """The person under the hat they hold today for a taxpayer, when the house goes on with what they began; none when they
    hold none any more (with `hat_id`: not this one). Never with a second factor: nobody is there to give one. One round trip.
    """
    for own in await people.hats(tx, person_id, clock.today()):
        if hat_id not in (None, own.hat_id):
            continue
        hat = Hat(own.hat_id, own.kind, own.role_code, own.taxpayer_id, own.office_code, frozenset(own.scopes))
        actor = Actor(person_id, NO_SESSION, hat, "system", request_id)
        if actor.taxpayer_id == taxpayer_id:
            return actor
    return None


def _first_hat(hats: tuple[OwnHat, ...], last: UUID | None, channel: str) -> UUID | None:
    """The hat to begin with: officers' in the workbench, others elsewhere; the last one worn, else the first."""
    fitting = [hat for hat in hats if (hat.kind == "officer") == (channel == "workbench")]
    if any(hat.hat_id == last for hat in fitting):
        return last
    return fitting[0].hat_id if fitting else None


async def open_session(tx: Tx, *, clock: Clock, person_id: int, device: Device, way: str, request_id: str) -> SignedIn:
    """Sign a person in on a device (they have proved who they are); evidence `identity.signed_in`. Five round trips."""
    now, session_id = clock.now(), uuid7()
    signed = SignedIn(person_id, session_id, new_token(person_id), now + ACCESS_LASTS, new_token(person_id))
    hats = await people.hats(tx, person_id, clock.today())
    await sessions.add_session(
        tx,
        person_id=person_id,
        session_id=session_id,
        access_hash=sealed.token_hash(signed.access_token),
        access_expires_at=signed.access_expires_at,
        expires_at=session_end(device.channel, now, now),
        hat_id=_first_hat(hats, await sessions.last_hat(tx, person_id), device.channel),
        channel=device.channel,
        device_name=device.name,
        way=way,
        now=now,
    )
    await sessions.add_refresh(
        tx, person_id=person_id, token_hash=sealed.token_hash(signed.refresh_token), session_id=session_id, now=now
    )
    await evidence.append(
        tx,
        actor=Actor(person_id, session_id, None, device.channel, request_id),  # type: ignore[arg-type]  # wire: Literal
        clock=clock,
        act="identity.signed_in",
        taxpayer_id=NO_TAXPAYER,
        subject_id=session_id,
        payload={"person_id": person_id, "session_id": str(session_id), "way": way},
        summary={"way": way},
    )
    return signed


async def person_of_phone(tx: Tx, *, clock: Clock, phone: str) -> int:
    """Whose phone it is; an unknown phone becomes a new person with nothing but an empty 'self' hat."""
    known = await people.person_id_of_phone(tx, phone)
    if known is not None:
        return known
    person_id = new_person_id()
    added = await people.add_person(
        tx, person_id=person_id, phone=phone, hat_id=uuid7(), now=clock.now(), today=clock.today()
    )
    if added:
        return person_id
    other = await people.person_id_of_phone(tx, phone)  # another request was first, and has committed
    if other is None:
        raise RuntimeError("a phone without owner refused a new one")
    return other


async def sign_in_by_code(
    tx: Tx, *, clock: Clock, phone: str, code: str, device: Device, request_id: str
) -> SignedIn | PalmtaxError:
    """Sign in by phone and one-time code. Returned refusals: those of `use_code`."""
    refusal = await codes.use_code(tx, clock=clock, phone=phone, purpose="sign_in", code=code)
    if refusal is not None:
        return refusal
    person_id = await person_of_phone(tx, clock=clock, phone=phone)
    return await open_session(tx, clock=clock, person_id=person_id, device=device, way="sms", request_id=request_id)


async def sign_in_by_openid(
    tx: Tx,
    *,
    clock: Clock,
    app_id: str,
    openid: str,
    union_id: str | None,
    phone: str | None,
    device: Device,
    request_id: str,
) -> SignedIn:
    """Sign in a WeChat user; one never seen in any of our accounts is bound to the owner of `phone` (proved by WeChat).

    Errors: identity.phone_needed.
    """
    known = await addresses.person_of_address(tx, "wechat_mini", app_id, openid, unionid=union_id)
    if known is None:
        if phone is None:
            raise errors.PhoneNeeded()
        known = await person_of_phone(tx, clock=clock, phone=phone)
    await bind_openid(
        tx, clock=clock, person_id=known, app_id=app_id, openid=openid, union_id=union_id, request_id=request_id
    )
    return await open_session(tx, clock=clock, person_id=known, device=device, way="wechat", request_id=request_id)


async def bind_openid(
    tx: Tx, *, clock: Clock, person_id: int, app_id: str, openid: str, union_id: str | None = None, request_id: str = ""
) -> None:
    """Bind a WeChat user of one mini program to a person; the one proved last is the one to pay with."""
    await addresses.bind(
        tx,
        clock=clock,
        person_id=person_id,
        family="wechat_mini",
        app_id=app_id,
        value=openid,
        unionid=union_id,
        proof="wechat_login",
        request_id=request_id,
    )


async def renew(tx: Tx, *, clock: Clock, refresh_token: str, request_id: str) -> SignedIn | PalmtaxError:
    """New tokens for an old refresh token, which is spent; spent twice, every session of the person ends.

    Returned refusals: identity.session_ended, identity.refresh_reused (both 401).
    """
    person_id = person_of_token(refresh_token)
    if person_id is None:
        return errors.SessionEnded()
    found, now = sealed.token_hash(refresh_token), clock.now()
    session_id = await sessions.spend_refresh(tx, person_id=person_id, token_hash=found, now=now)
    if session_id is None:
        return await _refused_renewal(tx, clock=clock, person_id=person_id, token_hash=found, request_id=request_id)
    kept = await sessions.session_for_renewal(tx, person_id=person_id, session_id=session_id, now=now)
    if kept is None:
        return errors.SessionEnded()
    signed = SignedIn(person_id, session_id, new_token(person_id), now + ACCESS_LASTS, new_token(person_id))
    await sessions.renew_session(
        tx,
        person_id=person_id,
        session_id=session_id,
        access_hash=sealed.token_hash(signed.access_token),
        access_expires_at=signed.access_expires_at,
        expires_at=session_end(kept.channel, kept.signed_in_at, now),
        now=now,
    )
    await sessions.add_refresh(
        tx, person_id=person_id, token_hash=sealed.token_hash(signed.refresh_token), session_id=session_id, now=now
    )
    return signed


async def _refused_renewal(tx: Tx, *, clock: Clock, person_id: int, token_hash: bytes, request_id: str) -> PalmtaxError:
    session_id = await sessions.living_session_of_spent(tx, person_id=person_id, token_hash=token_hash)
    if session_id is None:  # never ours, or of a session that has ended: an old copy ends nothing new
        return errors.SessionEnded()
    ended = await sessions.end_sessions(tx, person_id=person_id, reason="refresh_reused", now=clock.now())
    await evidence.append(
        tx,
        actor=Actor(person_id, session_id, None, "system", request_id),
        clock=clock,
        act="identity.refresh_reused",
        taxpayer_id=NO_TAXPAYER,
        subject_id=session_id,
        payload={"person_id": person_id, "ended": sorted(str(one) for one in ended)},
        summary={"ended_count": len(ended)},
    )
    await outbox.emit(tx, RefreshReused(person_id, session_id), request_id)
    return errors.RefreshReused()


async def devices(tx: Tx, *, actor: Actor, clock: Clock) -> list[DeviceSession]:
    """Where the person is signed in."""
    return await sessions.devices(tx, actor.person_id, clock.now())


async def sign_out(tx: Tx, *, actor: Actor, clock: Clock, session_id: UUID | None = None) -> None:
    """End this session, or another of the same person; ending an ended one is no error.

    Errors: identity.session_unknown.
    """
    ending = session_id or actor.session_id
    done = await sessions.end_session(
        tx, person_id=actor.person_id, session_id=ending, reason="signed_out", now=clock.now()
    )
    if done:
        await _record_ending(tx, actor=actor, clock=clock, act="identity.signed_out", ended=[ending])
    elif not await sessions.has_session(tx, person_id=actor.person_id, session_id=ending):
        raise errors.SessionUnknown()


async def sign_out_everywhere(tx: Tx, *, actor: Actor, clock: Clock) -> int:
    """End every session of the person, this one too; how many."""
    ended = await sessions.end_sessions(tx, person_id=actor.person_id, reason="signed_out_everywhere", now=clock.now())
    await _record_ending(tx, actor=actor, clock=clock, act="identity.signed_out_everywhere", ended=ended)
    return len(ended)


async def _record_ending(tx: Tx, *, actor: Actor, clock: Clock, act: str, ended: list[UUID]) -> None:
    await evidence.append(
        tx,
        actor=actor,
        clock=clock,
        act=act,
        taxpayer_id=NO_TAXPAYER,
        subject_id=ended[0] if len(ended) == 1 else actor.session_id,
        payload={"person_id": actor.person_id, "ended": sorted(str(one) for one in ended)},
        summary={"ended_count": len(ended)},
    )


async def about_me(tx: Tx, *, clock: Clock, person_id: int, session_id: UUID) -> AboutMe:
    """The person, the hat on, the hats in the wardrobe. Three round trips."""
    person = await people.person(tx, person_id)
    if person is None:
        raise errors.SessionEnded()
    hats = await people.hats(tx, person_id, clock.today())
    hat_id, second_factor_until = await sessions.worn(tx, person_id=person_id, session_id=session_id)
    still_worn = hat_id if any(hat.hat_id == hat_id for hat in hats) else None
    fresh = second_factor_until is not None and second_factor_until > clock.now()
    return AboutMe(person, still_worn, hats, second_factor_until if fresh else None)


async def put_on_hat(tx: Tx, *, actor: Actor, clock: Clock, hat_id: UUID) -> None:
    """Change hats without a new login; the session remembers. Evidence lies with the taxpayer now acted for.

    Four round trips. Errors: identity.hat_unknown.
    """
    hats = await people.hats(tx, actor.person_id, clock.today())
    chosen = next((hat for hat in hats if hat.hat_id == hat_id), None)
    if chosen is None or not await sessions.put_on(
        tx, person_id=actor.person_id, session_id=actor.session_id, hat_id=hat_id, today=clock.today()
    ):
        raise errors.HatUnknown()
    hat = Hat(
        chosen.hat_id,
        chosen.kind,
        chosen.role_code,
        chosen.taxpayer_id,
        chosen.office_code,
        frozenset(chosen.scopes),
    )
    await evidence.append(
        tx,
        actor=replace(actor, hat=hat),
        clock=clock,
        act="identity.hat_chosen",
        taxpayer_id=chosen.taxpayer_id or NO_TAXPAYER,
        subject_id=actor.session_id,
        payload={"person_id": actor.person_id, "session_id": str(actor.session_id), "hat_id": str(hat_id)},
        summary={"role_code": chosen.role_code},
    )


async def prove_second_factor(tx: Tx, *, actor: Actor, clock: Clock, code: str) -> datetime | PalmtaxError:
    """Open ten minutes of high-risk acts in this session; until when. Returned refusals: those of `use_code`."""
    phone = await people.phone_of(tx, actor.person_id)
    if phone is None:
        return errors.SessionEnded()
    refusal = await codes.use_code(tx, clock=clock, phone=phone, purpose="second_factor", code=code)
    if refusal is not None:
        return refusal
    until = clock.now() + SECOND_FACTOR_LASTS
    await sessions.set_second_factor(tx, person_id=actor.person_id, session_id=actor.session_id, until=until)
    await evidence.append(
        tx,
        actor=actor,
        clock=clock,
        act="identity.second_factor_proved",
        taxpayer_id=NO_TAXPAYER,
        subject_id=actor.session_id,
        payload={"person_id": actor.person_id, "until": until.isoformat()},
    )
    return until
