"""Themes (一件事): one intake, several matters in their right order. A theme is a file in `themes/`."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import yaml

from palmtax.base.yaml_lines import first_line
from palmtax.matters.errors import ThemeUnknown
from palmtax.matters.model import types
from palmtax.matters.model.asks import Ask
from palmtax.matters.model.catalogue import CatalogueBroken, catalogue
from palmtax.matters.model.conditions import Condition
from palmtax.matters.model.faults import Fault, FileFault, placed
from palmtax.matters.model.matter import CATEGORIES, Matter
from palmtax.matters.model.pieces import both, closed, conditions
from palmtax.matters.model.reading import read_asks

FOLDER = Path(__file__).resolve().parents[1] / "themes"
_TOP = {"code", "title", "title_en", "say", "say_en", "words", "icon", "who", "asks", "steps", "examples"}
_STEP = {"matter", "when", "after", "optional", "share", "say", "say_en"}


@dataclass(frozen=True, slots=True)
class Step:
    """A matter of a theme: when it is needed, what must be done before, and which of its asks the intake answers."""

    matter: str
    say: str
    say_en: str
    when: tuple[Condition, ...] = ()
    after: tuple[str, ...] = ()
    is_optional: bool = False
    share: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ThemeExample:
    """Intake answers and the matters they lead to, in order."""

    name: str
    who: str
    answers: Mapping[str, Any]
    steps: tuple[str, ...]


@dataclass(frozen=True)
class Theme:
    """One entry of `themes/`."""

    code: str
    path: str
    title: str
    title_en: str
    say: str
    say_en: str
    words: tuple[str, ...]
    icon: str
    who: tuple[str, ...]
    asks: tuple[Ask, ...]
    steps: tuple[Step, ...]
    examples: tuple[ThemeExample, ...]

    def steps_for(self, answers: Mapping[str, Any], category: str) -> list[Step]:
        """The steps that these answers need, in order; matters that this kind of taxpayer never does are left out."""
        known = catalogue()
        return [
            step
            for step in self.steps
            if category in known[step.matter].who and all(one.holds(answers) for one in step.when)
        ]


def _step(raw: Any, asks: Mapping[str, Ask], before: list[str]) -> Step:
    one = closed(raw, _STEP, "matter", "say", "say_en")
    matter = catalogue().get(one["matter"])
    if matter is None:
        raise FileFault(("matter",), f"没有事项 {one['matter']!r}", "写目录里的编号")
    after = tuple(one.get("after") or ())
    for place, name in enumerate(after):
        if name not in before:
            raise FileFault(("after", place), f"{name!r} 不在前面的步骤里", "调整顺序")
    share = _share(one.get("share") or {}, matter, asks)
    return Step(
        one["matter"],
        one["say"],
        one["say_en"],
        conditions(one.get("when"), asks),
        after,
        bool(one.get("optional")),
        share,
    )


def _share(raw: Mapping[str, str], matter: Matter, asks: Mapping[str, Ask]) -> Mapping[str, str]:
    for name, source in raw.items():
        if name not in matter.by_code:
            raise FileFault(("share", name), f"{matter.code} 没有问题 {name!r}", "检查名字")
        if source not in asks:
            raise FileFault(("share", name), f"本主题没有问题 {source!r}", "检查名字")
        mine, theirs = asks[source], matter.by_code[name]
        if mine.type != theirs.type and theirs.type not in types.LENGTHS:
            raise FileFault(("share", name), f"{source} 是 {mine.type}，{name} 是 {theirs.type}", "两边类型要相同")
    return MappingProxyType(dict(raw))


def read_theme(raw: Any, path: str) -> Theme:
    """The theme of a parsed file; `FileFault` with the place inside it."""
    top = closed(raw, _TOP, "code", "title", "title_en", "say", "say_en", "words", "icon", "who", "steps", "examples")
    both(top, "title", "say")
    for place, who in enumerate(top["who"]):
        if who not in CATEGORIES:
            raise FileFault(("who", place), f"{who!r} 不是纳税人类别", f"可用 / one of: {', '.join(CATEGORIES)}")
    asks = read_asks(top.get("asks"))
    known = {ask.code: ask for ask in asks}
    steps: list[Step] = []
    for place, one in enumerate(top["steps"]):
        try:
            steps.append(_step(one, known, [step.matter for step in steps]))
        except FileFault as fault:
            raise fault.under("steps", place) from fault
    examples = tuple(_example(one, known) for one in top["examples"])
    return Theme(
        top["code"], path, top["title"], top["title_en"], top["say"], top["say_en"], tuple(top["words"]), top["icon"],
        tuple(top["who"]), asks, tuple(steps), examples,
    )  # fmt: skip


def _example(raw: Any, known: Mapping[str, Ask]) -> ThemeExample:
    one = closed(raw, {"name", "who", "answers", "steps"}, "name", "who", "steps")
    given = {}
    for name, value in (one.get("answers") or {}).items():
        if name not in known:
            raise FileFault(("examples", "answers", name), f"没有问题 {name!r}", "检查名字")
        given[name] = types.of_file(known[name], value)
    return ThemeExample(one["name"], one["who"], given, tuple(one["steps"]))


@cache
def themes() -> Mapping[str, Theme]:
    """All themes by code; `CatalogueBroken` when a file cannot be read."""
    found: dict[str, Theme] = {}
    faults: list[Fault] = []
    for path in sorted(FOLDER.glob("*.yaml")):
        text, name = path.read_text("utf-8"), f"themes/{path.name}"
        try:
            theme = read_theme(yaml.load(text, Loader=yaml.CSafeLoader), name)
            found[theme.code] = theme
        except FileFault as fault:
            faults.append(placed(name, text, fault))
        except yaml.MarkedYAMLError as wrong:
            line = first_line(wrong)
            faults.append(Fault(name, line, f"不是合法的 YAML：{wrong.problem}", "检查缩进、引号和冒号"))
    if faults:
        raise CatalogueBroken(faults)
    return MappingProxyType(found)


def find_theme(code: str) -> Theme:
    """The theme of a code. Errors: matters.theme_unknown."""
    found = themes().get(code)
    if found is None:
        raise ThemeUnknown()
    return found


@cache
def version() -> str:
    """A short hash over all theme files."""
    digest = hashlib.sha256()
    for path in sorted(FOLDER.glob("*.yaml")):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:8]
