"""The union fee of a unit: 2% of its payroll, split between its own union and the higher one, fen."""

from __future__ import annotations

from palmtax.rules.language import Amount, LawRate, YesNo, law, where

ARTICLE = "工会法 第四十三条"


@law(ARTICLE, label="应缴工会经费", label_en="Union fee")
def due(payroll: Amount, fee_rate: LawRate) -> Amount:
    """2% of the payroll, rounded half up to the fen."""
    return fee_rate.of(payroll)


@law(ARTICLE, label="本单位工会留用", label_en="Kept by the own union")
def kept_by_union(due: Amount, has_own_union: YesNo, local_union_rate: LawRate) -> Amount:
    """60% of the fee, rounded half up to the fen; nothing without an own union."""
    return where(has_own_union, local_union_rate.of(due), 0)


@law(ARTICLE, label="上解上级工会", label_en="To the higher union")
def to_upper_union(due: Amount, kept_by_union: Amount) -> Amount:
    """The rest of the fee."""
    return due - kept_by_union
