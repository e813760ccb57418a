"""What the house answers in a chat: progress, what was found, where a scanned code leads, how to go on. Pure.

Words only, with links that open the app signed in. Nothing personal beyond titles and states: no names, no amounts.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from palmtax.channels.model.outgoing import utf8_cut
from palmtax.channels.model.places import entered

Language = Literal["zh", "en"]
LONGEST_BYTES = 2048
MOST = 3
_PROGRESS = frozenset({"进度", "我的进度", "办件", "我的办件", "办到哪了", "办好了吗", "查进度", "progress", "status"})
_HELP = frozenset({"帮助", "你好", "您好", "在吗", "菜单", "help", "hello", "hi", "?", "？"})
_NO_TAGS = str.maketrans("<>", "〈〉")
_CHINESE = re.compile(r"[\u3400-\u9fff]")
_LATIN = re.compile(r"[A-Za-z]")


@dataclass(frozen=True, slots=True)
class Line:
    """One thing to name: its title and a few words in both languages, and the page that a tap opens (none: words alone)."""

    title: str
    title_en: str
    say: str
    say_en: str
    place: str = ""
    whose: str = ""


@dataclass(frozen=True, slots=True)
class Here:
    """The hall that a scanned code hangs in: its name, how many wait there now, the page to book a visit."""

    name: str
    name_en: str
    waiting: int
    place: str


@dataclass(frozen=True, slots=True)
class Voice:
    """How the house speaks in one chat: its language, where the product is, by which account links sign people in."""

    language: Language
    link: str
    via: str
    is_plain: bool = False
    """Links as bare addresses: the platform shows no tags."""

    def of(self, zh: str, en: str) -> str:
        """The words in the chat's language."""
        return en if self.language == "en" else zh

    def to(self, words: str, place: str, whose: str = "") -> str:
        """Words that open a page when tapped; no words bring tags of their own."""
        address, words = f"{self.link}/#{entered(place, whose, via=self.via)}", words.translate(_NO_TAGS)
        return f"{words} {address} " if self.is_plain else f'<a href="{address}">{words}</a>'

    def line(self, one: Line) -> str:
        """One thing, tappable where it has a page."""
        title, say = (self.of(*both).translate(_NO_TAGS) for both in ((one.title, one.title_en), (one.say, one.say_en)))
        name = self.to(title, one.place, one.whose) if one.place else title
        return f"{name}{self.of('：', ': ')}{say}" if say else name


def wish_of(text: str) -> Literal["progress", "help", "search", "nothing"]:
    """What somebody wants who writes this.

    >>> wish_of(" 我的进度？"), wish_of("hello"), wish_of("发票不够用"), wish_of(" 。")
    ('progress', 'help', 'search', 'nothing')
    """
    plain = text.strip().strip("。.!！？? ").lower()
    if plain in _PROGRESS:
        return "progress"
    if plain in _HELP or text.strip() in _HELP:
        return "help"
    return "search" if plain else "nothing"


def language_of(text: str, otherwise: Language = "zh") -> Language:
    """The language somebody writes in; what has no letters says nothing.

    >>> language_of("发票 VAT"), language_of("raise quota"), language_of("123", "en")
    ('zh', 'en', 'en')
    """
    if _CHINESE.search(text):
        return "zh"
    return "en" if _LATIN.search(text) else otherwise


def _together(*parts: str) -> str:
    return utf8_cut("\n".join(part for part in parts if part), LONGEST_BYTES)


def found(voice: Voice, lines: Sequence[Line]) -> str:
    """What was found for somebody's words; none: that it is not known, and how to go on."""
    if not lines:
        return _together(
            voice.of("没有找到和您说的相符的事项。", "Nothing fits your words."),
            voice.of("可以换个说法，例如“发票不够用”；", "Try other words, such as “more invoices”;"),
            voice.of("也可以", "or ")
            + voice.to(voice.of("看全部事项", "see all matters"), "/matters/shelf/index")
            + voice.of("，或拨打 12366。", ", or call 12366."),
        )
    return _together(
        voice.of("您可能要找：", "This may be it:"),
        *(voice.line(one) for one in lines[:MOST]),
        voice.of("不是？换个说法再发一次。", "Not it? Say it in other words."),
    )


def progress(voice: Voice, lines: Sequence[Line], *, is_known: bool) -> str:
    """What the person has under way; somebody not known yet is asked to let us know who they are."""
    if not is_known:
        return _together(
            voice.of("还不知道您是谁。", "We do not know who you are yet."),
            voice.to(voice.of("点这里登录一次", "Sign in here once"), "/matters/mine/index")
            + voice.of("，绑定后就能在这里查进度。", " to link this WeChat; then you can ask for your progress here."),
        )
    if not lines:
        return _together(
            voice.of("您没有正在办的事。", "Nothing is under way."),
            voice.to(voice.of("看办过的事", "See what is done"), "/matters/mine/index"),
        )
    return _together(
        voice.of("您正在办的：", "Under way:"),
        *(voice.line(one) for one in lines[:MOST]),
        voice.to(voice.of("全部办件", "All of them"), "/matters/mine/index"),
    )


def help_of(voice: Voice) -> str:
    """What can be asked here."""
    return _together(
        voice.of("直接写您要办的事就行，例如：", "Simply write what you need, for example:"),
        voice.of("· 发票不够用\n· 怎么注销\n· 进度", "· raise my invoice quota\n· close the business\n· progress"),
        voice.to(voice.of("打开掌税", "Open PalmTax"), "/pages/home/index"),
    )


def welcome(voice: Voice, title: str) -> str:
    """To somebody who begins to follow; we cannot know their language yet."""
    return _together(
        f"欢迎关注掌税（{title}）。写下要办的事就能找到入口；{voice.to('登录一次', '/pages/messages/index')}，"
        "以后办件有进展会在这里告诉您。",
        "Welcome. Write what you need, in Chinese or English.",
    )


def greeted(voice: Voice) -> str:
    """To somebody who opened a conversation or added one of our people; their language is not known yet."""
    return _together(
        "您好，这里是掌税。写下要办的事就能找到入口。",
        "Hello. Write what you need, in Chinese or English.",
        voice.to("打开掌税 / Open PalmTax", "/pages/home/index"),
    )


def scanned(voice: Voice, line: Line, here: Here | None = None) -> str:
    """Where a scanned code leads; one that hangs in a hall says how the hall goes, and how to come back another day."""
    on = voice.of("点这里继续：", "Go on here: ") + voice.to(voice.of(line.title, line.title_en), line.place)
    if here is None:
        return on
    name = voice.of(here.name, here.name_en)
    told = voice.of(f"这里是{name}", f"This is {name}")
    if here.waiting:
        told += voice.of(f"，现在有 {here.waiting} 人在排队", f"; {here.waiting} waiting now")
    is_booking = line.place.startswith("/appointments/book/")
    later = voice.of("改天来可以", "For another day: ") + voice.to(voice.of("在这里预约", "book a visit"), here.place)
    end = voice.of("。", ".")
    return _together(told + end, on, "" if is_booking else later + end)


def scene_over(voice: Voice) -> str:
    """A code that leads nowhere any more."""
    return _together(
        voice.of("这个二维码已经失效。", "This code is no longer valid."),
        voice.of("请向给您二维码的窗口要一个新的，或", "Ask where you got it for a new one, or ")
        + voice.to(voice.of("打开掌税", "open PalmTax"), "/pages/home/index")
        + voice.of("。", "."),
    )


def only_words(voice: Voice) -> str:
    """To pictures, voices and films."""
    return voice.of(
        "这里暂时只看得懂文字，请写下来再发一次。", "Only words are understood here for now; please write it down."
    )
