"""City features as developers and officers handle them: hand in, check, ask for review, review, list, suspend, go back."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import Query

from palmtax.partners.actions import features
from palmtax.partners.adapters.feature_kit import check_feature
from palmtax.partners.adapters.webhooks import PartnersSettings
from palmtax.partners.errors import ApplicationUnknown
from palmtax.partners.http.authority import PartnerEdge, issuer_of, may_developer
from palmtax.partners.http.desk import place_of
from palmtax.partners.model.features import read_manifest
from palmtax.partners.model.versions import FeatureVersion
from palmtax.partners.schemas.desk import PartnerReasonIn
from palmtax.partners.schemas.features import (
    DeskFeatureIn,
    FeatureManifestIn,
    FeaturePage,
    FeatureRowOut,
    FeatureWholeOut,
    shape_feature_row,
    shape_feature_whole,
)
from palmtax.partners.store import applications
from palmtax.partners.store import features as store
from palmtax.plumbing.database import Tx
from palmtax.plumbing.edge import Edge, Router, may_officer

developer_router = Router(prefix="/api/partners/developer/features", tags=["partners"])
router = Router(prefix="/api/partners/desk/features", tags=["partners"])
SHOWN = 100
REVIEW = "partners.review"


async def _whole(tx: Tx, edge: Edge, feature_id: UUID) -> FeatureWholeOut:
    me = edge.actor_or_none.person_id if edge.actor_or_none else None
    return shape_feature_whole(await store.versions(tx, feature_id), me=me)


async def _checked(edge: Edge, one: FeatureVersion) -> FeatureWholeOut:
    """Run the kit with no connection held, then write down what it found."""
    async with edge.statement() as tx:
        application = await applications.find(tx, one.application_id) if one.application_id else None
    is_trial = application is not None and application.is_sandboxed
    findings = await check_feature(
        read_manifest(one.text), application=application, is_registered=True, our_origin=issuer_of(edge.house),
        may_loopback=is_trial and edge.settings.of(PartnersSettings).loopback_webhooks,
    )  # fmt: skip
    async with edge.transaction() as tx:
        await features.keep_findings(tx, actor=edge.actor_or_none, clock=edge.clock, of=one, findings=findings)
        return await _whole(tx, edge, one.feature_id)


@developer_router.get("")
async def list_own_features(edge: PartnerEdge = may_developer()) -> list[FeatureRowOut]:
    """The application's features, those that changed last first."""
    async with edge.statement() as tx:
        found = await store.page(
            tx, state=None, application_id=edge.application.application_id, before=None, limit=SHOWN
        )
    return [shape_feature_row(one, me=None) for one in found]


@developer_router.get("/{feature_id}")
async def read_own_feature(feature_id: UUID, edge: PartnerEdge = may_developer()) -> FeatureWholeOut:
    """One of them whole, with what the kit found and what officers said."""
    async with edge.statement() as tx:
        await features.newest(tx, feature_id=feature_id, application_id=edge.application.application_id)
        return await _whole(tx, edge, feature_id)


@developer_router.post("", status_code=201)
async def hand_in_own_feature(
    given: FeatureManifestIn, edge: PartnerEdge = may_developer(records="partners.feature_handed_in", rate="20/minute")
) -> FeatureWholeOut:
    """A new feature, or a new version of one with the same code."""
    async with edge.transaction() as tx:
        made = await features.hand_in(
            tx, actor=None, clock=edge.clock, application=edge.application, text=given.manifest
        )
        return await _whole(tx, edge, made.feature_id)


@developer_router.post("/{feature_id}/check")
async def check_own_feature(
    feature_id: UUID, edge: PartnerEdge = may_developer(records="partners.feature_checked", rate="20/minute")
) -> FeatureWholeOut:
    """Run the conformance kit."""
    async with edge.statement() as tx:
        one = await features.newest(tx, feature_id=feature_id, application_id=edge.application.application_id)
    return await _checked(edge, one)


@developer_router.post("/{feature_id}/review")
async def send_own_feature(
    feature_id: UUID, edge: PartnerEdge = may_developer(records="partners.feature_sent")
) -> FeatureWholeOut:
    """Ask for review; two officers look at it."""
    async with edge.transaction() as tx:
        await features.send_to_review(
            tx, actor=None, clock=edge.clock, feature_id=feature_id, application_id=edge.application.application_id
        )
        return await _whole(tx, edge, feature_id)


@router.get("")
async def list_desk_features(
    state: Literal["draft", "checked", "review", "listed", "superseded", "suspended"] | None = None,
    cursor: Annotated[str | None, Query(max_length=120)] = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
    edge: Edge = may_officer("partners.read"),
) -> FeaturePage:
    """Features by their newest version, those that changed last first."""
    before: tuple[datetime, UUID] | None = place_of(cursor)
    async with edge.statement() as tx:
        found = await store.page(tx, state=state, application_id=None, before=before, limit=limit + 1)
    last = found[limit - 1] if len(found) > limit else None
    return FeaturePage(
        features=[shape_feature_row(one, me=edge.actor.person_id) for one in found[:limit]],
        cursor=f"{last.changed_at.isoformat()}~{last.feature_id}" if last else None,
    )


@router.get("/{feature_id}")
async def read_feature(feature_id: UUID, edge: Edge = may_officer("partners.read")) -> FeatureWholeOut:
    """One feature whole."""
    async with edge.statement() as tx:
        await features.newest(tx, feature_id=feature_id)
        return await _whole(tx, edge, feature_id)


@router.post("", status_code=201)
async def hand_in_feature(
    given: DeskFeatureIn, edge: Edge = may_officer(REVIEW, records="partners.feature_handed_in")
) -> FeatureWholeOut:
    """A feature of the tax office's own, or for an application."""
    async with edge.transaction() as tx:
        application = await applications.of_client(tx, given.client_id) if given.client_id else None
        if given.client_id and application is None:
            raise ApplicationUnknown()
        made = await features.hand_in(
            tx, actor=edge.actor, clock=edge.clock, application=application, text=given.manifest
        )
        return await _whole(tx, edge, made.feature_id)


@router.post("/{feature_id}/check")
async def check_desk_feature(
    feature_id: UUID, edge: Edge = may_officer(REVIEW, records="partners.feature_checked", rate="20/minute")
) -> FeatureWholeOut:
    """Run the conformance kit."""
    async with edge.statement() as tx:
        one = await features.newest(tx, feature_id=feature_id)
    return await _checked(edge, one)


@router.post("/{feature_id}/review")
async def send_feature(
    feature_id: UUID, edge: Edge = may_officer(REVIEW, records="partners.feature_sent")
) -> FeatureWholeOut:
    """Ask for review."""
    async with edge.transaction() as tx:
        await features.send_to_review(tx, actor=edge.actor, clock=edge.clock, feature_id=feature_id)
        return await _whole(tx, edge, feature_id)


@router.post("/{feature_id}/approval")
async def approve_feature(
    feature_id: UUID, edge: Edge = may_officer(REVIEW, records="partners.feature_listed")
) -> FeatureWholeOut:
    """Find it good; as the second officer, of an office that covers its cities: list it."""
    async with edge.transaction() as tx:
        await features.approve(tx, actor=edge.actor, clock=edge.clock, feature_id=feature_id)
        return await _whole(tx, edge, feature_id)


@router.post("/{feature_id}/return")
async def return_feature(
    feature_id: UUID, given: PartnerReasonIn, edge: Edge = may_officer(REVIEW, records="partners.feature_returned")
) -> FeatureWholeOut:
    """Send it back with what is to be mended."""
    async with edge.transaction() as tx:
        await features.send_back(tx, actor=edge.actor, clock=edge.clock, feature_id=feature_id, reason=given.reason)
        return await _whole(tx, edge, feature_id)


@router.post("/{feature_id}/suspension")
async def suspend_feature(
    feature_id: UUID, given: PartnerReasonIn, edge: Edge = may_officer(REVIEW, records="partners.feature_suspended")
) -> FeatureWholeOut:
    """Off at once."""
    async with edge.transaction() as tx:
        await features.suspend(tx, actor=edge.actor, clock=edge.clock, feature_id=feature_id, reason=given.reason)
        return await _whole(tx, edge, feature_id)


@router.post("/{feature_id}/rollback")
async def roll_back_feature(
    feature_id: UUID, given: PartnerReasonIn, edge: Edge = may_officer(REVIEW, records="partners.feature_rolled_back")
) -> FeatureWholeOut:
    """List the version before again."""
    async with edge.transaction() as tx:
        await features.roll_back(tx, actor=edge.actor, clock=edge.clock, feature_id=feature_id, reason=given.reason)
        return await _whole(tx, edge, feature_id)
