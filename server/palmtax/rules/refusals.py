"""Why a fact was refused and how to mend it, in Chinese and English; fixed patterns, so new facts need no new words."""

from __future__ import annotations

WORDS: dict[str, tuple[str, str]] = {
    "unknown": ("本规则没有这一项，请核对名称", "this rule has no such fact; check the name"),
    "option": ("请从下列选项中选择：{0}", "choose one of: {0}"),
    "yes_no": ("请填“是”或“否”（true 或 false）", "answer yes or no (true or false)"),
    "day": ("请按“2026-04-15”的格式填写日期", "write the day like 2026-04-15"),
    "whole": ("请填整数", "write a whole number"),
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
    "number": ("参数的写法不对：{0}", "the number is not written as the law writes it: {0}"),
}
REASONS = {"fen": "money", "quantity": "quantity", "rate": "rate"}
"""By unit: how a badly written number is mended."""
RANGE = {"fen": "range_fen", "day": "range_day"}
"""By unit: how a number out of range is mended."""


def reason(name: str, *given: str) -> tuple[str, str]:
    """The reason in Chinese and English."""
    zh, en = WORDS[name]
    return zh.format(*given), en.format(*given)
