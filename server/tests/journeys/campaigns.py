"""Campaigns and audiences as the journeys ask for them, and a campaign's message for what others aim at."""

from __future__ import annotations

from typing import Any

from journeys.place import Device, Place, Shop

from palmtax import messaging
from palmtax.base.identifiers import uuid7

ALL, TOP, SEGMENTS = "/insight/campaigns", "/api/insight/campaigns", "/api/insight/segments"
ONE = f"{TOP}/{{campaign_id}}"
MESSAGE = "/api/messaging/messages/{message_id}"
EVERYBODY: dict[str, Any] = {"match": "all", "groups": []}
SEGMENT = {"name": "本局小规模纳税人", "audience": EVERYBODY, "purpose": "promotion"}
CAMPAIGN: dict[str, Any] = {
    "name": "起征点提醒", "template": "campaign_policy", "audience": EVERYBODY, "goal": "filed", "goal_days": 14,
    "holdout_bp": 0, "stages": [{"share_bp": 10_000, "minutes": 60}],
    "words": {
        "headline": "增值税起征点提醒", "words": "季度销售额不超过30万元的，免征增值税。", "brief": "季度30万元以下免征增值税。",
        "headline_en": "The VAT threshold", "words_en": "No VAT below 300000 yuan a quarter.", "brief_en": "No VAT.",
    },
}  # fmt: skip
CAMPAIGN_BODIES: dict[str, Any] = {
    "POST /api/insight/audiences/preview": {"audience": EVERYBODY, "purpose": "promotion"},
    f"POST {SEGMENTS}": SEGMENT, f"POST {SEGMENTS}/{{segment_id}}/versions": SEGMENT | {"version": 1},
    f"POST {TOP}": CAMPAIGN, f"PUT {ONE}": CAMPAIGN | {"version": 1}, f"POST {ONE}/submission": {"version": 1},
    f"POST {ONE}/decision": {"version": 1, "is_agreed": True}, f"POST {ONE}/stop": {"words": "内容有误"},
    f"POST {MESSAGE}/complaint": {"words": "没有要过"},
}  # fmt: skip


def told(place: Place, shop: Shop) -> str:
    """A message of a campaign in the shop's inbox."""

    async def tell() -> str:
        frame = messaging.find_template("campaign_policy")
        async with place.house.database.transaction() as tx:
            number = await messaging.tell(
                tx, clock=place.clock, taxpayer_id=shop.taxpayer_id, template=frame.slug, values=frame.samples(),
                subject_kind="campaign", subject_id=uuid7(), key=f"campaign:{uuid7()}",
                for_person_id=shop.owner.person_id,
            )  # fmt: skip
        return str(number)

    return place.run(tell())


def ground(desk: Device) -> dict[str, str]:
    """A draft and a saved audience of an officer's office."""
    return {
        "campaign_id": desk.ok("POST", ALL, CAMPAIGN)["campaign_id"],
        "segment_id": desk.ok("POST", "/insight/segments", SEGMENT)["segment_id"],
    }
