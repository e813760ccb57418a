"""The first start: choosing the town's day, loading it, listing its people; later starts do without."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from demo import affairs, features
from demo.cast import AGENT, CAST, OFFICERS, OFFICERS_ADDED, PHONES
from demo.load import fill
from demo.town import build
from palmtax import rules
from palmtax.base.clock import SystemClock
from palmtax.base.period import Period
from palmtax.identity.model.roles import role_name

DAYS_BEFORE_THE_DEADLINE = 5
LARGEST_WITH_AFFAIRS = 2_000


def filing_day(real_today: date) -> date:
    """Five days before the newest quarterly deadline that is over, so that there is something to file in time."""
    period = Period.containing(real_today, "quarter").previous()
    while rules.due_on("vat_small_scale", period).on > real_today:
        period = period.previous()
    return rules.due_on("vat_small_scale", period).on - timedelta(days=DAYS_BEFORE_THE_DEADLINE)


def load(dsn: str, *, taxpayers: int, seed: int, shift_days: int | None, tell: Callable[[str], None]) -> dict[str, Any]:
    """Load the town and give the note that later starts read; `shift_days`: the wanted distance from the real day."""
    real = SystemClock().today()
    shift = (filing_day(real) - real).days if shift_days is None else shift_days
    today = real + timedelta(days=shift)
    fill(dsn, taxpayers=taxpayers, seed=seed, today=today, tell=tell)
    if taxpayers <= LARGEST_WITH_AFFAIRS:
        tell("  替他们办几件事 / a few matters are begun …")
        affairs.begin(dsn, taxpayers=taxpayers, seed=seed, today=today)
        features.list_one(dsn, taxpayers=taxpayers, seed=seed, today=today)
    return {"shift_days": shift, "loaded_for": today.isoformat(), "seed": seed, "people": people_table()}


def people_table() -> list[str]:
    """Who can sign in, by which phone, and what there is to see."""
    lines = [_row("手机 Phone", "姓名", "身份 Identity", "看点 What to see")]
    lines += [_row(PHONES[r.owner], r.owner, r.name, r.what) for r in CAST]
    lines.append(_row(PHONES[AGENT], AGENT, "代理多户 agent of several", "一人多身份，切换不用重新登录"))
    for name, role_code, _ in OFFICERS:
        if role_code.endswith("_admin"):
            continue
        zh, en = role_name(role_code)
        lines.append(_row(PHONES[name], name, f"{zh} {en}", "工作台 workbench"))
    return lines


def outside(seed: int, loaded_for: date) -> dict[str, dict[str, Any]]:
    """What the partners know of the cast, by the sandbox path that takes it."""
    people = build(taxpayers=0, seed=seed, today=loaded_for).people
    return {
        "/wechat/sandbox/users": {
            "users": [{"person": p.name, "phone": p.phone, "nickname": p.name} for p in people],
        },
        "/gov/sandbox/members": {"members": _officers(), "is_told": True},
        "/wecom/sandbox/members": {"members": _officers()},
        "/real-name/sandbox/people": {
            "people": [{"name": p.name, "resident_id": p.resident_id or ""} for p in people],
        },
    }


def _officers() -> list[dict[str, str]]:
    """The officers as members of government WeChat and of the bureau's WeCom; what binds them is their phone."""
    return [
        {"userid": f"officer{PHONES[name][-2:]}", "name": name, "mobile": PHONES[name], "position": role_name(role)[0]}
        for name, role, _ in (*OFFICERS, *OFFICERS_ADDED)
    ]


def _row(phone: str, name: str, identity: str, what: str) -> str:
    return f"  {_cell(phone, 15)}{_cell(name, 9)}{_cell(identity, 46)}{what}"


def _cell(text: str, width: int) -> str:
    return text + " " * max(width - sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text), 0)
