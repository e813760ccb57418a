"""Menus of a manifest in the words of the platform, and which of them a follower is shown. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from palmtax.channels.model.manifest import Audience, Button, Manifest
from palmtax.channels.model.places import entered

TAGS: Mapping[Audience, str] = {
    "bound": "掌税·已绑定", "english": "PalmTax·English", "bound_english": "PalmTax·known",
}  # fmt: skip
"""How the tag of each kind of followers is called at the platform, at most 30 bytes; nobody wears two of them."""
AUDIENCES: Mapping[Audience, tuple[str, str]] = {
    "bound": ("已绑定的人", "People we know"), "english": ("用英文的人", "Readers of English"),
    "bound_english": ("已绑定、用英文的人", "People we know who read English"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Follower:
    """What decides about a follower's menu."""

    is_bound: bool = False
    reads_english: bool = False

    @property
    def code(self) -> int:
        """As a number from 0 (a stranger who reads Chinese) to 3.

        >>> [Follower.of(one).code for one in range(4)]
        [0, 1, 2, 3]
        """
        return int(self.is_bound) + 2 * int(self.reads_english)

    @classmethod
    def of(cls, code: int) -> Follower:
        """The follower of a number."""
        return cls(bool(code & 1), bool(code & 2))


def audience_of(has: Iterable[Audience], who: Follower) -> Audience | None:
    """The kind of followers somebody counts among where there are menus for these; none: the menu for everybody.

    Language goes before the rest: who reads English is helped more by English than by what belongs to them.

    >>> audience_of(["bound", "english"], Follower(is_bound=True, reads_english=True))
    'english'
    >>> audience_of(["bound"], Follower(is_bound=True, reads_english=True)), audience_of(["bound"], Follower())
    ('bound', None)
    """
    wished: list[Audience] = []
    if who.reads_english:
        wished = ["bound_english", "english"] if who.is_bound else ["english"]
    if who.is_bound:
        wished.append("bound")
    known = set(has)
    return next((one for one in wished if one in known), None)


def menu_of(buttons: Sequence[Button], *, link: str, via: str, mini_app_id: str) -> dict[str, Any]:
    """What `menu/create` takes; pages of the app sign people in by this account."""
    return {"button": [_button(one, link, via, mini_app_id) for one in buttons]}


def fitted_menus_of(manifest: Manifest, *, link: str, via: str, mini_app_id: str) -> dict[Audience, dict[str, Any]]:
    """What `menu/addconditional` takes besides the rule, for each kind of followers that has a menu."""
    return {one.who: menu_of(one.buttons, link=link, via=via, mini_app_id=mini_app_id) for one in manifest.menus}


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
