"""Deed tax on acquiring land-use rights and buildings.

All amounts are fen, areas m². The tax is rounded half up to the fen.
"""

from __future__ import annotations

from palmtax.rules.language import (
    Amount,
    Choice,
    LawRate,
    LawRates,
    Portion,
    Quantity,
    YesNo,
    both,
    law,
    opposite,
    where,
)

RATE = ("契税法 第三条", "契税暂行条例 第三条")
BASE = ("契税法 第四条", "契税暂行条例 第四条")
EXEMPT = ("契税法 第六条", "契税暂行条例 第六条")
HOMES = ("财政部 税务总局 住房城乡建设部公告2024年第16号 第一条", "财税〔2016〕23号 第一条")


@law(*BASE, label="计税依据", label_en="Base")
def base(price: Amount) -> Amount:
    """The price without VAT, fen."""
    return price


@law(*HOMES, label="个人购买住房", label_en="Home bought by an individual")
def is_home_of_individual(thing: Choice, is_individual: YesNo) -> YesNo:
    """Whether the rates for homes can count at all."""
    return both(thing.is_("home"), is_individual)


@law(*HOMES, "财税〔2016〕23号 第三条", label="适用住房优惠税率", label_en="Reduced home rates count")
def is_home_rate(
    is_home_of_individual: YesNo, home_number: Choice, is_first_tier: YesNo, is_second_relief_in_first_tier: YesNo
) -> YesNo:
    """First homes anywhere; second homes in first-tier cities only from 1 December 2024."""
    is_left_out = both(home_number.is_("second"), is_first_tier, opposite(is_second_relief_in_first_tier))
    return both(is_home_of_individual, opposite(is_left_out), home_number.is_in("first", "second"))


@law(*RATE, *HOMES, label="适用税率", label_en="Rate")
def rate(
    is_home_rate: YesNo,
    home_number: Choice,
    area: Quantity,
    area_limit: Quantity,
    small_home_rates: LawRates,
    large_home_rates: LawRates,
    general_rate: LawRate,
) -> Portion:
    """By number and area of the home (the limit itself is small), else the rate of the province."""
    by_area = where(area <= area_limit, small_home_rates.at(home_number), large_home_rates.at(home_number))
    return where(is_home_rate, by_area, general_rate.portion())


@law(*RATE, label="应纳税额", label_en="Tax before relief")
def tax(base: Amount, rate: Portion) -> Amount:
    """Base times rate, rounded half up to the fen."""
    return rate.of(base)


@law(*EXEMPT, label="免税额", label_en="Exempted")
def exempted(exemption: Choice, tax: Amount) -> Amount:
    """The whole tax where the law exempts, fen."""
    return where(opposite(exemption.is_("none")), tax, 0)


@law(*RATE, label="应缴契税", label_en="Deed tax due")
def due(tax: Amount, exempted: Amount) -> Amount:
    """Tax less what is exempt, fen."""
    return tax - exempted
