"""Approved message templates of the demo accounts, as an operator would find them in the platforms' consoles."""

from __future__ import annotations

import base64
import hashlib
import re
from typing import Any

PLACES: dict[str, tuple[str, list[tuple[str, str]]]] = {
    "matter_progress": (
        "业务办理进度通知",
        [("thing1", "办理事项"), ("phrase2", "办理状态"), ("time3", "更新时间"), ("character_string4", "办件编号")],
    ),
    "filing_due": ("申报到期提醒", [("thing1", "申报项目"), ("date2", "截止日期"), ("thing3", "温馨提示")]),
    "payment_due": ("缴费提醒", [("thing1", "缴费项目"), ("date2", "缴款期限"), ("thing3", "温馨提示")]),
    "document_served": (
        "文书送达通知",
        [("thing1", "文书名称"), ("character_string2", "文书编号"), ("time3", "送达时间"), ("thing4", "送达机关")],
    ),
    "appointment": (
        "预约提醒",
        [("thing1", "预约事项"), ("time2", "预约时间"), ("thing3", "办理地点"), ("character_string4", "预约编号")],
    ),
    "refund_posted": ("退税到账通知", [("thing1", "退税项目"), ("time2", "到账时间"), ("thing3", "温馨提示")]),
}
"""Title and places of each template by our own name; a place's kind is its key without the number."""

KINDS = {
    "thing": r"(?s).{1,20}",
    "short_thing": r"(?s).{1,5}",
    "number": r"-?\d{1,32}(\.\d+)?",
    "letter": r"[A-Za-z]{1,32}",
    "symbol": r"[^\w\s]{1,5}",
    "character_string": r"[\x20-\x7e]{1,32}",
    "time": r"(\d{4}年\d{1,2}月\d{1,2}日|\d{4}-\d{1,2}-\d{1,2}|\d{4}/\d{1,2}/\d{1,2})?\s?(\d{1,2}:\d{2}(:\d{2})?)?"
    r"(~.{1,40})?",
    "date": r"\d{4}(年\d{1,2}月(\d{1,2}日)?|-\d{1,2}-\d{1,2}|/\d{1,2}/\d{1,2})(\s?\d{1,2}:\d{2}(:\d{2})?)?(~.{1,40})?",
    "amount": r"[¥$€￥]?\d{1,10}(\.\d{1,2})?(元|万元)?",
    "phone_number": r"[\d\-+() ]{1,17}",
    "car_number": r".{1,8}",
    "name": r"[一-鿿·]{1,10}|[A-Za-z ·.]{1,20}",
    "phrase": r"[一-鿿]{1,5}",
}
"""What each kind of place takes; `phrase` is Chinese only, `thing` anything of at most 20 characters."""


def template_id(account: str, name: str) -> str:
    """43 characters, the same on every machine, so that a channel's configuration can be written down."""
    digest = hashlib.sha256(f"palmtax:{account}:{name}".encode()).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def of(account: str, kinds: tuple[str, ...]) -> dict[str, dict[str, Any]]:
    """All templates in each of these kinds: `template`, `once`, `lasting`. The key of the first kind is the bare name."""
    return {
        name if kind == kinds[0] else f"{name}_{kind}": {
            "template_id": template_id(account, f"{name}:{kind}"),
            "kind": kind,
            "title": title,
            "places": [list(place) for place in places],
        }
        for kind in kinds
        for name, (title, places) in PLACES.items()
    }


def fault_of(template: dict[str, Any], data: Any) -> str:
    """The first place whose value the platform refuses with 47003; empty when all are good."""
    if not isinstance(data, dict):
        return "data"
    for key, _ in template["places"]:
        value = data.get(key, {}).get("value") if isinstance(data.get(key), dict) else None
        kind = re.sub(r"\d+$", "", key)
        if not isinstance(value, str) or not value.strip() or not re.fullmatch(KINDS[kind], value):
            return f"data.{key}.value"
    return ""


def shown(template: dict[str, Any], data: dict[str, Any]) -> list[list[str]]:
    """Label and value of each line, as the phone draws them."""
    return [[label, str(data[key]["value"])] for key, label in template["places"]]
