"""Webhooks: addresses that want news, news that becomes deliveries, tries that are settled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from palmtax import evidence
from palmtax.base.clock import Clock
from palmtax.base.identifiers import uuid7
from palmtax.partners import errors
from palmtax.partners.events import EndpointDisabled
from palmtax.partners.model.application import PartnerApplication
from palmtax.partners.model.hooks import (
    EVENTS,
    GIVEN_UP_AFTER,
    MOST_ENDPOINTS,
    OLD_SIGNING_LASTS,
    PING,
    TIRED_FAILURES,
    TIRED_SECONDS,
    WAITS,
    Answer,
    Delivery,
    Endpoint,
    Hook,
    body_of,
    delivery_id_of,
    fault_of_endpoint,
    new_signing_secret,
)
from palmtax.partners.store import applications, consents
from palmtax.partners.store import endpoints as store
from palmtax.plumbing import outbox
from palmtax.plumbing.database import Tx

LEASE = timedelta(minutes=2)
SHOWN = 50


async def endpoints_of(tx: Tx, *, application_id: UUID) -> list[Endpoint]:
    """The addresses of an application, oldest first."""
    return await store.of_application(tx, application_id)


async def add_endpoint(
    tx: Tx, *, clock: Clock, application: PartnerApplication, url: str, events: Sequence[str], loopback_allowed: bool
) -> tuple[Endpoint, str]:
    """A new address and the secret that signs what goes there, readable here and nowhere else.

    Errors: partners.endpoint_wrong, partners.event_unknown, partners.too_many_endpoints.
    """
    why = fault_of_endpoint(url, may_loopback=loopback_allowed and application.is_sandboxed)
    if why is not None:
        raise errors.EndpointWrong(why=why)
    if strange := sorted(set(events) - EVENTS.keys()):
        raise errors.EventUnknown(events=", ".join(strange)[:200])
    await applications.locked(tx, application.application_id)
    if len(await store.of_application(tx, application.application_id)) >= MOST_ENDPOINTS:
        raise errors.TooManyEndpoints(limit=MOST_ENDPOINTS)
    made = Endpoint(
        endpoint_id=uuid7(), application_id=application.application_id, url=url, events=tuple(dict.fromkeys(events)),
        state="on", failures=0, failing_since=None, tried_at=None, last_error="", made_at=clock.now(),
    )  # fmt: skip
    secret = new_signing_secret()
    await store.add(tx, made, secret=secret)
    await _record(tx, clock, "partners.endpoint_added", application, made)
    return made, secret


async def own_endpoint(tx: Tx, *, application: PartnerApplication, endpoint_id: UUID) -> Endpoint:
    """An address of this application. Errors: partners.endpoint_unknown."""
    found = await store.find(tx, endpoint_id)
    if found is None or found.application_id != application.application_id:
        raise errors.EndpointUnknown()
    return found


async def remove_endpoint(tx: Tx, *, clock: Clock, application: PartnerApplication, endpoint_id: UUID) -> None:
    """Take an address away. Errors: partners.endpoint_unknown."""
    one = await own_endpoint(tx, application=application, endpoint_id=endpoint_id)
    await store.remove(tx, endpoint_id)
    await _record(tx, clock, "partners.endpoint_removed", application, one)


async def rotate_signing(tx: Tx, *, clock: Clock, application: PartnerApplication, endpoint_id: UUID) -> str:
    """A new secret; for a day the old one signs too. Errors: partners.endpoint_unknown."""
    one = await own_endpoint(tx, application=application, endpoint_id=endpoint_id)
    secret, now = new_signing_secret(), clock.now()
    await store.end_secrets(tx, endpoint_id, at=now + OLD_SIGNING_LASTS)
    await store.add_secret(tx, endpoint_id, secret)
    await _record(tx, clock, "partners.endpoint_rotated", application, one)
    return secret


async def enable_endpoint(tx: Tx, *, clock: Clock, application: PartnerApplication, endpoint_id: UUID) -> Endpoint:
    """Call an address again that was disabled. Errors: partners.endpoint_unknown."""
    one = await own_endpoint(tx, application=application, endpoint_id=endpoint_id)
    await store.turn(tx, endpoint_id, state="on")
    await _record(tx, clock, "partners.endpoint_enabled", application, one)
    return await own_endpoint(tx, application=application, endpoint_id=endpoint_id)


async def ping(tx: Tx, *, clock: Clock, application: PartnerApplication, endpoint_id: UUID) -> UUID:
    """Send a test event to an address; its number. Errors: partners.endpoint_unknown."""
    one = await own_endpoint(tx, application=application, endpoint_id=endpoint_id)
    number = await _want(tx, clock, one, PING, str(uuid7()), {"client_id": application.client_id})
    await _record(tx, clock, "partners.endpoint_pinged", application, one)
    return number


async def deliveries_of(tx: Tx, *, application: PartnerApplication, endpoint_id: UUID) -> list[Delivery]:
    """The newest deliveries of an address, dead ones too. Errors: partners.endpoint_unknown."""
    await own_endpoint(tx, application=application, endpoint_id=endpoint_id)
    return await store.deliveries(tx, endpoint_id, SHOWN)


async def resend(
    tx: Tx, *, clock: Clock, application: PartnerApplication, endpoint_id: UUID, delivery_id: UUID
) -> None:
    """Try a dead delivery again; one that is not dead is left alone. Errors: partners.endpoint_unknown."""
    one = await own_endpoint(tx, application=application, endpoint_id=endpoint_id)
    if await store.revive(tx, endpoint_id, delivery_id, clock.now()):
        await _ask(tx, endpoint_id, delivery_id)
        await _record(tx, clock, "partners.delivery_resent", application, one)


async def tell(tx: Tx, *, clock: Clock, taxpayer_id: int, event: str, key: str, data: Mapping[str, Any]) -> None:
    """News of a taxpayer, to every application that a living consent lets know; `key` makes it one news."""
    scope = EVENTS[event][2]
    knowing = [
        one
        for one in await consents.open_of_taxpayer(tx, taxpayer_id, clock.now())
        if scope is None or scope in one.scopes
    ]
    for end in await store.of_applications(tx, sorted({one.application_id for one in knowing}), event):
        for one in knowing:
            if one.application_id == end.application_id:
                told = {"consent_id": str(one.consent_id), **data}
                await _want(tx, clock, end, event, f"{key} {one.consent_id}", told)


async def tell_application(
    tx: Tx, *, clock: Clock, application_id: UUID, event: str, key: str, data: Mapping[str, Any]
) -> None:
    """News for one application."""
    for end in await store.of_applications(tx, [application_id], event):
        await _want(tx, clock, end, event, key, data)


async def _want(tx: Tx, clock: Clock, end: Endpoint, event: str, key: str, data: Mapping[str, Any]) -> UUID:
    number = delivery_id_of(end.endpoint_id, event, key)
    body = body_of(event, clock.now(), data)
    if await store.add_delivery(tx, end.endpoint_id, number, event, body, clock.now()):
        await _ask(tx, end.endpoint_id, number)
    return number


async def _ask(tx: Tx, endpoint_id: UUID, delivery_id: UUID, seconds: float = 0) -> None:
    told = {"endpoint_id": str(endpoint_id), "delivery_id": str(delivery_id)}
    await outbox.enqueue(tx, "partners.send_webhook", told, run_after=timedelta(seconds=seconds))


async def put_off(tx: Tx, *, endpoint_id: UUID, delivery_id: UUID, seconds: float) -> None:
    """Look at a delivery a little later: enough of its endpoint's are under way."""
    await _ask(tx, endpoint_id, delivery_id, seconds)


async def take(tx: Tx, *, clock: Clock, endpoint_id: UUID, delivery_id: UUID, loopback_allowed: bool) -> Hook | None:
    """A delivery that is due, held for two minutes; none when it is over, not due, or its endpoint rests."""
    end, now = await store.find(tx, endpoint_id), clock.now()
    application = await applications.find(tx, end.application_id) if end else None
    if end is None or application is None:
        return None
    if end.state != "on" or not application.is_on:
        await store.settle_delivery(
            tx, endpoint_id, delivery_id, state="dead", status=None, error="off", next_at=None, now=now
        )
        return None
    if _is_tired(end, now):
        await _ask(tx, endpoint_id, delivery_id, TIRED_SECONDS)
        return None
    taken = await store.take_delivery(tx, endpoint_id, delivery_id, now=now, lease_until=now + LEASE)
    if taken is None:
        return None
    return Hook(
        endpoint=end, delivery_id=delivery_id, event=taken[0], body=taken[1], tries=taken[2],
        secrets=await store.secrets_of(tx, endpoint_id, now),
        may_loopback=loopback_allowed and application.is_sandboxed,
    )  # fmt: skip


def _is_tired(end: Endpoint, now: datetime) -> bool:
    if end.failures < TIRED_FAILURES or end.tried_at is None:
        return False
    return end.tried_at > now - timedelta(seconds=TIRED_SECONDS)


async def settle(tx: Tx, *, clock: Clock, hook: Hook, answer: Answer) -> None:
    """Write down what came of a try: done, once more later, or dead; an endpoint that only fails is disabled."""
    now, end = clock.now(), hook.endpoint
    state, next_at, wait = "done", None, 0
    if not answer.is_good:
        is_last = hook.tries > len(WAITS) or answer.status == 410 or hook.event == PING
        wait = 0 if is_last else WAITS[hook.tries - 1]
        state, next_at = ("dead", None) if is_last else ("wanted", now + timedelta(seconds=wait))
    await store.settle_delivery(
        tx, end.endpoint_id, hook.delivery_id, state=state, status=answer.status, error=answer.error, next_at=next_at,
        now=now,
    )  # fmt: skip
    await store.note_try(tx, end.endpoint_id, is_good=answer.is_good, error=answer.error, at=now)
    if state == "wanted":
        await _ask(tx, end.endpoint_id, hook.delivery_id, wait)
    failing_since = end.failing_since or now
    is_over = answer.status == 410 or (state == "dead" and failing_since <= now - GIVEN_UP_AFTER)
    if is_over and await store.turn(tx, end.endpoint_id, state="disabled"):
        await outbox.emit(tx, EndpointDisabled(end.application_id, end.endpoint_id))


async def pick_up(tx: Tx, *, clock: Clock) -> int:
    """Ask again for deliveries that a dead worker left lying; how many."""
    lying = await store.left_lying(tx, clock.now() - LEASE, 500)
    for endpoint_id, delivery_id in lying:
        await _ask(tx, endpoint_id, delivery_id)
    return len(lying)


async def _record(tx: Tx, clock: Clock, act: str, application: PartnerApplication, end: Endpoint) -> None:
    await evidence.append(
        tx, actor=None, clock=clock, act=act, taxpayer_id=0, subject_id=end.endpoint_id,
        payload={"client_id": application.client_id, "url": end.url, "events": list(end.events)},
        summary={"application": application.name},
    )  # fmt: skip
