"""The few words of an explanation, in Chinese and English; labels and titles come from the law's own files."""

from __future__ import annotations

from fractions import Fraction

from palmtax.rules.graph import MILLIONTHS

SAYINGS: dict[str, dict[str, str]] = {
    "zh": {
        "(": "（", ")": "）", "fits": "（", "yes": "是", "no": "否", "day": " 天", "days": " 天", "and": " 且 ", "is": "：",
        "below": " 低于 ", "at_most": " 不超过 ", "reaches": " 达到 ", "above": " 超过 ",
        "zero": " 等于 0", "positive": " 大于 0", "negative": " 小于 0",
        "floor": "，最低按 ", "ceiling": "，最高按 ", "floor_0": "，小于 0 按 0 计", "ceiling_0": "，大于 0 按 0 计",
        "floored": "，取整数", "by": "按 {} 对应的级距",
        "days_between": "{} 至 {} 的天数", "full_years": "{} 至 {} 满整年数", "full_months": "{} 至 {} 满整月数",
        "month_of": "{} 的月份", "year_of": "{} 的年份", "scale_rate": "{} 对应的税率 {}",
        "scale_less": "{} 对应的速算扣除数 {}", "yuan": "{} 元", "sum": "{}（{}至{}合计）",
    },
    "en": {
        "(": "(", ")": ")", "fits": " (", "yes": "yes", "no": "no", "day": " day", "days": " days", "and": " and ",
        "is": ": ", "below": " below ", "at_most": " at most ", "reaches": " at least ", "above": " above ",
        "zero": " is 0", "positive": " is above 0", "negative": " is below 0",
        "floor": ", not below ", "ceiling": ", not above ", "floor_0": ", not below 0", "ceiling_0": ", not above 0",
        "floored": ", rounded down", "by": "bracket of {}", "days_between": "days from {} to {}",
        "full_years": "full years from {} to {}", "full_months": "full months from {} to {}", "month_of": "month of {}",
        "year_of": "year of {}", "scale_rate": "rate of {}: {}", "scale_less": "quick deduction of {}: {}",
        "yuan": "¥{}", "sum": "{} ({} to {} in all)",
    },
}  # fmt: skip


def show_yuan(fen: int) -> str:
    """Yuan with two decimals and grouping; the fast form of `base.money.show_yuan` for values already proved whole."""
    if fen < 0:
        return f"-{-fen // 100:,}.{-fen % 100:02d}"
    return f"{fen // 100:,}.{fen % 100:02d}"


def summed(text: str, nothing: str) -> str:
    """A sum written as signed parts: without its first plus, or brackets around all; `nothing` if every part was 0.

    >>> summed(" + （a × b）", "0"), summed(" + （a） × b + c", "0"), summed("", "0.00")
    ('a × b', '（a） × b + c', '0.00')
    """
    if not text:
        return nothing
    found = text.removeprefix(" + ").lstrip()
    if found[0] not in "（(":
        return found
    depth = 0
    for place, sign in enumerate(found):
        depth += (sign in "（(") - (sign in "）)")
        if not depth:
            return found[1:-1] if place == len(found) - 1 else found
    return found


def bracketed(text: str, parts: int, left: str, right: str) -> str:
    """A sum inside a larger expression: in brackets when more than one part is left of it."""
    return f"{left}{text}{right}" if parts > 1 else text


def show_fraction(value: Fraction) -> str:
    """A price per unit as a decimal where it is one, else as a fraction.

    >>> show_fraction(Fraction(3, 1000)), show_fraction(Fraction(1, 3))
    ('0.003', '1/3')
    """
    scaled = value * MILLIONTHS * MILLIONTHS
    if scaled.denominator != 1:
        return str(value)
    whole, part = divmod(int(scaled), MILLIONTHS * MILLIONTHS)
    return f"{whole}.{part:012d}".rstrip("0").rstrip(".")
