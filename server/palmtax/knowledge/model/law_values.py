"""Numbers of the law as an officer types them: the exact form of each kind, and limits against slips of the hand."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from palmtax import rules
from palmtax.knowledge.errors import ChangeMalformed

PLAIN = re.compile(r"\d{1,18}(\.\d{1,12})?", re.ASCII)
RATIO = re.compile(r"\d{1,12}(\.\d{1,12})?[%‰]?|\d{1,12}/[1-9]\d{0,11}", re.ASCII)
LARGEST = 10**15
"""Largest number of the law in its unit (fen, count, 1/10,000): ten trillion yuan."""
MOST_ROWS = 60
FORMS: Mapping[str, tuple[str, str]] = {
    "money": ("金额写作元，如“60000”，不为负，最多两位小数", "yuan as text, such as “60000”, not negative, at most two decimals"),
    "rate": ("比率写作“3%”或“5/10000”，0 到 100%", "a rate as text, “3%” or “5/10000”, from 0 to 100%"),
    "count": ("不为负的整数，如 5", "a whole number, not negative, such as 5"),
    "quantity": ("数量写作“140”或“140.5”，最多四位小数", "a quantity as text, “140” or “140.5”, at most four decimals"),
    "day": ("日期写作“2026-01-01”", "a day as text, “2026-01-01”"),
    "yes_no": ("是或否", "true or false"),
    "comparison": ("“below”（低于）或“at_most”（不超过）", "“below” or “at_most”"),
    "per_unit": ("单位税额写作元，如“0.003”或“1/3”", "yuan per unit as text, “0.003” or “1/3”"),
    "scale": ("上限逐级升高，最后一级没有上限", "brackets with rising ends; the last has no end"),
    "ratio_scale": ("百分比上限逐级升高，最后一级没有上限", "brackets with rising ends in percent; the last has no end"),
}  # fmt: skip
_PARTS = {"rates": "rate", "amounts": "money", "quantities": "quantity", "counts": "count", "per_units": "per_unit"}


def read_value(parameter: rules.Parameter, fields: Mapping[str, Any]) -> rules.DatedValue:
    """The version an officer wrote, read as the law reads it. Errors: knowledge.change_malformed, which names the field."""
    kind = parameter.kind
    if not is_written_right(kind, fields["value"]):
        raise malformed("数值", "value", *_form(kind))
    raw = {**{name: value for name, value in fields.items() if name != "first_day"}, "from": fields["first_day"]}
    if fields["until"] is not None and fields["until"] < fields["first_day"]:
        raise malformed("截止日", "last day", "不能早于起始日", "it is before the first day")
    try:
        found = rules.read_dated(raw, kind)
    except (ValueError, TypeError, KeyError, ArithmeticError):
        raise malformed("数值", "value", *_form(kind)) from None
    if not _is_of_sane_size(found.value):
        raise malformed("数值", "value", "过大，请核对单位", "it is too large: check the unit")
    if isinstance(fields["value"], dict) and set(fields["value"]) != options_of(parameter):
        names = "、".join(sorted(options_of(parameter)))
        raise malformed("数值", "value", f"须恰好包含各选项：{names}", f"it must hold exactly the options {names}")
    return found


def malformed(what: str, what_en: str, why: str, why_en: str) -> ChangeMalformed:
    """The refusal that names a field and how it is to be written."""
    return ChangeMalformed(what=f"{what}：{why}", what_en=f"{what_en}: {why_en}")


def _form(kind: str) -> tuple[str, str]:
    if kind not in _PARTS:
        return FORMS[kind]
    zh, en = FORMS[_PARTS[kind]]
    return f"每个选项一个数，{zh}", f"one for each option: {en}"


def options_of(parameter: rules.Parameter) -> set[str]:
    """The options that a table has one number each for; empty for other kinds."""
    if parameter.kind not in _PARTS:
        return set()
    newest = max(parameter.values, key=lambda value: (value.first_day, value.published))
    return set(rules.plain_number(parameter.kind, newest.value))


def is_written_right(kind: str, raw: Any) -> bool:
    """Whether a value has the plain form of its kind, before anything is computed from it.

    >>> is_written_right("rate", "3%"), is_written_right("rate", 0.03), is_written_right("money", "1e400000")
    (True, False, False)
    """
    if kind in _PARTS:
        return isinstance(raw, dict) and 0 < len(raw) <= MOST_ROWS and all(_is_option(raw, o, kind) for o in raw)
    if kind in ("scale", "ratio_scale"):
        return isinstance(raw, list) and 0 < len(raw) <= MOST_ROWS and all(_is_row(kind, row) for row in raw)
    if kind == "yes_no":
        return isinstance(raw, bool)
    if kind == "count":
        return _is_count(raw)
    if not isinstance(raw, str):
        return False
    if kind in ("rate", "per_unit"):
        return RATIO.fullmatch(raw) is not None
    if kind in ("money", "quantity"):
        return PLAIN.fullmatch(raw) is not None
    return len(raw) <= 10 and raw.isascii()  # a day or a comparison: `read_dated` knows the words


def _is_option(raw: Mapping[str, Any], option: object, kind: str) -> bool:
    return isinstance(option, str) and len(option) <= 60 and is_written_right(_PARTS[kind], raw[option])


def _is_count(raw: object) -> bool:
    if isinstance(raw, str):
        return PLAIN.fullmatch(raw) is not None and "." not in raw
    return isinstance(raw, int) and not isinstance(raw, bool) and 0 <= raw <= LARGEST


def _is_row(kind: str, row: object) -> bool:
    end = PLAIN if kind == "scale" else RATIO
    forms = {"up_to": end, "less": end, "rate": RATIO}
    if not isinstance(row, dict) or not row.keys() <= forms.keys():
        return False
    return all(isinstance(text, str) and forms[name].fullmatch(text) is not None for name, text in row.items())


def _is_of_sane_size(value: object) -> bool:
    """Whether no number is so large that only a slip of the hand explains it."""
    if isinstance(value, (bool, str)) or value is None:
        return True
    if isinstance(value, int):
        return 0 <= value <= LARGEST
    if isinstance(value, tuple):
        return all(_is_of_sane_size(part) for part in value)
    parts = [value.fraction] if hasattr(value, "fraction") else []
    parts += [getattr(value, name) for name in ("up_to", "less") if getattr(value, name, None) is not None]
    return all(0 <= part.numerator <= LARGEST and part.denominator <= LARGEST for part in parts)
