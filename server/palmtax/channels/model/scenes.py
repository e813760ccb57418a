"""Codes and links that lead to a place of the app: which kinds there are, and how long each may last. Pure."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Literal, get_args

Kind = Literal["follow", "link", "scheme", "picture"]
"""A QR code of the official account that also makes people follow it · an https link into the mini program · a weixin://
link into it · a mini-program code to print."""
KINDS: tuple[Kind, ...] = get_args(Kind)
TRANSPORT_OF: dict[Kind, str] = {
    "follow": "wechat_oa", "link": "wechat_mini", "scheme": "wechat_mini", "picture": "wechat_mini",
}  # fmt: skip
MAY_LAST: frozenset[Kind] = frozenset({"follow", "picture"})
"""Those that the platform lets stand for good; links and schemes end after at most thirty days."""
LONGEST = timedelta(days=30)


def new_scene() -> str:
    """A scene that says nothing and is not guessed: letters and digits, at most 32 as the mini program wants."""
    return secrets.token_hex(10)
