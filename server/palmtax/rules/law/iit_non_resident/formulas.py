"""Tax withheld from non-residents on wages by month and on other service income by time; fen.

Expenses, the author's share and tax are each rounded half up to the fen.
"""

from __future__ import annotations

from palmtax.rules.language import Amount, Choice, LawRate, Scale, atleast, law, where

WITHHELD = "国家税务总局公告2018年第61号 第九条"
TAXED = "个人所得税法 第六条"


@law(WITHHELD, TAXED, label="收入额", label_en="Income that counts")
def income_amount(
    gross: Amount, kind: Choice, iit_year__expense_rate: LawRate, iit_labour__author_share: LawRate
) -> Amount:
    """Wages whole; labour income and royalties less 20% expenses; author income of that 70%."""
    net = gross - iit_year__expense_rate.of(gross)
    service = where(kind.is_("author"), iit_labour__author_share.of(net), net)
    return where(kind.is_("wage"), gross, service)


@law(WITHHELD, TAXED, label="应纳税所得额", label_en="Taxable income")
def taxable_income(income_amount: Amount, kind: Choice, iit_year__basic_deduction_month: Amount) -> Amount:
    """Wages less the basic deduction of a month, never below 0; other kinds without it."""
    return where(kind.is_("wage"), atleast(income_amount - iit_year__basic_deduction_month, 0), income_amount)


@law(WITHHELD, "个人所得税法 第三条", label="应扣缴税额", label_en="Tax withheld")
def withheld(taxable_income: Amount, non_resident_scale: Scale) -> Amount:
    """Tax by the monthly scale, rounded half up to the fen."""
    return non_resident_scale.tax(taxable_income)


@law(WITHHELD, label="到手收入", label_en="Paid out")
def net_income(gross: Amount, withheld: Amount) -> Amount:
    """Income less the tax withheld."""
    return gross - withheld
