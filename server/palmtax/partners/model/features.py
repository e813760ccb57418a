"""A city feature 特色应用: the shape of its manifest, read with every fault's line; who sees it, when it is open. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, time
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from palmtax.base.clock import CHINA
from palmtax.base.yaml_lines import line_of
from palmtax.partners.model.scopes import partner_scopes

LARGEST_MANIFEST = 20_000
"""Characters of a manifest."""
FILE = "feature.yaml"
Branch = Annotated[str, Field(pattern=r"^1[0-9]{2,10}$", description="beginning of an office code")]
Host = Annotated[str, Field(pattern=r"^[a-z0-9-]+(\.[a-z0-9-]+)+$", max_length=120)]
Kind = Literal["matter", "theme", "calculator", "page"]


class Shape(BaseModel):
    """A part of a manifest."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Entry(Shape):
    """What opens: a matter, a theme or a calculator of ours by its code, or a partner's own page; exactly one."""

    matter: str = Field("", max_length=80)
    theme: str = Field("", max_length=80)
    calculator: str = Field("", max_length=80)
    page: str = Field("", max_length=300, pattern=r"^(https?://[!-~]+)?$")

    @property
    def kind(self) -> Kind:
        """Which of the four it is."""
        kinds: tuple[Kind, ...] = ("matter", "theme", "calculator", "page")
        return next(one for one in kinds if getattr(self, one))

    @model_validator(mode="after")
    def _is_one(self) -> Self:
        if [bool(self.matter), bool(self.theme), bool(self.calculator), bool(self.page)].count(True) != 1:
            raise ValueError(
                "matter、theme、calculator、page 只写一个 / exactly one of matter, theme, calculator, page"
            )
        return self


class Asked(Shape):
    """Data of the taxpayer that the page asks for, and why, as people read it before they agree."""

    scope: str
    why: str = Field(min_length=6, max_length=120)
    why_en: str = Field(min_length=6, max_length=240)

    @model_validator(mode="after")
    def _is_scope(self) -> Self:
        one = partner_scopes().get(self.scope)
        if one is None or one.needs is None or one.is_act:  # a pass asks nobody, so it carries nothing that acts
            known = ", ".join(code for code, entry in partner_scopes().items() if entry.needs and not entry.is_act)
            raise ValueError(f"没有这项权限 / no such scope {self.scope!r}；可用的值 / one of: {known}")
        return self


class Contact(Shape):
    """Whose it is, and whom people ask."""

    organisation: str = Field(min_length=2, max_length=40)
    organisation_en: str = Field(min_length=2, max_length=80)
    phone: str = Field(pattern=r"^[0-9+ -]{5,20}$")


class Accessibility(Shape):
    """What the page promises to people who see, hear or move differently."""

    level: Literal["A", "AA", "AAA"]
    statement: str = Field(min_length=6, max_length=200)
    statement_en: str = Field(min_length=6, max_length=400)


class Release(Shape):
    """Who has it already (灰度): a share of people in percent, and whole offices beside it."""

    percent: int = Field(100, ge=0, le=100)
    offices: tuple[Branch, ...] = Field((), max_length=50)


class Hours(Shape):
    """When it is open, Beijing time; days are 1 (Monday) to 7."""

    days: tuple[Annotated[int, Field(ge=1, le=7)], ...] = (1, 2, 3, 4, 5, 6, 7)
    start: time = time(0, 0)
    end: time = time(23, 59, 59)

    @model_validator(mode="after")
    def _is_a_span(self) -> Self:
        if not self.days or self.start >= self.end:
            raise ValueError("start 须早于 end，days 至少一天 / start before end, one day at least")
        return self


class FeatureManifest(Shape):
    """A city feature: `feature.yaml`."""

    code: str = Field(pattern=r"^[a-z][a-z0-9-]{2,39}$")
    title: str = Field(min_length=2, max_length=12)
    title_en: str = Field(min_length=2, max_length=40)
    say: str = Field(min_length=4, max_length=40)
    say_en: str = Field(min_length=4, max_length=100)
    cities: tuple[Branch, ...] = Field(min_length=1, max_length=50)
    entry: Entry
    matters: tuple[str, ...] = Field((), max_length=20)
    data: tuple[Asked, ...] = Field((), max_length=8)
    hosts: tuple[Host, ...] = Field((), max_length=10, description="further hosts that the page loads from")
    contact: Contact
    accessibility: Accessibility
    gray: Release = Release()
    hours: Hours = Hours()

    @property
    def scopes(self) -> tuple[str, ...]:
        """The scopes it asks for."""
        return tuple(one.scope for one in self.data)

    @property
    def origin(self) -> str:
        """The origin of a partner's page; empty for what is ours."""
        parts = urlsplit(self.entry.page)
        return f"{parts.scheme}://{parts.netloc}" if self.entry.page else ""

    def is_for(self, office_code: str) -> bool:
        """Whether the office belongs to its cities."""
        return any(office_code.startswith(one) for one in self.cities)

    def is_released_to(self, person_id: int, office_code: str) -> bool:
        """Whether the gray release has come to this person: stable, and only growing with the percentage."""
        return any(office_code.startswith(one) for one in self.gray.offices) or (
            share(f"{self.code}:{person_id}") < self.gray.percent
        )

    def is_open(self, at: datetime) -> bool:
        """Whether it is open now."""
        local = at.astimezone(CHINA)
        return local.isoweekday() in self.hours.days and self.hours.start <= local.time() <= self.hours.end


def share(text: str) -> int:
    """A number from 0 to 99 that is always the same for the same text.

    >>> share("x:7") == share("x:7"), 0 <= share("x") < 100
    (True, True)
    """
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:4]) % 100


@dataclass(frozen=True, slots=True)
class ManifestFault:
    """A fault of a manifest with its line; both languages stand side by side."""

    line: int
    what: str
    todo: str

    def __str__(self) -> str:
        return f"{FILE}:{self.line}: {self.what} → {self.todo}"


class BadManifest(Exception):
    """A manifest that cannot be taken; `faults` say why."""

    def __init__(self, faults: Collection[ManifestFault]) -> None:
        super().__init__("\n".join(map(str, faults)))
        self.faults = tuple(faults)


def read_manifest(text: str) -> FeatureManifest:
    """The manifest; `BadManifest` with every fault and its line."""
    if len(text) > LARGEST_MANIFEST:
        raise BadManifest(
            [ManifestFault(1, "文件太大 / too large", f"最多 {LARGEST_MANIFEST} 字 / characters at most")]
        )
    raw = _parsed(text)
    try:
        return FeatureManifest.model_validate(raw)
    except ValidationError as wrong:
        found = [ManifestFault(line_of(text, e["loc"]), *_words(e)) for e in wrong.errors(include_url=False)]
        raise BadManifest(found) from wrong


def _parsed(text: str) -> dict[str, Any]:
    try:
        for event in yaml.parse(text, Loader=yaml.CSafeLoader):
            if isinstance(event, yaml.AliasEvent):  # one anchor can grow into billions of nodes
                raise BadManifest(
                    [ManifestFault(_line(event.start_mark), "不支持别名 / no aliases", "写全 / write it out")]
                )
        raw = yaml.load(text, Loader=yaml.CSafeLoader)
    except yaml.MarkedYAMLError as wrong:
        where = _line(wrong.problem_mark or wrong.context_mark)
        raise BadManifest([ManifestFault(where, "不是有效的 YAML / is no YAML", str(wrong.problem))]) from wrong
    except (yaml.YAMLError, ValueError, RecursionError) as wrong:
        raise BadManifest(
            [ManifestFault(1, "不是有效的 YAML / is no YAML", "检查字符 / check the characters")]
        ) from wrong
    if not isinstance(raw, dict):
        raise BadManifest(
            [ManifestFault(1, "应是一组键值 / a mapping is wanted", "照指南的样例写 / see city-feature.md")]
        )
    return raw


def _line(mark: Any) -> int:
    return mark.line + 1 if mark else 1


def _words(error: Any) -> tuple[str, str]:
    at = ".".join(map(str, error["loc"])) or FILE
    if error["type"] == "extra_forbidden":
        return f"不认识的键 / unknown key {at!r}", "请删掉 / remove it"
    if error["type"] == "missing":
        return f"缺少 / missing {at!r}", f"请补上 / add {error['loc'][-1]}"
    if error["type"] == "literal_error":
        return (
            f"{at}: {str(error['input'])[:40]!r} 不是可用的值 / is not known",
            f"可用的值 / one of: {error['ctx']['expected']}",
        )
    return f"{at}: 写得不对 / is not right", str(error["msg"]).removeprefix("Value error, ")
