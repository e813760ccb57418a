"""Sign-in of a page opened inside WeChat (网页授权): begun in one browser, by one account, used once.

WeChat says whose browser it is, silently. A person we know is signed in; anybody else signs in the ordinary way, and their
WeChat is bound with that as the proof. The state is worthless without the cookie of the browser that began, so nobody can
be signed in by another's link; it names the account, so a code of another account fails at the platform.
"""

from __future__ import annotations

import secrets

from palmtax.base.actor import Actor
from palmtax.base.clock import Clock
from palmtax.identity import errors
from palmtax.identity.actions import addresses, sessions
from palmtax.identity.model.addresses import Family
from palmtax.identity.model.tokens import OAUTH_BINDS, OAUTH_LASTS, Device, SignedIn
from palmtax.identity.store import oauth as store
from palmtax.identity.store.oauth import Begun, Found
from palmtax.plumbing.database import Tx

_WAYS: dict[Family, str] = {"wechat_oa": "wechat", "alipay": "alipay"}


async def begin(tx: Tx, *, clock: Clock, browser: str, account: str, place: str, whose: str) -> str:
    """The state of a sign-in that begins; good for five minutes in this browser. One round trip."""
    state = secrets.token_urlsafe(24)
    begun = Begun(account, place, whose)
    await store.begin(tx, state=state, browser=browser, begun=begun, expires_at=clock.now() + OAUTH_LASTS)
    return state


async def spend(tx: Tx, *, clock: Clock, browser: str, state: str) -> Begun:
    """What was begun under this state, which is used up by it. Errors: identity.oauth_stale."""
    begun = await store.spend(tx, state=state, browser=browser, now=clock.now())
    if begun is None:
        raise errors.OAuthStale()
    return begun


async def sign_in(tx: Tx, *, clock: Clock, found: Found, device: Device, request_id: str) -> SignedIn | None:
    """A session of the person whose WeChat it is; none when it is nobody's yet.

    Somebody known only by `unionid` has this account's openid bound by it: from now on it can be written to.
    """
    person_id = await addresses.person_of_address(tx, found.family, found.app_id, found.openid, unionid=found.unionid)
    if person_id is None:
        return None
    if found.unionid:
        await _bind(tx, clock, person_id, found, request_id=request_id)
    return await sessions.open_session(
        tx, clock=clock, person_id=person_id, device=device, way=_WAYS[found.family], request_id=request_id
    )


async def keep_for_binding(tx: Tx, *, clock: Clock, state: str, found: Found) -> None:
    """Remember whose browser it is until somebody signs in there in the ordinary way, for a quarter of an hour."""
    await store.keep_found(tx, state=state, found=found, until=clock.now() + OAUTH_BINDS)


async def bind(tx: Tx, *, actor: Actor, clock: Clock, browser: str, state: str) -> None:
    """The WeChat of this browser is the person's who has just signed in there.

    Errors: identity.oauth_stale, identity.address_taken.
    """
    found = await store.take_found(tx, state=state, browser=browser, now=clock.now())
    if found is None:
        raise errors.OAuthStale()
    await _bind(tx, clock, actor.person_id, found, actor=actor)


async def _bind(
    tx: Tx, clock: Clock, person_id: int, found: Found, *, actor: Actor | None = None, request_id: str = ""
) -> None:
    await addresses.bind(
        tx, clock=clock, person_id=person_id, family=found.family, app_id=found.app_id, value=found.openid,
        unionid=found.unionid, proof="oauth", actor=actor, request_id=request_id,
    )  # fmt: skip
