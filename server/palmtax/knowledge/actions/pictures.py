"""Pictures of a result: shares of a whole, choices side by side, a year month by month."""

from __future__ import annotations

import re
from collections.abc import Mapping

from palmtax import rules
from palmtax.knowledge.model.calculators import CalculatorView
from palmtax.knowledge.model.pictures import PERMILLE, heights, shares
from palmtax.knowledge.schemas.calculations import (
    Column,
    ComparedChoice,
    Comparison,
    LineValue,
    Months,
    Picture,
    Slice,
)
from palmtax.plumbing.wire import LARGEST_FEN

_PLACED = re.compile(r"(?P<label>.*)（(?P<place>[^（）]+)）")
_PLACED_EN = re.compile(r"(?P<label>.*) \((?P<place>[^()]+)\)")


def picture_of(
    view: CalculatorView,
    assessment: rules.Assessment,
    lines: Mapping[str, rules.ExplainedLine],
    parts: list[LineValue],
) -> Picture | None:
    """The headline, or its parts, in the whole; none where they are not shares of it."""
    if any(part.unit != "fen" for part in parts) or not (view.about.of or view.about.parts):
        return None
    label, label_en, whole = _whole(view, assessment, lines, parts)
    found = shares([part.value for part in parts], whole)
    if found is None or whole > LARGEST_FEN:
        return None
    slices = [
        Slice(code=part.code, label=part.label, label_en=part.label_en, value_fen=part.value, permille=share)
        for part, share in zip(parts, found, strict=True)
    ]
    rest = whole - sum(part.value for part in parts)
    return Picture(
        label=label,
        label_en=label_en,
        whole_fen=whole,
        slices=slices,
        rest_fen=rest,
        rest_permille=PERMILLE - sum(found) if rest else 0,
    )


def _whole(
    view: CalculatorView,
    assessment: rules.Assessment,
    lines: Mapping[str, rules.ExplainedLine],
    parts: list[LineValue],
) -> tuple[str, str, int]:
    """What the picture is a picture of, fen: a fact, a line, or the parts together."""
    name = view.about.of
    if name in view.facts:
        fact = view.facts[name]
        return fact.label, fact.label_en, sum(int(str(assessment.facts[part.code])) for part in fact.parts)
    if name:
        return lines[name].label, lines[name].label_en, lines[name].value
    headline = lines[view.about.headline]
    return headline.label, headline.label_en, sum(part.value for part in parts)


def comparison_of(view: CalculatorView, lines: Mapping[str, rules.ExplainedLine]) -> Comparison | None:
    """The choices side by side, the least one named; none where the calculator compares nothing."""
    names = zip(view.about.compare, view.about.compare_en, strict=True)
    chosen = [(lines[code], name, name_en) for (name, code), (name_en, _) in names]
    if not chosen:
        return None
    values = [line.value for line, _, _ in chosen]
    least, is_even = min(values), min(values) == max(values)
    choices = [
        ComparedChoice(
            code=line.code,
            name=name,
            name_en=name_en,
            value_fen=line.value,
            permille=height,
            is_best=line.value == least and not is_even,
        )
        for (line, name, name_en), height in zip(chosen, heights(values), strict=True)
    ]
    best = next((choice.code for choice in choices if choice.is_best), None)
    return Comparison(choices=choices, best=best, saved_fen=max(values) - least)


def months_of(view: CalculatorView, lines: Mapping[str, rules.ExplainedLine]) -> Months | None:
    """The first exported row of amounts, month by month; none when it is empty or anywhere below 0."""
    for name in view.law.exports:
        row = [lines[code] for place in range(1, 13) if (code := f"{name}_{place:02d}") in lines]
        named = [(_PLACED.fullmatch(line.label), _PLACED_EN.fullmatch(line.label_en)) for line in row]
        values = [line.value for line in row]
        if not row or row[0].unit != "fen" or min(values) < 0 or not any(values):
            continue
        columns = [
            Column(place=zh["place"], place_en=en["place"], value_fen=value, permille=height)
            for (zh, en), value, height in zip(named, values, heights(values), strict=True)
            if zh and en
        ]
        (zh, en), *_ = named
        return Months(code=name, label=zh["label"], label_en=en["label"], columns=columns) if zh and en else None
    return None
