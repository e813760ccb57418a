"""What a yes will do, in words and with the values it will use: the same calls, conditions and answers as the act itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from palmtax import registry, rules
from palmtax.base.money import show_yuan
from palmtax.matters.model import answers, computing, types
from palmtax.matters.model.application import Application
from palmtax.matters.model.asks import Ask
from palmtax.matters.model.effect_words import ARGUMENTS, EFFECTS, VALUES, Names
from palmtax.matters.model.matter import Call, Given, Matter
from palmtax.matters.schemas.asks import ask_out, masked
from palmtax.matters.schemas.officers import EffectLine, EffectOut
from palmtax.plumbing.effects import Computed

_RECORD_KEEPING = ("registry.keep_record", "registry.end_record", "registry.show_records")


def consequences(matter: Matter, one: Application, computed: Computed | None) -> list[EffectOut]:
    """The door actions that these answers call for, in order; identity, phone and account numbers are masked."""
    given = answers.current(matter, answers.values(one.answers))
    known = computing.known_to_calls(given, computed)
    return [
        _effect(matter, one, call, given, computed)
        for call in matter.on_yes
        if all(condition.holds(known) for condition in call.when)
    ]


def _effect(
    matter: Matter, one: Application, call: Call, given: Mapping[str, Any], computed: Computed | None
) -> EffectOut:
    zh, en = EFFECTS[call.do]
    lines: list[EffectLine] = []
    for name, argument in call.arguments.items():
        lines += _lines(matter, one, call.do, name, argument, given, computed)
    return EffectOut(code=call.do, title=zh, title_en=en, lines=lines)


def _lines(
    matter: Matter, one: Application, do: str, name: str, argument: Given, given: Mapping[str, Any],
    computed: Computed | None,
) -> list[EffectLine]:  # fmt: skip
    if argument.is_constant:
        (label, label_en), (zh, en) = ARGUMENTS[name], constant_words(do, name, argument.constant)
        return [EffectLine(label=label, label_en=label_en, value=zh, value_en=en)]
    if argument.computed:
        return _of_law(argument.computed, computed)
    asked = argument.several or (argument.ask,)
    return [_of_ask(matter.by_code[code], one) for code in asked if code in given]


def _of_ask(ask: Ask, one: Application) -> EffectLine:
    value = masked(ask_out(ask, answer=one.answers[ask.code])).value
    if ask.type == "rows" and isinstance(value, list):
        zh, en = f"{len(value)} 行", f"{len(value)} lines"
    else:
        zh, en = types.show(ask, value), types.show(ask, value, "en")
    return EffectLine(label=ask.label, label_en=ask.label_en, value=zh, value_en=en)


def _of_law(name: str, computed: Computed | None) -> list[EffectLine]:
    law, _, code = name.rpartition(".")
    line = next(
        (
            line
            for of_law in (computed.every if computed else ())
            for line in of_law.lines
            if line["code"] == code and law in ("", of_law.law)
        ),
        None,
    )
    if line is None:
        return []
    value = line["value"]
    zh, en = (f"{show_yuan(value)} 元", f"¥{show_yuan(value)}") if line["unit"] == "fen" else (str(value), str(value))
    return [EffectLine(label=line["label"], label_en=line["label_en"], value=zh, value_en=en)]


def constant_words(do: str, name: str, value: object) -> Names:
    """A constant of a file in words: kinds of records and laws by their titles, others as `VALUES` says."""
    if do in _RECORD_KEEPING and name == "kind":
        kind = registry.record_kind(str(value))
        return kind.title, kind.title_en
    if name in ("law", "also"):
        laws = [rules.law(str(code)) for code in (value if isinstance(value, list) else [value])]
        return "、".join(law.title for law in laws), ", ".join(law.title_en for law in laws)
    return VALUES[name, str(value)]
