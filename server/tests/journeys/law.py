"""The steps of officers of the law desk and of studies: draft, send, agree, ask what would be."""

from __future__ import annotations

from typing import Any

from journeys.place import OTHER_DISTRICT, Device, Place
from journeys.steps import a_key

KEY = "iit_year.basic_deduction_month"
ARTICLE = "国家税务总局公告2018年第61号 第六条"
THRESHOLD = {"vat_small_scale.quarter_threshold": "450000"}
FACTS = {"unpaid_tax": "12000.50", "days_late": 30}
STUDY = frozenset({"insight.read", "insight.study"})
DRAFT = STUDY | {"law.read", "law.draft"}
APPROVE = frozenset({"law.read", "law.approve"})
EVERYTHING = DRAFT | APPROVE | {"cases.read", "cases.decide", "payment.register_transfer"}


def edition(**other: Any) -> dict[str, Any]:
    """A version of the basic deduction of a month, 6,000 yuan from 2027, without the key."""
    body = {
        "value": "6000", "first_day": "2027-01-01", "article": ARTICLE, "published": "2026-10-10",
        "source": "个人所得税基本减除费用标准（演示）", "confidence": "own", "note": "演示",
    }  # fmt: skip
    return {**body, **other}


def version(**other: Any) -> dict[str, Any]:
    """The same as a drafter types it."""
    return {"key": KEY, **edition(**other)}


def drafted(who: Device, **other: Any) -> Any:
    """A version as a draft."""
    return who.ok("POST", "/knowledge/changes", version(**other), key=a_key())


def act(who: Device, change: Any, name: str, **body: Any) -> Any:
    """Send, approve, return or withdraw it."""
    return who.ok("POST", f"/knowledge/changes/{change['change_id']}/{name}", body)


def sent(who: Device, **other: Any) -> Any:
    """A version that waits for another officer."""
    return act(who, drafted(who, **other), "send")


def agreed(drafter: Device, approver: Device, **other: Any) -> Any:
    """A version that two officers agreed on."""
    return act(approver, sent(drafter, **other), "approve")


def question(**other: Any) -> dict[str, Any]:
    """What if the small-scale threshold of a quarter were 450,000 yuan."""
    body = {"name": "起征点四十五万", "laws": ["vat_small_scale_return"], "on": "2026-09-30", "changes": THRESHOLD}
    return {**body, **other}


def asked(who: Device, **other: Any) -> Any:
    """A study that waits."""
    return who.ok("POST", "/insight/studies", question(**other), key=a_key())


def answered(place: Place, who: Device, study: Any) -> Any:
    """The study when it is done."""
    path = f"/insight/studies/{study['study_id']}"
    found = place.until(lambda: (now := who.ok("GET", path))["state"] in ("done", "failed") and now, 90)
    assert found["state"] == "done", found["problem"]
    return found


def desk(place: Place, scopes: frozenset[str], role_code: str = "law_drafter", **other: Any) -> Device:
    """An officer with these rights at the workbench, with the second proof given."""
    who = place.by_sms(place.officer(role_code, scopes=scopes, **other), "workbench")
    place.prove(who)
    return who


def officers(place: Place) -> dict[str, Device]:
    """Who drafts and asks, who agrees, and one of another office who may do all of it."""
    return {
        "lawmaker": desk(place, DRAFT),
        "approver": desk(place, APPROVE),
        "other lawmaker": desk(place, EVERYTHING, office_code=OTHER_DISTRICT),
    }


def ground(place: Place, who: dict[str, Device]) -> dict[str, Any]:
    """What others aim at: the lawmaker's draft and study, a version that another officer sent, a row."""
    place.populate()
    study = answered(place, who["lawmaker"], asked(who["lawmaker"]))
    return {
        "change_id": drafted(who["lawmaker"])["change_id"], "sent_id": sent(who["other lawmaker"])["change_id"],
        "study_id": study["study_id"], "row": study["result"]["laws"][0]["sample"][0]["row"], "key": KEY,
        "law": "late_fee", "law_code": "vat_small_scale_return",
    }  # fmt: skip
