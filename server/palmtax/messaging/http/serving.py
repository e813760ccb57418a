"""Routes of electronic service: the agreement, and what is provable of a served document."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import Path, Query

from palmtax import identity
from palmtax.messaging.actions import attempting, serving, signing
from palmtax.messaging.model.service import Agreement, ServiceRecord, rule_on
from palmtax.messaging.schemas import (
    AgreementIn,
    AgreementOut,
    ReaderOut,
    ServedOut,
    ServedPage,
    ServiceOut,
    shape_attempt,
)
from palmtax.plumbing.database import Tx
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


@router.get("/services")
async def list_services(
    cursor: Annotated[str | None, Query(max_length=60)] = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
    edge: Edge = may("messaging.read"),
) -> ServedPage:
    """Documents that were served on this taxpayer, the newest first."""
    async with edge.statement() as tx:
        found, following = await serving.services_of(tx, taxpayer_id=edge.taxpayer_id, before=cursor, limit=limit)
    return ServedPage(
        services=[ServedOut(**{name: getattr(one, name) for name in ServedOut.model_fields}) for one in found],
        next_cursor=following,
    )


@router.get("/services/{document_no}")
async def read_service(document_no: DocumentNo, edge: Edge = may("messaging.read")) -> ServiceOut:
    """When a document was served, by what rule, and who read it. Errors: messaging.service_unknown."""
    async with edge.statement() as tx:
        found = await serving.service_record(tx, taxpayer_id=edge.taxpayer_id, document_no=document_no)
        return await _shown(tx, edge, found)


@router.get("/messages/{message_id}/service")
async def read_service_of_message(message_id: UUID, edge: Edge = may("messaging.read")) -> ServiceOut:
    """The same for the document that a message brought. Errors: messaging.service_unknown."""
    async with edge.statement() as tx:
        found = await attempting.service_of_message(tx, taxpayer_id=edge.taxpayer_id, message_id=message_id)
        return await _shown(tx, edge, found)


@router.post("/services/{document_no}/signature")
async def sign_for(
    document_no: DocumentNo, edge: Edge = may("messaging.read", records="messaging.document_signed_for")
) -> ServiceOut:
    """Sign for a document that asks for it. Errors: messaging.service_unknown, messaging.not_to_sign."""
    async with edge.transaction() as tx:
        found = await signing.sign_served(
            tx, actor=edge.actor, clock=edge.clock, taxpayer_id=edge.taxpayer_id, document_no=document_no
        )
        return await _shown(tx, edge, found)


async def _shown(tx: Tx, edge: Edge, found: ServiceRecord) -> ServiceOut:
    people = await identity.people(tx, [one.person_id for one in found.people])
    given = {name: getattr(found.served, name) for name in ServiceOut.model_fields if hasattr(found.served, name)}
    return ServiceOut(
        **given,
        document_id=found.subject_id,
        asks=found.asks,
        signed_at=found.signed_at,
        readers=[
            ReaderOut(
                name=people[one.person_id].name_masked,
                read_at=one.read_at,
                is_me=one.person_id == edge.actor.person_id,
            )
            for one in found.people
            if one.person_id in people
        ],
        attempts=[shape_attempt(one) for one in found.attempts],
    )
