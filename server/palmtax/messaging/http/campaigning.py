"""What a person may say to a message of a campaign: no more of this kind, or a complaint."""

from __future__ import annotations

from uuid import UUID

from palmtax.messaging.actions import campaigning
from palmtax.messaging.schemas import MessageComplaintIn
from palmtax.plumbing.edge import Edge, Router, may

router = Router(prefix="/api/messaging", tags=["messaging"])


@router.post("/messages/{message_id}/unsubscription", status_code=204)
async def unsubscribe_from(
    message_id: UUID, edge: Edge = may("messaging.read", records="messaging.consent_decided")
) -> None:
    """No more of this kind: takes back the consent that the message rests on; twice is once.

    Errors: messaging.message_unknown, messaging.not_a_campaign.
    """
    async with edge.transaction() as tx:
        await campaigning.no_more_of_this(
            tx, actor=edge.actor, clock=edge.clock, taxpayer_id=edge.taxpayer_id, message_id=message_id
        )


@router.post("/messages/{message_id}/complaint", status_code=204)
async def complain_of(
    message_id: UUID,
    body: MessageComplaintIn,
    edge: Edge = may("messaging.read", records="messaging.message_complained", rate="30/minute"),
) -> None:
    """Complain of a message that nobody asked for; the first time counts, and stops a campaign when many do.

    Errors: messaging.message_unknown, messaging.not_a_campaign.
    """
    async with edge.transaction() as tx:
        await campaigning.complain(
            tx,
            actor=edge.actor,
            clock=edge.clock,
            taxpayer_id=edge.taxpayer_id,
            message_id=message_id,
            words=body.words,
        )
