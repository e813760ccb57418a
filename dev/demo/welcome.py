"""What the newcomer reads after `make run`: addresses and demo logins; and the phones of the town for the sandboxes."""

from __future__ import annotations

import json
import unicodedata
import urllib.request
from datetime import date

from demo.cast import AGENT, CAST, OFFICERS, PHONES
from palmtax.identity.model.roles import role_name


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def _cell(text: str, width: int) -> str:
    return text + " " * max(width - _width(text), 0)


def text(url: str, sandbox_url: str, today: date, seconds: float) -> str:
    """The table."""
    weekday = "一二三四五六日"[today.weekday()]
    lines = [
        "",
        f"掌税 PalmTax 已就绪 / ready（{seconds:.1f} s）",
        "",
        f"  演示镇今天是 {today.year}年{today.month}月{today.day}日（周{weekday}）/ in the demo town it is {today:%A %Y-%m-%d}",
        "",
        f"  {_cell('纳税人端 Taxpayers (H5 / PWA)', 34)}{url}/",
        f"  {_cell('税务工作台 Officers workbench', 34)}{url}/workbench/",
        f"  {_cell('接口文档 API', 34)}{url}/api/docs",
        f"  {_cell('短信收件箱 SMS inbox (sandbox)', 34)}{sandbox_url}/sms/sandbox/",
        f"  {_cell('沙箱 Sandboxes', 34)}{sandbox_url}/",
        "",
        f"  {_cell('手机 Phone', 15)}{_cell('姓名', 9)}{_cell('身份 Identity', 46)}看点 What to see",
    ]
    lines += [f"  {_cell(PHONES[r.owner], 15)}{_cell(r.owner, 9)}{_cell(r.name, 46)}{r.what}" for r in CAST]
    lines.append(
        f"  {_cell(PHONES[AGENT], 15)}{_cell(AGENT, 9)}{_cell('代理多户 agent of several', 46)}一人多身份，切换不用重新登录"
    )
    for name, role_code, _ in OFFICERS[:5]:
        zh, en = role_name(role_code)
        lines.append(f"  {_cell(PHONES[name], 15)}{_cell(name, 9)}{_cell(f'{zh} {en}', 46)}工作台 workbench")
    lines += [
        "",
        "  登录：输入手机号，在短信收件箱看验证码。Sign in with a phone; the code is in the SMS inbox.",
        "  Ctrl-C 全部停止 / stops everything",
        "",
    ]
    return "\n".join(lines)


def tell_sandboxes(sandbox_url: str, people: list[tuple[str, str, str]]) -> None:
    """Make the cast known outside: (name, phone, identity number) for WeChat and the real-name register."""
    users = [{"person": name, "phone": phone, "nickname": name} for name, phone, _ in people]
    register = [{"name": name, "resident_id": number} for name, _, number in people]
    for path, body in (
        ("/wechat/sandbox/users", {"users": users}),
        ("/real-name/sandbox/people", {"people": register}),
    ):
        ask = urllib.request.Request(  # noqa: S310 our own loopback address
            sandbox_url + path, json.dumps(body).encode(), {"content-type": "application/json"}
        )
        urllib.request.urlopen(ask, timeout=5).close()  # noqa: S310 our own loopback address
