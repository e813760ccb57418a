"""Routes of campaigns: an editor writes, a second officer decides, either pauses or stops."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from fastapi import Query, Response

from palmtax import identity, messaging
from palmtax.insight.actions import campaigns
from palmtax.insight.http import campaign_shapes as shapes
from palmtax.insight.http.audiences import audience_of, office_names
from palmtax.insight.http.report import report
from palmtax.insight.model.campaign import Campaign, Plan, Stage, State
from palmtax.insight.schemas.campaigns import (
    CampaignChangeIn,
    CampaignIn,
    CampaignOut,
    CampaignPage,
    DecisionIn,
    SampleOut,
    StopIn,
    VersionIn,
)
from palmtax.insight.store import members
from palmtax.insight.store.cursors import cursor_of, read_cursor
from palmtax.plumbing.edge import Edge, Router, may_officer

router = Router(prefix="/api/insight", tags=["insight"])
MOST_COMPLAINTS = 20
CSV: dict[int | str, dict[str, Any]] = {200: {"content": {"text/csv": {}}}}


def _plan(body: CampaignIn) -> Plan:
    return Plan(
        name=body.name.strip(),
        template=body.template,
        words=body.words.model_dump(),
        audience=audience_of(body.audience),
        goal=body.goal,
        goal_days=body.goal_days,
        holdout_bp=body.holdout_bp,
        stages=tuple(Stage(one.share_bp, one.minutes) for one in body.stages),
    )


def _segment(body: CampaignIn) -> tuple[UUID, int] | None:
    return (body.segment_id, body.segment_version) if body.segment_id and body.segment_version else None


async def _out(edge: Edge, tx: Any, found: Campaign) -> CampaignOut:
    who = {one for one in (found.created_by, found.decided_by, found.stopped_by) if one is not None}
    people = await identity.people(tx, sorted(who))
    against = await members.complained(tx, found.campaign_id, MOST_COMPLAINTS) if found.decided_at else []
    said = await messaging.complaints_about(tx, against) if against else []
    names = {one: person.name_masked for one, person in people.items()}
    return shapes.campaign_out(found, actor=edge.actor, names=names, today=edge.clock.today(), complaints=said)


@router.get("/campaigns")
async def list_campaigns(
    state: State | None = None,
    cursor: Annotated[str | None, Query(max_length=200)] = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
    edge: Edge = may_officer("insight.push"),
) -> CampaignPage:
    """Campaigns of the officer's office, newest first."""
    before = read_cursor(cursor) if cursor else None
    async with edge.statement() as tx:
        found = await campaigns.listed(tx, actor=edge.actor, state=state, before=before, limit=limit + 1)
        people = await identity.people(tx, [one.created_by for one in found])
    page = found[:limit]
    following = cursor_of(page[-1].created_at, page[-1].campaign_id) if len(found) > limit else None
    lines = [shapes.line_out(one, people[one.created_by].name_masked) for one in page]
    return CampaignPage(campaigns=lines, next_cursor=following)


@router.post("/campaigns", status_code=201)
async def write_campaign(
    body: CampaignIn, edge: Edge = may_officer("insight.push", records="insight.campaign_written", rate="60/minute")
) -> CampaignOut:
    """Begin a draft. Errors: insight.campaign_malformed, insight.audience_malformed, insight.tag_not_for_this."""
    async with edge.transaction() as tx:
        made = await campaigns.write(tx, actor=edge.actor, clock=edge.clock, plan=_plan(body), segment=_segment(body))
        return await _out(edge, tx, made)


@router.get("/campaigns/{campaign_id}")
async def show_campaign(campaign_id: UUID, edge: Edge = may_officer("insight.push")) -> CampaignOut:
    """A campaign with its ramp, gates and effect. Errors: insight.campaign_unknown."""
    async with edge.statement() as tx:
        found = await campaigns.readable(tx, actor=edge.actor, campaign_id=campaign_id)
        return await _out(edge, tx, found)


@router.put("/campaigns/{campaign_id}")
async def rewrite_campaign(
    campaign_id: UUID,
    body: CampaignChangeIn,
    edge: Edge = may_officer("insight.push", records="insight.campaign_written"),
) -> CampaignOut:
    """Change a draft. Errors: insight.campaign_unknown, insight.campaign_not_now, insight.campaign_changed."""
    async with edge.transaction() as tx:
        made = await campaigns.rewrite(
            tx, actor=edge.actor, clock=edge.clock, campaign_id=campaign_id, version=body.version, plan=_plan(body),
            segment=_segment(body),
        )  # fmt: skip
        return await _out(edge, tx, made)


@router.get("/campaigns/{campaign_id}/sample")
async def show_sample(campaign_id: UUID, edge: Edge = may_officer("insight.push")) -> SampleOut:
    """The words in every medium and language, for whom, what it would come to. Errors: insight.campaign_unknown."""
    async with edge.statement() as tx:
        found = await campaigns.readable(tx, actor=edge.actor, campaign_id=campaign_id)
        shown = await campaigns.sample(tx, actor=edge.actor, clock=edge.clock, campaign=found)
        return shapes.sample_out(shown, await office_names(edge, tx))


@router.post("/campaigns/{campaign_id}/submission")
async def submit_campaign(
    campaign_id: UUID,
    body: VersionIn,
    edge: Edge = may_officer("insight.push", records="insight.campaign_submitted"),
) -> CampaignOut:
    """Lay it before a second officer. Errors: insight.campaign_not_now, insight.audience_empty."""
    async with edge.transaction() as tx:
        made = await campaigns.submit(
            tx, actor=edge.actor, clock=edge.clock, campaign_id=campaign_id, version=body.version
        )
        return await _out(edge, tx, made)


@router.post("/campaigns/{campaign_id}/decision")
async def decide_campaign(
    campaign_id: UUID,
    body: DecisionIn,
    edge: Edge = may_officer("insight.push_approve", records="insight.campaign_decided"),
) -> CampaignOut:
    """Approve it, which begins it, or return it with words.

    Errors: insight.author_decides, insight.campaign_not_now, insight.campaign_changed, insight.reason_needed.
    """
    async with edge.transaction() as tx:
        made = await campaigns.decide(
            tx, actor=edge.actor, clock=edge.clock, campaign_id=campaign_id, version=body.version,
            is_agreed=body.is_agreed, words=body.words,
        )  # fmt: skip
        return await _out(edge, tx, made)


@router.post("/campaigns/{campaign_id}/pause")
async def pause_campaign(
    campaign_id: UUID, edge: Edge = may_officer("insight.push", records="insight.campaign_paused")
) -> CampaignOut:
    """Tell nobody else for now. Errors: insight.campaign_unknown, insight.campaign_not_now."""
    async with edge.transaction() as tx:
        return await _out(
            edge, tx, await campaigns.pause(tx, actor=edge.actor, clock=edge.clock, campaign_id=campaign_id)
        )


@router.post("/campaigns/{campaign_id}/resumption")
async def resume_campaign(
    campaign_id: UUID, edge: Edge = may_officer("insight.push", records="insight.campaign_resumed")
) -> CampaignOut:
    """Go on. Errors: insight.campaign_unknown, insight.campaign_not_now."""
    async with edge.transaction() as tx:
        return await _out(
            edge, tx, await campaigns.resume(tx, actor=edge.actor, clock=edge.clock, campaign_id=campaign_id)
        )


@router.post("/campaigns/{campaign_id}/stop")
async def stop_campaign(
    campaign_id: UUID, body: StopIn, edge: Edge = may_officer("insight.push", records="insight.campaign_stopped")
) -> CampaignOut:
    """End it at once; what waits is withdrawn. Errors: insight.campaign_not_now, insight.reason_needed."""
    async with edge.transaction() as tx:
        made = await campaigns.stop(tx, actor=edge.actor, clock=edge.clock, campaign_id=campaign_id, words=body.words)
        return await _out(edge, tx, made)


@router.get("/campaigns/{campaign_id}/report", responses=CSV)
async def download_report(campaign_id: UUID, edge: Edge = may_officer("insight.push")) -> Response:
    """The report as CSV, by stage and by way. Errors: insight.campaign_unknown."""
    async with edge.statement() as tx:
        found = await campaigns.readable(tx, actor=edge.actor, campaign_id=campaign_id)
        text = report(await _out(edge, tx, found), edge.language)
    headers = {"content-disposition": f'attachment; filename="campaign-{campaign_id}.csv"'}
    return Response(text, media_type="text/csv; charset=utf-8", headers=headers)
