"""What a developer does about webhooks: addresses, test events, secrets, what was delivered and what was not."""

from __future__ import annotations

from uuid import UUID

from palmtax.partners.actions import webhooks
from palmtax.partners.adapters.webhooks import PartnersSettings
from palmtax.partners.http.authority import PartnerEdge, may_developer
from palmtax.partners.schemas.webhooks import (
    EndpointMade,
    PingOut,
    SigningOut,
    WebhookDeliveryOut,
    WebhookEndpointIn,
    WebhookEndpointOut,
    shape_delivery,
    shape_endpoint,
)
from palmtax.plumbing.edge import Router

router = Router(prefix="/api/partners/developer/endpoints", tags=["partners"])


@router.get("")
async def list_endpoints(edge: PartnerEdge = may_developer()) -> list[WebhookEndpointOut]:
    """The addresses and how they do."""
    async with edge.statement() as tx:
        found = await webhooks.endpoints_of(tx, application_id=edge.application.application_id)
    return [shape_endpoint(one) for one in found]


@router.post("", status_code=201)
async def add_endpoint(
    given: WebhookEndpointIn, edge: PartnerEdge = may_developer(records="partners.endpoint_added")
) -> EndpointMade:
    """A new address; the secret that signs is shown once."""
    async with edge.transaction() as tx:
        made, secret = await webhooks.add_endpoint(
            tx, clock=edge.clock, application=edge.application, url=given.url, events=given.events,
            loopback_allowed=edge.settings.of(PartnersSettings).loopback_webhooks,
        )  # fmt: skip
    return EndpointMade(endpoint=shape_endpoint(made), signing_secret=secret)


@router.delete("/{endpoint_id}", status_code=204)
async def remove_endpoint(
    endpoint_id: UUID, edge: PartnerEdge = may_developer(records="partners.endpoint_removed")
) -> None:
    """Take an address away."""
    async with edge.transaction() as tx:
        await webhooks.remove_endpoint(tx, clock=edge.clock, application=edge.application, endpoint_id=endpoint_id)


@router.post("/{endpoint_id}/secrets")
async def rotate_signing(
    endpoint_id: UUID, edge: PartnerEdge = may_developer(records="partners.endpoint_rotated", rate="20/hour")
) -> SigningOut:
    """A new secret that signs; for a day both do."""
    async with edge.transaction() as tx:
        secret = await webhooks.rotate_signing(
            tx, clock=edge.clock, application=edge.application, endpoint_id=endpoint_id
        )
    return SigningOut(signing_secret=secret)


@router.post("/{endpoint_id}/enabling")
async def enable_endpoint(
    endpoint_id: UUID, edge: PartnerEdge = may_developer(records="partners.endpoint_enabled")
) -> WebhookEndpointOut:
    """Call a disabled address again."""
    async with edge.transaction() as tx:
        one = await webhooks.enable_endpoint(
            tx, clock=edge.clock, application=edge.application, endpoint_id=endpoint_id
        )
    return shape_endpoint(one)


@router.post("/{endpoint_id}/ping")
async def ping_endpoint(
    endpoint_id: UUID, edge: PartnerEdge = may_developer(records="partners.endpoint_pinged", rate="10/minute")
) -> PingOut:
    """Send a test event."""
    async with edge.transaction() as tx:
        number = await webhooks.ping(tx, clock=edge.clock, application=edge.application, endpoint_id=endpoint_id)
    return PingOut(delivery_id=number)


@router.get("/{endpoint_id}/deliveries")
async def list_webhook_deliveries(endpoint_id: UUID, edge: PartnerEdge = may_developer()) -> list[WebhookDeliveryOut]:
    """The newest deliveries: done, waiting, dead."""
    async with edge.statement() as tx:
        found = await webhooks.deliveries_of(tx, application=edge.application, endpoint_id=endpoint_id)
    return [shape_delivery(one) for one in found]


@router.post("/{endpoint_id}/deliveries/{delivery_id}/resending", status_code=204)
async def resend_delivery(
    endpoint_id: UUID, delivery_id: UUID, edge: PartnerEdge = may_developer(records="partners.delivery_resent")
) -> None:
    """Try a dead delivery again."""
    async with edge.transaction() as tx:
        await webhooks.resend(
            tx, clock=edge.clock, application=edge.application, endpoint_id=endpoint_id, delivery_id=delivery_id
        )
