"""Tobacco leaf tax, paid by those who buy the leaf. All amounts are fen, rounded half up."""

from __future__ import annotations

from palmtax.rules.language import Amount, LawRate, law


@law("财税〔2018〕75号 正文", "烟叶税法 第三条", label="价外补贴", label_en="Subsidy")
def subsidy(purchase_price: Amount, subsidy_rate: LawRate) -> Amount:
    """The subsidy that is counted on top of the price, whatever was paid, rounded half up to the fen."""
    return subsidy_rate.of(purchase_price)


@law("烟叶税法 第三条", label="价款总额", label_en="Whole sum paid")
def base(purchase_price: Amount, subsidy: Amount) -> Amount:
    """Price and subsidy, fen."""
    return purchase_price + subsidy


@law("烟叶税法 第四条", label="应缴烟叶税", label_en="Tobacco leaf tax due")
def due(base: Amount, tax_rate: LawRate) -> Amount:
    """The sum paid times the rate, rounded half up to the fen."""
    return tax_rate.of(base)
