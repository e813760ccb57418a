"""Routes of process analytics, and lists to take away."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated, Any, Literal

from fastapi import Query, Response

from palmtax.matters.actions import analytics, papering
from palmtax.matters.schemas.analytics import AnalyticsOut
from palmtax.plumbing.edge import Edge, Router, may, may_officer

router = Router(prefix="/api/matters", tags=["matters"])
LONGEST_DAYS = 366
_TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
}
_SHEET: dict[int | str, dict[str, Any]] = {200: {"content": {kind: {} for kind in _TYPES.values()}}}


@router.get("/analytics")
async def read_analytics(
    since: date | None = None,
    until: date | None = None,
    edge: Edge = may_officer("cases.read", rate="60/minute"),
) -> AnalyticsOut:
    """How the matters of the officer's office went; the last 30 days unless said otherwise, a year at most."""
    last = until or edge.clock.today()
    first = since or last - timedelta(days=29)
    first = max(first, last - timedelta(days=LONGEST_DAYS))
    async with edge.transaction() as tx:
        return await analytics.figures_of(tx, actor=edge.actor, since=first, until=last)


@router.get("/export", response_class=Response, responses=_SHEET)
async def export(
    group: Literal["open", "done", "drafts"] = "done",
    form: Annotated[Literal["xlsx", "pdf"], Query(alias="format")] = "xlsx",
    edge: Edge = may("matters.use", rate="20/minute"),
) -> Response:
    """One's own applications as a spreadsheet or PDF, newest 1,000."""
    async with edge.transaction() as tx:
        content = await papering.export(
            tx, taxpayer_id=edge.taxpayer_id, group=group, form=form, language=edge.language, clock=edge.clock
        )
    headers = {
        "content-disposition": f'attachment; filename="matters-{edge.clock.today():%Y%m%d}.{form}"',
        "cache-control": "private, no-store",
        "x-content-type-options": "nosniff",
    }
    return Response(content, media_type=_TYPES[form], headers=headers)
