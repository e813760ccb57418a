"""My bindings: where I can be reached, giving one up, joining two accounts of mine."""

from __future__ import annotations

from uuid import UUID

from palmtax.identity.actions import addresses, merging
from palmtax.identity.http.shapes import after_commit, me_of
from palmtax.identity.model.addresses import FAMILY_NAMES, Address
from palmtax.identity.schemas import BindingOut, Me, MergeIn, PushSubscriptionIn
from palmtax.plumbing.edge import Edge, Router, may_person

router = Router(prefix="/api/identity", tags=["identity"])


def shape(one: Address) -> BindingOut:
    """An address on the wire."""
    zh, en = FAMILY_NAMES[one.family]
    return BindingOut(
        address_id=one.address_id,
        family=one.family,
        family_name=zh,
        family_name_en=en,
        masked=one.masked,
        is_reachable=one.is_reachable,
        bound_at=one.bound_at,
    )


@router.get("/addresses")
async def list_addresses(edge: Edge = may_person()) -> list[BindingOut]:
    """Where I can be reached, the address proved last first."""
    async with edge.statement() as tx:
        found = await addresses.addresses(tx, [edge.actor.person_id])
    return [shape(one) for one in found]


@router.delete("/addresses/{address_id}", status_code=204)
async def unbind_address(address_id: UUID, edge: Edge = may_person(records="identity.address_unbound")) -> None:
    """Give up a binding. Errors: identity.address_unknown, identity.phone_stays."""
    async with edge.transaction() as tx:
        await addresses.unbind_mine(tx, actor=edge.actor, clock=edge.clock, address_id=address_id)


@router.post("/push-subscriptions", status_code=204)
async def subscribe_browser(
    told: PushSubscriptionIn, edge: Edge = may_person(records="identity.address_bound", rate="30/hour")
) -> None:
    """This browser may be pushed to for me; who used it before is no longer. Channels decide which push services they call."""
    async with edge.transaction() as tx:
        await addresses.bind(
            tx,
            clock=edge.clock,
            actor=edge.actor,
            person_id=edge.actor.person_id,
            family="web_push",
            app_id="",
            value=addresses.subscription(told.endpoint, told.p256dh, told.auth),
            proof="device",
            is_handed_on=True,
        )


@router.post("/push-subscriptions/ending", status_code=204)
async def unsubscribe_browser(
    told: PushSubscriptionIn, edge: Edge = may_person(records="identity.address_unbound", rate="30/hour")
) -> None:
    """This browser is no longer pushed to for me; again changes nothing."""
    async with edge.transaction() as tx:
        await addresses.unbind(
            tx,
            clock=edge.clock,
            actor=edge.actor,
            person_id=edge.actor.person_id,
            family="web_push",
            app_id="",
            value=addresses.subscription(told.endpoint, told.p256dh, told.auth),
        )


@router.post("/merges")
async def merge_accounts(
    told: MergeIn, edge: Edge = may_person(records="identity.people_merged", rate="10/hour")
) -> Me:
    """Another account is mine too: its phone, bindings and hats come to this one. Needs a fresh second factor.

    Errors: plumbing.second_factor_needed, identity.code_wrong, identity.code_locked, identity.code_stale,
    identity.merge_refused.
    """
    async with edge.transaction() as tx:
        refusal = await merging.merge(tx, actor=edge.actor, clock=edge.clock, phone=told.phone, code=told.code)
        answer = refusal or await me_of(tx, edge, edge.actor.person_id, edge.actor.session_id)
    return after_commit(answer)
