"""The late fee on social insurance contributions, and the range of the fine after an order, fen."""

from __future__ import annotations

from palmtax.rules.language import Amount, Count, LawRate, YesNo, law, times, where

ARTICLE = "社会保险法 第八十六条"


@law(ARTICLE, label="滞纳金", label_en="Late fee")
def late_fee(arrears: Amount, days_late: Count, daily_rate: LawRate) -> Amount:
    """Arrears × days × 0.05%, rounded half up to the fen once, at the end."""
    for_all_days: Amount = times(arrears, days_late)
    return daily_rate.of(for_all_days)


@law(ARTICLE, label="应补缴合计", label_en="To pay in all")
def to_pay(arrears: Amount, late_fee: Amount) -> Amount:
    """Arrears and late fee."""
    return arrears + late_fee


@law(ARTICLE, label="罚款下限", label_en="Lowest fine")
def fine_lowest(arrears: Amount, is_unpaid_after_order: YesNo, fine_lowest_multiple: Count) -> Amount:
    """Once the arrears, where they stay unpaid after an order; else nothing."""
    fine: Amount = times(arrears, fine_lowest_multiple)
    return where(is_unpaid_after_order, fine, 0)


@law(ARTICLE, label="罚款上限", label_en="Highest fine")
def fine_highest(arrears: Amount, is_unpaid_after_order: YesNo, fine_highest_multiple: Count) -> Amount:
    """Three times the arrears, where they stay unpaid after an order; else nothing."""
    fine: Amount = times(arrears, fine_highest_multiple)
    return where(is_unpaid_after_order, fine, 0)
