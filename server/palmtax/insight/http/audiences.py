"""Routes of audiences: what tags there are, what a choice comes to, audiences kept under a name."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from palmtax import identity, messaging
from palmtax.insight.actions import audiences, tagging
from palmtax.insight.actions.asking import office_of
from palmtax.insight.http import campaign_shapes as shapes
from palmtax.insight.model.audience import Audience, read_audience
from palmtax.insight.model.gates import gates
from palmtax.insight.model.wording import longest
from palmtax.insight.schemas.campaigns import (
    AudienceIn,
    CampaignSetup,
    FrameOut,
    PreviewIn,
    PreviewOut,
    RefreshOut,
    SegmentChangeIn,
    SegmentIn,
    SegmentOut,
    StageIn,
)
from palmtax.insight.store import tags
from palmtax.plumbing.edge import Edge, Router, may_officer

router = Router(prefix="/api/insight", tags=["insight"])
MOST_TRADES = 60


def audience_of(given: AudienceIn) -> Audience:
    """An audience as it came over the wire."""
    return read_audience(given.model_dump())


async def office_names(edge: Edge, tx: Any) -> dict[str, tuple[str, str]]:
    """The officer's office and those below, by code."""
    return {one.code: (one.name, one.name_en) for one in await audiences.offices_below(tx, actor=edge.actor)}


@router.get("/campaign-setup")
async def show_setup(edge: Edge = may_officer("insight.push")) -> CampaignSetup:
    """Tags, frames, usual stages, and how many taxpayers of the office have tags."""
    async with edge.statement() as tx:
        office = office_of(edge.actor)
        trades = await tags.trades(tx, office, MOST_TRADES)
        members, oldest_at = await tags.count(tx, office)
        offices = await office_names(edge, tx)
    frames = [
        FrameOut(code=slug, purpose=one.purpose, longest=dict(longest())) for slug, one in messaging.frames().items()
    ]
    stages = [StageIn(share_bp=share, minutes=minutes) for share, minutes in gates().stages]
    return CampaignSetup(
        tags=shapes.tags_out(offices, trades), frames=frames, holdout_bp=gates().holdout_bp, stages=stages,
        members=members, oldest_at=oldest_at,
    )  # fmt: skip


@router.post("/tags/refresh", status_code=202)
async def refresh_tags(
    edge: Edge = may_officer("insight.push", records="insight.tags_refreshed", rate="6/minute"),
) -> RefreshOut:
    """Read the tags of everybody anew, in the background; one walk begins at a time."""
    async with edge.transaction() as tx:
        await tagging.ask_for_all(tx, actor=edge.actor, clock=edge.clock)
    return RefreshOut(is_asked=True)


@router.post("/audiences/preview")
async def preview_audience(body: PreviewIn, edge: Edge = may_officer("insight.push", rate="120/minute")) -> PreviewOut:
    """Count an audience now: who could be told by which way, who is left out and why.

    Errors: insight.audience_malformed, insight.tag_not_for_this.
    """
    async with edge.statement() as tx:
        found = await audiences.preview(
            tx, actor=edge.actor, clock=edge.clock, audience=audience_of(body.audience), purpose=body.purpose
        )
        return shapes.preview_out(found, await office_names(edge, tx))


@router.get("/segments")
async def list_segments(edge: Edge = may_officer("insight.push")) -> list[SegmentOut]:
    """The last version of every saved audience of the office, the newest first; at most a hundred."""
    async with edge.statement() as tx:
        found = await audiences.list_segments(tx, actor=edge.actor)
        people = await identity.people(tx, [one.created_by for one in found])
    return [shapes.segment_out(one, people[one.created_by].name_masked) for one in found]


@router.post("/segments", status_code=201)
async def save_segment(
    body: SegmentIn, edge: Edge = may_officer("insight.push", records="insight.segment_saved", rate="60/minute")
) -> SegmentOut:
    """Keep an audience under a name. Errors: insight.audience_malformed, insight.tag_not_for_this."""
    return await _saved(edge, body, None, 0)


@router.post("/segments/{segment_id}/versions", status_code=201)
async def change_segment(
    segment_id: UUID,
    body: SegmentChangeIn,
    edge: Edge = may_officer("insight.push", records="insight.segment_saved", rate="60/minute"),
) -> SegmentOut:
    """A new version of a saved audience; campaigns keep the one they were written with.

    Errors: insight.segment_unknown, insight.campaign_changed, insight.audience_malformed, insight.tag_not_for_this.
    """
    return await _saved(edge, body, segment_id, body.version)


async def _saved(edge: Edge, body: SegmentIn, segment_id: UUID | None, version: int) -> SegmentOut:
    async with edge.transaction() as tx:
        made = await audiences.save_segment(
            tx, actor=edge.actor, clock=edge.clock, name=body.name, audience=audience_of(body.audience),
            purpose=body.purpose, segment_id=segment_id, version=version,
        )  # fmt: skip
        people = await identity.people(tx, [made.created_by])
    return shapes.segment_out(made, people[made.created_by].name_masked)
