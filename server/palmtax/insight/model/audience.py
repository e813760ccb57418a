"""Who a campaign is for: conditions on tags in groups, two levels of and/or, and no language beyond that. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from palmtax.insight.errors import AudienceMalformed, TagNotForThis
from palmtax.insight.model.tags import Tag, every_tag

Match = Literal["all", "any"]
Compare = Literal["is", "is_not", "at_least", "at_most"]
COMPARES: Mapping[str, tuple[str, ...]] = {
    "choice": ("is", "is_not"),
    "many": ("is", "is_not"),
    "words": ("is", "is_not"),
    "office": ("is", "is_not"),
    "months": ("at_least", "at_most"),
}
MOST_GROUPS, MOST_CONDITIONS, MOST_VALUES, MOST_MONTHS = 6, 8, 30, 1200
_JOIN = {"all": ("，并且", " and "), "any": ("，或者", " or ")}


@dataclass(frozen=True, slots=True)
class Condition:
    """A tag compared with values; several values: one of them."""

    tag: str
    compare: Compare
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """Conditions of which all or any hold."""

    match: Match
    conditions: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Audience:
    """Groups of which all or any hold; without groups everybody of the office."""

    match: Match
    groups: tuple[Group, ...]

    def stored(self) -> dict[str, Any]:
        """As it is kept and goes over the wire."""
        return {
            "match": self.match,
            "groups": [
                {
                    "match": group.match,
                    "conditions": [
                        {"tag": one.tag, "compare": one.compare, "values": list(one.values)} for one in group.conditions
                    ],
                }
                for group in self.groups
            ],
        }

    def conditions(self) -> Iterator[Condition]:
        """Every condition, in order."""
        return (one for group in self.groups for one in group.conditions)

    def check(self, purpose: str) -> None:
        """Errors: insight.audience_malformed, insight.tag_not_for_this."""
        if len(self.groups) > MOST_GROUPS or any(not 0 < len(one.conditions) <= MOST_CONDITIONS for one in self.groups):
            raise AudienceMalformed(what="groups")
        for one in self.conditions():
            tag = every_tag().get(one.tag)
            if tag is None or one.compare not in COMPARES[tag.shape] or not _fits(tag, one.values):
                raise AudienceMalformed(what=one.tag[:40])
            if purpose not in tag.purposes:
                raise TagNotForThis(tag=tag.code, title=tag.title, title_en=tag.title_en)


def _fits(tag: Tag, values: Sequence[str]) -> bool:
    if not 0 < len(values) <= MOST_VALUES or any("\x00" in one for one in values):
        return False
    if tag.shape == "months":
        return len(values) == 1 and values[0].isascii() and values[0].isdigit() and int(values[0]) <= MOST_MONTHS
    if tag.shape == "office":
        return all(one.isascii() and one.isdigit() and len(one) == 11 for one in values)
    return all(one in tag.options for one in values) if tag.options else all(0 < len(one) <= 40 for one in values)


def read_audience(raw: Mapping[str, Any]) -> Audience:
    """From what is kept.

    >>> known = {"match": "all", "groups": [{"match": "any", "conditions": []}]}
    >>> read_audience(known).stored() == known
    True
    """
    return Audience(
        raw["match"],
        tuple(
            Group(
                group["match"],
                tuple(Condition(one["tag"], one["compare"], tuple(one["values"])) for one in group["conditions"]),
            )
            for group in raw["groups"]
        ),
    )


def because(audience: Audience, offices: Mapping[str, tuple[str, str]], office: tuple[str, str]) -> tuple[str, str]:
    """Why somebody is told, Chinese and English; what the audience is not, is left unsaid. `office` when nothing is left."""
    said: list[tuple[str, str]] = []
    for group in audience.groups:
        parts = [part for one in group.conditions if (part := _because(one, offices)) is not None]
        if parts and (group.match == "all" or len(parts) == len(group.conditions)):
            said.append(_joined(list(dict.fromkeys(parts)), group.match))
    if not said or (audience.match == "any" and len(said) < len(audience.groups)):
        return f"您是{office[0]}的纳税人", f"{office[1]} looks after you"
    return _joined(said, audience.match)


def _joined(parts: Sequence[tuple[str, str]], match: Match) -> tuple[str, str]:
    zh, en = _JOIN[match]
    return zh.join(one for one, _ in parts), en.join(one for _, one in parts)


def _because(one: Condition, offices: Mapping[str, tuple[str, str]]) -> tuple[str, str] | None:
    tag = every_tag()[one.tag]
    if one.compare == "is_not":
        return None
    if tag.options:
        parts = [(tag.options[value].because, tag.options[value].because_en) for value in one.values]
    else:
        zh, en = tag.because[one.compare]
        known = [offices.get(value, (value, value)) for value in one.values]
        parts = [(zh.replace("{value}", name), en.replace("{value}", name_en)) for name, name_en in known]
    return _joined(list(dict.fromkeys(parts)), "any")
