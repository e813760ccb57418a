"""Deemed corporate income tax: income is a share of revenue, or is found from costs, fen.

Each line is rounded half up to the fen; income by costs is costs ÷ (1 − rate), then × rate.
"""

from __future__ import annotations

from palmtax.rules.language import Amount, Choice, LawRates, Portion, YesNo, atleast, both, law, where

METHOD = "国税发〔2008〕30号 第六条"
RANGE = "国税发〔2008〕30号 第八条"
RATES = ("企业所得税法 第四条", "企业所得税法 第二十八条")
PREPAY = "企业所得税法 第五十四条"


@law(RANGE, label="应税所得率在行业幅度内", label_en="Rate within the range of the industry")
def is_rate_in_range(deemed_rate: Portion, industry: Choice, lowest_rate: LawRates, highest_rate: LawRates) -> YesNo:
    """Whether the notified rate lies within the national range, its ends included; the notice counts all the same."""
    return both(deemed_rate >= lowest_rate.at(industry), deemed_rate <= highest_rate.at(industry))


@law(METHOD, label="应税收入额", label_en="Revenue that counts")
def deemed_revenue(
    deemed_by: Choice, revenue: Amount, untaxed_and_exempt_income: Amount, cost: Amount, deemed_rate: Portion
) -> Amount:
    """Revenue less untaxed and exempt income, or costs ÷ (1 − rate) rounded to the fen."""
    by_revenue = atleast(revenue - untaxed_and_exempt_income, 0)
    return where(deemed_by.is_("revenue"), by_revenue, deemed_rate.gross_up(cost))


@law(METHOD, label="应纳税所得额", label_en="Taxable income")
def taxable_income(deemed_revenue: Amount, deemed_rate: Portion) -> Amount:
    """Revenue times the deemed profit rate, rounded half up to the fen."""
    return deemed_rate.of(deemed_revenue)


@law(*RATES, label="按小型微利企业计税", label_en="Taxed as a small low-profit enterprise")
def is_small(cit_small__is_small: YesNo) -> YesNo:
    """Whether the small low-profit test is passed; it is open to deemed taxpayers too."""
    return cit_small__is_small


@law(*RATES, label="核定应纳所得税额", label_en="Corporate income tax as deemed")
def tax(cit_small__tax: Amount) -> Amount:
    """The small tax where the test is passed, else 25%."""
    return cit_small__tax


@law(PREPAY, label="本期应缴税额", label_en="To pay now")
def due(tax: Amount, prepaid: Amount) -> Amount:
    """Tax so far less what was paid, never below 0."""
    return atleast(tax - prepaid, 0)


@law(PREPAY, label="多缴税额", label_en="Paid too much so far")
def overpaid(tax: Amount, prepaid: Amount) -> Amount:
    """What was paid beyond the tax so far."""
    return atleast(prepaid - tax, 0)
