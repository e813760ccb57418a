"""Invented taxpayers for tests."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from palmtax import registry
from palmtax.base.identifiers import make_uscc
from palmtax.plumbing.database import Tx

YUEXIU, TIANHE, SHENZHEN = "14401040000", "14401060000", "14403000000"
OFFICES = [
    registry.Office(YUEXIU, "国家税务总局广州市越秀区税务局", "Yuexiu District Tax Bureau"),
    registry.Office(TIANHE, "国家税务总局广州市天河区税务局", "Tianhe District Tax Bureau"),
    registry.Office(SHENZHEN, "国家税务总局深圳市税务局", "Shenzhen Tax Bureau"),
]


def make_taxpayer(taxpayer_id: int = 1001, **changed: Any) -> registry.Taxpayer:
    """A small shop; its code is valid and belongs to nobody."""
    made = registry.Taxpayer(
        taxpayer_id=taxpayer_id,
        name=f"福满楼小吃店{taxpayer_id}",
        uscc=make_uscc("9", "2", "440104", f"MA{taxpayer_id:06d}"),
        kind="individual_business",
        vat_kind="small_scale",
        filing_period="quarter",
        place_kind="city",
        is_half_relief=True,
        industry="6210",
        address="广州市越秀区北京路1号",
        office_code=YUEXIU,
        office_name=OFFICES[0].name,
        registered_on=date(2021, 3, 1),
        status="normal",
    )
    return replace(made, **changed)


async def load(tx: Tx, *taxpayers: registry.Taxpayer) -> None:
    """Offices and taxpayers."""
    await registry.load_offices(tx, OFFICES)
    await registry.load_taxpayers(tx, taxpayers)
