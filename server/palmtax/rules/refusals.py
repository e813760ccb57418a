"""Why a fact was refused and how to mend it, in Chinese and English; fixed patterns, so new facts need no new words."""

from __future__ import annotations

from collections.abc import Sequence

WORDS: dict[str, tuple[str, str]] = {
    "unknown": ("本规则没有这一项，请核对名称", "this rule has no such fact; check the name"),
    "option": ("请从下列选项中选择：{0}", "choose one of: {0}"),
    "yes_no": ("请填“是”或“否”（true 或 false）", "answer yes or no (true or false)"),
    "day": ("请按“2026-04-15”的格式填写日期", "write the day like 2026-04-15"),
    "whole": ("请填整数", "write a whole number"),
    "fen": ("请填整数，单位为分", "write a whole number of fen"),
    "ten_thousandths": ("请填整数，单位为万分之一", "write a whole number of ten-thousandths"),
    "millionths": ("请填整数，单位为百万分之一", "write a whole number of millionths"),
    "money": ("请按元填写，最多两位小数，如“1234.50”", "write yuan with at most two decimals, like 1234.50"),
    "quantity": ("请填数字，最多四位小数，如“140.01”", "write a number with at most four decimals, like 140.01"),
    "rate": ("请填比例，如“10%”或“0.1”", "write a rate like 10% or 0.1"),
    "float": ('请用文本书写小数，如 "0.1"，以免失真', 'write decimals as text, like "0.1", so that they stay exact'),
    "range": ("应在 {0} 到 {1} 之间", "must be from {0} to {1}"),
    "range_fen": ("应在 {0} 元到 {1} 元之间，请核对单位", "must be from {0} to {1} yuan; check the unit"),
    "range_day": ("日期应在 {0} 到 {1} 之间", "the day must be from {0} to {1}"),
    "row": ("最多填 {0} 个值", "takes at most {0} values"),
    "short_row": ("需要填满 {0} 个值", "needs all {0} values"),
    "column": ("列的类型应为 {0}，而不是 {1}", "needs a column of {0}, not {1}"),
    "nulls": ("列中有空值，请先补齐", "the column has nulls; fill them first"),
    "shapes": ("各列长度不一：{0}", "columns of different lengths: {0}"),
    "parameter": ("不是本规则可以调整的参数", "not a number of this law"),
    "number": ("请照法规原文的写法填写，如“60000”“3%”", "write it as the law writes it, like 60000 or 3% ({0})"),
    "options_shown": ("{0}等{1}项", "{0} and more, {1} in all"),
}
REASONS = {"fen": "money", "quantity": "quantity", "rate": "rate"}
"""By unit: how a badly written number is mended."""
WHOLE = {"fen": "fen", "quantity": "ten_thousandths", "rate": "millionths"}
"""By unit: how a number is mended that is not whole in the rule's units."""
RANGE = {"fen": "range_fen", "day": "range_day"}
"""By unit: how a number out of range is mended."""


Given = str | tuple[str, str]
"""What fills a gap: the same in both languages, or one of each."""
_MOST_OPTIONS = 12


def reason(name: str, *given: Given) -> tuple[str, str]:
    """The reason in Chinese and English."""
    zh, en = WORDS[name]
    return zh.format(*(_in(one, 0) for one in given)), en.format(*(_in(one, 1) for one in given))


def _in(given: Given, language: int) -> str:
    return given if isinstance(given, str) else given[language]


def choices(options: Sequence[tuple[str, str, str]]) -> tuple[str, str]:
    """Options (code, label, English label) as a refusal names them: labels for people, codes for programs."""
    some = options[:_MOST_OPTIONS]
    zh, en = "、".join(label for _, label, _ in some), ", ".join(f"{code} ({label})" for code, _, label in some)
    if len(some) < len(options):
        return reason("options_shown", (zh, en), str(len(options)))
    return zh, en
