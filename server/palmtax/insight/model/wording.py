"""What an editor's own words may hold: no links, numbers of others, sums with names, hurry or threats. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

_FILE = Path(__file__).resolve().parents[1] / "kinds" / "push" / "words.yaml"
_LINK = re.compile(r"https?:|www\.|[a-z0-9-]+\.(?:cn|com|net|org|gov|top|xyz|io|cc|vip)\b|[/\\]{2}", re.IGNORECASE)
_LONG_NUMBER = re.compile(r"(?:\d[\s-]?){7,}")
_PHONE = re.compile(r"\b1\d{4}\b|\b\d{3,4}-\d{3,8}\b")
_EXACT = re.compile(r"\d[\d,]*\.\d{2}\s*(?:元|yuan|CNY)|[¥￥]\s*\d", re.IGNORECASE)
_SUM = re.compile(r"\d[\d,.]*\s*(?:元|万元|亿元|yuan|CNY)", re.IGNORECASE)
_SENTENCE = re.compile(r"[。！？；\n.!?;]+")
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
FIELDS = ("headline", "words", "brief", "headline_en", "words_en", "brief_en")


@cache
def _rules() -> Mapping[str, Any]:
    found: Mapping[str, Any] = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    return found


def longest() -> Mapping[str, int]:
    """Characters that each field may have."""
    found: Mapping[str, int] = _rules()["longest"]
    return found


def faults(words: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """(field, what is wrong): empty, long, place, link, number, exact_sum, sum_with_name, control, forbidden.

    >>> fine = dict.fromkeys(FIELDS, "季度销售额不超过30万元的，免征增值税")
    >>> list(faults(fine))
    []
    >>> list(faults(fine | {"brief": "请看 evil.cn", "words": "王先生应缴100元", "words_en": "{x}"}))
    [('words', 'sum_with_name'), ('brief', 'link'), ('words_en', 'place')]
    """
    for name in FIELDS:
        text = words.get(name, "")
        for fault in _faults(name, text):
            yield name, fault
            break


def _faults(name: str, text: str) -> Iterator[str]:
    known, low = _rules(), text.lower()
    if not text.strip():
        yield "empty"
    if len(text) > known["longest"][name]:
        yield "long"
    if _CONTROL.search(text) or ("\n" in text and not name.startswith("words")):
        yield "control"
    if "{" in text or "}" in text:
        yield "place"
    if _LINK.search(text):
        yield "link"
    if _LONG_NUMBER.search(text) or any(one not in known["phones"] for one in _PHONE.findall(text)):
        yield "number"
    if _EXACT.search(text):
        yield "exact_sum"
    if any(_SUM.search(one) and any(word in one for word in known["names"]) for one in _SENTENCE.split(text)):
        yield "sum_with_name"
    if any(word.lower() in low for word in known["forbidden"]):
        yield "forbidden"
