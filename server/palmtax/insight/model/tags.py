"""Tags of taxpayers that audiences are made of: words, source, privacy class, purposes; one file each in `kinds/tags/`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal, get_args

import yaml

Shape = Literal["choice", "many", "words", "office", "months"]
Fresh = Literal["event", "night"]
FOLDER = Path(__file__).resolve().parents[1] / "kinds" / "tags"


@dataclass(frozen=True, slots=True)
class Option:
    """A value of a tag, and what a message says of it: 因为您是…"""

    code: str
    title: str
    title_en: str
    because: str
    because_en: str


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag. `purposes`: what it may be used for (个人信息保护法 第六条); `fresh`: kept up by events, or every night.

    `because`: by comparison, Chinese and English, with a place for the value where the tag has no options.
    """

    code: str
    title: str
    title_en: str
    shape: Shape
    source: str
    source_en: str
    fresh: Fresh
    privacy: str
    purposes: frozenset[str]
    options: Mapping[str, Option]
    because: Mapping[str, tuple[str, str]]


_HEAD = {"title", "title_en", "shape", "source", "source_en", "fresh", "privacy", "purposes"}


def read_tag(path: Path) -> Tag:
    """The tag of a file; ValueError says what is wrong with it."""
    raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    missing = _HEAD - set(raw)
    if missing or raw["shape"] not in get_args(Shape) or raw["fresh"] not in get_args(Fresh):
        raise ValueError(f"{path.name}: missing {sorted(missing)}, or no such shape or fresh")
    options = {one["code"]: Option(**one) for one in raw.get("options", ())}
    if bool(options) != (raw["shape"] in ("choice", "many")):
        raise ValueError(f"{path.name}: a choice has options, anything else has none")
    if raw["privacy"] not in ("L1", "L2"):
        raise ValueError(f"{path.name}: no tag holds {raw['privacy']}")
    said = {how: f"because{end}" for how, end in (("is", ""), ("at_least", "_least"), ("at_most", "_most"))}
    because = {how: (str(raw[key]), str(raw[f"{key}_en"])) for how, key in said.items() if key in raw}
    head = {name: raw[name] for name in _HEAD - {"purposes"}}
    return Tag(code=path.stem, **head, purposes=frozenset(raw["purposes"]), options=options, because=because)


@cache
def every_tag() -> Mapping[str, Tag]:
    """Every tag by code."""
    return {path.stem: read_tag(path) for path in sorted(FOLDER.glob("*.yaml"))}


def bucket_of_tax(payable_fen: int | None) -> str:
    """The bucket of what a return came to, fen.

    >>> [bucket_of_tax(one) for one in (None, 0, 99_999, 100_000, 1_000_000, 10_000_000)]
    ['none', 'zero', 'to_1k', 'to_10k', 'to_100k', 'above']
    """
    if payable_fen is None:
        return "none"
    steps = ((1, "zero"), (100_000, "to_1k"), (1_000_000, "to_10k"), (10_000_000, "to_100k"))
    return next((code for end, code in steps if payable_fen < end), "above")


def bucket_of_invoices(count: int) -> str:
    """The bucket of how many invoices a month.

    >>> [bucket_of_invoices(one) for one in (0, 1, 10, 11, 100, 101)]
    ['none', 'to_10', 'to_10', 'to_100', 'to_100', 'above']
    """
    steps = ((0, "none"), (10, "to_10"), (100, "to_100"))
    return next((code for most, code in steps if count <= most), "above")
