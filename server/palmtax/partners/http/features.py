"""City features as people meet them: what there is in a city, opening one, agreeing to what it asks for."""

from __future__ import annotations

from uuid import UUID

from palmtax.partners.actions import opening
from palmtax.partners.http.authority import issuer_of
from palmtax.partners.schemas.features import FeatureOpenedOut, FeatureOut, OfficeCode, shape_feature, shape_opened
from palmtax.plumbing.edge import Edge, Router, may_person

router = Router(prefix="/api/partners/features", tags=["partners"])


@router.get("")
async def list_features(
    office: OfficeCode | None = None, edge: Edge = may_person(rate="120/minute")
) -> list[FeatureOut]:
    """The features of the taxpayer's city, or of the office's."""
    async with edge.statement() as tx:
        found = await opening.features_of(tx, actor=edge.actor, office_code=office or "")
    return [shape_feature(one, edge.clock) for one in found]


@router.post("/{feature_id}/opening")
async def open_feature(
    feature_id: UUID, edge: Edge = may_person(records="partners.feature_opened", rate="60/minute")
) -> FeatureOpenedOut:
    """Open one: a page of ours, a partner's page with a pass, or what it asks for when nothing was agreed yet."""
    async with edge.transaction() as tx:
        opened = await opening.open_feature(
            tx, actor=edge.actor, clock=edge.clock, feature_id=feature_id, issuer=issuer_of(edge.house)
        )
    return shape_opened(opened)


@router.post("/{feature_id}/consent", status_code=204)
async def agree_to_feature(
    feature_id: UUID, edge: Edge = may_person(records="partners.consent_given", rate="30/minute")
) -> None:
    """Agree, for ninety days, to all that it asks for; taken back like any consent."""
    async with edge.transaction() as tx:
        await opening.agree_to_feature(tx, actor=edge.actor, clock=edge.clock, feature_id=feature_id)
