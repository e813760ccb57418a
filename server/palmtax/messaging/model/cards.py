"""A card 任务卡片: what a chat shows an officer about one thing, and the buttons that are safe to press there. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Words:
    """The same in both languages."""

    zh: str
    en: str

    def of(self, language: str) -> str:
        """In this language."""
        return self.en if language == "en" else self.zh


@dataclass(frozen=True, slots=True)
class Button:
    """Something to press; `key` comes back with the tap. `is_main`: what is most likely wanted, before opening."""

    key: str
    words: Words
    is_main: bool = False


@dataclass(frozen=True, slots=True)
class Card:
    """What is true of the thing for this officer now: title, how it stands, facts, buttons, where it is opened.

    No names with amounts, nothing that somebody wrote: a chat is read on a locked screen.
    """

    title: Words
    standing: Words
    facts: tuple[tuple[Words, Words], ...]
    buttons: tuple[Button, ...]
    link: str


Chat = Literal["gov_wechat", "wecom"]
"""Families of addresses at which cards can be pressed."""
