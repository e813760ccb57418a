"""An application as the effects of matters see it, for tests."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from palmtax.base.actor import Actor, Hat
from palmtax.base.clock import Clock
from palmtax.base.identifiers import uuid7
from palmtax.plumbing.effects import Act, Computed

OFFICE = "14401040000"


def make_actor(taxpayer_id: int, person_id: int = 11, scopes: frozenset[str] = frozenset()) -> Actor:
    """The person who asked."""
    hat = Hat(uuid7(), "enterprise", "legal_rep", taxpayer_id, None, scopes)
    return Actor(person_id, uuid7(), hat, "miniprogram", "test-request")


def make_act(
    clock: Clock,
    taxpayer_id: int = 1001,
    *,
    answers: dict[str, Any] | None = None,
    computed: Computed | None = None,
    actor: Actor | None = None,
    application_id: UUID | None = None,
    **changed: Any,
) -> Act:
    """An application of a made matter."""
    number = application_id or uuid7()
    given: dict[str, Any] = {
        "actor": actor or make_actor(taxpayer_id),
        "clock": clock,
        "taxpayer_id": taxpayer_id,
        "application_id": number,
        "application_no": f"BJ{number.hex[-12:].upper()}",
        "matter_code": "TEST-001",
        "title": "测试事项",
        "title_en": "A matter for tests",
        "answers": answers or {},
        "computed": computed,
        "office_code": OFFICE,
        "request_id": "test-request",
    }
    return Act(**(given | changed))
