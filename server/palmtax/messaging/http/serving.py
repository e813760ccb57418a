"""Routes of electronic service: the agreement, and what is provable of a served document."""

from __future__ import annotations

from typing import Annotated

from fastapi import Path

from palmtax import identity
from palmtax.messaging.actions import serving
from palmtax.messaging.model.service import Agreement, rule_on
from palmtax.messaging.schemas import AgreementIn, AgreementOut, ReaderOut, ServiceOut
from palmtax.plumbing.edge import Edge, Router, may

router = Router(prefix="/api/messaging", tags=["messaging"])
DocumentNo = Annotated[str, Path(min_length=1, max_length=60)]


def _agreement(edge: Edge, known: Agreement | None) -> AgreementOut:
    rule = rule_on(edge.clock.today())
    return AgreementOut(
        is_given=known is not None and known.is_given,
        decided_at=known.decided_at if known else None,
        form=known.form if known else rule.form,
        law=rule.law,
        article=rule.article,
    )


@router.get("/service-agreement")
async def read_agreement(edge: Edge = may("messaging.read")) -> AgreementOut:
    """Whether the taxpayer agreed to electronic service."""
    async with edge.statement() as tx:
        known = await serving.agreement_of(tx, taxpayer_id=edge.taxpayer_id)
    return _agreement(edge, known)


@router.put("/service-agreement")
async def decide_agreement(
    given: AgreementIn,
    edge: Edge = may("messaging.read", records="messaging.service_agreement_decided", second_factor=True),
) -> AgreementOut:
    """Sign it, or take it back. Errors: messaging.not_the_lead, plumbing.second_factor_needed."""
    async with edge.transaction() as tx:
        known = await serving.decide_agreement(
            tx, actor=edge.actor, clock=edge.clock, taxpayer_id=edge.taxpayer_id, is_given=given.is_given
        )
    return _agreement(edge, known)


@router.get("/services/{document_no}")
async def read_service(document_no: DocumentNo, edge: Edge = may("messaging.read")) -> ServiceOut:
    """When a document was served, by what rule, and who read it. Errors: messaging.service_unknown."""
    async with edge.statement() as tx:
        found = await serving.service_record(tx, taxpayer_id=edge.taxpayer_id, document_no=document_no)
        people = await identity.people(tx, [one.person_id for one in found.people])
    served = found.served
    given = {name: getattr(served, name) for name in ServiceOut.model_fields if hasattr(served, name)}
    return ServiceOut(
        **given,
        signed_at=found.signed_at,
        readers=[
            ReaderOut(name=people[one.person_id].name_masked, read_at=one.read_at)
            for one in found.people
            if one.person_id in people
        ],
    )
