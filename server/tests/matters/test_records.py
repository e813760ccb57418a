"""What matters read from the register somebody keeps there: record kinds and their fields fit together across the catalogue."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import pytest

from palmtax import registry
from palmtax.matters.model.catalogue import catalogue
from palmtax.matters.model.matter import Call, Matter

MATTERS = tuple(catalogue().values())
_KINDS = Path(registry.__file__).parent / "kinds"
_NAMED = frozenset({"registry.end_record", "registry.show_records"})


def _kind(call: Call) -> str:
    given = call.arguments["kind"]
    return str(given.constant)


def _fields(call: Call, matter: Matter | None) -> set[str]:
    """What a record holds: the constant data, or every answer of the matter that keeps it."""
    data = call.arguments.get("data")
    if data is not None:
        return set(data.constant) if isinstance(data.constant, dict) else set()
    return set(matter.by_code) if matter is not None else set()


def _kept() -> dict[str, set[str]]:
    """Fields by kind: what matters keep, and what the bureau's own systems load by the same door (`given` of examples)."""
    found: dict[str, set[str]] = defaultdict(set)
    for matter in MATTERS:
        calls = [(call, matter) for call in matter.on_yes]
        calls += [(call, None) for example in matter.examples for call in example.given]
        for call, keeper in calls:
            if call.do == "registry.keep_record":
                found[_kind(call)] |= _fields(call, keeper)
    return dict(found)


def _read(matter: Matter) -> list[tuple[str, str]]:
    """Record sources of a matter as (kind, field); no field for the number or the count."""
    sources = [*matter.sources, *(need.read for need in matter.needs)]
    parts = [source.split(".") for source in sources if source.startswith(("registry.record.", "registry.records."))]
    return [(part[2], part[3] if len(part) > 3 else "") for part in parts]


KEPT = _kept()


@pytest.mark.parametrize("matter", MATTERS, ids=lambda matter: matter.code)
def test_every_record_field_that_is_read_is_kept_by_some_matter(matter):
    missing = [
        f"{kind}.{field}" if field else kind
        for kind, field in _read(matter)
        if kind not in KEPT or (field and field not in KEPT[kind])
    ]
    assert missing == [], (
        f"{matter.path} reads what nobody keeps; KEPT has {[KEPT.get(m.split('.')[0]) for m in missing]}"
    )


@pytest.mark.parametrize("matter", MATTERS, ids=lambda matter: matter.code)
def test_a_matter_ends_and_shows_only_kinds_that_somebody_keeps(matter):
    assert {_kind(call) for call in matter.on_yes if call.do in _NAMED} <= KEPT.keys()


@pytest.mark.parametrize("matter", MATTERS, ids=lambda matter: matter.code)
def test_a_field_is_read_as_what_it_was_kept_as(matter):
    wrong = []
    for ask in matter.asks:
        part = ask.source.split(".")
        if part[:2] != ["registry", "record"] or len(part) < 4:
            continue
        for keeper in MATTERS:
            calls = [c for c in keeper.on_yes if c.do == "registry.keep_record" and _kind(c) == part[2]]
            kept = keeper.by_code.get(part[3])
            if kept is None or not any(call.arguments.get("data") is None for call in calls):
                continue
            if not _fits(ask.type, kept.type):
                wrong.append(f"{ask.code} ({ask.type}) from {keeper.code} ({kept.type})")
    assert wrong == []


def _fits(wanted: str, kept: str) -> bool:
    """A text takes anything that is written as text; all else needs its own type."""
    free = {"text", "certificate_no", "address", "long_text"}
    return wanted == kept or (wanted in free and kept in free | {"plate", "vin", "uscc", "person_name"})


def test_no_kind_of_record_lies_unused_and_none_is_missing():
    files = {path.stem for path in _KINDS.glob("*.yaml")}
    read = {kind for matter in MATTERS for kind, _ in _read(matter)}
    assert KEPT.keys() | read == files
