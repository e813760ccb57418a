"""Routes of saved views."""

from __future__ import annotations

from uuid import UUID

from palmtax.cases.actions import views as actions
from palmtax.cases.schemas.views import SavedView, SavedViewIn
from palmtax.cases.store import views as store
from palmtax.plumbing.edge import Edge, Router, may_officer

router = Router(prefix="/api/cases", tags=["cases"])


@router.get("/views")
async def list_views(edge: Edge = may_officer("cases.read")) -> list[SavedView]:
    """One's own saved views."""
    async with edge.transaction() as tx:
        rows = await store.views(tx, edge.actor.person_id)
    return [SavedView(view_id=r["view_id"], name=r["name"], **r["view"]) for r in rows]


async def _keep(edge: Edge, view_id: UUID | None, body: SavedViewIn) -> SavedView:
    view = body.model_dump(exclude={"name"})
    async with edge.transaction() as tx:
        kept = await actions.keep_view(
            tx, actor=edge.actor, clock=edge.clock, view_id=view_id, name=body.name, view=view
        )
    return SavedView(view_id=kept, name=body.name, **view)


@router.post("/views", status_code=201)
async def add_view(body: SavedViewIn, edge: Edge = may_officer("cases.read")) -> SavedView:
    """Keep a view under a name."""
    return await _keep(edge, None, body)


@router.put("/views/{view_id}")
async def change_view(view_id: UUID, body: SavedViewIn, edge: Edge = may_officer("cases.read")) -> SavedView:
    """Change a view."""
    return await _keep(edge, view_id, body)


@router.delete("/views/{view_id}", status_code=204)
async def delete_view(view_id: UUID, edge: Edge = may_officer("cases.read")) -> None:
    """Drop a view."""
    async with edge.transaction() as tx:
        await actions.drop_view(tx, actor=edge.actor, view_id=view_id)
