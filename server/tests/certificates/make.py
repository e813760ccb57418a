"""Makes certificates for tests of the paper."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import UUID

from palmtax.certificates.model import Certificate, PaidItem

ITEMS = (
    PaidItem("vat_small_scale", "增值税", "Value-added tax", "2026Q3", 100_000),
    PaidItem("urban_construction", "城市维护建设税", "Urban maintenance and construction tax", "2026Q3", 3_456),
)


def make_certificate(**changes) -> Certificate:
    items = changes.get("items", ITEMS)
    made = Certificate(
        taxpayer_id=1,
        certificate_id=UUID("019ab000-0000-7000-8000-0000000000ff"),
        certificate_no="WS2026112300800000000007Z",
        kind="tax_paid",
        state="valid",
        taxpayer_name="云山小吃店（个体工商户）",
        uscc="92440305MA00300112",
        office_name="云山区税务局",
        items=items,
        total_fen=sum(item.amount_fen for item in items),
        paid_on=date(2026, 11, 20),
        issued_at=datetime(2026, 11, 23, 16, 30, tzinfo=UTC),  # already Tuesday 2026-11-24 in Beijing
        issued_by=11,
        order_id=UUID(int=2),
        order_no="PT202611230800000000007Z",
        return_id=UUID(int=3),
        obligation_id=UUID(int=3),
        verify_code="AbCdEfGh-_0123456789abcd",
        pdf_name="",
    )
    return replace(made, **changes)
