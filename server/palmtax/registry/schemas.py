"""Taxpayers on the wire."""

from __future__ import annotations

from datetime import date
from typing import Literal

from palmtax.plumbing.wire import Wire
from palmtax.registry.model import Taxpayer


class TaxpayerOut(Wire):
    """What the registry holds of one taxpayer."""

    taxpayer_id: int
    name: str
    uscc: str | None
    kind: Literal["natural_person", "individual_business", "enterprise"]
    vat_kind: Literal["small_scale", "general", "none"]
    filing_period: Literal["month", "quarter"]
    place_kind: Literal["city", "county", "other"]
    is_half_relief: bool
    industry: str
    address: str
    office_code: str
    office_name: str
    registered_on: date
    status: Literal["normal", "suspended", "closed"]


def taxpayer_out(found: Taxpayer) -> TaxpayerOut:
    """The taxpayer as it goes over the wire."""
    return TaxpayerOut(
        taxpayer_id=found.taxpayer_id,
        name=found.name,
        uscc=found.uscc,
        kind=found.kind,
        vat_kind=found.vat_kind,
        filing_period=found.filing_period,
        place_kind=found.place_kind,
        is_half_relief=found.is_half_relief,
        industry=found.industry,
        address=found.address,
        office_code=found.office_code,
        office_name=found.office_name,
        registered_on=found.registered_on,
        status=found.status,
    )
