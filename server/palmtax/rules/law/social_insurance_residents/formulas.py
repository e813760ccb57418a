"""Residents' medical insurance: a flat sum for each person and year of insurance, fen."""

from __future__ import annotations

from palmtax.rules.language import Amount, Count, atleast, law, times

ARTICLE = "社会保险法 第二十五条"
NOTICE = "医疗保障年度缴费通知 个人缴费标准"


@law(ARTICLE, NOTICE, label="每人应缴", label_en="Each person")
def yearly_each(yearly_sum: Amount, subsidy: Amount) -> Amount:
    """The year's sum less public aid, never below 0."""
    return atleast(yearly_sum - subsidy, 0)


@law(ARTICLE, NOTICE, label="应缴居民医保费", label_en="Residents' medical contribution")
def due(yearly_each: Amount, persons: Count) -> Amount:
    """All persons together."""
    found: Amount = times(yearly_each, persons)
    return found
