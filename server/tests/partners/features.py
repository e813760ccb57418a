"""A feature of an invented city: its manifest, its page, what officers and people do with it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from filing.make import Caller
from partners.make import BACK, Application

from palmtax.partners.model.application import PartnerApplication

ORIGIN = "https://bank.example"
MANIFEST = """code: refund-points
title: 退税点查询
title_en: Refund points
say: 查本市离境退税商店
say_en: Shops with tax refund in this city
cities: ["14403"]
entry:
  page: https://bank.example/refund
hosts: []
matters: []
data:
  - scope: returns.due
    why: 提醒您退税的申报日期
    why_en: To remind you of filing days
contact:
  organisation: 云汀软件有限公司
  organisation_en: Yunting Software
  phone: "12366"
accessibility:
  level: AA
  statement: 支持放大和读屏
  statement_en: Works enlarged and with screen readers
gray: {percent: 100}
"""
PAGE = """<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>退税点查询</title>
<meta name="viewport" content="width=device-width"><style>body { color: #222; background: #fff }</style></head>
<body><main><h1>退税点查询</h1><p>云汀软件有限公司提供</p></main></body></html>"""
HEADERS = {
    "content-type": "text/html; charset=utf-8",
    "content-security-policy": "default-src 'self'; frame-ancestors http://127.0.0.1:8000",
}
DESK = "/partners/desk/features"


def manifest(**other: str) -> str:
    """The manifest with some first-level words changed."""
    lines = [
        next((f"{name}: {value}" for name, value in other.items() if line.startswith(f"{name}: ")), line)
        for line in MANIFEST.splitlines()
    ]
    return "\n".join(lines) + "\n"


def ours(**other: str) -> str:
    """The same with a calculator of ours behind it."""
    text = manifest(**other).replace("page: https://bank.example/refund", "calculator: vat_small_scale")
    head, rest = text.split("data:\n")
    return head + rest[rest.index("contact:") :]


def application(**other: Any) -> PartnerApplication:
    """An application as a value."""
    now = datetime(2026, 11, 30, tzinfo=UTC)
    values: dict[str, Any] = {
        "application_id": UUID(int=1), "client_id": "pa_1", "name": "云汀", "name_en": "Yunting",
        "organisation": "云汀软件有限公司", "uscc": None, "purpose": "", "purpose_en": "", "redirect_uris": (BACK,),
        "scopes": ("returns.due", "taxpayer.read"), "state": "live", "state_reason": "", "checked_by": None,
        "made_by": None, "made_at": now, "changed_at": now,
    }  # fmt: skip
    return PartnerApplication(**values | other)


async def handed_in(one: Application, text: str | None = None) -> str:
    """The application hands in its feature and has it checked; its number."""
    answer = await one.developer("POST", "/features", {"manifest": text or manifest()})
    assert answer.status_code == 201, answer.text
    number = answer.json()["row"]["feature_id"]
    checked = await one.developer("POST", f"/features/{number}/check")
    assert checked.json()["row"]["state"] == "checked", checked.text
    assert (await one.developer("POST", f"/features/{number}/review")).status_code == 200
    return number


async def listed(number: str, *officers: Caller) -> Any:
    """Two officers list it."""
    for officer in officers:
        done = await officer.ok("POST", f"{DESK}/{number}/approval")
    return done
