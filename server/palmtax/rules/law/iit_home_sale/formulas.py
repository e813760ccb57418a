"""Tax of an individual who sells a home: 20% of the gain, or a part of the price where cost is not proved; fen.

The cap of decoration and both taxes are rounded half up to the fen.
"""

from __future__ import annotations

from palmtax.rules.language import Amount, LawRate, YesNo, atleast, atmost, law, nothing, where

PRICE = ("国税发〔2006〕108号 第一条", "财税〔2016〕43号 第四条")
COSTS = "国税发〔2006〕108号 第二条"
DEEMED = "国税发〔2006〕108号 第三条"
RATE = "个人所得税法 第三条"
ONLY_HOME = "财税字〔1994〕020号 第二条（六）"


@law(COSTS, label="可扣除的装修费", label_en="Decoration that is deducted")
def deductible_decoration(decoration: Amount, cost: Amount, decoration_cap_rate: LawRate) -> Amount:
    """Decoration up to its share of the original cost."""
    return atmost(decoration, decoration_cap_rate.of(cost))


@law(*PRICE, COSTS, label="转让差额", label_en="Gain")
def gain(price: Amount, cost: Amount, deductible_decoration: Amount, loan_interest: Amount, taxes: Amount) -> Amount:
    """Price less original cost, taxes and reasonable expenses; never below 0."""
    return atleast(price - cost - deductible_decoration - loan_interest - taxes, 0)


@law(RATE, label="按差额计算的税额", label_en="Tax on the gain")
def tax_on_gain(gain: Amount, gain_rate: LawRate) -> Amount:
    """The rate of gains, rounded half up to the fen."""
    return gain_rate.of(gain)


@law(DEEMED, label="核定的税额", label_en="Deemed tax")
def tax_deemed(price: Amount, deemed_rate: LawRate) -> Amount:
    """A part of the price, rounded half up to the fen."""
    return deemed_rate.of(price)


@law(ONLY_HOME, label="满五唯一免税", label_en="Exempt: only home, over five years")
def is_exempt(is_only_home_over_five_years: YesNo) -> YesNo:
    """Whether it is the only home of the family, lived in for more than five years."""
    return is_only_home_over_five_years


@law(RATE, DEEMED, ONLY_HOME, label="应纳税额", label_en="Tax")
def tax(tax_on_gain: Amount, tax_deemed: Amount, can_prove_cost: YesNo, is_exempt: YesNo) -> Amount:
    """On the gain where the cost is proved, else deemed; 0 where exempt."""
    found = where(can_prove_cost, tax_on_gain, tax_deemed)
    return where(is_exempt, nothing(found), found)
