"""Codes and links that lead to a place of the app: which kinds there are, and how long each may last. Pure."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Literal, get_args

Kind = Literal["follow", "link", "scheme", "picture", "contact"]
"""A QR code of the official account that also makes people follow it · an https link into the mini program · a weixin://
link into it · a mini-program code to print · a code by which people add our members in WeCom (客户联系)."""
KINDS: tuple[Kind, ...] = get_args(Kind)
TRANSPORT_OF: dict[Kind, str] = {
    "follow": "wechat_oa", "link": "wechat_mini", "scheme": "wechat_mini", "picture": "wechat_mini",
    "contact": "wecom",
}  # fmt: skip
MAY_LAST: frozenset[Kind] = frozenset({"follow", "picture", "contact"})
"""Those that the platform lets stand for good; links and schemes end after at most thirty days."""
LONGEST = timedelta(days=30)
ENDED_BY_US: frozenset[Kind] = frozenset({"picture", "contact"})
"""Those that the platform knows no end of: they may last any number of days."""


def is_scene(text: str) -> bool:
    """Whether it looks like one of ours.

    >>> is_scene("0123456789abcdef0123"), is_scene("counter-3")
    (True, False)
    """
    return len(text) == 20 and set(text) <= set("0123456789abcdef")


def new_scene() -> str:
    """A scene that says nothing and is not guessed: letters and digits, at most 32 as the mini program wants."""
    return secrets.token_hex(10)
