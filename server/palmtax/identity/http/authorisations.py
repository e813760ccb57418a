"""Authorisations: who may act for my taxpayer, and for whom I may act."""

from __future__ import annotations

from uuid import UUID

from palmtax.identity.actions import authorisations
from palmtax.identity.http.shapes import authorisation_out
from palmtax.identity.schemas import AuthorisationIn, AuthorisationOut
from palmtax.plumbing.edge import Edge, Router, may, may_person

router = Router(prefix="/api/identity/authorisations", tags=["identity"])


@router.get("")
async def list_authorisations(edge: Edge = may_person()) -> list[AuthorisationOut]:
    """Those given to me; then, with the right to authorise, those for my taxpayer. 9999-12-31 is 长期: no end."""
    async with edge.statement() as tx:
        found = await authorisations.authorisations(tx, actor=edge.actor)
    return [authorisation_out(kept, edge, is_mine=is_mine) for kept, is_mine in found]


@router.post("", status_code=201)
async def give_authorisation(
    told: AuthorisationIn,
    edge: Edge = may("identity.authorise", records="identity.authorisation_given", second_factor=True),
) -> AuthorisationOut:
    """Let a person act for the taxpayer of my hat; it waits for that person.

    Errors: identity.role_not_yours, identity.scopes_not_yours, identity.end_date_wrong, identity.self_grant,
    identity.authorisation_exists, identity.hat_unknown.
    """
    async with edge.transaction() as tx:
        kept = await authorisations.give(
            tx,
            actor=edge.actor,
            clock=edge.clock,
            phone=told.phone,
            name=told.name,
            role_code=told.role_code,
            scopes=told.scopes,
            valid_until=told.valid_until,
        )
    return authorisation_out(kept, edge, is_mine=False)


@router.post("/{authorisation_id}/accept")
async def accept_authorisation(
    authorisation_id: UUID, edge: Edge = may_person(records="identity.authorisation_accepted")
) -> AuthorisationOut:
    """Accept what was given to me.

    Errors: identity.authorisation_unknown, identity.authorisation_settled, identity.real_name_needed,
    identity.name_differs.
    """
    async with edge.transaction() as tx:
        kept = await authorisations.accept(tx, actor=edge.actor, clock=edge.clock, authorisation_id=authorisation_id)
    return authorisation_out(kept, edge, is_mine=True)


@router.post("/{authorisation_id}/deny")
async def deny_authorisation(
    authorisation_id: UUID, edge: Edge = may_person(records="identity.authorisation_denied")
) -> AuthorisationOut:
    """Deny a link to a taxpayer (冒用否认). Errors: identity.authorisation_unknown, identity.authorisation_settled."""
    async with edge.transaction() as tx:
        kept = await authorisations.deny(tx, actor=edge.actor, clock=edge.clock, authorisation_id=authorisation_id)
    return authorisation_out(kept, edge, is_mine=True)


@router.post("/{authorisation_id}/revoke")
async def revoke_authorisation(
    authorisation_id: UUID,
    edge: Edge = may("identity.authorise", records="identity.authorisation_revoked", second_factor=True),
) -> AuthorisationOut:
    """End an authorisation given for my taxpayer; it ends at once.

    Errors: identity.authorisation_unknown, identity.role_not_yours, identity.authorisation_settled.
    """
    async with edge.transaction() as tx:
        kept = await authorisations.revoke(tx, actor=edge.actor, clock=edge.clock, authorisation_id=authorisation_id)
    return authorisation_out(kept, edge, is_mine=False)
