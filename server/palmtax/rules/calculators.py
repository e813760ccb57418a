"""What a public calculator of a law shows first: its everyday name, the few first questions, the headline, a choice."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from palmtax.rules.errors import LawError

GROUPS = ("个人", "经营", "房产车辆", "社保费用", "其他")
_NEEDED = {"name", "name_en", "group", "question", "question_en", "asks", "headline"}
_KEYS = _NEEDED | {"of", "parts", "compare", "compare_en", "matter"}


@dataclass(frozen=True, slots=True)
class Calculator:
    """A law as people meet it: `headline` is an output, `of` what it is a part of, `compare` two or three choices."""

    name: str
    name_en: str
    group: str
    question: str
    question_en: str
    asks: tuple[str, ...]
    headline: str
    of: str
    parts: tuple[str, ...]
    compare: tuple[tuple[str, str], ...]
    compare_en: tuple[tuple[str, str], ...]
    matter: str


def read_calculator(code: str, raw: Mapping[str, Any]) -> Calculator:
    """The `calculator:` of a law's `facts.yaml`; missing and unknown keys raise `LawError`."""
    if not _NEEDED <= raw.keys() <= _KEYS or raw["group"] not in GROUPS:
        raise LawError(f"{code}: calculator: keys {sorted(raw)}, group {raw.get('group')!r}")
    compare, compare_en = (tuple(raw.get(key, {}).items()) for key in ("compare", "compare_en"))
    if [line for _, line in compare] != [line for _, line in compare_en]:
        raise LawError(f"{code}: calculator: compare and compare_en name different lines")
    words = {name: str(raw[name]) for name in ("name", "name_en", "group", "question", "question_en", "headline")}
    return Calculator(
        asks=tuple(raw["asks"]),
        of=raw.get("of", ""),
        parts=tuple(raw.get("parts", ())),
        compare=compare,
        compare_en=compare_en,
        matter=raw.get("matter", ""),
        **words,
    )
