"""Routes that anybody may ask: the catalogue, one matter, what is found by a few words."""

from __future__ import annotations

from typing import Annotated

from fastapi import Path, Query, Response

from palmtax.matters.actions import browsing, searching
from palmtax.matters.schemas.catalogue import CatalogueOut, MatterOut, SearchOut
from palmtax.plumbing.edge import Edge, Router, may_anyone

router = Router(prefix="/api/matters", tags=["matters"])
Code = Annotated[str, Path(max_length=60)]


@router.get("/catalogue", response_model=CatalogueOut, responses={304: {"description": "unchanged"}})
async def read_catalogue(edge: Edge = may_anyone(rate="120/minute")) -> Response:
    """Every matter and theme in short; the phone keeps it and asks with If-None-Match."""
    tag = f'"{browsing.catalogue_out().version}"'
    headers = {
        "etag": tag,
        "cache-control": "public, max-age=60, stale-while-revalidate=86400",
        "vary": "accept-encoding",
    }
    if edge.request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=headers)
    content, packed = browsing.catalogue_bytes()
    if "gzip" in edge.request.headers.get("accept-encoding", ""):
        headers["content-encoding"] = "gzip"
        content = packed
    return Response(content, media_type="application/json", headers=headers)


@router.get("/catalogue/{code}")
async def read_matter(code: Code, edge: Edge = may_anyone(rate="240/minute")) -> MatterOut:
    """One matter whole. Errors: matters.matter_unknown."""
    async with edge.transaction() as tx:
        return await browsing.matter_out(tx, actor=edge.actor_or_none, clock=edge.clock, code=code)


@router.get("/search")
async def search(
    q: Annotated[str, Query(max_length=80)] = "",
    limit: Annotated[int, Query(ge=1, le=50)] = 20,
    edge: Edge = may_anyone(rate="600/minute"),
) -> SearchOut:
    """Find matters, themes, articles and calculators by everyday words, pinyin, or with a slip of the finger."""
    async with edge.statement() as tx:
        return await searching.search(tx, actor=edge.actor_or_none, clock=edge.clock, text=q, limit=limit)


@router.get("/popular")
async def popular(
    limit: Annotated[int, Query(ge=1, le=50)] = 12, edge: Edge = may_anyone(rate="240/minute")
) -> SearchOut:
    """What people in this hat do most, learned from the last 90 days."""
    async with edge.statement() as tx:
        return await searching.popular(tx, actor=edge.actor_or_none, clock=edge.clock, limit=limit)
