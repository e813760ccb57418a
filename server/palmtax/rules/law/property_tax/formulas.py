"""Property tax: 1.2% a year of the reduced original value, or a share of the rent.

All amounts are fen. Each line is rounded half up to the fen; the year is spread over the months of own use.
"""

from __future__ import annotations

from palmtax.rules.language import (
    Amount,
    Choice,
    Count,
    LawRate,
    LawRates,
    YesNo,
    both,
    law,
    opposite,
    part,
    share,
    where,
)

BASE = "房产税暂行条例 第三条"
RATES = "房产税暂行条例 第四条"
SPARED = "房产税暂行条例 第五条"
YEAR = "房产税暂行条例 第七条"
HOMES = ("财税〔2008〕24号 二（三）", "财税〔2008〕24号 二（四）")
HALF = (
    "财政部 税务总局公告2023年第12号 第二条",
    "财政部 税务总局公告2022年第10号 第一条",
    "财税〔2019〕13号 第三条",
)


@law(BASE, label="房产余值", label_en="Reduced value")
def reduced_value(use: Choice, original_value: Amount, deduction_rate: LawRate) -> Amount:
    """Original value less the deduction of the province; nothing when the house is let."""
    return where(use.is_("own_use"), original_value - deduction_rate.of(original_value), 0)


@law(RATES, label="从价全年税额", label_en="Tax of a year on the value")
def value_tax_of_year(reduced_value: Amount, value_rate: LawRate) -> Amount:
    """The yearly tax on the reduced value, rounded half up to the fen."""
    return value_rate.of(reduced_value)


@law(YEAR, label="从价本期税额", label_en="Tax on the value for these months")
def value_tax(value_tax_of_year: Amount, months: Count, months_in_year: Count) -> Amount:
    """The part of the year in which the house was in own use, rounded half up to the fen."""
    return part(value_tax_of_year, months, months_in_year)


@law(RATES, *HOMES, label="从租税额", label_en="Tax on the rent")
def rent_tax(use: Choice, rent: Amount, rent_rates: LawRates) -> Amount:
    """The rent at the rate of its kind, rounded half up to the fen."""
    return rent_rates.of(rent, use)


@law(RATES, label="应纳税额", label_en="Tax before relief")
def tax(value_tax: Amount, rent_tax: Amount) -> Amount:
    """The tax on the value or on the rent, fen."""
    return value_tax + rent_tax


@law(SPARED, label="免税房产", label_en="Exempt house")
def is_exempt(use: Choice, exemption: Choice) -> YesNo:
    """Whether the house is exempt; what is let never is."""
    return both(use.is_("own_use"), opposite(exemption.is_("none")))


@law(SPARED, label="免税额", label_en="Exempted")
def exempted(is_exempt: YesNo, tax: Amount) -> Amount:
    """The whole tax of an exempt house, fen."""
    return where(is_exempt, tax, 0)


@law(*HALF, label="六税两费减征额", label_en="Six-tax-two-fee relief")
def half_relief(is_half_relief: YesNo, tax: Amount, exempted: Amount, surcharges__half_relief_rate: LawRate) -> Amount:
    """The halving for small taxpayers, rounded half up to the fen."""
    return where(is_half_relief, surcharges__half_relief_rate.of(tax - exempted), 0)


@law(RATES, label="应缴房产税", label_en="Property tax due")
def due(tax: Amount, exempted: Amount, half_relief: Amount) -> Amount:
    """Tax less what is exempt and reduced, fen."""
    return tax - exempted - half_relief


@law(YEAR, *HALF, label="从价全年应缴", label_en="Due for a whole year on the value")
def annual(
    value_tax_of_year: Amount, is_exempt: YesNo, is_half_relief: YesNo, surcharges__half_relief_rate: LawRate
) -> Amount:
    """The tax of twelve months on the value after relief, fen."""
    halved = value_tax_of_year - surcharges__half_relief_rate.of(value_tax_of_year)
    return where(opposite(is_exempt), where(is_half_relief, halved, value_tax_of_year), 0)


@law(YEAR, label="从价每期应缴", label_en="Due per instalment on the value")
def per_half_year(annual: Amount, instalments: Count) -> Amount:
    """The year spread over the instalments of the province, rounded half up to the fen."""
    return share(annual, instalments)
