"""Acts as the engine of matters would hand them to effects."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from filing.make import CLERK, OFFICE, OWNER, SHOP

from palmtax.base.actor import Actor, Hat
from palmtax.base.clock import Clock
from palmtax.base.identifiers import uuid7
from palmtax.plumbing.effects import Act


def make_actor(person_id: int = OWNER, taxpayer_id: int | None = SHOP, **changed: Any) -> Actor:
    """A person under an enterprise hat, or an officer when an office is named."""
    office = changed.get("office_code")
    scopes = frozenset(changed.get("scopes", ()))
    kind, role = ("officer", "case_officer") if office else ("enterprise", "legal_rep")
    hat = Hat(uuid7(), kind, role, None if office else taxpayer_id, office, scopes)
    return Actor(person_id, uuid7(), hat, "workbench" if office else "miniprogram", "test-request")


def make_act(clock: Clock, application_id: UUID | None = None, **changed: Any) -> Act:
    """One application at the moment its effects run."""
    values: dict[str, Any] = {
        "actor": make_actor(), "clock": clock, "taxpayer_id": SHOP, "application_id": application_id or uuid7(),
        "application_no": "BJ20261123000001", "matter_code": "TSJY-001", "title": "纳税服务投诉",
        "title_en": "Complaint about service", "answers": {}, "computed": None, "office_code": OFFICE,
        "request_id": "test-request",
    }  # fmt: skip
    return Act(**(values | changed))


__all__ = ["CLERK", "make_act", "make_actor"]
