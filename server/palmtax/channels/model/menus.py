"""A menu of a manifest in the words of the platform. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from palmtax.channels.model.manifest import Button
from palmtax.channels.model.places import entered


def menu_of(buttons: Sequence[Button], *, link: str, via: str, mini_app_id: str) -> dict[str, Any]:
    """What `menu/create` takes; pages of the app sign people in by this account."""
    return {"button": [_button(one, link, via, mini_app_id) for one in buttons]}


def _button(one: Button, link: str, via: str, mini_app_id: str) -> dict[str, Any]:
    if one.below:
        return {"name": one.name, "sub_button": [_button(each, link, via, mini_app_id) for each in one.below]}
    if one.says:
        return {"type": "click", "name": one.name, "key": one.says}
    if one.app:
        old = f"{link}/#/{one.app}"
        return {"type": "miniprogram", "name": one.name, "url": old, "appid": mini_app_id, "pagepath": one.app}
    return {"type": "view", "name": one.name, "url": f"{link}/#{entered(one.page, via=via)}"}


def same_menu(theirs: Any, ours: Any) -> bool:
    """Whether the platform's menu is ours: it adds empty parts and numbers, which do not count.

    >>> same_menu({"button": [{"name": "a", "sub_button": [], "key": "k"}]}, {"button": [{"name": "a", "key": "k"}]})
    True
    """
    return bool(_plain(theirs) == _plain(ours))


def _plain(part: Any) -> Any:
    if isinstance(part, dict):
        kept = {name: _plain(value) for name, value in part.items() if name != "menuid"}
        return {name: value for name, value in kept.items() if value not in ("", [], {}, None)}
    return [_plain(one) for one in part] if isinstance(part, list) else part
