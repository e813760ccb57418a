"""Urban land use tax: area in m² times the yearly tax of its grade.

All amounts are fen. Each line is rounded half up to the fen.
"""

from __future__ import annotations

from palmtax.rules.language import (
    Amount,
    Choice,
    Count,
    LawRate,
    LawTable,
    Quantity,
    YesNo,
    either,
    law,
    opposite,
    part,
    times,
    where,
)

AREA = "城镇土地使用税暂行条例 第三条"
RANGE = "城镇土地使用税暂行条例 第四条"
SPARED = ("城镇土地使用税暂行条例 第六条", "财税〔2008〕24号 二（三）")
YEAR = "城镇土地使用税暂行条例 第八条"
HALF = (
    "财政部 税务总局公告2023年第12号 第二条",
    "财政部 税务总局公告2022年第10号 第一条",
    "财税〔2019〕13号 第三条",
)


@law(RANGE, label="税额标准超出法定幅度", label_en="Unit tax outside the range of the law")
def is_outside_range(
    unit_tax: Amount, city_size: Choice, lowest_unit_tax: LawTable, highest_unit_tax: LawTable
) -> YesNo:
    """Whether the tax per m² lies outside the range for such a place; only with approval may it."""
    return either(unit_tax < lowest_unit_tax.at(city_size), unit_tax > highest_unit_tax.at(city_size))


@law(AREA, label="全年税额", label_en="Tax of a year")
def annual(unit_tax: Amount, area: Quantity) -> Amount:
    """Area times the tax per m², rounded half up to the fen."""
    found: Amount = times(unit_tax, area)
    return found


@law(YEAR, label="应纳税额", label_en="Tax before relief")
def tax(annual: Amount, months: Count, property_tax__months_in_year: Count) -> Amount:
    """The part of the year in which the land was occupied, rounded half up to the fen."""
    return part(annual, months, property_tax__months_in_year)


@law(*SPARED, label="免税额", label_en="Exempted")
def exempted(exemption: Choice, tax: Amount) -> Amount:
    """The whole tax of exempt land, fen."""
    return where(opposite(exemption.is_("none")), tax, 0)


@law(*HALF, label="六税两费减征额", label_en="Six-tax-two-fee relief")
def half_relief(is_half_relief: YesNo, tax: Amount, exempted: Amount, surcharges__half_relief_rate: LawRate) -> Amount:
    """The halving for small taxpayers, rounded half up to the fen."""
    return where(is_half_relief, surcharges__half_relief_rate.of(tax - exempted), 0)


@law(AREA, label="应缴城镇土地使用税", label_en="Urban land use tax due")
def due(tax: Amount, exempted: Amount, half_relief: Amount) -> Amount:
    """Tax less what is exempt and reduced, fen."""
    return tax - exempted - half_relief
