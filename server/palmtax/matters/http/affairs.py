"""Routes of “my affairs”: everything of a person in one place, and the same to take away."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import Query, Response

from palmtax.matters.actions import affairs
from palmtax.matters.schemas.affairs import AffairsOut, SectionCode
from palmtax.plumbing.edge import Edge, Router, may

router = Router(prefix="/api/matters/affairs", tags=["matters"])
_TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
}
_SHEET: dict[int | str, dict[str, Any]] = {200: {"content": {kind: {} for kind in _TYPES.values()}}}


@router.get("")
async def read_affairs(edge: Edge = may("matters.use", rate="60/minute")) -> AffairsOut:
    """Progress, results, returns, payments, invoices, violations and more; what this hat may not see is left out."""
    async with edge.transaction() as tx:
        return await affairs.affairs(tx, actor=edge.actor, clock=edge.clock)


@router.get("/export", response_class=Response, responses=_SHEET)
async def export_affairs(
    form: Annotated[Literal["xlsx", "pdf"], Query(alias="format")] = "xlsx",
    section: SectionCode | None = None,
    wants: Annotated[bool, Query(description="only what the person has to do")] = False,
    edge: Edge = may("matters.use", rate="20/minute"),
) -> Response:
    """The same as a spreadsheet or PDF, the newest 1,000 of each section."""
    async with edge.transaction() as tx:
        content = await affairs.export(
            tx, actor=edge.actor, clock=edge.clock, form=form, language=edge.language, only=section, wants_only=wants
        )
    headers = {
        "content-disposition": f'attachment; filename="affairs-{edge.clock.today():%Y%m%d}.{form}"',
        "cache-control": "private, no-store",
        "x-content-type-options": "nosniff",
    }
    return Response(content, media_type=_TYPES[form], headers=headers)
