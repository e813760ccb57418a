"""Officers of two levels, a shop and its owner, and complaints as the engine of matters would file them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from filing.make import OWNER, SHOP, make_taxpayer
from messaging.make import make_act, make_actor

from palmtax import identity, registry
from palmtax.base.clock import Clock
from palmtax.base.identifiers import make_resident_id
from palmtax.complaints.actions.complaints import file_complaint
from palmtax.complaints.model.complaint import Complaint
from palmtax.plumbing.database import Database, Tx

CITY, OFFICE, ELSEWHERE = "14403000000", "14403050000", "14404000000"
ANN, BEA, CHIEF, STRANGER, AIDE, KEYS = 301, 302, 303, 304, 305, 306
NAMES = {ANN: "沈知秋", BEA: "罗衡", CHIEF: "温景行", STRANGER: "蓝若水", AIDE: "白露", KEYS: "程系统"}
OFFICES = {ANN: OFFICE, BEA: OFFICE, CHIEF: CITY, STRANGER: ELSEWHERE, AIDE: CITY, KEYS: CITY}
ROLES = {
    ANN: "case_officer", BEA: "case_officer", CHIEF: "decision_maker", STRANGER: "case_officer", AIDE: "hall_clerk",
    KEYS: "system_admin",
}  # fmt: skip


def officer(person_id: int) -> Any:
    """An officer as an actor."""
    return make_actor(person_id, office_code=OFFICES[person_id], scopes=identity.ROLES[ROLES[person_id]].scopes)


async def make_town(tx: Tx, clock: Clock) -> None:
    """Three offices, their officers, a shop with its owner."""
    names = {CITY: "云汀市税务局", OFFICE: "云山区税务局", ELSEWHERE: "临岸市税务局"}
    await registry.load_offices(tx, [registry.Office(code, name, f"Office {code}") for code, name in names.items()])
    shop = make_taxpayer(SHOP)
    await registry.load_taxpayers(tx, [shop, replace(make_taxpayer(5009), office_code=ELSEWHERE)])
    everybody = {**NAMES, OWNER: "陈小满"}
    people = [
        identity.NewPerson(one, name, f"1540000{one:04d}", make_resident_id("990100", clock.today(), one))
        for one, name in everybody.items()
    ]
    hats = [identity.NewHat(one, ROLES[one], names[code], office_code=code) for one, code in OFFICES.items()]
    hats.append(identity.NewHat(OWNER, "legal_rep", shop.name, taxpayer_id=SHOP, uscc=shop.uscc))
    await identity.load_people(tx, clock=clock, people=people, hats=hats)


async def complain(database: Database, clock: Clock, **changed: Any) -> Complaint:
    """A real-name complaint of the shop's owner."""
    values: dict[str, Any] = {
        "actor": make_actor(), "clock": clock, "taxpayer_id": SHOP, "office_code": OFFICE, "category": "attitude",
        "about": "三号窗口", "facts": "今天上午办理变更时态度很差", "is_real_name": True,
    }  # fmt: skip
    async with database.transaction() as tx:
        return await file_complaint(tx, **(values | changed))


__all__ = ["make_act", "make_actor"]
