"""Webhooks on the wire."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from palmtax.partners.model.hooks import Delivery, Endpoint
from palmtax.plumbing.wire import Wire

EventName = Annotated[str, Field(min_length=3, max_length=60)]


class WebhookEndpointIn(Wire):
    """A new address."""

    url: str = Field(min_length=10, max_length=300)
    events: list[EventName] = Field(min_length=1, max_length=20)


class WebhookEndpointOut(Wire):
    """An address and how it does."""

    endpoint_id: UUID
    url: str
    events: list[str]
    state: Literal["on", "disabled"]
    failures: int = Field(description="in a row")
    failing_since: datetime | None
    last_error: str
    made_at: datetime


class EndpointMade(Wire):
    """A new address with the secret that signs: shown once."""

    endpoint: WebhookEndpointOut
    signing_secret: str


class SigningOut(Wire):
    """A new signing secret: shown once; the old one signs a day more."""

    signing_secret: str


class PingOut(Wire):
    """The number of the test event."""

    delivery_id: UUID


class WebhookDeliveryOut(Wire):
    """What became of a delivery."""

    delivery_id: UUID
    event: str
    state: Literal["wanted", "done", "dead"]
    tries: int
    last_status: int | None
    last_error: str
    created_at: datetime
    next_at: datetime | None
    done_at: datetime | None


def shape_endpoint(one: Endpoint) -> WebhookEndpointOut:
    """An address for the wire."""
    return WebhookEndpointOut(
        endpoint_id=one.endpoint_id, url=one.url, events=list(one.events), state=one.state, failures=one.failures,
        failing_since=one.failing_since, last_error=one.last_error, made_at=one.made_at,
    )  # fmt: skip


def shape_delivery(one: Delivery) -> WebhookDeliveryOut:
    """A delivery for the wire."""
    return WebhookDeliveryOut.model_validate(one, from_attributes=True)
