"""What applications may be allowed: read from `kinds/scopes.yaml`, one sentence each in both languages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

FILE = Path(__file__).resolve().parents[1] / "kinds" / "scopes.yaml"


@dataclass(frozen=True, slots=True)
class PartnerScope:
    """One thing that an application may be allowed; `needs` none: public, no person is involved."""

    code: str
    title: str
    title_en: str
    say: str
    say_en: str
    per_minute: int
    per_day: int
    needs: str | None = None
    is_act: bool = False


@cache
def partner_scopes() -> Mapping[str, PartnerScope]:
    """Every scope by code, in the order of the file."""
    listed = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return {code: PartnerScope(code=code, **entry) for code, entry in listed.items()}


def of_people(codes: Iterable[str]) -> tuple[str, ...]:
    """Those that only a person may allow, in the order of the file.

    >>> of_people(["returns.due", "matters.find"])
    ('returns.due',)
    """
    asked = set(codes)
    return tuple(code for code, one in partner_scopes().items() if code in asked and one.needs is not None)


def public(codes: Iterable[str]) -> tuple[str, ...]:
    """Those that an application has in its own name, in the order of the file."""
    asked = set(codes)
    return tuple(code for code, one in partner_scopes().items() if code in asked and one.needs is None)


def unknown(codes: Iterable[str]) -> list[str]:
    """Codes that are no scope."""
    return sorted(set(codes) - partner_scopes().keys())
