"""The city feature of the demo town: a matter of life that counts for much in an invented city, listed by two officers."""

from __future__ import annotations

import asyncio
from datetime import date, datetime, time

from demo.town import Town, build
from palmtax.base.actor import Actor, Hat
from palmtax.base.clock import CHINA, FixedClock
from palmtax.partners.actions import features
from palmtax.partners.adapters.feature_kit import check_feature
from palmtax.plumbing.database import Database

MANIFEST = """code: yunting-vehicle
title: 云汀购车
title_en: Cars in Yunting
say: 买车、换车要办的税一次办完
say_en: Everything about tax when you buy a car
cities: ["19901"]
entry: {theme: buy_vehicle}
contact: {organisation: 云汀市税务局, organisation_en: Yunting Tax Bureau, phone: "12366"}
accessibility:
  level: AA
  statement: 支持放大、读屏和长辈模式
  statement_en: Works enlarged, with screen readers and in elder mode
"""


async def _listed(dsn: str, town: Town) -> None:
    database, clock = Database(dsn), FixedClock(datetime.combine(town.today, time(9), CHINA))
    first, second = _administrators(town)
    found = await check_feature(features.manifest_of(MANIFEST), is_registered=True)
    async with database.transaction() as tx:
        made = await features.hand_in(tx, actor=first, clock=clock, application=None, text=MANIFEST)
        await features.keep_findings(tx, actor=first, clock=clock, of=made, findings=found)
        await features.send_to_review(tx, actor=first, clock=clock, feature_id=made.feature_id)
        for officer in (first, second):
            await features.approve(tx, actor=officer, clock=clock, feature_id=made.feature_id)
    await database.close()


def list_one(dsn: str, *, taxpayers: int, seed: int, today: date) -> None:
    """Handed in and found good by one administrator, listed by the other."""
    asyncio.run(_listed(dsn, build(taxpayers=taxpayers, seed=seed, today=today)))


def _administrators(town: Town) -> list[Actor]:
    return [
        Actor(
            one.person_id, one.hat_id,
            Hat(one.hat_id, "officer", one.role_code, None, one.office_code, frozenset({"partners.review"})),
            "system", "demo",
        )
        for one in town.hats
        if one.role_code == "system_admin"
    ]  # fmt: skip
