"""Offices of four levels whose codes are easily mistaken for one another, their officers and taxpayers."""

from __future__ import annotations

from datetime import date
from typing import Any

from palmtax import identity, registry
from palmtax.base.clock import Clock
from palmtax.base.identifiers import make_resident_id, make_uscc
from palmtax.plumbing.database import Tx

PROVINCE, CITY, NORTH, NORTH_HALL, EAST, OTHER_CITY = (
    "19900000000", "19903000000", "19903100000", "19903100500", "19903110000", "19904000000",
)  # fmt: skip
"""坪山 and 光明 have codes like NORTH and EAST: the zero of one is a digit, not a blank."""
NAMES = {
    PROVINCE: "云省税务局", CITY: "云汀市税务局", NORTH: "北山区税务局", NORTH_HALL: "北山区第五所", EAST: "东湖区税务局",
    OTHER_CITY: "临岸市税务局",
}  # fmt: skip
OFFICERS = {code: 900 + n for n, code in enumerate(NAMES)}
NOBODYS = 990
"""An officer whose hat names no office."""
SHOPS = {9001: (NORTH, "北山面馆"), 9002: (NORTH_HALL, "北山五所书店"), 9003: (EAST, "东湖面馆"), 9004: (OTHER_CITY, "临岸面馆"),
         9005: (CITY, "云汀集团"), 9006: (NORTH, "百分%之_店\\")}  # fmt: skip
OWNER = 800


def make_shop(taxpayer_id: int, **other: Any) -> registry.Taxpayer:
    """A shop of this office."""
    office, name = SHOPS[taxpayer_id]
    values: dict[str, Any] = {
        "name": name, "uscc": make_uscc("9", "2", "990100", f"MA{taxpayer_id:06d}"), "kind": "individual_business",
        "vat_kind": "small_scale", "filing_period": "quarter", "place_kind": "city", "is_half_relief": True,
        "industry": "餐饮", "address": "一号", "office_code": office, "office_name": NAMES[office],
        "registered_on": date(2026, 4, 1), "status": "normal",
    }  # fmt: skip
    return registry.Taxpayer(taxpayer_id=taxpayer_id, **(values | other))


async def make_town(tx: Tx, clock: Clock) -> None:
    """Offices, an officer each, a taxpayer each; one owner has hats for a shop of NORTH and one of EAST."""
    await registry.load_offices(tx, [registry.Office(code, name, name) for code, name in NAMES.items()])
    shops = [make_shop(number) for number in SHOPS]
    shops[3] = make_shop(9004, vat_kind="general", status="suspended")
    await registry.load_taxpayers(tx, shops)
    numbers = [*OFFICERS.values(), NOBODYS, OWNER]
    people = [
        identity.NewPerson(n, f"沈{n}", f"15400000{n:03d}", make_resident_id("990100", date(1980, 1, 1), n))
        for n in numbers
    ]
    hats = [identity.NewHat(n, "hall_clerk", NAMES[code], office_code=code) for code, n in OFFICERS.items()]
    hats.append(identity.NewHat(NOBODYS, "hall_clerk", "?", office_code=""))
    own = (shops[0], shops[2])
    hats += [identity.NewHat(OWNER, "legal_rep", shop.name, shop.taxpayer_id, uscc=shop.uscc) for shop in own]
    await identity.load_people(tx, clock=clock, people=people, hats=hats)
