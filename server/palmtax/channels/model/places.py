"""Places of the app as links in messages, menus and codes name them: a page, as whom to open it, by which account to sign in.

A link holds no secret: who opens it is signed in by WeChat or by themselves, and the hat is only put on if they have it. Pure.
"""

from __future__ import annotations

from urllib.parse import quote

from palmtax.base.actor import NATURAL_BASE

ENTRY = "/pages/enter/index"
"""The screen of the app that signs in, puts on the hat, and goes on to the place."""


WORKBENCH = "/workbench"
"""Where the officers' pages begin."""


def into_workbench(base: str, place: str, family: str) -> str:
    """The address of a page for officers; from a chat of theirs by the entry that signs in through it.

    >>> into_workbench("https://a.example", "/workbench/tasks/1?office=2", "gov_wechat")
    'https://a.example/workbench/enter/gov_wechat?next=%2Ftasks%2F1%3Foffice%3D2'
    >>> into_workbench("https://a.example", "/workbench/board", "email")
    'https://a.example/workbench/board'
    """
    if family not in ("gov_wechat", "wecom"):
        return f"{base}{place}"
    return f"{base}{WORKBENCH}/enter/{family}?next={quote(place.removeprefix(WORKBENCH), safe='')}"


def whose_of(taxpayer_id: int) -> str:
    """As whom a page is opened: the taxpayer's number, and for a natural person only that it is themselves.

    >>> whose_of(71), whose_of(NATURAL_BASE + 5)
    ('71', 'self')
    """
    return "self" if taxpayer_id >= NATURAL_BASE else str(taxpayer_id)


def entered(place: str, whose: str = "", *, via: str = "") -> str:
    """The way to a place through the entry; what is no place of ours stays as it is.

    >>> entered("/matters/application/index?id=1", "71", via="wechat_oa")
    '/pages/enter/index?to=%2Fmatters%2Fapplication%2Findex%3Fid%3D1&as=71&via=wechat_oa'
    >>> entered("https://elsewhere.example/"), entered("")
    ('https://elsewhere.example/', '')
    """
    if not place.startswith("/"):
        return place
    more = "".join(f"&{name}={quote(value)}" for name, value in (("as", whose), ("via", via)) if value)
    return f"{ENTRY}?to={quote(place, safe='')}{more}"
