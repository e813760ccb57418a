"""Our page in a partner's frame: opened once with a ticket, left by the person."""

from __future__ import annotations

from palmtax.partners.actions import embedding
from palmtax.partners.schemas.embeds import EmbedOpenedOut, EmbedOpeningIn, shape_opened_screen
from palmtax.plumbing.edge import Edge, Router, may_anyone, may_person

router = Router(prefix="/api/partners/embeds", tags=["partners"])


@router.post("/opening")
async def open_screen(
    given: EmbedOpeningIn, edge: Edge = may_anyone(records="partners.embed_opened", rate="600/minute")
) -> EmbedOpenedOut:
    """A ticket becomes a visit, once."""
    async with edge.transaction() as tx:
        opened = await embedding.open_screen(
            tx, clock=edge.clock, client_id=given.client_id, ticket=given.ticket, request_id=edge.request_id
        )
    return shape_opened_screen(opened, edge.clock)


@router.delete("/own", status_code=204)
async def leave_screen(edge: Edge = may_person(records="partners.embed_left", rate="60/minute")) -> None:
    """Leave: the visit's token works no longer."""
    token = edge.request.headers.get("authorization", "").partition(" ")[2]
    async with edge.transaction() as tx:
        await embedding.leave_screen(tx, actor=edge.actor, clock=edge.clock, token=token)
